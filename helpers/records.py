"""Recorded results: what the benchmarks measured, for lessons to read."""

import json
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
