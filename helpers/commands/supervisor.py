"""Train with several workers on this machine, and begin again from the checkpoint when one dies.

python -m helpers supervise FOLDER

The workers compute on the processor, also where there are GPUs.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

LOOK_EVERY = 0.05  # seconds


def main(folder: Path, workers: int, *, steps: int, every: int, batch_size: int) -> None:
    """Train the quick network with several workers, and say how it went."""
    command = worker_command(folder, steps=steps, every=every, batch_size=batch_size)
    restarted = supervise(command, folder, workers=workers, seconds=24 * 3600)
    print(f"Done: {steps} steps, {restarted} restarts, in {folder}.")


def supervise(
    command: list[str],
    folder: Path,
    *,
    workers: int = 2,
    restarts: int = 3,
    seconds: float = 120,
    watch: Callable[[list[subprocess.Popen]], None] = lambda processes: None,
) -> int:
    """Run a command as several workers until all are done; return how often it took a restart.

    If one dies, the others are stopped, for they would wait for it, and all begin again. However this
    function ends, no worker is left running.

    Args:
        command: what each worker runs, with a TF_CONFIG of its own, one thread, and no GPU.
        folder: gets worker-<number>.txt, what each worker prints.
        workers: how many.
        restarts: how many are allowed.
        seconds: for everything, restarts included.
        watch: is called with the running workers, again and again.

    Raises:
        RuntimeError: the workers died once too often; the message has the last words of the first one.
        TimeoutError: they were not done in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + seconds
    for restarted in range(restarts + 1):
        with ExitStack() as cleanup:
            processes = _start(command, folder, workers, cleanup)
            while not any(codes := [process.poll() for process in processes]):
                if codes == [0] * workers:
                    return restarted
                if time.monotonic() > end:
                    raise TimeoutError(f"The workers were not done after {seconds:g} seconds.")
                watch(processes)
                time.sleep(LOOK_EVERY)
    dead = next(number for number, code in enumerate(codes) if code)
    raise RuntimeError(
        f"The workers died {restarts + 1} times. The last words of worker {dead}, which ended with"
        f" code {codes[dead]}: {_last_words(_output(folder, dead))}"
    )


def _start(command, folder, workers, cleanup) -> list[subprocess.Popen]:
    """Start the workers; when `cleanup` is closed, they are killed."""
    addresses = [_hold_port(cleanup) for _ in range(workers)]
    processes = []
    for number in range(workers):
        config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": number}}
        environment = {
            **os.environ,
            "TF_CONFIG": json.dumps(config),
            "TF_GRPC_REUSE_PORT": "1",
            "CUDA_VISIBLE_DEVICES": "-1",  # two workers cannot share a GPU
            "OMP_NUM_THREADS": "1",
            "TF_NUM_INTRAOP_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
        }
        output = cleanup.enter_context(open(_output(folder, number), "ab"))
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=output
        )
        cleanup.callback(process.wait)
        cleanup.callback(process.kill)  # the last in is the first out: kill, then wait
        processes.append(process)
    return processes


def _hold_port(cleanup) -> str:
    """Return the address of a free port, which is ours until `cleanup` is closed, and which a worker may share.

    Windows does not share ports: there somebody else could take it before the worker does.
    """
    holder = cleanup.enter_context(socket.socket())
    if hasattr(socket, "SO_REUSEPORT"):
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    holder.bind(("127.0.0.1", 0))
    address = f"127.0.0.1:{holder.getsockname()[1]}"
    if not hasattr(socket, "SO_REUSEPORT"):
        holder.close()
    return address


def _output(folder: Path, number: int) -> Path:
    return folder / f"worker-{number}.txt"


def _last_words(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "none."


def worker_command(folder: Path, *, steps: int, every: int, batch_size: int = 64) -> list[str]:
    """Return the command that runs a worker under a supervisor; arguments as helpers.commands.worker's."""
    numbers = {"--steps": steps, "--every": every, "--batch-size": batch_size}
    options = [text for option, number in numbers.items() for text in (option, str(number))]
    return [sys.executable, "-m", "helpers", "worker", str(folder), *options, "--stop-with-stdin"]


def steps_of(folder: Path, worker: int) -> list[dict]:
    """Return what a worker wrote down: for each step that it did, "step", "loss" and "weights"."""
    path = folder / f"steps-{worker}.jsonl"
    if not path.exists():
        return []
    whole_lines = path.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
    return [json.loads(line) for line in whole_lines]
