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

from helpers.loading import load
from helpers.records import write_record

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


def measure(code: str, *arguments: str) -> list[float]:
    """Return seconds, and peak memory as a multiple of the arrays, of one load."""
    command = [sys.executable, "-c", code, *arguments]
    return json.loads(subprocess.check_output(command, text=True, env=os.environ | {"CI": "1"}))


def main() -> None:
    mnist = load("mnist")
    if mnist.is_practice:
        raise SystemExit("This benchmark measures MNIST, which could not be reached.")
    runs = {"ours": [], "keras_steps": []}
    with tempfile.TemporaryDirectory() as folder:
        npz = str(Path(folder, "mnist.npz"))
        np.savez_compressed(
            npz,
            x_train=mnist.train_images,
            y_train=mnist.train_labels,
            x_test=mnist.test_images,
            y_test=mnist.test_labels,
        )
        for _ in range(RUNS):
            runs["ours"].append(measure(OURS))
            runs["keras_steps"].append(measure(KERAS_STEPS, npz))
    results = {}
    for name, values in runs.items():
        seconds, memory = np.array(values).T
        results[name] = {
            "seconds": [round(value, 3) for value in seconds.tolist()],
            "peak_memory_over_arrays": [round(value, 2) for value in memory.tolist()],
        }
        print(f"{name}: {seconds.min():.3f} s, peak {memory.max():.2f} times the arrays")
    write_record("loaders", {"runs": RUNS, **results})


if __name__ == "__main__":
    main()
