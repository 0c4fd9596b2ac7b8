"""Every fault that a download can meet: the right data in the end, or one clear error with the way out.

After each of them nothing half-written is left, and the next call heals.
"""

import contextlib
import functools
import getpass
import gzip
import multiprocessing
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import filelock
import pytest
import trustme
from faulty_server import CONTENTS, FaultyServer, running_server, toy_dataset, wanted

from helpers.data import cache, download
from helpers.data.cache import DataNotReached
from helpers.data.datasets import DATASETS

PATIENCE = download.FIRST_ANSWER_SECONDS

# What the server does, and what the user reads about it when no other source has the file.
FAULTS = {
    "HTTP 403": "HTTP 403 Forbidden",
    "HTTP 404": "HTTP 404 Not Found",
    "HTTP 500": "HTTP 500 Internal Server Error",
    "redirect loop": "Exceeded 30 redirects",
    "reset at once": "could not be reached",
    "reset": "broke off",
    "cut short": "broke off",
    "silence": "no answer within 1.0 seconds",
    "silence after half": "went silent",
    "drip": "too slow: .* bytes in",
    "endless": "sends more than the .* bytes that this file can have",
    "web page": "a web page, not the file",
    "zipped web page": "a web page, not the file",
    "another data set": "another file, or a damaged one",
    "damaged gzip": "damaged gzip data",
    "half a gzip": "cut short: .* of 102,400 bytes",
    "endless gzip": "another file, or a damaged one",
    "zipped twice": "cut short|another file",
    "nothing": "cut short: 0 of 102,400 bytes",
    "two lengths": "Content-Length",
}

# What the server does, and nothing is lost.
HARMLESS = [
    "none",
    "redirect",
    "unzipped on the way",
    "no length",
    "no number as length",
    "not zipped",
]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(download, "FIRST_ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(download, "IDLE_SECONDS", 1.2)


def left_behind(folder):
    """Return the files in a cache folder, but for the lock and the note."""
    names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    return sorted(names - {".lock", "no-answer"})


@pytest.mark.parametrize("fault", FAULTS)
def test_with_no_good_source_one_error_says_what_was_tried(server, fault, toy_cache):
    server.faults = [fault]
    with pytest.raises(DataNotReached, match=FAULTS[fault]) as caught:
        cache.fetch(toy_dataset(server.url))
    assert "Ways out" in str(caught.value)
    assert "python -m helpers download toy" in str(caught.value)
    assert "MNIST_MIRROR" in str(caught.value)
    assert caught.value.__cause__ is None
    assert left_behind(toy_cache) == []
    server.faults = []
    assert cache.fetch(toy_dataset(server.url), ignore_note=True) == wanted()
    assert left_behind(toy_cache) == sorted(CONTENTS)


@pytest.mark.parametrize("fault", [*FAULTS, "HTTP 503"])
def test_the_next_mirror_serves(server, fault, toy_cache):
    with running_server() as other:
        server.faults = [fault] * 3
        assert cache.fetch(toy_dataset(server.url, other.url)) == wanted()
    assert left_behind(toy_cache) == sorted(CONTENTS)


@pytest.mark.parametrize("behaviour", HARMLESS)
def test_what_does_no_harm(server, behaviour):
    server.faults = [behaviour]
    assert cache.fetch(toy_dataset(server.url)) == wanted()


def test_a_busy_server_is_asked_again(server, monkeypatch):
    monkeypatch.setattr(download, "FIRST_ANSWER_SECONDS", 3.5)
    server.faults = ["HTTP 503", "HTTP 503"]
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert len(server.requests) == 6


def test_every_file_may_fail_elsewhere(server):
    server.faults = ["none", "reset", "none", "web page", "none", "HTTP 404"]
    assert cache.fetch(toy_dataset(server.url + "a", server.url + "b")) == wanted()


def closed_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}/"


def test_a_refused_connection():
    with pytest.raises(DataNotReached, match="could not be reached"):
        cache.fetch(toy_dataset(closed_port()))


