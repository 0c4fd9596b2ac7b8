"""Measure every run of a benchmark once, and record it with all it takes to judge and repeat it.

A benchmark has recipes, each with a number of seeds, a function that measures one run, and one
that makes the results of all runs. `python -m benchmarks.<name>` measures what is missing and then
writes benchmarks/results/<name>.json: the results, which lessons read, and the runs that they are
made of. Until the last run is there, the finished ones wait in <name>.json.part, and the record
stays as it was; a command that was broken off goes on from them.

A run is resumed only if its recipe, seed, sources, versions and hardware all equal today's. Else it
is measured. The sources are the benchmark's own file and every file of this project that it
imports, directly or not: a changed comment counts. Commit and date are noted, not compared.

To try a change and leave the record alone: --try, which takes a folder and has one of its own, and
with it --seeds and --only.
"""

import argparse
import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from modulefinder import ModuleFinder
from pathlib import Path

from helpers.devices import processor_name, training_device
from helpers.quiet import keras
from helpers.records import RESULTS, ROOT

SCRATCH = ROOT / "scratch" / "results"
COMPARED = ("name", "recipe", "seed", "sources", "versions", "hardware")


def record(
    benchmark: str,
    recipes: dict[str, dict],
    measure: Callable[[dict, int], dict],
    results: Callable[[list[dict]], dict],
    arguments: list[str] | None = None,
    *,
    also: Iterable[Path] = (),
    keep: Callable[[dict], bool] = lambda run: False,
) -> dict:
    """Measure each recipe with each of its seeds, in turn; write the record and return the results.

    Args:
        benchmark: the name of the module in benchmarks/, and of its record.
        recipes: by name; plain values, and with them "seeds", how many.
        measure: is called with a recipe and a seed; returns plain values.
        results: is called with all runs; each has the keys COMPARED, "commit", "date" and "result".
        arguments: those of the command line, if not the process's own.
        also: files that take part in the runs without being imported.
        keep: tells of a run that is in the record whether it stays, though not measured here.
    """
    options = _parse(benchmark, recipes, arguments)
    path = options.folder / f"{benchmark}.json"
    part = options.folder / f"{benchmark}.json.part"
    today = circumstances(benchmark, also)
    recorded, waiting = _runs_in(path), _runs_in(part)
    runs = []
    for seed, name in _in_turn(recipes, options):
        recipe = {key: value for key, value in recipes[name].items() if key != "seeds"}
        wanted = {"name": name, "recipe": _plain(recipe), "seed": seed, **today}
        found = [run for run in recorded + waiting if _is_equal(run, wanted)]
        if found:
            runs.append(found[0])
        else:
            runs.append({**wanted, "result": _plain(measure(recipe, seed))})
            waiting.append(runs[-1])
            _write(part, {"measured": waiting})
        how = "resumed" if found else "measured"
        print(f"{name}, seed {seed}, {how}: {runs[-1]['result']}", flush=True)
    kept = [run for run in recorded if keep(run)]
    made = results(kept + runs)
    command = " ".join([f"python -m benchmarks.{benchmark}", *options.given])
    noted = {key: runs[-1][key] for key in ("commit", "date", "hardware", "versions")}
    _write(path, {"command": command, **noted, **made, "measured": kept + runs})
    part.unlink(missing_ok=True)
    print(f"Written: {path}")
    return made


def columns(runs: list[dict]) -> dict[str, dict]:
    """Return for each name the seeds of its runs, and a list of each value that they measured."""
    named = {}
    for run in runs:
        row = {"seeds": run["seed"], **run["result"]}
        for key, value in row.items():
            named.setdefault(run["name"], {}).setdefault(key, []).append(value)
    return named


def circumstances(benchmark: str, also: Iterable[Path] = ()) -> dict:
    """Return what is needed to judge a run: its sources, versions and hardware, commit and date."""
    versions = {"python": platform.python_version(), "backend": keras.backend.backend()}
    for package in ("tensorflow", "jax", "keras", "numpy", "scikit-learn"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    device = training_device()
    return {
        "sources": sources(benchmark, also),
        "versions": versions,
        "hardware": {
            "cpu": processor_name(),
            device.kind.lower(): device.name,
            "cores": os.cpu_count(),
            "system": platform.system(),
        },
        "commit": commit(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def sources(benchmark: str, also: Iterable[Path] = ()) -> str:
    """Return the SHA-256 of the benchmark's file, the project files that it imports, and `also`."""
    finder = ModuleFinder([str(ROOT)])
    finder.run_script(str(ROOT / "benchmarks" / f"{benchmark}.py"))
    imported = {Path(module.__file__) for module in finder.modules.values() if module.__file__}
    digest = hashlib.sha256()
    for path in sorted(imported | set(also)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def commit() -> str:
    """Return the commit, with "-dirty" if a file differs from it that is not itself a result."""
    try:
        name = _git("describe", "--always")
        changes = _git("status", "--porcelain", "-uno", "--", ".", ":!benchmarks/results")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{name}-dirty" if changes else name


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def _parse(benchmark, recipes, arguments):
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{benchmark}")
    parser.add_argument(
        "--try",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        nargs="?",
        const=SCRATCH,
        help="write to FOLDER, or to scratch/results, and leave benchmarks/results alone",
    )
    parser.add_argument("--seeds", metavar="N", type=int, help="with --try: N seeds at most")
    parser.add_argument(
        "--only",
        metavar="NAME",
        nargs="+",
        choices=recipes,
        default=[],
        help=f"with --try: only these of {', '.join(map(repr, recipes))}",
    )
    options = parser.parse_args(arguments)
    if options.folder is None and (options.seeds is not None or options.only):
        parser.error("a record is whole: --seeds and --only go with --try")
    if options.folder and options.folder.resolve().is_relative_to(RESULTS):
        parser.error(f"--try writes elsewhere than to {RESULTS}")
    if options.seeds is not None and options.seeds < 1:
        parser.error("--seeds takes a number from 1 on")
    limit = ["--seeds", str(options.seeds)] if options.seeds else []
    names = ["--only", *options.only] if options.only else []
    options.given = ["--try", *limit, *names] if options.folder else []
    options.folder = options.folder or RESULTS
    options.only = options.only or list(recipes)
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"{options.folder} cannot be a folder: {error.strerror}")
    return options


def _in_turn(recipes, options) -> list[tuple[int, str]]:
    """Return seeds and names, seed by seed: then a slow minute of the machine meets them all."""
    seeds = {name: recipes[name]["seeds"] for name in options.only}
    limit = options.seeds or max(seeds.values())
    return [(seed, name) for seed in range(limit) for name in seeds if seed < seeds[name]]


def _plain(value):
    """Return `value` as it will be read back from JSON."""
    return json.loads(json.dumps(value))


def _is_equal(run, wanted) -> bool:
    return all(run.get(key) == wanted[key] for key in COMPARED)


def _runs_in(path) -> list[dict]:
    """Return the runs in a file; none if it is not there, or from before runs were kept."""
    if not path.exists():
        return []
    try:
        return [dict(run) for run in json.loads(path.read_text("utf-8")).get("measured", [])]
    except (ValueError, TypeError, AttributeError) as error:
        raise SystemExit(
            f"{path} cannot be read as a record: {error}. Nothing was changed. "
            "Bring it back from git, or remove it, and its runs will be measured again."
        ) from None


def _write(path, content) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    new.replace(path)
