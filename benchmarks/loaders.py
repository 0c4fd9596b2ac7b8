"""A cached, verified load of MNIST, beside the same steps as Keras takes: time and peak memory.

Run: python -m benchmarks.loaders        (some seconds; on Linux, for the peak of the memory)

Each load runs in a Python of its own, five times, the two in turn. Time and memory are those of the
load alone, after NumPy has been imported; the files are in the cache of the system. Keras's loader
computes the SHA-256 of its npz and reads four arrays from it; these are its steps, on an npz of the
same arrays, without Keras itself. scikit-learn's fetch_openml is not here: its copy cannot be made
without the network.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.data import load_mnist
from benchmarks.record import columns, record

RUNS = 5

MEASURE = """
import json, sys, time
from pathlib import Path
import numpy as np
{imports}

def peak_kilobytes():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])

Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before, start = peak_kilobytes(), time.perf_counter()
{load}
seconds = time.perf_counter() - start
size = sum(array.nbytes for array in arrays)
print(json.dumps([seconds, (peak_kilobytes() - before) * 1024 / size]))
"""

OURS = MEASURE.format(
    imports="from helpers.loading import load",
    load="mnist = load('mnist')\n"
    "arrays = [mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels]",
)
KERAS_STEPS = MEASURE.format(
    imports="import hashlib",
    load="""
digest = hashlib.sha256()
with open(sys.argv[1], "rb") as file:
    for chunk in iter(lambda: file.read(65535), b""):
        digest.update(chunk)
digest.hexdigest()
with np.load(sys.argv[1], allow_pickle=True) as file:
    arrays = [file[name] for name in ("x_train", "y_train", "x_test", "y_test")]
""",
)


RECIPES = {name: {"loader": name, "seeds": RUNS} for name in ("ours", "keras_steps")}


def measure(recipe, seed) -> dict:
    """Load once; return seconds, and peak memory as a multiple of the arrays."""
    mnist = load_mnist()
    with tempfile.TemporaryDirectory() as folder:
        npz = str(Path(folder, "mnist.npz"))
        if recipe["loader"] == "keras_steps":
            np.savez_compressed(
                npz,
                x_train=mnist.train_images,
                y_train=mnist.train_labels,
                x_test=mnist.test_images,
                y_test=mnist.test_labels,
            )
        code = {"ours": OURS, "keras_steps": KERAS_STEPS}[recipe["loader"]]
        command = [sys.executable, "-c", code, npz]
        answer = subprocess.check_output(command, text=True, env=os.environ | {"CI": "1"})
    seconds, memory = json.loads(answer)
    return {"seconds": round(seconds, 3), "peak_memory_over_arrays": round(memory, 2)}


def results(runs) -> dict:
    return {"runs": RUNS, **columns(runs)}


def main(arguments=None) -> None:
    record("loaders", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
