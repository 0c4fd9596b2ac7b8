"""Recorded results say how they came about, and one seed of each recipe still gives them."""

import functools
import itertools

import numpy as np
import pytest

from benchmarks import (
    ablation,
    baselines,
    best,
    cnn,
    data,
    dense,
    large_batches,
    pushed,
    residency,
    time_to_accuracy,
    timed_worker,
    transfer,
    two_workers,
    validation_sets,
    variants,
)
from helpers.loading import is_available, load
from helpers.quiet import keras, tf
from helpers.records import RESULTS, ROOT, read_record
from helpers.writers import load_writers

README = ROOT / "README.md"
RECORDS = sorted(path.stem for path in RESULTS.glob("*.json"))


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_says_how_it_came_about(name):
    record = read_record(name)
    assert record["command"] == f"python -m benchmarks.{name}"
    assert {"commit", "date", "hardware", "versions"} <= record.keys()
    assert record["hardware"]["cores"] >= 1


def test_a_record_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match="Record it: python -m benchmarks.nothing"):
        read_record("nothing")


def test_the_recorded_means_keep_the_promises():
    dense_test, cnn_test = read_record("dense")["test"], read_record("cnn")["test"]
    for result in (*dense_test.values(), *cnn_test.values()):
        assert len(result["accuracy"]) == len(result["seeds"]) >= 5
    assert 97.2 <= np.mean(dense_test["textbook"]["accuracy"]) <= 97.9
    assert min(dense_test["chosen"]["accuracy"]) >= 98.0
    assert np.mean(cnn_test["quick"]["accuracy"]) >= 99.0
    ratio = np.mean(cnn_test["textbook"]["seconds"]) / np.mean(cnn_test["quick"]["seconds"])
    assert ratio >= 20


def test_a_cached_load_is_quick_and_small():
    ours, keras_steps = read_record("loaders")["ours"], read_record("loaders")["keras_steps"]
    assert max(ours["seconds"]) < min(keras_steps["seconds"])
    assert max(ours["peak_memory_over_arrays"]) <= 1.2


def test_a_class_downloads_once():
    for lesson, result in read_record("class_of_30").items():
        if lesson[:2].isdigit():
            assert result["errors"] == 0
            assert result["downloads"].count("/mnist/train-images-idx3-ubyte.gz") == 1


def test_the_recorded_baselines_keep_the_promises_of_lesson_03():
    record = read_record("baselines")
    error = {
        name: {
            method: [100 - np.mean(sizes[str(size)]["accuracy"]) for size in baselines.SIZES]
            for method, sizes in methods.items()
        }
        for name, methods in record.items()
        if name in ("pixels", "deskewed")
    }
    for method, (small, large) in error["pixels"].items():
        assert large < small
        assert error["deskewed"][method][1] < large
    assert error["pixels"]["nearest mean"][1] == pytest.approx(18.0, abs=0.1)
    for method in ("neighbours", "forest", "support vectors"):
        small, large = error["pixels"][method]
        assert 0.4 <= large / small <= 0.65
    for method in ("nearest mean", "logistic regression"):
        small, large = error["pixels"][method]
        assert large / small >= 0.8


def test_the_recorded_ablation_keeps_the_promises_of_lesson_09():
    record = read_record("ablation")
    accuracy = {name: np.mean(record[name]["accuracy"]) for name in ablation.RECIPES}
    for name, recipe in ablation.RECIPES.items():
        assert len(record[name]["accuracy"]) == recipe["seeds"] >= 5
    assert np.mean(record["full"]["seconds"]) <= 90
    gains = {name: accuracy[f"quick with {name}"] - accuracy["quick"] for name in ablation.ALONE}
    assert min(gains, key=gains.get) == "flips"
    assert gains["a better network"] >= 0.1
    assert accuracy["quick"] - accuracy["quick without label smoothing"] >= 0.1
    costs = {
        name: accuracy["full"] - accuracy[f"full without {name}"] for name in ablation.LEFT_OUT
    }
    assert sorted(costs, key=costs.get)[-2:] == ["batch norm", "a better network"]


