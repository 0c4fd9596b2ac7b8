"""The cache: verified files or one clear error, whatever the sources do."""

import gzip
import hashlib
import http.server
import multiprocessing
import os
import threading
import time

import pytest

from helpers import cache, download
from helpers.datasets import Dataset, File

CONTENTS = {
    "train-images": bytes(range(256)) * 400,
    "train-labels": b"labels of the training images",
    "test-images": bytes(range(255, -1, -1)) * 100,
    "test-labels": b"labels of the test images",
}


def toy_dataset(*mirrors):
    files = [
        File(f"{name}.gz", len(c), hashlib.sha256(c).hexdigest()) for name, c in CONTENTS.items()
    ]
    return Dataset("toy", "Toy", *files, mirrors, ("0", "1"), "none", "none")


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the toy files; `server.faults` says what goes wrong for how many requests."""

    def do_GET(self):
        self.server.requests.append(self.path)
        name = self.path.rpartition("/")[2].removesuffix(".gz")
        fault = self.server.faults.pop(0) if self.server.faults else "none"
        body = gzip.compress(CONTENTS[name])
        if isinstance(fault, int):
            self.send_error(fault)
            return
        if fault == "web page":
            body = b"<!DOCTYPE html><p>Sorry</p>"
        elif fault == "wrong bytes":
            body = gzip.compress(b"x" * len(CONTENTS[name]))
        elif fault == "damaged gzip":
            body = body[:20] + b"\xff" * 20 + body[40:]
        elif fault == "endless":
            body = gzip.compress(b"\0" * 50_000_000)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault == "cut short" else body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests, server.faults = [], []
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "ein Ordner für Ziffern"))
    monkeypatch.delenv("MNIST_MIRROR", raising=False)
    return tmp_path / "ein Ordner für Ziffern" / "toy"


def wanted():
    return {f"{name}.gz": content for name, content in CONTENTS.items()}


def test_files_arrive_verified_and_then_need_no_network(server, empty_cache):
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert len(server.requests) == 4
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert len(server.requests) == 4
    assert sorted(path.name for path in empty_cache.iterdir()) == [".lock", *sorted(CONTENTS)]


@pytest.mark.parametrize(
    "fault", [403, 404, 503, "web page", "wrong bytes", "damaged gzip", "endless", "cut short"]
)
def test_after_a_fault_the_next_mirror_serves(server, fault):
    server.faults = [fault]
    assert cache.fetch(toy_dataset(server.url + "a/", server.url + "b/")) == wanted()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (404, "HTTP 404"),
        ("web page", "a web page, not the file"),
        ("wrong bytes", "its SHA-256 is wrong"),
        ("damaged gzip", "damaged"),
        ("cut short", "cut short|broke off"),
    ],
)
def test_with_no_good_source_one_error_says_what_was_tried(server, fault, words, empty_cache):
    server.faults = [fault]
    with pytest.raises(cache.DataNotReached, match=words) as caught:
        cache.fetch(toy_dataset(server.url))
    assert "python -m helpers download" in str(caught.value)
    assert "MNIST_MIRROR" in str(caught.value)
    assert list(empty_cache.iterdir()) == [empty_cache / ".lock"]
    assert cache.fetch(toy_dataset(server.url)) == wanted()  # the next call heals


@pytest.mark.parametrize("damage", ["flip", "empty", "longer"])
def test_a_damaged_cache_heals(server, empty_cache, damage):
    cache.fetch(toy_dataset(server.url))
    path = empty_cache / "train-images"
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[1000] ^= 1
    path.write_bytes({"flip": content, "empty": b"", "longer": content + b"x"}[damage])
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert path.read_bytes() == CONTENTS["train-images"]


@pytest.mark.parametrize("zipped", [True, False])
def test_a_folder_serves_as_a_mirror(tmp_path, monkeypatch, zipped):
    stick = tmp_path / "stick" / "toy"
    stick.mkdir(parents=True)
    for name, content in CONTENTS.items():
        (stick / (f"{name}.gz" if zipped else name)).write_bytes(
            gzip.compress(content) if zipped else content
        )
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    assert cache.fetch(toy_dataset()) == wanted()


def test_a_url_serves_as_a_mirror_before_the_public_ones(server, monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", server.url + "class")
    assert cache.fetch(toy_dataset(server.url + "public/")) == wanted()
    assert all(path.startswith("/class/toy/") for path in server.requests)


def test_a_mirror_folder_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", "/no/such/stick")
    with pytest.raises(cache.DataNotReached, match="/no/such/stick/toy/.*: no such folder"):
        cache.fetch(toy_dataset())


def test_without_a_network_a_note_spares_the_next_kernel_the_wait(server, monkeypatch):
    closed = "http://127.0.0.1:9/"
    with pytest.raises(cache.DataNotReached, match="could not be reached"):
        cache.fetch(toy_dataset(closed))
    with pytest.raises(cache.DataNotReached, match="not asked, since none answered"):
        cache.fetch(toy_dataset(server.url))
    assert server.requests == []
    assert cache.fetch(toy_dataset(server.url), ignore_note=True) == wanted()


def test_the_note_expires(server):
    with pytest.raises(cache.DataNotReached):
        cache.fetch(toy_dataset("http://127.0.0.1:9/"))
    old = time.time() - 60 * cache.NOTE_MINUTES - 1
    os.utime(cache.cache_folder() / "no-network", (old, old))
    assert cache.fetch(toy_dataset(server.url)) == wanted()


def test_a_host_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(download, "FIRST_ANSWER_SECONDS", 0.3)
    silent = http.server.HTTPServer(("127.0.0.1", 0), Handler)  # listens, and answers nobody
    start = time.monotonic()
    with pytest.raises(cache.DataNotReached, match="no answer within"):
        cache.fetch(toy_dataset(f"http://127.0.0.1:{silent.server_port}/"))
    assert time.monotonic() - start < 2
    silent.server_close()


def test_a_cache_that_cannot_be_written_does_not_stop_a_lesson(
    server, tmp_path, monkeypatch, capsys
):
    (tmp_path / "a file").write_text("no folder can be made below this")
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "a file" / "cache"))
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert "could not be written" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_many_processes_download_once(server):
    context = multiprocessing.get_context("fork")
    children = [
        context.Process(target=cache.fetch, args=[toy_dataset(server.url)]) for _ in range(8)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * 8
    assert len(server.requests) == 4
