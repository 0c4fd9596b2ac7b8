"""The practice digits, which stand in for MNIST on a machine that cannot reach it.

They are real handwriting that scikit-learn carries in its package, other passages of it in the training
than in the test set, redrawn at 28 x 28 and gently varied by helpers.data.redraw, and kept in the
cache in the same format as MNIST.
"""

import gzip
import zlib

from helpers.data import idx
from helpers.data.cache import cache_folder, locked, read_regular, write

SOURCE = "practice digits"
NOTICE = (
    "MNIST could not be reached, so these are the practice digits: real handwriting from scikit-learn,"
    " redrawn and varied. Everything runs, with other numbers than the text has. For MNIST itself, with a"
    " network: python -m helpers download mnist"
)
VERSION = 3  # of the drawing; a new one draws anew
NAMES = ("train-images", "train-labels", "test-images", "test-labels")


def files() -> list[bytes]:
    """Return training images, training labels, test images and test labels, each as an IDX file.

    There are 60,000 and 10,000, from different passages, always the same ones. The first call draws them,
    which takes ten seconds or so; after that they come from the cache.
    """
    folder = cache_folder() / f"practice-{VERSION}"
    paths = [folder / f"{name}.gz" for name in NAMES]
    contents = _read(paths)
    if contents:
        return contents
    with locked(folder) as may_write:
        contents = _read(paths)
        if not contents:
            from helpers.data.redraw import draw

            contents = [idx.encode(array) for array in draw()]
            if may_write:
                for path, content in zip(paths, contents, strict=True):
                    write(path, gzip.compress(content, compresslevel=1, mtime=0))
    return contents


def _read(paths) -> list[bytes] | None:
    """Return the content of all files, or None if one is missing or damaged (gzip has a checksum)."""
    try:
        contents = [gzip.decompress(read_regular(path)) for path in paths]
    except (OSError, EOFError, zlib.error):
        return None
    return contents if all(contents) else None