def test_the_recorded_best_keeps_the_promises_of_lesson_09():
    record = read_record("best")
    for name, recipe in best.RECIPES.items():
        assert len(record[name]["accuracy"]) == recipe["seeds"] >= 5
    mean = {name: np.mean(record[name]["accuracy"]) for name in best.RECIPES}
    minutes = {name: np.mean(record[name]["seconds"]) / 60 for name in best.RECIPES}
    assert mean["middle"] >= 99.67
    assert minutes["middle"] <= 5
    assert abs(mean["large"] - mean["middle"]) <= 0.04
    assert mean["little"] > 99.4
    assert mean["tiny"] > 99.0


def test_the_recorded_transfer_keeps_the_promises_of_lesson_10():
    record = read_record("transfer")
    accuracy = {name: np.array(record[name]["accuracy"]) for name in transfer.RECIPES}
    for name, recipe in transfer.RECIPES.items():
        assert len(accuracy[name]) == recipe["seeds"] >= 10

    def gain(few, way):
        """The mean gain over a network from scratch, and its standard error; the draws are the same."""
        gains = accuracy[f"{few} each, {way}"] - accuracy[f"{few} each, from scratch"]
        return gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5

    for few in ("emnist, 10", "emnist, 100", "fashion-mnist, 10"):
        for way in ("frozen", "fine-tuned"):
            mean, error = gain(few, way)
            assert mean > 2 * error
    for few in ("emnist, 1000", "fashion-mnist, 100", "fashion-mnist, 1000"):
        mean, error = gain(few, "frozen")
        assert mean < -2 * error
    kept = {name: accuracy[f"emnist, 100 each, {name}"].mean() for name in transfer.MORE_WAYS}
    assert kept["three layers, frozen"] < kept["untrained, frozen"] < kept["one layer, frozen"]


def test_the_recorded_variants_keep_the_promises_of_lesson_10():
    record = read_record("variants")
    names = [name for name, recipe in variants.RECIPES.items() if recipe["set"] != "kmnist"]
    images = {"mnist": 10_000, "fashion-mnist": 10_000, "emnist": 20_800}
    for name in names:
        row, count = record[name], images[variants.RECIPES[name]["set"]]
        assert len(row["accuracy"]) == variants.RECIPES[name]["seeds"] >= 3
        if variants.RECIPES[name]["method"] not in variants.ON_EACH:
            right = [100 * (1 - len(mistakes) / count) for mistakes in row["mistakes"]]
            assert row["accuracy"] == pytest.approx(right, abs=0.006)
    mean = {name: np.mean(record[name]["accuracy"]) for name in names}
    for methods in (variants.ON_EACH, ["quick", "middle", "middle, mirrored", "best"]):
        scores = [mean[f"fashion-mnist, {method}"] for method in methods]
        assert scores == sorted(scores)
    assert mean["emnist, logistic regression"] < mean["fashion-mnist, logistic regression"]
    for method in ("dense", "quick", "middle"):
        assert mean[f"fashion-mnist, {method}"] < mean[f"emnist, {method}"]
    assert mean["fashion-mnist, best"] >= 93.5
    assert np.mean(record["fashion-mnist, best"]["seconds"]) <= 15 * 60
    assert mean["emnist, middle"] >= 94.8


def test_the_recorded_validation_sets_keep_the_promises_of_lesson_12():
    record = read_record("validation_sets")
    for name, recipe in validation_sets.RECIPES.items():
        assert len(record[name]["validation"]) == recipe["seeds"] >= 5
    for way in ("random", "whole writers"):
        assert sum(record[way]["images"]) == validation_sets.COUNT
    gap = {
        name: np.mean(np.subtract(record[name]["validation"], record[name]["test"]))
        for name in validation_sets.RECIPES
    }
    assert gap["employees to employees"] > 1
    assert gap["employees to students"] < -1.5
    assert gap["every twelfth"] < gap["random"] - 0.3 < gap["every twelfth from the second"] - 0.3
    for row in (record[name] for name in ("random", "whole writers")):
        assert np.mean(row["validation"]) < np.mean(row["test"])
    assert np.mean(record["every twelfth"]["students"]) > 95
    for way in validation_sets.FIXED | validation_sets.DRAWN:
        assert max(record[way]["test_students"]) < min(record[way]["test_employees"])


