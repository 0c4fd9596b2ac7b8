"""A class: thirty kernels run the same lesson at once, on one machine and one empty cache.

Run: python -m benchmarks.class_of_30        (some minutes; Linux, for the shares of memory)

A web server on the loopback stands for the mirror, and counts what is asked of it. Memory is the
sum over all kernels of their proportional share (PSS), at its peak, looked at twice a second.
A kernel whose port is taken between choosing and opening it counts as an error, as does one that
is killed for memory: both die at their start, and nothing else tells them apart. Then run it again.
"""

import asyncio
import functools
import http.server
import os
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from benchmarks.record import record
from helpers.data.cache import copy_to
from helpers.data.datasets import MNIST
from helpers.records import ROOT

LESSONS = ("01_look_at_the_digits", "02_prepare_the_data")
RECIPES = {lesson: {"lesson": lesson, "students": 30, "seeds": 1} for lesson in LESSONS}


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


async def run_lesson(lesson: Path, environment: dict) -> None:
    """Run `lesson` in a kernel of its own."""
    client = NotebookClient(
        nbformat.read(lesson, as_version=4),
        timeout=1200,
        startup_timeout=120,
        resources={"metadata": {"path": str(lesson.parent)}},
    )
    await client.async_execute(env=environment)


async def run_class(lesson: Path, students: int, environment: dict) -> dict:
    """Run `lesson` in as many kernels at once; return seconds, peak memory and errors."""
    peak = 0

    async def watch():
        nonlocal peak
        while True:
            peak = max(peak, await asyncio.to_thread(kernels_memory))
            await asyncio.sleep(0.5)

    watcher = asyncio.create_task(watch())
    start = time.perf_counter()
    outcomes = await asyncio.gather(
        *(run_lesson(lesson, environment) for _ in range(students)), return_exceptions=True
    )
    seconds = time.perf_counter() - start
    watcher.cancel()
    return {
        "students": students,
        "seconds": round(seconds),
        "peak_gigabytes": round(peak / 1e9, 1),
        "errors": sum(isinstance(outcome, Exception) for outcome in outcomes),
    }


def measure(recipe, seed) -> dict:
    """Run a class on an empty cache; return what it took and what it asked of the mirror."""
    with tempfile.TemporaryDirectory() as folder:
        copy_to(MNIST, Path(folder, "mirror"))
        serve = functools.partial(Mirror, directory=f"{folder}/mirror")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = os.environ | {
            "MNIST_MIRROR": f"http://127.0.0.1:{server.server_port}",
            "MNIST_DATA_DIR": f"{folder}/cache",
        }
        Mirror.requests.clear()
        lesson = ROOT / "notebooks" / f"{recipe['lesson']}.ipynb"
        result = asyncio.run(run_class(lesson, recipe["students"], environment))
        server.shutdown()
    return {**result, "downloads": sorted(Mirror.requests)}


def results(runs) -> dict:
    return {run["name"]: run["result"] for run in runs}


def main(arguments=None) -> None:
    lessons = [ROOT / "notebooks" / f"{lesson}.ipynb" for lesson in LESSONS]
    helpers = (ROOT / "helpers").rglob("*.py")
    record("class_of_30", RECIPES, measure, results, arguments, also=[*lessons, *helpers])


if __name__ == "__main__":
    main()