def test_a_host_that_does_not_exist():
    with pytest.raises(DataNotReached, match="could not be reached|no answer within"):
        cache.fetch(toy_dataset("http://no-such-host.invalid/"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems answer when the queue is full")
def test_dropped_packets():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    queue = []
    for _ in range(4):  # more than the queue holds: from then on the kernel drops what comes
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        queue.append(client)
    start = time.monotonic()
    with pytest.raises(DataNotReached, match="no answer within"):
        cache.fetch(toy_dataset(f"http://127.0.0.1:{listener.getsockname()[1]}/"))
    assert time.monotonic() - start < 4
    for open_socket in [*queue, listener]:
        open_socket.close()


def test_each_silent_host_is_waited_for_once(monkeypatch):
    monkeypatch.setattr(download, "FIRST_ANSWER_SECONDS", 0.3)
    with contextlib.ExitStack() as stack:
        hosts = [stack.enter_context(running_server()) for _ in range(4)]
        for host in hosts:
            host.faults = ["silence"] * 4
        start = time.monotonic()
        with pytest.raises(DataNotReached, match="no answer within 0.3 seconds"):
            cache.fetch(toy_dataset(*[host.url for host in hosts]))
        waited = time.monotonic() - start
    assert [len(host.requests) for host in hosts] == [1] * 4
    assert 4 * 0.3 <= waited < 2


def test_the_whole_wait_is_fifteen_seconds_at_most():
    most_hosts = 1 + max(len(dataset.mirrors) for dataset in DATASETS.values())
    assert most_hosts * PATIENCE <= 15


@pytest.fixture
def tls_server():
    authority = trustme.CA()
    server = FaultyServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.url = f"https://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield server, authority
    server.shutdown()
    server.server_close()


def test_a_certificate_that_does_not_verify_is_never_accepted(tls_server):
    server, _ = tls_server
    with pytest.raises(DataNotReached, match="certificate could not be verified") as caught:
        cache.fetch(toy_dataset(server.url))
    assert "certifi" in str(caught.value)
    assert "REQUESTS_CA_BUNDLE" in str(caught.value)
    assert server.requests == []


def test_the_remedy_for_it_works(tls_server, tmp_path, monkeypatch):
    server, authority = tls_server
    authority.cert_pem.write_to_path(tmp_path / "proxy.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "proxy.pem"))
    assert cache.fetch(toy_dataset(server.url)) == wanted()


# The cache


def flip(content):
    return content[:1000] + bytes([content[1000] ^ 1]) + content[1001:]


DAMAGES = {
    "one flipped bit": flip,
    "an empty file": lambda content: b"",
    "half a file": lambda content: content[: len(content) // 2],
    "a byte too many": lambda content: content + b"x",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_heals(server, toy_cache, damage):
    cache.fetch(toy_dataset(server.url))
    path = toy_cache / "train-images"
    path.write_bytes(DAMAGES[damage](CONTENTS["train-images"]))
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert path.read_bytes() == CONTENTS["train-images"]
    assert len(server.requests) == 5


@needs_fork
@pytest.mark.parametrize("name", ["train-images", ".part"])
def test_a_pipe_in_the_cache_is_not_waited_for(server, toy_cache, name):
    toy_cache.mkdir(parents=True)
    os.mkfifo(toy_cache / name)
    assert in_another_process(lambda: expect(toy_dataset(server.url)), seconds=20) == 0
    assert (toy_cache / "train-images").read_bytes() == CONTENTS["train-images"]


@needs_fork
def test_a_pipe_on_a_stick_is_not_waited_for(server, tmp_path):
    (tmp_path / "toy").mkdir()
    os.mkfifo(tmp_path / "toy" / "train-images.gz")
    copy = functools.partial(cache.copy_to, toy_dataset(server.url), tmp_path)
    assert in_another_process(copy, seconds=20) == 0
    assert (
        gzip.decompress((tmp_path / "toy" / "train-images.gz").read_bytes())
        == CONTENTS["train-images"]
    )


def test_a_damaged_cache_without_a_source_is_called_damaged(server, toy_cache):
    cache.fetch(toy_dataset(server.url))
    (toy_cache / "train-images").write_bytes(b"")
    with pytest.raises(DataNotReached, match="train-images.gz is damaged in the cache"):
        cache.fetch(toy_dataset())


def in_another_process(action, user=None, seconds=60):
    """Run `action` in a child, as another user if asked, and return its exit code; None if it hangs."""

    def run():
        if user is not None:
            os.setuid(user)
        action()

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join(seconds)
    exit_code = child.exitcode
    child.kill()
    return exit_code


@pytest.fixture
def read_only_cache(server, monkeypatch):
    """Yield a function that makes the cache read-only, and one that runs an action which obeys that."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("MNIST_DATA_DIR", folder)
        is_root = os.geteuid() == 0  # root may write anywhere
        if is_root and in_another_process(lambda: None, user=65534):
            pytest.skip("root may write anywhere, and cannot become somebody else here")

        def close():
            for path in [Path(folder), *Path(folder).rglob("*")]:
                path.chmod(0o555)

        yield close, lambda action: in_another_process(action, user=65534 if is_root else None)
        for path in [Path(folder), *Path(folder).rglob("*")]:
            path.chmod(0o755)


def expect(dataset):
    assert cache.fetch(dataset) == wanted()


@needs_fork
def test_a_read_only_cache_with_the_data_in_it(server, read_only_cache):
    close, run = read_only_cache
    cache.fetch(toy_dataset(server.url))
    close()
    assert run(lambda: expect(toy_dataset())) == 0


@needs_fork
def test_a_read_only_cache_without_the_data(server, read_only_cache, capfd):
    close, run = read_only_cache
    close()
    assert run(lambda: expect(toy_dataset(server.url))) == 0
    assert (
        "cannot be written (Permission denied): the cache keeps nothing." in capfd.readouterr().out
    )


@needs_fork
def test_a_home_that_is_not_writable(server, tmp_path):
    def fetch_at_home():
        del os.environ["MNIST_DATA_DIR"]
        for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
            os.environ[name] = str(tmp_path / "a file" / name)
        expect(toy_dataset(server.url))

    (tmp_path / "a file").write_text("no folder can be made below this")
    assert in_another_process(fetch_at_home) == 0


def test_a_cache_folder_that_is_a_file(server, tmp_path, monkeypatch, capsys):
    (tmp_path / "a file").write_text("no folder can be made below this")
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "a file"))
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert capsys.readouterr().out.count("the cache keeps nothing") == 1


def has_small_disks():
    return sys.platform == "linux" and not subprocess.call(
        ["unshare", "-rm", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


FETCH = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from faulty_server import *
from helpers.data import cache, download
if "killed while it writes" in sys.argv:
    Path.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
download.IDLE_SECONDS = 60
assert cache.fetch(toy_dataset(sys.argv[2])) == wanted()
print(sorted(os.listdir(cache.cache_folder() / "toy")))
"""


def fetching(server, *options):
    """Return the command line of a Python that fetches the toy data set."""
    return [sys.executable, "-c", FETCH, str(Path(__file__).parent), server.url, *options]


@pytest.mark.skipif(not has_small_disks(), reason="no right to mount a small disk")
def test_no_space_on_the_disk(server, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    on_small_disk = 'mount -t tmpfs -o size=64k none "$1" && shift && exec "$@"'
    answer = subprocess.run(
        ["unshare", "-rm", "sh", "-c", on_small_disk, "-", str(disk), *fetching(server)],
        env=os.environ | {"MNIST_DATA_DIR": str(disk), "CI": "1"},
        capture_output=True,
        text=True,
    )
    assert answer.stderr == ""
    # The large file finds no room, the small ones do; nothing half-written is left.
    assert "train-images could not be written (No space left on device)" in answer.stdout
    assert "['.lock', 'test-images', 'test-labels', 'train-labels']" in answer.stdout


# Several processes


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("moment", ["while it downloads", "while it writes"])
def test_a_process_that_is_killed(server, toy_cache, moment):
    server.faults = ["drip"] if moment == "while it downloads" else []
    child = subprocess.Popen(fetching(server, f"killed {moment}"))
    if moment == "while it downloads":
        assert server.is_slow.wait(30)
        child.kill()
    assert child.wait(30) == -signal.SIGKILL
    assert not (toy_cache / "train-images").exists()
    start = time.monotonic()
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert time.monotonic() - start < 2  # its lock died with it
    assert left_behind(toy_cache) == sorted(CONTENTS)


def test_a_lock_file_of_a_dead_process(server, toy_cache):
    toy_cache.mkdir(parents=True)
    (toy_cache / ".lock").write_text(getpass.getuser())
    assert cache.fetch(toy_dataset(server.url)) == wanted()


def test_a_process_that_is_stuck_does_not_stop_the_others(server, toy_cache, monkeypatch, capsys):
    monkeypatch.setattr(cache, "PATIENT_SECONDS", 0.1)
    monkeypatch.setattr(cache, "STUCK_SECONDS", 0.3)
    toy_cache.mkdir(parents=True)
    with filelock.FileLock(toy_cache / ".lock"):
        assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert "Waiting for another process" in capsys.readouterr().out
    assert left_behind(toy_cache) == []


def test_thirty_processes_download_once(server):
    children = [subprocess.Popen(fetching(server), stdout=subprocess.DEVNULL) for _ in range(30)]
    assert [child.wait(120) for child in children] == [0] * 30
    assert sorted(server.requests) == sorted(f"/{name}.gz" for name in CONTENTS)