def test_the_recorded_pushes_keep_the_promises_of_lesson_12():
    record = read_record("pushed")
    for name, recipe in pushed.RECIPES.items():
        assert record[name]["seeds"] == list(range(recipe["seeds"]))
    assert (RESULTS / "pushed.json").stat().st_size < 250_000
    names = ["dense", "quick", "full without affine maps", "full"]
    at_four, at_a_hundred = (
        np.array([record[name]["pushed"][push]["accuracy"] for name in names])[
            ..., record["strengths"][push].index(strength)
        ]
        for push, strength in (("shifted", 4), ("noisy", 100))
    )
    assert (np.diff(at_four, axis=0) > 0).all()
    assert (at_a_hundred.argmin(axis=0) == 3).all()
    for name in names:
        of_all = record[name]["calibration"]["all"]
        assert np.mean(of_all["error_at"]["validation"]) < np.mean(of_all["error"])
        too_sure = np.mean(record[name]["temperature"]["validation"]) > 1
        assert too_sure == (name == "dense")
    of_dense = record["dense"]["calibration"]["all"]
    assert min(of_dense["error_at"]["trained_on"]) > max(of_dense["error"])


def test_the_recorded_exchange_keeps_the_promises_of_lesson_11():
    sizes = read_record("two_workers")["sizes"]
    assert list(sizes) == [two_workers.name_of(size) for size in timed_worker.SIZES]
    rounds = two_workers.RECIPES["two workers"]["seeds"] * (timed_worker.ROUNDS - 1)
    exchange = []
    for size in sizes.values():
        alone, apart, together = (
            np.array(size["milliseconds"][kind]) for kind in two_workers.KINDS
        )
        assert len(alone) == len(apart) == len(together) == rounds
        exchange.append(np.median(together - apart))
        assert 1.4 <= 2 * np.median(alone) / np.median(together) <= 1.8
    assert sorted(exchange[:4]) == exchange[:4]
    megabytes = [4e-6 * size["parameters"] for size in list(sizes.values())[:4]]
    between = np.interp(megabytes[1:3], megabytes[::3], exchange[:4:3])
    assert between == pytest.approx(exchange[1:3], abs=2)


def near(scores):
    """The range of recorded scores, widened by three standard deviations of one score at 99 %."""
    return min(scores) - 0.3, max(scores) + 0.3


@pytest.fixture(scope="module")
def mnist():
    data = load("mnist")
    if data.is_practice:
        pytest.skip("the records are about MNIST")
    return data


@pytest.fixture(scope="module")
def writers(mnist):
    if not is_available("qmnist"):
        pytest.skip("this record is about who wrote the digits")
    return load_writers(mnist)


def test_one_seed_of_the_dense_ladder(mnist):
    recorded = read_record("dense")["ladder"][1]
    score = dense.measure({"scored_on": "validation set", "recipe": recorded["recipe"]}, 0)
    low, high = near(recorded["accuracy"])
    assert low <= score["accuracy"] <= high


def test_one_seed_of_the_quick_network(mnist):
    keras.utils.set_random_seed(0)
    images, test_images = data.scale(mnist.train_images), data.scale(mnist.test_images)
    model, _ = cnn.train(images[..., np.newaxis], mnist.train_labels, **cnn.QUICK)
    low, high = near(read_record("cnn")["test"]["quick"]["accuracy"])
    assert low <= data.accuracy(model, test_images[..., np.newaxis], mnist.test_labels) <= high


