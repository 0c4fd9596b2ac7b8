"""Two workers and their supervisor: nothing is lost but time, and nothing is left running.

Most workers here are a line of Python; only where weights matter do they train.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from helpers.commands import worker
from helpers.commands.supervisor import steps_of, supervise, worker_command
from helpers.quiet import tf

pytestmark = pytest.mark.skipif(os.name == "nt", reason="on Windows this is not tried")
STEPS, EVERY, KILL_AT = 12, 4, 6


@pytest.fixture(autouse=True)
def nothing_left():
    """Fail if a test leaves a process behind that it started."""
    before = set(psutil.Process().children(recursive=True))
    yield
    left = set(psutil.Process().children(recursive=True)) - before
    for process in left:
        process.kill()
    assert not left


def python(program):
    return [sys.executable, "-c", program]


# --- training ---


def fingerprints(folder):
    """Return the weights after each step of both workers; fail where a step gave two results."""
    found = {}
    for number in (0, 1):
        for line in steps_of(folder, number):
            assert found.setdefault(line["step"], line["weights"]) == line["weights"]
    return found


def test_a_killed_worker_costs_only_time(tmp_path):
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    killed = []

    def kill(processes):
        if not killed and len(steps_of(disturbed, 1)) >= KILL_AT:
            processes[1].kill()
            killed.extend(processes)

    command = worker_command(undisturbed, steps=STEPS, every=EVERY)
    assert supervise(command, undisturbed, seconds=200) == 0
    command = worker_command(disturbed, steps=STEPS, every=EVERY)
    assert supervise(command, disturbed, seconds=200, watch=kill) == 1

    expected = fingerprints(undisturbed)
    assert sorted(expected) == list(range(1, STEPS + 1))
    assert len(set(expected.values())) == STEPS
    assert fingerprints(disturbed) == expected
    done = [line["step"] for line in steps_of(disturbed, 1)]
    again = done.index(EVERY + 1, EVERY + 1)  # where the second attempt begins
    assert done == [*range(1, again + 1), *range(EVERY + 1, STEPS + 1)]
    assert [process.poll() for process in killed] == [-signal.SIGKILL] * 2


def test_workers_with_different_weights_stop(tmp_path):
    program = f"""
import json, os, pathlib
from helpers.commands import worker
number = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
right = worker.fingerprint
worker.fingerprint = lambda weights: f"{{number:x}}" + right(weights)[1:]
worker.main(pathlib.Path({str(tmp_path)!r}), 3, 3, 64, stop_with_stdin=True)
"""
    with pytest.raises(RuntimeError, match="After step 1 the workers have different weights"):
        supervise(python(program), tmp_path, restarts=0)
    assert steps_of(tmp_path, 0) == []


def test_a_worker_alone_says_what_it_lacks(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "TF_CONFIG"}
    command = [sys.executable, "-m", "helpers", "worker", str(tmp_path)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.startswith("TF_CONFIG is not set")
    assert len(answer.stderr.splitlines()) == 1


def test_a_worker_with_two_devices_stops(tmp_path, monkeypatch):
    class FourDevices:
        num_replicas_in_sync = 4
        cluster_resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()

    cluster = {"worker": ["127.0.0.1:1", "127.0.0.1:2"]}
    task = {"type": "worker", "index": 0}
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": task}))
    monkeypatch.setattr(tf.distribute, "MultiWorkerMirroredStrategy", FourDevices)
    with pytest.raises(SystemExit, match="One device for each worker"):
        worker.main(tmp_path, steps=1, every=1, batch_size=8, stop_with_stdin=False)


# --- the supervisor ---


def test_every_worker_knows_itself_and_the_others(tmp_path):
    supervise(python("import os; print(os.environ['TF_CONFIG'])"), tmp_path, workers=3)
    configs = [json.loads((tmp_path / f"worker-{n}.txt").read_text()) for n in range(3)]
    assert [config["task"] for config in configs] == [
        {"type": "worker", "index": number} for number in range(3)
    ]
    addresses = configs[0]["cluster"]["worker"]
    assert all(config["cluster"]["worker"] == addresses for config in configs)
    assert len(set(addresses)) == 3
    assert all(address.startswith("127.0.0.1:") for address in addresses)


def test_a_worker_may_listen_at_its_address(tmp_path):
    program = """
import json, os, socket
config = json.loads(os.environ["TF_CONFIG"])
host, port = config["cluster"]["worker"][config["task"]["index"]].split(":")
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listener.bind((host, int(port)))
listener.listen()
socket.create_connection((host, int(port)), timeout=5)
"""
    assert supervise(python(program), tmp_path) == 0


def test_the_last_words_of_the_dead_are_told(tmp_path):
    program = "import sys; print('so far so good'); sys.exit('no more digits')"
    with pytest.raises(RuntimeError, match="died 3 times.* code 1: no more digits"):
        supervise(python(program), tmp_path, restarts=2)


def test_one_failure_of_many_workers_is_enough(tmp_path):
    program = """
import json, os, sys, time
sys.exit(3) if json.loads(os.environ["TF_CONFIG"])["task"]["index"] == 1 else time.sleep(600)
"""
    with pytest.raises(RuntimeError, match="worker 1, which ended with code 3: none"):
        supervise(python(program), tmp_path, restarts=0)


@pytest.mark.parametrize("program", ["import time; time.sleep(600)", "while True: pass"])
def test_workers_that_hang_are_stopped(program, tmp_path):
    with pytest.raises(TimeoutError, match="not done after 0.5 seconds"):
        supervise(python(program), tmp_path, seconds=0.5)


def test_workers_that_hear_no_signal_are_stopped(tmp_path):
    program = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
    with pytest.raises(TimeoutError):
        supervise(python(program), tmp_path, seconds=0.5)


def test_an_interrupt_stops_the_workers(tmp_path):
    def interrupt(processes):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        supervise(python("import time; time.sleep(600)"), tmp_path, watch=interrupt)


def test_no_worker_outlives_a_supervisor_that_is_killed(tmp_path):
    command = [sys.executable, "-m", "helpers", "supervise", str(tmp_path), "--steps", "100000"]
    supervisor = subprocess.Popen(command)
    try:
        workers = wait_for(lambda: two_workers(supervisor.pid))
    finally:
        supervisor.kill()
        supervisor.wait()
    gone, alive = psutil.wait_procs(workers, timeout=30)
    for process in alive:
        process.kill()
    assert not alive


def two_workers(pid):
    """Return the two workers of a supervisor once they listen for its end; until then nothing."""
    children = psutil.Process(pid).children()
    return children if len(children) == 2 and all(c.num_threads() > 1 for c in children) else []


def wait_for(something):
    end = time.monotonic() + 60
    while not (found := something()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def test_a_port_is_freed_where_ports_are_not_shared(tmp_path, monkeypatch):
    monkeypatch.delattr(socket, "SO_REUSEPORT")
    program = """
import json, os, socket
config = json.loads(os.environ["TF_CONFIG"])
host, port = config["cluster"]["worker"][config["task"]["index"]].split(":")
socket.socket().bind((host, int(port)))
"""
    assert supervise(python(program), tmp_path, restarts=0) == 0
