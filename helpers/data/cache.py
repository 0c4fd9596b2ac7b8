"""Keep the files of a data set: from the cache, MNIST_MIRROR, or the public mirrors in turn.

Whatever the source, a file counts only if its content has the published size and SHA-256.

    MNIST_DATA_DIR   moves the cache
    MNIST_MIRROR     a folder (~ is your home) or a URL to ask first, with a sub-folder per data set
"""

import contextlib
import gzip
import hashlib
import os
import time
import urllib.parse
import urllib.request
import uuid
import zlib
from pathlib import Path

import filelock
import platformdirs

from helpers.data.datasets import Dataset, File
from helpers.data.download import NoAnswer, is_url, receive, without_password

NOTE_MINUTES = 10  # how long the note "no answer" spares other kernels the wait
PATIENT_SECONDS = 3  # how long to wait for another process before a word about it
STUCK_SECONDS = 600  # how long before it counts as stuck
GZIP_MAGIC = b"\x1f\x8b"


class DataNotReached(RuntimeError):
    """No source could give a file of a data set; the message lists what was tried and the ways out."""


class WrongContent(ValueError):
    """What arrived is not the file that was asked for."""


def cache_folder() -> Path:
    """Return the folder that keeps verified files: MNIST_DATA_DIR, or else the user's cache folder."""
    chosen = os.environ.get("MNIST_DATA_DIR")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("mnist-lessons")


def own_mirror() -> str:
    """Return what MNIST_MIRROR names, a URL or the path of a folder; "" if it is not set."""
    place = os.environ.get("MNIST_MIRROR", "")
    if not place or is_url(place):
        return place
    if place.lower().startswith("file://"):
        return urllib.request.url2pathname(urllib.parse.urlsplit(place).path)
    return str(Path(place).expanduser())


def first_mirror(dataset: Dataset) -> str:
    """Return the URL of the mirror that is asked first, MNIST_MIRROR or a public one; it ends in "/"."""
    place = own_mirror()
    if not place:
        return dataset.mirrors[0]
    if not is_url(place):
        place = Path(place).resolve().as_uri()
    return f"{place.rstrip('/')}/{dataset.name}/"


def fetch(dataset: Dataset, *, ignore_note: bool = False) -> dict[str, bytes]:
    """Return the verified, decompressed content of every file of `dataset`, by its published name.

    Files that the cache lacks, or holds in a damaged state, are fetched and put there. Several processes
    may call this at once: one fetches, the others wait for it.

    Args:
        dataset: one of helpers.data.datasets.DATASETS.
        ignore_note: ask the public mirrors even if they could not be reached a few minutes ago.

    Raises:
        DataNotReached: a file is neither in the cache nor to be had from any source.
    """
    kept = _fetch_kept(dataset, ignore_note)
    return {file.name: decompress(kept[file.name], file) for file in dataset.files}


def copy_to(dataset: Dataset, folder: Path) -> None:
    """Put the gzipped files of `dataset` into `folder`, where MNIST_MIRROR or a web server can serve them.

    Files that are there and verified stay as they are.

    Raises:
        DataNotReached: as `fetch`.
        OSError: the folder cannot be written.
    """
    kept = _fetch_kept(dataset, ignore_note=True)
    for file in dataset.files:
        target, content = folder / dataset.name / file.name, kept[file.name]
        if not _is_whole(target, file):
            target.parent.mkdir(parents=True, exist_ok=True)
            if not content.startswith(GZIP_MAGIC):
                content = gzip.compress(content, compresslevel=6, mtime=0)
            _write(target, content)


def states(dataset: Dataset) -> dict[str, str]:
    """Return for each file, by its published name, what the cache holds: "verified", "missing", "damaged"."""
    found = {}
    for file in dataset.files:
        if _read_cached(dataset, file) is not None:
            found[file.name] = "verified"
        else:
            found[file.name] = "damaged" if _path(dataset, file).exists() else "missing"
    return found


def _fetch_kept(dataset: Dataset, ignore_note: bool) -> dict[str, bytes]:
    """Return the files as the cache keeps them: decompressed, unless the published sum is of the .gz."""
    kept = {file.name: _read_cached(dataset, file) for file in dataset.files}
    if None not in kept.values():
        return kept
    folder = cache_folder() / dataset.name
    with locked(folder) as may_write:
        if may_write:
            _clear_away(folder)
        sources = _Sources(dataset, ignore_note)
        for file in dataset.files:
            kept[file.name] = kept[file.name] or _read_cached(dataset, file)
            if kept[file.name] is None:
                kept[file.name] = sources.fetch(file)
                if may_write:
                    write(_path(dataset, file), kept[file.name])
    return kept


