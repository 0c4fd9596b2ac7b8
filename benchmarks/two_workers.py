"""How long a step takes: one worker on one core, two that train apart, two that train together.

Run: python -m benchmarks.two_workers        (about six minutes on two cores; nothing else should run)

The quick network with a dense layer of several sizes; each worker reads as many images as it would
alone. Two that train apart share the machine and exchange nothing. What together takes longer than
apart is the exchange of gradients over the loopback, and that each step waits for the slower. It
takes two cores; where the system pins no process to a core, as on macOS, it moves them as it likes.

Sizes and kinds take turns, seven rounds in each of three starts, so that a slow minute of the
machine meets them all; a time is the middle one of twelve steps, of the slower worker.
"""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks import timed_worker
from benchmarks.record import record
from helpers.commands.supervisor import supervise
from helpers.networks import build_quick

KINDS = ("alone", "apart", "together")
RECIPES = {"two workers": {"seeds": 3}}


def measure(recipe, seed) -> dict:
    """Return for each size, and each kind of training, the milliseconds a step of every round."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", timed_worker.__name__, name]
        supervise(command, Path(name), restarts=0, seconds=400)
        both = [
            json.loads((Path(name) / f"milliseconds-{worker}.json").read_text())
            for worker in (0, 1)
        ]
    return {
        name_of(size): {
            kind: [
                max(worker[kind] for worker in pair if kind in worker)
                for pair in zip(*rounds, strict=True)
            ]
            for kind in KINDS
        }
        for size, *rounds in zip(timed_worker.SIZES, *map(by_size, both), strict=True)
    }


def by_size(rounds: list) -> list:
    """Return a list of rounds for each size, from a list of sizes for each round."""
    return list(zip(*rounds, strict=True))


def name_of(size: tuple[int, int]) -> str:
    return "{} units, {} images".format(*size)


def results(runs) -> dict:
    """Return the parameters and all rounds of each size."""
    return {
        "sizes": {
            name_of(size): {
                "parameters": build_quick(size[0]).count_params(),
                "images": size[1],
                "milliseconds": {
                    kind: [time for run in runs for time in run["result"][name_of(size)][kind]]
                    for kind in KINDS
                },
            }
            for size in timed_worker.SIZES
        }
    }


def main(arguments=None) -> None:
    record("two_workers", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
