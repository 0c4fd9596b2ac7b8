"""Keep the files of a data set: from the cache, from MNIST_MIRROR, or from the public mirrors in turn.

Whatever the source, a file counts only if its content has the published size and SHA-256.

    MNIST_DATA_DIR   moves the cache
    MNIST_MIRROR     a folder or a URL to ask first; it has a sub-folder per data set: mnist/, ...
"""

import contextlib
import hashlib
import os
import time
import zlib
from pathlib import Path

import filelock
import platformdirs

from helpers.datasets import Dataset, File
from helpers.download import NoAnswer, receive

NOTE_MINUTES = 10  # how long the note "no network" spares other kernels the wait


class DataNotReached(RuntimeError):
    """No source could give a file of a data set; the message lists what was tried and the ways out."""


class WrongContent(ValueError):
    """What arrived is not the file that was asked for."""


def cache_folder() -> Path:
    """Return the folder that keeps verified files: MNIST_DATA_DIR, or else the user's cache folder."""
    chosen = os.environ.get("MNIST_DATA_DIR")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("mnist-lessons")


def first_mirror(dataset: Dataset) -> str:
    """Return the URL of the mirror that is asked first, MNIST_MIRROR or a public one; it ends in "/"."""
    own_mirror = os.environ.get("MNIST_MIRROR")
    if not own_mirror:
        return dataset.mirrors[0]
    if not own_mirror.startswith(("http://", "https://")):
        own_mirror = Path(own_mirror).resolve().as_uri()
    return f"{own_mirror.rstrip('/')}/{dataset.name}/"


def fetch(dataset: Dataset, *, ignore_note: bool = False) -> dict[str, bytes]:
    """Return the verified, decompressed content of every file of `dataset`, by its published name.

    Files that the cache lacks, or holds in a damaged state, are fetched and put there. Several processes
    may call this at once: one fetches, the others wait for it.

    Args:
        dataset: one of helpers.datasets.DATASETS.
        ignore_note: ask the public mirrors even if they could not be reached a few minutes ago.

    Raises:
        DataNotReached: a file is neither in the cache nor to be had from any source.
    """
    folder = cache_folder() / dataset.name
    contents = {file.name: _read_cached(folder, file) for file in dataset.files}
    if None not in contents.values():
        return contents
    with locked(folder):
        sources = _Sources(dataset, ignore_note)
        for file in dataset.files:
            contents[file.name] = contents[file.name] or _read_cached(folder, file)
            if contents[file.name] is None:
                contents[file.name] = sources.fetch(file)
                write(_path(folder, file), contents[file.name])
    return contents


class _Sources:
    """The places that may have the files of one data set, and what came of asking them."""

    def __init__(self, dataset: Dataset, ignore_note: bool):
        self.dataset = dataset
        self.silent = set()
        self.tried = []
        self.places = list(dataset.mirrors)
        minutes = _minutes_without_network()
        if minutes is not None and not ignore_note:
            self.places = []
            self.tried.append(
                f"the public mirrors: not asked, since none answered {minutes:.0f} minutes ago"
                " (`python -m helpers download` asks at once)"
            )
        if own_mirror := os.environ.get("MNIST_MIRROR"):
            self.places.insert(0, f"{own_mirror.rstrip('/')}/{dataset.name}/")

    def fetch(self, file: File) -> bytes:
        for place in self.places:
            if place in self.silent:
                continue
            try:
                content = decompress(receive(place, file.name, most_bytes=file.size + 65_536), file)
                verify(content, file)
                return content
            except NoAnswer as error:
                self.silent.add(place)
                self.tried.append(f"{place}: {error}")
            except (OSError, WrongContent) as error:
                self.tried.append(f"{place}{file.name}: {error}")
        if self.silent and self.silent.issuperset(self.dataset.mirrors):
            _leave_note()
        raise DataNotReached(self._explain(file))

    def _explain(self, file: File) -> str:
        tried = "\n".join(f"  - {line}" for line in self.tried)
        folder = cache_folder() / self.dataset.name
        return (
            f"{self.dataset.title} could not be reached: {file.name} is not in the cache ({folder})"
            f" and no source has it.\nTried:\n{tried}\nWays out:\n"
            "  - with a network, run: python -m helpers download\n"
            f"  - from a USB stick or a class server: set MNIST_MIRROR to a folder or URL that holds"
            f" {self.dataset.name}/{file.name} and its companions"
        )


def decompress(received: bytes, file: File) -> bytes:
    """Return `received`, unzipped if it is gzip data, but never more than one byte over `file.size`."""
    if not received.startswith(b"\x1f\x8b"):
        return received
    try:
        return zlib.decompressobj(wbits=31).decompress(received, file.size + 1)
    except zlib.error as error:
        raise WrongContent(f"damaged gzip data ({error})") from None


def verify(content: bytes, file: File) -> None:
    """Raise WrongContent unless `content` is that of `file`, to the byte."""
    if hashlib.sha256(content).hexdigest() == file.sha256:
        return
    if content[:200].lstrip().startswith(b"<"):
        raise WrongContent("a web page, not the file")
    if len(content) < file.size:
        raise WrongContent(f"cut short: {len(content):,} of {file.size:,} bytes")
    raise WrongContent("another file, or a damaged one (its SHA-256 is wrong)")


def _read_cached(folder: Path, file: File) -> bytes | None:
    try:
        content = _path(folder, file).read_bytes()
        verify(content, file)
    except (OSError, WrongContent):
        return None
    return content


def write(path: Path, content: bytes) -> None:
    """Put a file into the cache whole or not at all; where it cannot be written, say so and go on."""
    temporary = path.with_name(f"{path.name}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        print(f"{path} could not be written ({error.strerror}): the cache keeps nothing.")


def _path(folder: Path, file: File) -> Path:
    return folder / file.name.removesuffix(".gz")


@contextlib.contextmanager
def locked(folder: Path):
    """Hold the lock of a cache folder, creating the folder; go on without where nothing can be written."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(filelock.FileLock(folder / ".lock"))
        yield


def _note() -> Path:
    return cache_folder() / "no-network"


def _minutes_without_network() -> float | None:
    """Return how long ago the public mirrors were found silent, or None if that is too long ago to count."""
    try:
        minutes = (time.time() - _note().stat().st_mtime) / 60
    except OSError:
        return None
    return minutes if minutes < NOTE_MINUTES else None


def _leave_note() -> None:
    with contextlib.suppress(OSError):
        _note().parent.mkdir(parents=True, exist_ok=True)
        _note().touch()
