"""Answers to lesson 01, "Look at the digits"."""

import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np

from answers import Tried

IMAGES = np.zeros((3, 4, 4), dtype=np.uint8)
IMAGES[0, 1, 1], IMAGES[1, 1, 1], IMAGES[1, 2, 2] = 200, 100, 255
STROKES = IMAGES.copy()
STROKES[2, 2, 2] = 30


def read_shape(content):
    rank = content[3]
    return tuple(np.frombuffer(content[4 : 4 + 4 * rank], dtype=">u4").tolist())


def read_images_and_labels(content):
    """Know the files of MNIST, and no others."""
    if content[3] == 1:
        return (int.from_bytes(content[4:8], "big"),)
    return tuple(int.from_bytes(content[i : i + 4], "big") for i in (4, 8, 12))


def write_in_place(chunks, path):
    with open(path, "wb") as file:
        for chunk in chunks:
            file.write(chunk)


def save(chunks, path):
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    part.replace(path)


def write_all_at_once(chunks, path):
    path.write_bytes(b"".join(chunks))  # everything has arrived before the file is opened


def put_back_what_was_there(chunks, path):
    before = path.read_bytes() if path.exists() else None
    try:
        write_in_place(chunks, path)
    except ConnectionError:
        path.unlink()
        if before is not None:
            path.write_bytes(before)
        raise


def save_and_leave_the_stub(chunks, path):
    save(chunks, path)
    return ...


def save_only_what_is_not_there(chunks, path):
    if not path.exists():
        save(chunks, path)


def open_and_leave_the_stub(chunks, path):
    path.open("wb").close()
    return ...


def save_and_raise(chunks, path):
    save(chunks, path)
    raise ConnectionError("too late")


def add_to_the_part(chunks, path, mode="ab"):
    part = path.with_suffix(".part")
    with open(part, mode) as file:
        for chunk in chunks:
            file.write(chunk)
    part.replace(path)


def write_a_new_part(chunks, path):
    add_to_the_part(chunks, path, mode="xb")


def never_rename(chunks, path):
    path.with_suffix(".part").write_bytes(b"".join(chunks))


def hide_the_error(chunks, path):
    try:
        write_all_at_once(chunks, path)
    except ConnectionError:
        pass


def print_the_error(chunks, path):
    try:
        save(chunks, path)
    except ConnectionError as error:
        print(error)


def delete_after_a_break(chunks, path):
    try:
        write_in_place(chunks, path)
    except ConnectionError:
        path.unlink()
        raise


def delete_before(chunks, path):
    path.unlink(missing_ok=True)
    save(chunks, path)


def write_the_first_chunk(chunks, path):
    path.write_bytes(next(iter(chunks)))


def write_two_chunks(chunks, path):
    path.write_bytes(next(chunks) + next(chunks))


def write_text(chunks, path):
    path.write_text("".join(chunk.decode() for chunk in chunks))


def write_lines(chunks, path):
    path.write_bytes(b"\n".join(chunks))


def write_a_part_and_rename_it_anyway(chunks, path):
    part = path.with_suffix(".part")
    try:
        write_in_place(chunks, part)
    finally:
        part.replace(path)


def add_to_what_is_there(chunks, path):
    whole = b"".join(chunks)
    with open(path, "ab") as file:
        file.write(whole)


def raise_another(chunks, path):
    try:
        save(chunks, path)
    except ConnectionError:
        raise RuntimeError("try again") from None