def test_one_seed_of_the_ablation(mnist):
    recipe = {key: value for key, value in ablation.RECIPES["quick"].items() if key != "seeds"}
    low, high = near(read_record("ablation")["quick"]["accuracy"])
    assert low <= ablation.measure(recipe, 0)["accuracy"] <= high


def test_one_seed_of_transfer(mnist):
    if not is_available("emnist"):
        pytest.skip("this record is about letters")
    name = "emnist, 10 each, frozen"
    recipe = {key: value for key, value in transfer.RECIPES[name].items() if key != "seeds"}
    recorded = read_record("transfer")[name]["accuracy"]
    assert transfer.measure(recipe, 0)["accuracy"] == pytest.approx(recorded[0], abs=1.5)


def test_one_seed_of_the_variants(mnist):
    if not is_available("fashion-mnist"):
        pytest.skip("this record is about clothes")
    name = "fashion-mnist, logistic regression"
    recorded = read_record("variants")[name]["accuracy"]
    measured = variants.measure(variants.RECIPES[name], 0)
    assert measured["accuracy"] == pytest.approx(recorded[0], abs=0.1)


def test_one_seed_of_the_validation_sets(mnist, writers):
    name = "students to employees"
    measured = validation_sets.measure(validation_sets.RECIPES[name], 0)
    recorded = read_record("validation_sets")[name]
    for key in ("validation", "test", "test_students", "test_employees"):
        low, high = near(recorded[key])
        assert low <= measured[key] <= high
    assert measured["images"] == recorded["images"][0]


@pytest.mark.parametrize("name", validation_sets.RECIPES)
def test_what_validates_is_not_trained_on(writers, name):
    recipe = validation_sets.RECIPES[name]
    splits = [validation_sets.split(recipe, seed) for seed in (0, 0, 1)]
    for fit, validation in splits:
        assert len(np.unique(np.concatenate([fit, validation]))) == len(fit) + len(validation)
        assert name == "whole writers" or len(validation) == 5_000
        assert len(fit) == (60_000 - len(validation) if "hold_out" in recipe else 24_000)
    (fit, validation), (fit_again, validation_again), (_, other) = splits
    np.testing.assert_array_equal(fit, fit_again)
    np.testing.assert_array_equal(validation, validation_again)
    assert (len(np.intersect1d(validation, other)) == 5_000) == (name in validation_sets.FIXED)


@pytest.mark.parametrize("name", validation_sets.DRAWN)
def test_each_image_is_held_out_once(writers, name):
    recipe = validation_sets.RECIPES[name]
    splits = [validation_sets.split(recipe, seed) for seed in range(recipe["seeds"])]
    np.testing.assert_array_equal(
        np.sort(np.concatenate([held for _, held in splits])), range(60_000)
    )
    lessons = data.split()[1]
    assert name == "whole writers" or set(splits[-1][1]) == set(lessons)
    for fit, held in splits:
        shared = np.intersect1d(writers.train_writers[fit], writers.train_writers[held])
        assert (len(shared) == 0) == (name == "whole writers")


@pytest.mark.parametrize("name", validation_sets.FEWER)
def test_groups_do_not_mix(writers, name):
    recipe = validation_sets.RECIPES[name]
    for group, positions in zip(recipe.values(), validation_sets.split(recipe, 0), strict=False):
        share = writers.train_is_student[positions].mean()
        assert share == {"students": 1, "employees": 0}.get(group, pytest.approx(0.48, abs=0.02))
    both = {"train_on": recipe["train_on"], "validate_with": recipe["train_on"]}
    trained_on = [validation_sets.split(each, 0)[0] for each in (recipe, both)]
    np.testing.assert_array_equal(*trained_on)


