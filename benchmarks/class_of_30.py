"""A class: thirty kernels run the same lesson at once, on one machine and one empty cache.

Run: python -m benchmarks.class_of_30 01 02        (some minutes; Linux, for the shares of memory)

A web server on the loopback stands for the mirror, and counts what is asked of it. Memory is the sum
over all kernels of their proportional share (PSS), at its peak, looked at twice a second.
"""

import asyncio
import functools
import http.server
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from helpers.data.cache import copy_to
from helpers.data.datasets import MNIST
from helpers.records import ROOT, write_record

STUDENTS = 30


class Mirror(http.server.SimpleHTTPRequestHandler):
    requests = []

    def do_GET(self):
        self.requests.append(self.path)
        super().do_GET()

    def log_message(self, *arguments):
        pass


def kernels_memory() -> int:
    """Return the bytes that all kernels take together."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue  # it has just ended
    return total


async def run_class(lesson: Path) -> dict:
    """Run `lesson` in thirty kernels at once; return seconds, peak memory and errors."""
    notebooks = [nbformat.read(lesson, as_version=4) for _ in range(STUDENTS)]
    resources = {"metadata": {"path": str(lesson.parent)}}
    clients = [
        NotebookClient(notebook, timeout=1200, startup_timeout=600, resources=resources)
        for notebook in notebooks
    ]
    peak = 0

    async def watch():
        nonlocal peak
        while True:
            peak = max(peak, await asyncio.to_thread(kernels_memory))
            await asyncio.sleep(0.5)

    watcher = asyncio.create_task(watch())
    start = time.perf_counter()
    outcomes = await asyncio.gather(
        *(client.async_execute() for client in clients), return_exceptions=True
    )
    seconds = time.perf_counter() - start
    watcher.cancel()
    return {
        "students": STUDENTS,
        "seconds": round(seconds),
        "peak_gigabytes": round(peak / 1e9, 1),
        "errors": sum(isinstance(outcome, Exception) for outcome in outcomes),
    }


def main() -> None:
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        copy_to(MNIST, Path(folder, "mirror"))
        serve = functools.partial(Mirror, directory=f"{folder}/mirror")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ["MNIST_MIRROR"] = f"http://127.0.0.1:{server.server_port}"
        for number in sys.argv[1:] or ["01"]:
            (lesson,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
            os.environ["MNIST_DATA_DIR"] = f"{folder}/cache of lesson {number}"
            Mirror.requests.clear()
            results[lesson.stem] = asyncio.run(run_class(lesson))
            results[lesson.stem]["downloads"] = sorted(Mirror.requests)
            print(lesson.stem, results[lesson.stem], flush=True)
        server.shutdown()
    write_record("class_of_30", results)


if __name__ == "__main__":
    main()
