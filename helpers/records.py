"""Recorded results: what a benchmark measured, with what is needed to judge it, as JSON in benchmarks/results."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

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
    """Write a record: the results, and with them command, commit, hardware, versions and date."""
    record = {
        "command": f"python -m benchmarks.{name}",
        "commit": _commit(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "hardware": {"cpu": _processor(), "cores": os.cpu_count(), "system": platform.system()},
        "versions": {
            "python": platform.python_version(),
            **{
                package: version(package)
                for package in ("tensorflow", "keras", "numpy", "scikit-learn")
            },
        },
        **results,
    }
    RESULTS.mkdir(exist_ok=True)
    temporary = RESULTS / f"{name}.json.part"
    temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    temporary.replace(RESULTS / f"{name}.json")


def _commit() -> str:
    answer = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        "unknown",
    )