def test_one_seed_of_the_pushes(mnist, monkeypatch):
    push, strengths = pushed.PUSHES["shifted"]
    monkeypatch.setattr(pushed, "PUSHES", {"shifted": (push, strengths[:4])})
    measured = pushed.measure(pushed.RECIPES["quick"], 0)
    recorded = read_record("pushed")["quick"]
    low, high = near(recorded["calibration"]["all"]["accuracy"])
    assert low <= measured["calibration"]["all"]["accuracy"] <= high
    assert (
        measured["pushed"]["shifted"]["accuracy"][0] == measured["calibration"]["all"]["accuracy"]
    )


def test_seeds_are_stacked_value_by_value():
    stacked = pushed.stack([{"a": 1, "b": {"c": [2, 3]}}, {"a": 4, "b": {"c": [5, 6]}}])
    assert stacked == {"a": [1, 4], "b": {"c": [[2, 3], [5, 6]]}}


def test_one_seed_of_large_batches(mnist):
    name = "Adam, 32, root"
    recipe = {key: value for key, value in large_batches.RECIPES[name].items() if key != "seeds"}
    recorded = read_record("large_batches")[name]["accuracy"]
    assert large_batches.measure(recipe, 0)["accuracy"] == pytest.approx(recorded[0], abs=0.6)


@pytest.mark.parametrize("warm_up", [0, 0.2])
def test_a_rate_climbs_if_it_is_warmed_up_and_falls_to_zero(warm_up):
    rates = np.array([large_batches.StraightDown(0.5, 50, warm_up)(step) for step in range(50)])
    assert rates.argmax() == 50 * warm_up
    assert rates.max() == pytest.approx(0.5, rel=0.03)
    assert rates[-1] == pytest.approx(0.5 * 0.01 / (1 - warm_up), rel=1e-4)
    assert (np.diff(rates[rates.argmax() :]) < 0).all()
    assert (np.diff(rates[: rates.argmax()]) > 0).all()


def test_a_worker_times_what_its_turn_is():
    calls = []
    kinds = {kind: functools.partial(calls.append, kind) for kind in two_workers.KINDS}
    for worker, of_worker in enumerate([two_workers.KINDS, two_workers.KINDS[1:]]):
        calls.clear()
        found = timed_worker.time_kinds(worker, kinds, lambda: tf.constant(1.0))
        assert tuple(found) == of_worker
        assert calls == [kind for kind in of_worker for _ in range(timed_worker.STEPS)]


@pytest.mark.parametrize("method", ["nearest mean", "neighbours", "logistic regression"])
def test_a_baseline_on_10_000_images(mnist, method):
    result = baselines.measure(baselines.RECIPES[f"pixels, {method}, 10000"], 0)
    recorded = read_record("baselines")["pixels"][method]["10000"]
    assert result["accuracy"] == pytest.approx(recorded["accuracy"][0], abs=0.1)


def test_the_recorded_race_keeps_its_promises():
    runs = read_record("time_to_accuracy")["runs"]
    assert {name: len(of_recipe) for name, of_recipe in runs.items()} == {
        name: recipe["seeds"] for name, recipe in time_to_accuracy.RECIPES.items()
    }
    last = {name: [run["accuracy"][-1] for run in of_recipe] for name, of_recipe in runs.items()}
    seconds = {
        name: np.mean([run["seconds"][-1] for run in of_recipe]) for name, of_recipe in runs.items()
    }
    assert np.mean(last["ours_990"]) >= 99.0
    assert np.mean(last["ours_994"]) >= 99.4
    assert seconds["textbook"] / seconds["ours_990"] >= 30
    assert seconds["textbook"] / seconds["ours_994"] >= 6


def test_the_seconds_to_a_target_are_those_of_the_first_epoch_whose_mean_reaches_it():
    runs = [
        {"seconds": [1.0, 2.0, 3.0], "accuracy": [98.0, 98.8, 99.2]},
        {"seconds": [1.0, 4.0, 5.0], "accuracy": [98.4, 99.2, 99.6]},
    ]
    assert time_to_accuracy.seconds_to(99.0, runs) == 3.0
    assert time_to_accuracy.seconds_to(99.4, runs) == 4.0
    assert time_to_accuracy.seconds_to(99.5, runs) is None
    assert "99.40 +- 0.20" in time_to_accuracy.summary({"ours": runs})


