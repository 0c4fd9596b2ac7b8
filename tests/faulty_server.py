"""A toy data set, and a web server on the loopback that serves it and misbehaves on demand."""

import contextlib
import gzip
import hashlib
import http.server
import io
import re
import socket
import struct
import threading
import time
import zipfile

from helpers.data.datasets import Dataset, File

CONTENTS = {
    "train-images": bytes(range(256)) * 400,
    "train-labels": b"labels of the training images",
    "test-images": bytes(range(255, -1, -1)) * 100,
    "test-labels": b"labels of the test images",
}

ENDLESS_GZIP = gzip.compress(b"\0" * 50_000_000)


def toy_dataset(*mirrors, sums_are_of_gz=False):
    files = [
        File(
            f"{name}.gz",
            len(content),
            hashlib.sha256(zipped(name) if sums_are_of_gz else content).hexdigest(),
            sums_are_of_gz,
        )
        for name, content in CONTENTS.items()
    ]
    return Dataset("toy", "Toy", *files, mirrors, ("0", "1"), "none", "none")


def zipped(name):
    return gzip.compress(CONTENTS[name], mtime=0)


def wanted():
    return {f"{name}.gz": content for name, content in CONTENTS.items()}


def archive():
    """Return a zip archive that holds the toy files in a folder, beside others."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zip_file:
        zip_file.writestr("gzip/large.gz", b"\xab" * 3_000_000)
        for name in CONTENTS:
            zip_file.writestr(f"gzip/{name}.gz", zipped(name))
    return file.getvalue()


class FaultyServer(http.server.ThreadingHTTPServer):
    """Serves the toy files from every folder. `faults` names what goes wrong with the next requests."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests, self.faults, self.bytes_sent = [], [], 0
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.is_slow = threading.Event()  # set when a slow answer has begun

    def handle_error(self, request, client_address):
        pass  # the client has hung up, as it should


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(self.path)
        fault = self.server.faults.pop(0) if self.server.faults else "none"
        misbehave = getattr(self, f"answer_{fault.replace(' ', '_').replace('-', '_')}", None)
        if fault.startswith("HTTP "):
            self.send_error(int(fault[5:]))
        elif misbehave:
            misbehave()
        elif self.path.endswith(".zip"):
            self.answer_archive(has_ranges=fault != "no ranges")
        else:
            self.answer(self.body(fault))

    def name(self):
        return self.path.rpartition("/")[2].removesuffix(".gz")

    def body(self, fault):
        content = CONTENTS[self.name()]
        whole = zipped(self.name())
        return {
            "none": whole,
            "web page": b"<!DOCTYPE html><p>Sorry</p>",
            "zipped web page": gzip.compress(b"<html>Sorry</html>"),
            "another data set": gzip.compress(content[::-1]),
            "damaged gzip": whole[:20] + b"\xff" * 20 + whole[40:],
            "half a gzip": whole[: len(whole) // 2],
            "endless gzip": ENDLESS_GZIP,
            "zipped twice": gzip.compress(whole),
            "nothing": b"",
            "not zipped": content,
        }[fault]

    def answer(self, body, **headers):
        self.send_response(200)
        self.send_header("Content-Length", str(headers.pop("length", len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.server.bytes_sent += len(body)

    def answer_unzipped_on_the_way(self):
        self.answer(zipped(self.name()), Content_Encoding="gzip")

    def answer_no_length(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(zipped(self.name()))

    def answer_no_number_as_length(self):
        self.answer(zipped(self.name()), length="abc")

    def answer_two_lengths(self):
        self.answer(zipped(self.name()), length="5, 7")

    def answer_redirect(self):
        self.send_response(302)
        self.send_header("Location", f"/elsewhere/{self.name()}.gz")
        self.end_headers()

    def answer_redirect_loop(self):
        self.server.faults.insert(0, "redirect loop")
        self.send_response(302)
        self.send_header("Location", self.path)
        self.end_headers()

    def answer_cut_short(self):
        whole = zipped(self.name())
        self.answer(whole[: len(whole) // 2], length=len(whole))

    def answer_reset(self):
        self.answer_cut_short()
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def answer_reset_at_once(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def answer_endless(self):
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(10_000):
                self.wfile.write(b"\x1f\x8b" * 50_000)

    def answer_drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.server.is_slow.set()
        with contextlib.suppress(OSError):
            for _ in range(400):
                self.wfile.write(b"drop")
                time.sleep(0.05)

    def answer_silence_after_half(self):
        self.answer_cut_short()
        self.wfile.flush()
        self.server.is_slow.set()
        time.sleep(3)

    def answer_silence(self):
        time.sleep(3)

    def answer_archive(self, has_ranges):
        whole = archive()
        wished = self.headers.get("Range")
        if not (has_ranges and wished):
            self.answer(whole)
            return
        first, last = re.fullmatch(r"bytes=(\d*)-(\d*)", wished).groups()
        start = int(first) if first else max(0, len(whole) - int(last))
        end = min(int(last), len(whole) - 1) if first and last else len(whole) - 1
        part = whole[start : end + 1]
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(whole)}")
        self.end_headers()
        self.wfile.write(part)
        self.server.bytes_sent += len(part)

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def running_server():
    server = FaultyServer()
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
