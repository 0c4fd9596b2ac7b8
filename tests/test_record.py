"""A benchmark measures what is not recorded yet, resumes what is, and writes where it is told."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from benchmarks import (
    ablation,
    baselines,
    best,
    class_of_30,
    cnn,
    dense,
    loaders,
    practice_digits,
    pushed,
    residency,
    time_to_accuracy,
    transfer,
    validation_sets,
    variants,
)
from benchmarks import record as mechanism
from helpers.devices import Device
from helpers.loading import ImageData
from helpers.records import RESULTS, ROOT, read_record

README = ROOT / "README.md"
A_ROW = {
    "network": "cnn",
    "batch_size": 32,
    "placement": "arrays",
    "milliseconds_a_step": 1.0,
    "milliseconds_in_each_pass": [1.0],
    "images_a_second": 32000,
    "bytes_a_step": 1,
    "share_not_learning": 0.5,
}
A_SWITCH = {
    "switch": "none",
    "batch_size": 128,
    "milliseconds_a_step": 1.0,
    "milliseconds_in_each_pass": [1.0],
}
A_CLASS = {"students": 30, "seconds": 1, "peak_gigabytes": 1.0, "errors": 0, "downloads": ["/x"]}
AN_ACCURACY = {"accuracy": 99.0}
A_CALIBRATION = {
    "accuracy": 99.0,
    "confidence": 98.0,
    "error": 1.0,
    "error_at": {"validation": 0.5, "trained_on": 2.0},
    "error_of_probabilities_as_logits": 75.0,
    "bins": {"counts": [1], "accuracies": [99.0], "confidences": [98.0]},
}
MEASURED = {
    ablation: AN_ACCURACY | {"shifted": 99.0, "seconds": 1.0, "mistakes": [1]},
    baselines: AN_ACCURACY | {"train_seconds": 1.0, "predict_seconds": 1.0, "megabytes": 1.0},
    best: AN_ACCURACY | {"parameters": 1, "seconds": 1.0, "mistakes": [1]},
    class_of_30: A_CLASS,
    cnn: AN_ACCURACY | {"seconds": 1.0},
    dense: AN_ACCURACY,
    loaders: {"seconds": 1.0, "peak_memory_over_arrays": 1.0},
    practice_digits: {
        "test_originals": 1,
        "mnist_train": 1.0,
        "mnist_test": 1.0,
        "practice_test": 1.0,
        "practice_test_deviation": 1.0,
    },
    pushed: {
        "pushed": {name: {"accuracy": [99.0], "confidence": [98.0]} for name in pushed.PUSHES},
        "temperature": {"validation": 1.0, "trained_on": 0.5},
        "calibration": {part: A_CALIBRATION for part in pushed.PARTS},
    },
    residency: None,
    time_to_accuracy: {"compile_seconds": 1.0, "seconds": [1.0], "accuracy": [99.0]},
    transfer: AN_ACCURACY,
    validation_sets: {
        "validation": 99.0,
        "test": 99.0,
        "test_students": 98.0,
        "test_employees": 100.0,
        "known_writers": 50.0,
        "students": 50.0,
        "images": 5000,
    },
    variants: AN_ACCURACY | {"seconds": 1.0, "mistakes": [1]},
}


@pytest.fixture(autouse=True)
def on_a_cpu(monkeypatch):
    """The record is made for a CPU, whatever this machine has."""
    device = Device("CPU", "a processor", "")
    for module in (mechanism, residency):
        monkeypatch.setattr(module, "training_device", lambda: device)


class Pairs:
    """A benchmark of two recipes with two seeds, that counts what it measures."""

    def __init__(self):
        self.recipes = {"fast": {"peak": 1.0, "seeds": 2}, "slow": {"peak": 0.1, "seeds": 2}}
        self.measured = []

    def measure(self, recipe, seed):
        self.measured.append((recipe["peak"], seed))
        return {"accuracy": recipe["peak"] + seed}

    def run(self, folder, *arguments):
        """Run the command; return what it measured this time, and its results."""
        self.measured.clear()
        arguments = ["--try", str(folder), *arguments]
        results = mechanism.record("cnn", self.recipes, self.measure, mechanism.columns, arguments)
        return list(self.measured), results


def rewrite(path, change):
    """Change the first run that a file keeps."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content["measured"][0])
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_changed_recipe_is_trained(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (512, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, 512).astype(np.uint8)
    few = ImageData(images, labels, images, labels, (), "noise")
    trained = []

    def train_and_count(recipe, *data):
        trained.append(recipe["peak"])
        return time_to_accuracy.train_compiled(recipe, *data)

    monkeypatch.setattr(time_to_accuracy, "load_mnist", lambda: few)
    monkeypatch.setitem(time_to_accuracy.TRAIN, "compiled", train_and_count)
    before = {path.name: path.read_bytes() for path in RESULTS.iterdir()}
    command = ["--try", str(tmp_path), "--seeds", "1", "--only", "ours_990"]
    time_to_accuracy.main(command)
    time_to_accuracy.main(command)
    assert trained == [0.015]
    monkeypatch.setitem(time_to_accuracy.RECIPES["ours_990"], "peak", 9.0)
    time_to_accuracy.main(command)
    assert trained == [0.015, 9.0]
    (run,) = json.loads((tmp_path / "time_to_accuracy.json").read_text())["measured"]
    assert (run["recipe"]["peak"], run["seed"]) == (9.0, 0)
    assert {path.name: path.read_bytes() for path in RESULTS.iterdir()} == before


def test_a_second_command_measures_nothing_and_gives_the_same(tmp_path):
    pairs = Pairs()
    measured, results = pairs.run(tmp_path)
    assert measured == [(1.0, 0), (0.1, 0), (1.0, 1), (0.1, 1)]
    assert results["slow"] == {"seeds": [0, 1], "accuracy": [0.1, 1.1]}
    record = (tmp_path / "cnn.json").read_text()
    assert pairs.run(tmp_path) == ([], results)
    assert (tmp_path / "cnn.json").read_text() == record
    assert [path.name for path in tmp_path.iterdir()] == ["cnn.json"]


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run["recipe"].update(peak=2.0),
        lambda run: run.update(seed=7),
        lambda run: run.update(sources="0" * 64),
        lambda run: run["versions"].update(keras="3.0.0"),
        lambda run: run["versions"].pop("numpy"),
        lambda run: run["hardware"].update(cores=1000),
        lambda run: run["hardware"].update(gpu="a GPU"),
        lambda run: run.pop("hardware"),
    ],
    ids="recipe seed sources version missing-version cores gpu no-hardware".split(),
)
def test_a_run_that_differs_is_measured_again(tmp_path, change):
    pairs = Pairs()
    pairs.run(tmp_path)
    rewrite(tmp_path / "cnn.json", change)
    measured, results = pairs.run(tmp_path)
    assert measured == [(1.0, 0)]
    assert results["fast"]["accuracy"] == [1.0, 2.0]


