"""Receive one file from a folder or over HTTP, with a progress bar and an end to every wait.

Nothing here knows what a data set is: helpers.cache decides what to ask for and verifies what comes.
"""

import os
import queue
import sys
import threading
import time
from pathlib import Path

from tqdm import tqdm

FIRST_ANSWER_SECONDS = 3.5  # for one host: four silent hosts in a row cost 14 seconds
IDLE_SECONDS = 10.0
SLOWEST_BYTES_PER_SECOND = 10_000
CHUNK_BYTES = 65_536


class NoAnswer(OSError):
    """A host could not be reached at all; there is no use in asking it for another file."""


def receive(source: str, name: str, most_bytes: int) -> bytes:
    """Return the file `name` from `source`, gzipped or not, as it lies there.

    Args:
        source: a folder, or a URL that begins with http:// or https://.
        name: a published name such as "train-images-idx3-ubyte.gz"; a folder may hold it without ".gz".
        most_bytes: a longer answer over HTTP is not the file that was asked for.

    Raises:
        NoAnswer: the host did not answer.
        OSError: it answered, or the folder is there, but the file could not be had from it.
    """
    if source.startswith(("http://", "https://")):
        return _receive_over_http(f"{source.rstrip('/')}/{name}", most_bytes)
    for path in (Path(source, name), Path(source, name.removesuffix(".gz"))):
        if path.is_file():
            return path.read_bytes()
    raise FileNotFoundError(
        "no such file in this folder" if Path(source).is_dir() else "no such folder"
    )


def _receive_over_http(url: str, most_bytes: int) -> bytes:
    import urllib3

    received = bytearray()
    start = time.monotonic()
    try:
        with _open(url) as response, _progress_bar(response) as bar:
            while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
                received += chunk
                bar.update(len(chunk))
                seconds = time.monotonic() - start
                if len(received) > most_bytes:
                    raise OSError(
                        f"sends more than the {most_bytes:,} bytes that this file can have"
                    )
                if seconds > IDLE_SECONDS and len(received) < SLOWEST_BYTES_PER_SECOND * seconds:
                    raise OSError(f"too slow: {len(received):,} bytes in {seconds:.0f} seconds")
    except urllib3.exceptions.ReadTimeoutError:
        raise OSError(f"went silent after {len(received):,} bytes") from None
    except urllib3.exceptions.HTTPError as error:
        raise OSError(f"broke off after {len(received):,} bytes ({type(error).__name__})") from None
    return bytes(received)


def _open(url: str):
    """Return the answer to a request, its body unread.

    The request runs in a thread, because neither the look-up of a host's name nor a list of dead
    addresses behind one name obeys a time-out.
    """
    import requests

    outcome = queue.Queue()

    def request():
        try:
            outcome.put(_session().get(url, stream=True, timeout=IDLE_SECONDS))
        except requests.RequestException as error:
            outcome.put(error)

    threading.Thread(target=request, daemon=True).start()
    try:
        answer = outcome.get(timeout=FIRST_ANSWER_SECONDS)
    except queue.Empty:
        raise NoAnswer(f"no answer within {FIRST_ANSWER_SECONDS} seconds") from None
    if isinstance(answer, requests.exceptions.SSLError):
        raise NoAnswer(
            "its TLS certificate could not be verified; `pip install --upgrade certifi` mends an old list of"
            " authorities; behind a proxy, set REQUESTS_CA_BUNDLE to the proxy's certificate"
        )
    if isinstance(answer, requests.ConnectionError):
        raise NoAnswer("could not be reached")
    if isinstance(answer, Exception):
        raise OSError(str(answer))
    if not answer.ok:
        answer.close()
        raise OSError(f"HTTP {answer.status_code} {answer.reason}")
    return answer


def _session():
    """Return a session that asks again when a server says that it is busy."""
    import requests
    import urllib3

    busy = urllib3.Retry(
        connect=0,
        read=0,
        status=2,
        status_forcelist=[502, 503, 504],
        backoff_factor=0.5,
        raise_on_status=False,
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=busy))
    return session


def _progress_bar(response) -> tqdm:
    return tqdm(
        total=int(response.headers.get("Content-Length", 0)) or None,
        desc=response.url.rpartition("/")[2],
        unit="B",
        unit_scale=True,
        file=sys.stdout,
        disable=bool(os.environ.get("CI")),
    )