def test_shifted_copies_are_averaged():
    spots = np.zeros((2, 28, 28), np.uint8)
    spots[:, 0, 0] = 255
    spots[1, 27, 27] = 255
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(10, kernel_initializer="ones"),
        ]
    )
    model.layers[-1].set_weights([np.eye(784, 10) * 5, np.zeros(10)])
    alone = time_to_accuracy.score(model, spots, time_to_accuracy.SHIFTS[:1])
    shifted = time_to_accuracy.score(model, spots, time_to_accuracy.SHIFTS)
    assert alone.shape == shifted.shape == (2, 10)
    assert shifted.sum(axis=1) == pytest.approx(1)
    assert alone[0, 0] > shifted[0, 0] > 0.1


@pytest.mark.parametrize("build", residency.NETWORKS.values(), ids=residency.NETWORKS)
def test_every_placement_trains_the_same(build):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (64, 28, 28, 1), dtype=np.uint8)
    labels = rng.integers(0, 10, 64)
    keras.utils.set_random_seed(0)
    weights = build().get_weights()
    trained = []
    for prepare, _ in residency.PLACEMENTS.values():
        network = build()
        network.set_weights(weights)
        prepare(network, images, labels, 64)(0)
        trained.append(network.get_weights())
    for other in trained[1:]:
        for ours, theirs in zip(trained[0], other, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_pass_is_timed_without_what_comes_before():
    images, labels = np.zeros((32, 28, 28, 1), np.uint8), np.zeros(32, np.int64)
    for prepare, _ in residency.PLACEMENTS.values():
        run = prepare(residency.build_dense(), images, labels, 32)
        assert len(run(2)) == 2
        assert run(0) == []


def test_scoring_an_epoch_stops_the_clock(monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(time_to_accuracy.time, "perf_counter", lambda: next(ticks))
    monkeypatch.setattr(time_to_accuracy, "accuracy", lambda *given: next(ticks))
    scores = time_to_accuracy.ScoreEachEpoch(None, None)
    for epoch in range(3):
        scores.on_epoch_end(epoch)
    assert scores.seconds == [1, 2, 3]


def test_the_recorded_grid_is_whole():
    devices = read_record("residency")["devices"]
    assert "CPU" in devices
    for result in devices.values():
        assert {"commit", "date", "hardware", "versions", "name"} <= result.keys()
        cells = {(row["network"], row["batch_size"], row["placement"]) for row in result["grid"]}
        assert len(cells) == len(result["grid"])
        assert {size for _, size, _ in cells} == set(residency.BATCH_SIZES)
        assert all(row["milliseconds_a_step"] > 0 for row in result["grid"] + result["switches"])


def test_the_readme_shows_the_recorded_race():
    rows = [
        line.split("|") for line in README.read_text(encoding="utf-8").splitlines() if "±" in line
    ]
    shown = [[cell.strip() for cell in row[2:5]] for row in rows[1:]]
    runs = read_record("time_to_accuracy")["runs"]
    recorded = []
    for name in ("textbook", "keras_example", "train_mnist_fast", "ours_990", "ours_994"):
        last = [run["accuracy"][-1] for run in runs[name]]
        seconds = np.mean([run["seconds"][-1] for run in runs[name]])
        accuracy = f"{np.mean(last):.2f} ± {np.std(last):.2f} %"
        recorded.append([f"{len(last)}", f"{seconds:.1f}", accuracy])
    assert shown == recorded
    textbook, ours = (
        np.mean([run["seconds"] for run in runs[name]], axis=0) for name in ("textbook", "ours_990")
    )
    text = " ".join(README.read_text(encoding="utf-8").split())
    assert f"after two of its five epochs, {textbook[1]:.0f} seconds" in text
    assert (
        f"is {textbook[1] / ours[-1]:.0f} times as quick, and {textbook[-1] / ours[-1]:.0f}" in text
    )
