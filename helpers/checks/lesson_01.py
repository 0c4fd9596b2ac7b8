"""Checks of lesson 01, "Look at the digits"."""

import tempfile
from pathlib import Path

import numpy as np

from helpers.checks import judge, judge_function


def ink_share(answer, images) -> None:
    """Check the per cent of pixels with any ink; `images` is the (n, 28, 28) array it was asked of."""
    inked = np.mean(images > 0)
    judge(
        answer,
        right=100 * inked,
        praise="Four fifths of a digit is paper.",
        mistakes=[
            (inked, "that is the share as a fraction of 1; the question asks for per cent."),
            (100 - 100 * inked, "that is the share of pixels without ink: you counted the paper."),
            (
                np.count_nonzero(images),
                "that is how many pixels have ink; divide by how many there are.",
            ),
            (
                100 * images.mean() / 255,
                "that is how dark the images are on average; a grey pixel counts as a whole one here.",
            ),
        ],
        otherwise="compare every pixel with 0, then take the mean, times 100.",
    )


def read_shape(function) -> None:
    """Check a function that takes the bytes of an IDX file and returns its dimensions."""
    images = bytes.fromhex("00000803 00000005 0000001c 0000001b") + bytes(5 * 28 * 27)
    labels = bytes.fromhex("00000801 00000102") + bytes(258)

    def reader(byte_order="big", first=4, rank=None):
        def read(content):
            end = 4 + 4 * (rank or content[3])
            return [int.from_bytes(content[i : i + 4], byte_order) for i in range(first, end, 4)]

        return read

    def for_both(read):
        def run(first, second):
            shapes = read(first), read(second)
            if any(shape is None or shape is ... for shape in shapes):
                return ...
            return [*shapes[0], -1, *shapes[1]]

        return run

    judge_function(
        for_both(function),
        (images, labels),
        right=for_both(reader()),
        praise="The same function reads images, labels, and any IDX file you will ever meet.",
        mistakes=[
            (
                for_both(reader("little")),
                "the bytes of each number are read in the wrong order; use '>u4'.",
            ),
            (for_both(reader(first=0)), "the magic number is not a dimension; begin at byte 4."),
            (
                for_both(reader(rank=3)),
                "this takes every file for three-dimensional; content[3] says how many.",
            ),
            (for_both(reader(first=8)), "the first dimension, the number of items, is missing."),
        ],
        otherwise="the number of dimensions is content[3]; they begin at byte 4, four bytes each.",
    )


def never_inked(answer, images) -> None:
    """Check how many places of (n, 28, 28) `images` have no ink in any of them."""
    most_ink = images.max(axis=0)
    judge(
        answer,
        right=np.sum(most_ink == 0),
        praise="All of them lie at the rim: the digits are centred in a frame.",
        mistakes=[
            (
                np.sum(most_ink > 0),
                "those are the places that do have ink somewhere; you want the others.",
            ),
            (
                np.sum(images[0] == 0),
                "that is the first image alone; a place must be empty in all of them.",
            ),
            (
                np.sum(images == 0),
                "that counts each image's empty pixels; count each place once, over all images.",
            ),
            (
                np.sum(images.max(axis=(1, 2)) == 0),
                "that counts empty images; take the maximum over the images (axis 0), not over rows and columns.",
            ),
        ],
        otherwise="take the maximum over all images for each of the 784 places, then count the zeros.",
    )


def save(function) -> None:
    """Check a function save(chunks, path) that writes a file whole or not at all."""

    def chunks(broken):
        yield b"the first half, "
        if broken:
            raise ConnectionError("the line went dead")
        yield b"the second half"

    def breaks_silently(path):
        try:
            function(chunks(broken=True), path)
        except ConnectionError:
            return False
        return True

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "digits.gz")
        try:
            answer = function(chunks(broken=False), path)
            if answer is ...:
                print("Not attempted yet.")
                return
            kept = path.read_bytes() if path.exists() else None
            path.write_bytes(b"good")
            silent = breaks_silently(path)
            lost = not path.exists() or path.read_bytes() != b"good"
            path.unlink(missing_ok=True)
            breaks_silently(path)
        except Exception as error:  # the student's code may raise anything; the check names it
            print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
            return
        half = path.exists()
    if kept is None:
        print("Not yet: after a download that went well there is no file under the final name.")
    elif kept != b"the first half, the second half":
        print("Not yet: after a download that went well the file does not hold all chunks.")
    elif half:
        print(
            "Not yet: when the line breaks, half a file stays under the final name, and passes for a whole one."
        )
    elif lost:
        print("Not yet: when the line breaks, the good file that was there before is gone.")
    elif silent:
        print(
            "Not yet: when the line breaks, your function hides the error; let it reach the caller."
        )
    else:
        print("Right. When the line breaks, nothing half-written stays under the final name.")