def test_another_commit_or_date_is_resumed(tmp_path):
    pairs = Pairs()
    pairs.run(tmp_path)
    rewrite(tmp_path / "cnn.json", lambda run: run.update(commit="another", date="2001-01-01"))
    assert pairs.run(tmp_path)[0] == []


def test_a_record_without_runs_is_not_resumed(tmp_path):
    shutil.copy(RESULTS / "time_to_accuracy.json", tmp_path / "cnn.json")
    rewritten = json.loads((tmp_path / "cnn.json").read_text())
    rewritten.pop("measured", None)
    (tmp_path / "cnn.json").write_text(json.dumps(rewritten))
    assert len(Pairs().run(tmp_path)[0]) == 4


def test_a_command_that_was_broken_off_goes_on(tmp_path):
    pairs = Pairs()
    pairs.run(tmp_path)
    record = (tmp_path / "cnn.json").read_text()
    pairs.recipes["fast"]["peak"], pairs.recipes["slow"]["peak"] = 5.0, 6.0
    whole = pairs.measure

    def break_off(recipe, seed):
        if len(pairs.measured) == 2:
            raise KeyboardInterrupt
        return whole(recipe, seed)

    pairs.measure = break_off
    with pytest.raises(KeyboardInterrupt):
        pairs.run(tmp_path)
    assert (tmp_path / "cnn.json").read_text() == record
    pairs.measure = whole
    measured, results = pairs.run(tmp_path)
    assert measured == [(5.0, 1), (6.0, 1)]
    assert results["fast"] == {"seeds": [0, 1], "accuracy": [5.0, 6.0]}


@pytest.mark.parametrize("name", ["cnn.json", "cnn.json.part"])
@pytest.mark.parametrize("text", ['{"measured": [', "[]", '{"measured": [1]}', '{"measured": 1}'])
def test_a_file_that_cannot_be_read_is_named_and_left(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    pairs = Pairs()
    with pytest.raises(SystemExit, match=f"{name} cannot be read as a record.*Nothing was changed"):
        pairs.run(tmp_path)
    assert pairs.measured == []
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: text}


