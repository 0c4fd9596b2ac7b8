"""Receive one file from a folder, over HTTP, or out of a zip archive, with an end to every wait.

Nothing here knows what a data set is: helpers.data.cache decides what to ask for and verifies what comes.
"""

import contextlib
import os
import queue
import re
import sys
import threading
import time
import zipfile
import zlib
from pathlib import Path

from tqdm import tqdm

FIRST_ANSWER_SECONDS = 3.5  # for one host: four silent hosts in a row cost 14 seconds
IDLE_SECONDS = 10.0
SLOWEST_BYTES_PER_SECOND = 10_000
CHUNK_BYTES = 65_536


class NoAnswer(OSError):
    """A host could not be reached at all; there is no use in asking it for another file."""


def is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def without_password(url: str) -> str:
    """Return a URL as it may be shown; anything else comes back as it is."""
    return re.sub(r"://([^/@:]*):[^/]*@", r"://\1:***@", url)


def receive(source: str, name: str, most_bytes: int) -> bytes:
    """Return the file `name` from `source`, gzipped or not, as it lies there.

    Args:
        source: a folder, the URL of a folder, or the URL of a zip archive, of which only the part
            with this file is asked for. URLs begin with http:// or https://.
        name: a published name such as "train-images-idx3-ubyte.gz"; a folder may hold it without
            ".gz", or inside a zip archive.
        most_bytes: a longer answer over HTTP is not the file that was asked for.

    Raises:
        NoAnswer: the host did not answer.
        OSError: it answered, or the folder is there, but the file could not be had from it.
    """
    if not is_url(source):
        return _receive_from_folder(Path(source), name)
    if source.endswith(".zip"):
        return _receive_from_remote_zip(source, name, most_bytes)
    return _receive_over_http(f"{source.rstrip('/')}/{name}", most_bytes)


def reach(url: str) -> None:
    """Return if the host of a URL answers, whatever it says, and raise NoAnswer if it does not."""
    _in_time(lambda: _session().get(url, stream=True, timeout=IDLE_SECONDS)).close()


def _receive_from_folder(folder: Path, name: str) -> bytes:
    for path in (folder / name, folder / name.removesuffix(".gz")):
        if path.is_file():
            return path.read_bytes()
    error = FileNotFoundError(
        "no such file in this folder" if folder.is_dir() else "no such folder"
    )
    for path in sorted(folder.glob("*.zip")):
        try:
            with _clear_errors(), zipfile.ZipFile(path) as archive:
                return archive.read(_member(archive, name))
        except OSError as in_this_one:
            error = in_this_one
    raise error


def _receive_over_http(url: str, most_bytes: int) -> bytes:
    def get():
        answer = _session().get(url, stream=True, timeout=IDLE_SECONDS)
        answer.raise_for_status()
        return answer

    with _clear_errors(), _in_time(get) as answer:
        length = answer.headers.get("Content-Length", "")
        size = int(length) if length.isdecimal() else 0
        name = url.rpartition("/")[2]
        return _read(
            lambda: answer.raw.read1(CHUNK_BYTES, decode_content=True), name, size, most_bytes
        )


def _receive_from_remote_zip(url: str, name: str, most_bytes: int) -> bytes:
    import remotezip

    def open_archive():
        return remotezip.RemoteZip(url, session=_session(), timeout=IDLE_SECONDS)

    with _clear_errors(), _in_time(open_archive) as archive:
        member = _member(archive, name)
        with archive.open(member) as file:
            return _read(lambda: file.read(CHUNK_BYTES), name, member.file_size, most_bytes)


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Return the entry with this name, in whichever folder of the archive."""
    for member in archive.infolist():
        if member.filename.rpartition("/")[2] == name:
            return member
    raise FileNotFoundError("no such file in the zip archive")


def _read(read_chunk, name: str, size: int, most_bytes: int) -> bytes:
    """Return all that `read_chunk` gives, but give up if that is too slow or too much."""
    received = bytearray()
    start = time.monotonic()
    hidden = bool(os.environ.get("CI"))
    with tqdm(
        total=size or None, desc=name, unit="B", unit_scale=True, file=sys.stdout, disable=hidden
    ) as bar:
        while chunk := read_chunk():
            received += chunk
            bar.update(len(chunk))
            seconds = time.monotonic() - start
            if len(received) > most_bytes:
                raise OSError(f"sends more than the {most_bytes:,} bytes that this file can have")
            if seconds > IDLE_SECONDS and len(received) < SLOWEST_BYTES_PER_SECOND * seconds:
                raise OSError(f"too slow: {len(received):,} bytes in {seconds:.0f} seconds")
    return bytes(received)


def _in_time(request):
    """Return what `request` returns, or give up on its host.

    The request runs in a thread, because neither the look-up of a host's name nor a list of dead
    addresses behind one name obeys a time-out.
    """
    outcome, too_late = queue.Queue(), threading.Event()

    def run():
        try:
            with _clear_errors():
                answer = request()
        except Exception as error:
            outcome.put((None, error))
            return
        if too_late.is_set():
            answer.close()
        else:
            outcome.put((answer, None))

    threading.Thread(target=run, daemon=True).start()
    try:
        answer, error = outcome.get(timeout=FIRST_ANSWER_SECONDS)
    except queue.Empty:
        too_late.set()
        raise NoAnswer(f"no answer within {FIRST_ANSWER_SECONDS} seconds") from None
    if error:
        raise error
    return answer


@contextlib.contextmanager
def _clear_errors():
    """Turn what requests, urllib3 and remotezip raise into OSErrors that a student understands."""
    import remotezip
    import requests
    import urllib3

    try:
        yield
    except requests.exceptions.SSLError:
        raise NoAnswer(
            "its TLS certificate could not be verified; `pip install --upgrade certifi` mends an old list of"
            " authorities; behind a proxy, set REQUESTS_CA_BUNDLE to the proxy's certificate"
        ) from None
    except requests.ConnectionError:
        raise NoAnswer("could not be reached") from None
    except requests.HTTPError as error:
        raise OSError(f"HTTP {error.response.status_code} {error.response.reason}") from None
    except requests.RequestException as error:
        raise OSError(without_password(str(error))) from None
    except urllib3.exceptions.ReadTimeoutError:
        raise OSError("went silent") from None
    except (urllib3.exceptions.HTTPError, remotezip.RemoteIOError):
        raise OSError("broke off") from None
    except remotezip.RangeNotSupported:
        raise OSError(
            "sends no parts of its zip archive; download it with a browser, and put it into the folder of"
            " this data set below a folder that you name in MNIST_MIRROR"
        ) from None
    except (zipfile.BadZipFile, zlib.error):
        raise OSError("a damaged zip archive") from None


def _session():
    """Return a session that asks again when a server says that it is busy."""
    import requests
    import urllib3

    busy = urllib3.Retry(
        connect=0,
        read=0,
        other=0,
        status=2,
        status_forcelist=[502, 503, 504],
        backoff_factor=0.5,
        raise_on_status=False,
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=busy))
    return session
