"""Recorded results: what a benchmark measured, with what is needed to judge it, as JSON in benchmarks/results."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from helpers.devices import processor_name

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"


def read_record(name: str) -> dict:
    """Return the record benchmarks/results/<name>.json.

    Raises:
        FileNotFoundError: nothing has been recorded under that name; the message says how to.
    """
    path = RESULTS / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there. Record it: python -m benchmarks.{name}")
    return json.loads(path.read_text(encoding="utf-8"))


def write_record(name: str, results: dict) -> None:
    """Write a record: the results, and with them the command and the circumstances."""
    record = {"command": f"python -m benchmarks.{name}", **circumstances(), **results}
    RESULTS.mkdir(exist_ok=True)
    temporary = RESULTS / f"{name}.json.part"
    temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    temporary.replace(RESULTS / f"{name}.json")


def circumstances() -> dict:
    """Return what is needed to judge a result: commit, date, hardware and versions."""
    versions = {"python": platform.python_version()}
    for package in ("tensorflow", "jax", "keras", "numpy", "scikit-learn"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "commit": _commit(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "hardware": {"cpu": processor_name(), "cores": os.cpu_count(), "system": platform.system()},
        "versions": versions,
    }


def _commit() -> str:
    answer = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or "unknown"