TRIED = {
    "ink_share": Tried(
        given=(IMAGES,),
        right=[
            100 * np.mean(IMAGES > 0),
            6.25,
            np.float32(6.25),
            Fraction(100 * 3, 48),
            Decimal("6.25"),
            100 * np.count_nonzero(IMAGES) / IMAGES.size,
            sum(pixel > 0 for pixel in IMAGES.ravel().tolist()) / 48 * 100,
        ],
        wrong=[
            (0.0625, "fraction of 1"),
            (93.75, "counted the paper"),
            (93.8, "counted the paper"),
            (0.9375, "share of paper, and as a fraction"),
            (3, "how many pixels"),
            (100 * IMAGES.mean() / 255, "how dark"),
            (50, "compare every pixel"),
            (100, "compare every pixel"),
            (0, "compare every pixel"),
            (19.12, "compare every pixel"),
            (6.35, "compare every pixel"),
            (6.2, "do not round"),
            (6.4, "compare every pixel"),
            ("many", "text ('many') cannot be compared; wanted is the per cent"),
            ("6.25", "text ('6.25') cannot be compared"),
            (None, "your answer is None"),
            (np.array("6.25"), "an array of type str_ cannot be compared"),
            ([6.25], "an array of shape (1,) came, not one number"),
            (IMAGES > 0, "an array of shape (3, 4, 4) came, not one number"),
            (100 * (IMAGES > 0).mean(axis=0), "an array of shape (4, 4) came"),
            (np.mean, "cannot be compared"),
        ],
    ),
    "read_shape": Tried(
        right=[
            read_shape,
            lambda c: tuple(np.frombuffer(c[4 : 4 + 4 * c[3]], ">u4")),
            lambda c: np.frombuffer(c, ">i4", count=c[3], offset=4),
            lambda c: struct.unpack_from(f">{c[3]}I", c, 4),
            lambda c: [int.from_bytes(c[4 * i :][:4], "big") for i in range(1, c[3] + 1)],
        ],
        wrong=[
            (lambda c: tuple(np.frombuffer(c[4 : 4 + 4 * c[3]], "<u4")), "wrong order"),
            (lambda c: tuple(np.frombuffer(c[: 4 + 4 * c[3]], ">u4")), "magic number is not"),
            (lambda c: tuple(np.frombuffer(c[4:16], ">u4")), "three-dimensional"),
            (lambda c: tuple(np.frombuffer(c[8 : 4 + 4 * c[3]], ">u4")), "number of items"),
            (lambda c: read_shape(c)[::-1], "in the order in which they stand"),
            (lambda c: c[3], "how many dimensions there are"),
            (read_images_and_labels, "an array of shape (3,) came, not an array of shape (2,)"),
            (lambda c: tuple(c[7 : 4 + 4 * c[3] : 4]), "four bytes each"),
            (
                lambda c: tuple(int.from_bytes(c[i : i + 2]) for i in range(6, 4 + 4 * c[3], 4)),
                "four bytes each",
            ),
            (lambda c: (1, 2, 3), "four bytes each"),
            (lambda c: (60000, 28), "wanted is the dimensions"),
            (lambda c: (5, 28, 27) if c[3] == 3 else (258,), "four bytes each"),
            (lambda c: len(c), "one number came"),
            (lambda c: c, "cannot be compared"),
            (lambda c: str(read_shape(c)), "text ("),
            (lambda c: {"shape": read_shape(c)}, "type dict"),
            (lambda c: (n for n in read_shape(c)), "type generator"),
            (lambda c: [list(read_shape(c))], "an array of shape (1, 3) came"),
            (lambda c: np.prod(read_shape(c)), "one number came"),
            (lambda c: print(read_shape(c)), "prints its result"),
            (lambda c: None, "returns nothing"),
            (lambda c: read_shape(c) if c[3] > 1 else None, "a `return` is missing"),
            (lambda c: read_shape(c) if c[3] > 1 else ..., "still returns `...`"),
            (lambda c: c.shape, "stopped with AttributeError"),
            (lambda: (1, 2), "stopped with TypeError"),
            ((60000, 28, 28), "hand over the function itself"),
        ],
    ),
    "never_inked": Tried(
        given=(STROKES,),
        right=[
            np.sum(STROKES.max(axis=0) == 0),
            14,
            14.0,
            np.array(14, dtype=object),
            16 - np.count_nonzero(STROKES.any(axis=0)),
            (STROKES.mean(axis=0) == 0).sum(),
        ],
        wrong=[
            (2, "do have ink"),
            (15, "first image alone"),
            (44, "each image's empty pixels"),
            (0, "no image is empty, and no place has ink in all of them"),
            (np.sum(STROKES.max(axis=(1, 2)) == 0), "maximum over the images (axis 0)"),
            (1, "maximum over all images"),
            (16, "empty in some image"),
            (9, "maximum over all images"),
            (13, "maximum over all images"),
            (67, "maximum over all images"),
            (87.5, "maximum over all images"),
            ("14", "text ('14') cannot be compared"),
            (None, "your answer is None"),
            ([14], "an array of shape (1,) came"),
            (STROKES.max(axis=0) == 0, "an array of shape (4, 4) came"),
            (np.where(STROKES.max(axis=0) == 0), "an array of shape (2, 14) came"),
        ],
    ),
    "save": Tried(
        right=[
            save,
            write_all_at_once,
            put_back_what_was_there,
            save_and_leave_the_stub,
            save_only_what_is_not_there,
        ],
        wrong=[
            (write_in_place, "half a file stays"),
            (write_a_part_and_rename_it_anyway, "half a file stays"),
            (never_rename, "no file under the final name"),
            (lambda chunks, path: None, "no file under the final name"),
            (lambda chunks, path: list(chunks), "no file under the final name"),
            (lambda chunks, path: print(chunks), "no file under the final name"),
            (hide_the_error, "hides the error"),
            (print_the_error, "hides the error"),
            (delete_after_a_break, "good file that was there before is gone"),
            (delete_before, "good file that was there before is gone"),
            (write_the_first_chunk, "does not hold all chunks"),
            (write_lines, "does not hold all chunks"),
            (add_to_what_is_there, "does not hold all chunks"),
            (write_two_chunks, "stopped with StopIteration"),
            (write_text, "stopped with UnicodeDecodeError"),
            (open_and_leave_the_stub, "does not hold all chunks"),
            (save_and_raise, "stopped with ConnectionError: too late"),
            (add_to_the_part, "spoils the next one"),
            (write_a_new_part, "stopped with FileExistsError"),
            (raise_another, "stopped with RuntimeError"),
            (lambda chunks, path: path.no_such_method(), "stopped with AttributeError"),
            (lambda path: None, "stopped with TypeError"),
            ("digits.gz", "hand over the function itself"),
        ],
    ),
}
