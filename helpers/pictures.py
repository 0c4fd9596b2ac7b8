"""A digit in a picture or photo of yours, prepared as MNIST's were: `prepare_picture(picture)`.

Each step is a function: find_ink, crop, shrink, frame here, and centre in helpers.handwriting, where the
source stands.
"""

import warnings
from pathlib import Path

import numpy as np

from helpers.handwriting import BOX, SIDE, centre

LONGEST = 1000  # pixels of a picture's longer side; larger ones are reduced
FAINTEST = 30  # ink must differ from paper by that many of 255 grey levels
SPECK = 0.05  # what is smaller than this share of the largest blot is dirt


def prepare_picture(picture) -> np.ndarray:
    """Return the digit in a grey picture as an image like MNIST's, (28, 28) uint8, ink 255 on 0.

    Args:
        picture: (h, w) from 0 to 255, as `read_picture` returns it.

    Raises:
        ValueError: there is no ink, or it is not a grey picture.
    """
    return centre(frame(shrink(crop(find_ink(picture)))))


def read_picture(path) -> np.ndarray:
    """Return a picture, such as a PNG or a photo, as grey (h, w) uint8: 0 is black, 255 white.

    It is turned upright, what is transparent becomes white, and a large one is reduced.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is no picture, is damaged, or has too many pixels.
    """
    from PIL import Image, ImageOps

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no picture {path.name} in {path.resolve().parent}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = ImageOps.exif_transpose(Image.open(path))
        picture.thumbnail((LONGEST, LONGEST))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValueError(f"{path.name} has too many pixels; save it smaller.") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise ValueError(
            f"{path.name} is no picture that can be read ({error}); save it as PNG or JPEG."
        ) from None
    if picture.mode.startswith("I"):  # 16 bits
        return (np.asarray(picture) / 257).astype(np.uint8)
    picture = picture.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(paper, picture).convert("L"))


def find_ink(picture) -> np.ndarray:
    """Tell ink from paper, whichever is darker, under light that changes smoothly.

    The light is a curved surface, of second degree in x and y, through the half of the pixels that it
    fits best: paper, as long as most of the picture is. Ink is what differs from it by at least half as
    much as the strongest ink does. Small specks are left out.

    Args:
        picture: (h, w) from 0 to 255.

    Returns:
        (h, w) uint8, ink 255, paper 0.

    Raises:
        ValueError: there is no ink, or the picture has not two dimensions.
    """
    from scipy.ndimage import label, uniform_filter

    picture = np.asarray(picture, dtype=float)
    if picture.ndim != 2 or picture.size == 0:
        raise ValueError(
            f"A grey picture has the shape (height, width), not {picture.shape};"
            " read_picture(path) makes one from a file."
        )
    if not np.isfinite(picture).all():
        raise ValueError("The picture has a pixel that is not a number.")
    difference = picture - _light(picture)
    if (difference**3).sum() < 0:  # what differs most is darker
        difference = -difference
    strongest = uniform_filter(difference, 3).max()
    if strongest < FAINTEST:
        raise ValueError(
            f"There is no ink in this picture: nothing differs from its surroundings by {FAINTEST}"
            " of 255 grey levels. Draw with a darker pen, or in better light."
        )
    blots, count = label(difference > strongest / 2, np.ones((3, 3)))
    sizes = np.bincount(blots.ravel(), minlength=count + 1)
    sizes[0] = 0
    is_ink = sizes >= SPECK * sizes.max()
    is_ink[0] = False
    return np.where(is_ink[blots], 255, 0).astype(np.uint8)


def _light(picture: np.ndarray) -> np.ndarray:
    """Return how bright the paper is at each pixel, (h, w), whatever is drawn on it."""
    y, x = (np.linspace(-1, 1, side) for side in picture.shape)
    x, y = np.broadcast_arrays(x, y[:, np.newaxis])
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    step = 1 + max(picture.shape) // 100  # a sample is enough to fit a surface
    some_terms, some = terms[::step, ::step].reshape(-1, 6), picture[::step, ::step].ravel()
    chosen = np.arange(some.size)
    for _ in range(20):
        weights, *_ = np.linalg.lstsq(some_terms[chosen], some[chosen])
        distance = np.abs(some - some_terms @ weights)
        chosen = np.argsort(distance)[: some.size // 2 + 1]
    return terms @ weights


def crop(image) -> np.ndarray:
    """Return the smallest part of an image (h, w) that has all its ink; no ink is 0.

    Raises:
        ValueError: there is no ink, or it has not two dimensions.
    """
    image = _two_dimensional(image, "crop")
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    if rows.size == 0:
        raise ValueError("There is no ink in this image.")
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def shrink(image) -> np.ndarray:
    """Scale an image so that its longer side is 20 pixels, its shape kept; a pixel becomes a mean.

    Args:
        image: (h, w) uint8.

    Returns:
        (20, w) or (h, 20) uint8, grey where an edge of the ink crosses a pixel.

    Raises:
        ValueError: it has not two dimensions, or another type.
    """
    from PIL import Image

    image = _two_dimensional(image, "shrink")
    if image.dtype != np.uint8:
        raise ValueError(f"shrink wants uint8, not {image.dtype}.")
    height, width = (max(1, round(BOX * side / max(image.shape))) for side in image.shape)
    small = Image.fromarray(image).resize((width, height), Image.Resampling.BOX)
    return np.asarray(small)


def frame(image) -> np.ndarray:
    """Lay an image of at most 28 x 28 into the middle of one of 28 x 28, without ink around it.

    Raises:
        ValueError: it is larger, or has not two dimensions.
    """
    image = _two_dimensional(image, "frame")
    if max(image.shape) > SIDE:
        raise ValueError(
            f"frame wants an image of at most {SIDE} x {SIDE}, not {image.shape}; shrink it."
        )
    top, left = ((SIDE - side) // 2 for side in image.shape)
    framed = np.zeros((SIDE, SIDE), image.dtype)
    framed[top : top + image.shape[0], left : left + image.shape[1]] = image
    return framed


def _two_dimensional(image, function: str) -> np.ndarray:
    image = np.asarray(image)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"{function} wants an image of shape (height, width), not {image.shape}.")
    return image