def test_a_try_is_limited_to_seeds_and_names(tmp_path):
    measured, results = Pairs().run(tmp_path, "--seeds", "1", "--only", "slow")
    assert measured == [(0.1, 0)]
    assert list(results) == ["slow"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seeds", "1"], "--seeds and --only go with --try"),
        (["--only", "fast"], "--seeds and --only go with --try"),
        (["--try", "results"], "--try writes elsewhere"),
        (["--try", "other/../results/mine"], "--try writes elsewhere"),
        (["--try", str(README)], "cannot be a folder"),
        (["--try", "--seeds", "0"], "--seeds takes a number from 1 on"),
        (["--try", "--only", "nothing"], "invalid choice: 'nothing'"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mechanism, "RESULTS", tmp_path / "results")
    pairs = Pairs()
    with pytest.raises(SystemExit):
        mechanism.record("cnn", pairs.recipes, pairs.measure, mechanism.columns, arguments)
    assert message in capsys.readouterr().err
    assert pairs.measured == []
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_a_try_goes_to_scratch(tmp_path, monkeypatch):
    monkeypatch.setattr(mechanism, "SCRATCH", tmp_path / "scratch")
    pairs = Pairs()
    mechanism.record("cnn", pairs.recipes, pairs.measure, mechanism.columns, ["--try"])
    assert (tmp_path / "scratch" / "cnn.json").exists()


def test_the_sources_are_those_that_the_benchmark_imports(tmp_path, monkeypatch):
    for name in ("benchmarks", "helpers"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("results"))
    monkeypatch.setattr(mechanism, "ROOT", tmp_path)
    before = mechanism.sources("cnn")
    for name in ("benchmarks/dense.py", "helpers/plots.py"):
        (tmp_path / name).write_text("# not imported")
    assert mechanism.sources("cnn") == before
    for name in ("benchmarks/cnn.py", "benchmarks/networks.py", "helpers/loading.py"):
        (tmp_path / name).write_text((tmp_path / name).read_text() + "# changed\n")
        assert mechanism.sources("cnn") != before
        before = mechanism.sources("cnn")
    assert mechanism.sources("cnn", [tmp_path / "helpers/plots.py"]) != before


def test_results_do_not_make_the_commit_dirty(tmp_path, monkeypatch):
    monkeypatch.setattr(mechanism, "ROOT", tmp_path)
    assert mechanism.commit() == "unknown"
    (tmp_path / "benchmarks" / "results").mkdir(parents=True)
    result, source = tmp_path / "benchmarks/results/cnn.json", tmp_path / "benchmarks/cnn.py"
    for path in (result, source):
        path.write_text("old")
    author = ["-c", "user.name=an author", "-c", "user.email=author@example.org"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "Begin"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    clean = mechanism.commit()
    assert len(clean) >= 7
    result.write_text("new")
    assert mechanism.commit() == clean
    source.write_text("new")
    assert mechanism.commit() == f"{clean}-dirty"


def measured_rows(recipe, seed):
    return {"rows": [A_SWITCH if "switches" in recipe else A_ROW]}


def keys(value, so_far=()):
    """Return the keys that lead to each value of a record, those of lists left out."""
    if isinstance(value, list):
        return {path for one in value for path in keys(one, so_far)}
    if isinstance(value, dict):
        return {path for key, one in value.items() for path in keys(one, (*so_far, key))}
    return {so_far}


@pytest.mark.parametrize("benchmark", MEASURED, ids=lambda module: module.__name__)
def test_a_command_writes_what_lessons_read(benchmark, tmp_path, monkeypatch):
    result = MEASURED[benchmark]
    fake = measured_rows if benchmark is residency else lambda recipe, seed: result
    monkeypatch.setattr(benchmark, "measure", fake)
    monkeypatch.setattr(mechanism, "RESULTS", tmp_path)
    monkeypatch.setattr(variants, "is_available", lambda name: name != "kmnist")
    benchmark.main([])
    name = benchmark.__name__.partition(".")[2]
    new, old = json.loads((tmp_path / f"{name}.json").read_text()), read_record(name)
    assert new["command"] == old["command"] == f"python -m benchmarks.{name}"
    old.pop("measured", None)
    old.get("devices", {}).pop("GPU", None)
    assert {path for path in keys(old) if "versions" not in path} <= keys(new)


def test_a_gpu_adds_to_the_residency_of_a_cpu(tmp_path, monkeypatch):
    monkeypatch.setattr(residency, "measure", measured_rows)
    monkeypatch.setattr(mechanism, "RESULTS", tmp_path)
    residency.main([])
    with_cpu = json.loads((tmp_path / "residency.json").read_text())
    gpu = Device("GPU", "a GPU", "")
    for module in (mechanism, residency):
        monkeypatch.setattr(module, "training_device", lambda: gpu)
    residency.main([])
    with_both = json.loads((tmp_path / "residency.json").read_text())
    assert with_both["devices"]["CPU"] == with_cpu["devices"]["CPU"]
    assert with_both["devices"]["GPU"]["name"] == "a GPU"
    assert with_both["devices"]["GPU"]["hardware"]["gpu"] == "a GPU"
    assert len(with_both["measured"]) == 2 * len(with_cpu["measured"])