class _Sources:
    """The places that may have the files of one data set, and what came of asking them."""

    def __init__(self, dataset: Dataset, ignore_note: bool):
        self.dataset = dataset
        self.silent = set()
        self.tried = []
        self.places = [f"{place.rstrip('/')}/{dataset.name}/"] if (place := own_mirror()) else []
        minutes = _minutes_without_answer(dataset)
        if minutes is None or ignore_note:
            self.places += dataset.mirrors
        else:
            self.tried.append(
                f"the public mirrors: not asked, since none answered {minutes:.0f} minutes ago"
                f" (`python -m helpers download {dataset.name}` asks at once)"
            )

    def fetch(self, file: File) -> bytes:
        for place in self.places:
            if place in self.silent:
                continue
            try:
                received = receive(place, file.name, most_bytes=file.size + 65_536)
                kept = received if file.sum_is_of_gz else decompress(received, file)
                verify(kept, file)
                return kept
            except NoAnswer as error:
                self.silent.add(place)
                self.tried.append(f"{without_password(place)}: {error}")
            except (OSError, WrongContent) as error:
                self.tried.append(f"{file.name} from {without_password(place)}: {error}")
        if self.silent and self.silent.issuperset(self.dataset.mirrors):
            _leave_note(self.dataset)
        raise DataNotReached(self._explain(file))

    def _explain(self, file: File) -> str:
        name, path = self.dataset.name, _path(self.dataset, file)
        state = "is damaged in" if path.exists() else "is not in"
        tried = "\n".join(f"  - {line}" for line in self.tried)
        return (
            f"{self.dataset.title} could not be reached: {file.name} {state} the cache ({path.parent})"
            f" and no source has it.\nTried:\n{tried}\nWays out:\n"
            f"  - with a network, run: python -m helpers download {name}\n"
            f"  - from a USB stick or a class server: set MNIST_MIRROR to a folder or URL that holds"
            f" {name}/{file.name} and its companions"
        )


def decompress(received: bytes, file: File) -> bytes:
    """Return `received`, unzipped if it is gzip data, but never more than one byte over `file.size`."""
    if not received.startswith(GZIP_MAGIC):
        return received
    try:
        return zlib.decompressobj(wbits=31).decompress(received, file.size + 1)
    except zlib.error as error:
        raise WrongContent(f"damaged gzip data ({error})") from None


def verify(kept: bytes, file: File) -> None:
    """Raise WrongContent unless `kept` has the sum of `file`, to the byte."""
    if hashlib.sha256(kept).hexdigest() == file.sha256:
        return
    if kept[:200].lstrip().startswith(b"<"):
        raise WrongContent("a web page, not the file")
    if len(kept) < file.size and not file.sum_is_of_gz:
        raise WrongContent(f"cut short: {len(kept):,} of {file.size:,} bytes")
    raise WrongContent("another file, or a damaged one (its SHA-256 is wrong)")


def _path(dataset: Dataset, file: File) -> Path:
    name = file.name if file.sum_is_of_gz else file.name.removesuffix(".gz")
    return cache_folder() / dataset.name / name


def _read_cached(dataset: Dataset, file: File) -> bytes | None:
    try:
        kept = read_regular(_path(dataset, file))
        verify(kept, file)
    except (OSError, WrongContent):
        return None
    return kept


def _is_whole(path: Path, file: File) -> bool:
    """Return whether a copy of `file`, gzipped or not, is there and verified."""
    try:
        received = read_regular(path)
        verify(received if file.sum_is_of_gz else decompress(received, file), file)
    except (OSError, WrongContent):
        return False
    return True


def read_regular(path: Path) -> bytes:
    """Return the content of a file. What lies there and is no regular file, such as a pipe, is an OSError."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not a file")
    return path.read_bytes()


def write(path: Path, content: bytes) -> None:
    """Put a file into the cache whole or not at all; where it cannot be written, say so and go on."""
    try:
        _write(path, content)
    except OSError as error:
        print(f"{path} could not be written ({error.strerror}): the cache does not keep it.")


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _clear_away(folder: Path) -> None:
    """Remove what processes that were killed have left half-written; the lock is held."""
    for left in folder.glob("*.part"):
        with contextlib.suppress(OSError):
            left.unlink()


@contextlib.contextmanager
def locked(folder: Path):
    """Hold the lock of a cache folder, creating the folder. Yields whether the folder may be written.

    It may not where nothing can be written, or where another process has held the lock for so long
    that it must be stuck.
    """
    lock = filelock.FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _acquire(lock)
    except OSError as error:
        print(f"{folder} cannot be written ({error.strerror or error}): the cache keeps nothing.")
    try:
        yield lock.is_locked
    finally:
        lock.release()


def _acquire(lock: filelock.FileLock) -> None:
    try:
        lock.acquire(timeout=PATIENT_SECONDS)
    except filelock.Timeout:
        print("Waiting for another process that is fetching the same data.")
        lock.acquire(timeout=STUCK_SECONDS)


def _note(dataset: Dataset) -> Path:
    return cache_folder() / dataset.name / "no-answer"


def _minutes_without_answer(dataset: Dataset) -> float | None:
    """Return how long ago the public mirrors were found silent, or None if that is too long ago to count."""
    try:
        minutes = (time.time() - _note(dataset).stat().st_mtime) / 60
    except OSError:
        return None
    return minutes if minutes < NOTE_MINUTES else None


def _leave_note(dataset: Dataset) -> None:
    with contextlib.suppress(OSError):
        _note(dataset).touch()
