"""Checks of lesson 01, "Look at the digits"."""

import functools
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, ValueCheck


def _share_inked(images) -> float:
    """Return the share of pixels with any ink, as a fraction of 1."""
    return np.mean(images > 0)


ink_share = ValueCheck(
    asks="the per cent of all pixels that have any ink, one number",
    right=lambda images: 100 * _share_inked(images),
    praise="Four fifths of a digit is paper.",
    mistakes={
        "that is the share as a fraction of 1; the question asks for per cent.": _share_inked,
        "that is the share of pixels without ink: you counted the paper.": (
            lambda images: 100 - 100 * _share_inked(images)
        ),
        "that is the share of paper, and as a fraction of 1; you want the ink, in per cent.": (
            lambda images: 1 - _share_inked(images)
        ),
        "that is how many pixels have ink; divide by how many there are.": np.count_nonzero,
        "that is how dark the images are on average; a grey pixel counts as a whole one here.": (
            lambda images: 100 * images.mean() / 255
        ),
    },
    otherwise="compare every pixel with 0, then take the mean, times 100.",
)


def _idx_files() -> list[tuple]:
    """Make IDX files of one to four dimensions, with elements of one to four bytes."""
    rng = np.random.default_rng(1)
    files = []
    for kind, size, shape in [
        (0x08, 1, (5, 28, 27)),
        (0x08, 1, (258,)),
        (0x08, 1, (70_000,)),
        (0x0B, 2, (12, 300)),
        (0x0D, 4, (3, 2, 6, 5)),
        (0x0C, 4, (4, 3, 2, 2, 2)),
    ]:
        header = bytes([0, 0, kind, len(shape)])
        dimensions = b"".join(number.to_bytes(4, "big") for number in shape)
        files.append((header + dimensions + rng.bytes(size * int(np.prod(shape))),))
    return files


def _dimensions(content, *, byte_order="big", first=4, rank=None) -> list[int]:
    """Read the dimensions from the header of an IDX file, or with one thing wrong."""
    end = 4 + 4 * (rank or content[3])
    return [int.from_bytes(content[i : i + 4], byte_order) for i in range(first, end, 4)]


read_shape = FunctionCheck(
    asks="the dimensions, such as (60000, 28, 28)",
    cases=_idx_files,
    right=_dimensions,
    praise="The same function reads images, labels, and any IDX file you will ever meet.",
    mistakes={
        "the bytes of each number are read in the wrong order; use '>u4'.": (
            lambda content: _dimensions(content, byte_order="little")
        ),
        "the magic number is not a dimension; begin at byte 4.": (
            lambda content: _dimensions(content, first=0)
        ),
        "this takes every file for three-dimensional; content[3] says how many.": (
            lambda content: _dimensions(content, rank=3)
        ),
        "the first dimension, the number of items, is missing.": (
            lambda content: _dimensions(content, first=8)
        ),
        "the dimensions come in the order in which they stand in the file; yours are turned.": (
            lambda content: _dimensions(content)[::-1]
        ),
        "this is how many dimensions there are; the question is how large they are.": (
            lambda content: content[3]
        ),
    },
    otherwise="the number of dimensions is content[3]; they begin at byte 4, four bytes each.",
)


never_inked = ValueCheck(
    asks="how many of the 784 places have no ink in any image, one number",
    right=lambda images: np.sum(images.max(axis=0) == 0),
    praise="All of them lie at the rim: the digits are centred in a frame.",
    mistakes={
        "those are the places that do have ink somewhere; you want the others.": (
            lambda images: np.sum(images.max(axis=0) > 0)
        ),
        "those are the places that are empty in some image; they must be empty in all of them.": (
            lambda images: np.sum(images.min(axis=0) == 0)
        ),
        "that is the first image alone; a place must be empty in all of them.": (
            lambda images: np.sum(images[0] == 0)
        ),
        "that counts each image's empty pixels; count each place once, over all images.": (
            lambda images: np.sum(images == 0)
        ),
        "no image is empty, and no place has ink in all of them; take the maximum over the images"
        " (axis 0).": lambda images: 0,
    },
    otherwise="take the maximum over all images for each of the 784 places, then count the zeros.",
)


class _Download(NamedTuple):
    """What came of saving a download.

    Attributes:
        whole: all of its bytes.
        broke: whether the line went dead.
        before: the file that was there before, or None.
        after: the file that is there afterwards, or None.
        again: the same, after a broken download was followed by one that went well.
        error_arrived: whether the error of the dead line reached the caller.
    """

    whole: bytes
    broke: bool
    before: bytes | None
    after: bytes | None
    again: bytes | None
    error_arrived: bool


def save(function) -> None:
    """Check a function save(chunks, path) that writes a file whole or not at all."""
    _saving(functools.partial(_download, function) if callable(function) else function)


def _download(function, pieces: list[bytes], breaks: bool, before: bytes | None):
    """Hand a download to the student's function, in a folder of its own; `...` for the stub."""
    begun = broke = error_arrived = False

    def line(goes_dead):
        nonlocal begun, broke
        begun = True
        yield from pieces[:-1] if goes_dead else pieces
        if goes_dead:
            broke = True
            raise ConnectionError("the line went dead")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "digits.gz")
        if before is not None:
            path.write_bytes(before)
        try:
            returned = function(line(breaks), path)
        except ConnectionError:
            if not broke:
                raise
            returned, error_arrived = None, True
        after = again = _content_of(path)
        if broke:
            function(line(goes_dead=False), path)
            again = _content_of(path)
    if returned is ... and not begun and after == before:
        return ...
    return _Download(b"".join(pieces), broke, before, after, again, error_arrived)


def _content_of(path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _downloads() -> list[tuple]:
    """Make downloads that go well and that break off, with and without a good file before."""
    return [
        (pieces, breaks, before)
        for pieces in ([b"the first half, ", b"the second half"], [b"\x1f\x8b\r\n"] * 7, [b"all"])
        for before in (None, b"good")
        for breaks in (False, True)
    ]


def _what_is_lost(attempts) -> str:
    """Return what a function that saves does wrong; "" if nothing."""
    outcomes = [tried.returned for tried in attempts]
    went_well = [outcome for outcome in outcomes if not outcome.broke]
    broken = [outcome for outcome in outcomes if outcome.broke]
    if any(outcome.after is None for outcome in went_well):
        return "after a download that went well there is no file under the final name."
    if any(outcome.after not in (outcome.whole, outcome.before) for outcome in went_well):
        return (
            "after a download that went well the file does not hold all chunks, and nothing else."
        )
    if any(outcome.after is not None for outcome in broken if outcome.before is None):
        return (
            "when the line breaks, half a file stays under the final name, and passes for a whole"
            " one."
        )
    if any(outcome.after != outcome.before for outcome in broken):
        return "when the line breaks, the good file that was there before is gone."
    if not all(outcome.error_arrived for outcome in broken):
        return "when the line breaks, your function hides the error; let it reach the caller."
    if any(outcome.again not in (outcome.whole, outcome.before) for outcome in broken):
        return "what a broken download leaves behind spoils the next one; begin anew each time."
    return ""


_saving = BehaviourCheck(
    cases=_downloads,
    examine=_what_is_lost,
    praise="When the line breaks, nothing half-written stays under the final name.",
)
