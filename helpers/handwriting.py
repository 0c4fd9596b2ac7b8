"""A digit of your own, prepared as MNIST's were: `prepare_drawing(strokes)`, `prepare_picture(picture)`.

NIST scanned its forms in black and white. MNIST's authors scaled each digit to fit a box of 20 x 20
pixels, its shape kept, and laid it into 28 x 28 with its centre of mass in the middle. Each step is a
function here. Source: http://yann.lecun.com/exdb/mnist/

A drawing is a list of strokes, a stroke a list of points (x, y). x grows to the right, y grows downwards,
and a pixel is 1 wide: the square in which MNIST draws reaches from 0 to 28.
"""

import json
import warnings
from pathlib import Path

import numpy as np

SIDE = 28  # of an image
BOX = 20  # what the longer side of a digit is scaled to
PEN = 2.4  # how wide its lines are; with this, drawings have as much ink as MNIST's digits
FARTHEST = 1e6  # a point further away than that many pixels is a mistake
LONGEST = 1000  # pixels of a picture's longer side; larger ones are reduced
FAINTEST = 30  # ink must differ from paper by that many of 255 grey levels
SPECK = 0.05  # what is smaller than this share of the largest blot is dirt


def prepare_drawing(strokes) -> np.ndarray:
    """Return a drawing as an image like MNIST's, (28, 28) uint8, ink 255 on 0.

    Raises:
        ValueError: it is empty, or not a list of strokes.
    """
    return centre(draw(fit_box(strokes)))


def prepare_picture(picture) -> np.ndarray:
    """Return the digit in a grey picture as an image like MNIST's, (28, 28) uint8, ink 255 on 0.

    Args:
        picture: (h, w) from 0 to 255, as `read_picture` returns it.

    Raises:
        ValueError: there is no ink, or it is not a grey picture.
    """
    return centre(frame(shrink(crop(find_ink(picture)))))


# A drawing


def read_strokes(text: str) -> list:
    """Return the drawing that a text holds: "[[[x, y], [x, y], ...], ...]", as the canvas copies it.

    Raises:
        ValueError: the text holds something else, or only part of a drawing.
    """
    try:
        strokes = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"This text is no drawing: it breaks off or goes wrong at character {error.pos + 1} of"
            f" {len(text)}. Copy it once more, all of it, from [[[ to ]]]."
        ) from None
    _points(strokes)
    return strokes


def _points(strokes) -> list[np.ndarray]:
    """Return each stroke as an array (n, 2), or say what is wrong with it."""
    if isinstance(strokes, str):
        raise ValueError("This drawing is a text; read_strokes(text) reads it.")
    if not isinstance(strokes, list | tuple | np.ndarray):
        raise ValueError(f"A drawing is a list of strokes, not {type(strokes).__name__}.")
    if len(strokes) == 0:
        raise ValueError("The drawing is empty: draw a digit first.")
    arrays = []
    for number, stroke in enumerate(strokes, 1):
        try:
            points = np.array(stroke, dtype=float)
        except (TypeError, ValueError):
            points = np.empty(0)
        if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
            raise ValueError(
                f"Stroke {number} of {len(strokes)} is no list of points [x, y]: {str(stroke)[:60]}"
            )
        if not np.abs(points).max() <= FARTHEST:
            raise ValueError(
                f"Stroke {number} of {len(strokes)} has a point that lies nowhere:"
                f" {points[~(np.abs(points) <= FARTHEST).all(axis=1)][0].tolist()}"
            )
        arrays.append(points)
    return arrays


def fit_box(strokes) -> list[np.ndarray]:
    """Move and scale a drawing so that its longer side, drawn, fills 20 pixels in the middle of the image.

    Returns:
        Its strokes, each (n, 2) float64. A single dot is moved only.

    Raises:
        ValueError: as `prepare_drawing`.
    """
    strokes = _points(strokes)
    everything = np.concatenate(strokes)
    least, most = everything.min(axis=0), everything.max(axis=0)
    extent = (most - least).max()
    factor = (BOX - PEN) / extent if extent else 1
    return [(points - (least + most) / 2) * factor + SIDE / 2 for points in strokes]


def draw(strokes) -> np.ndarray:
    """Draw with a round pen whose edge is soft over one pixel.

    A pixel's ink depends on the distance from its middle to the nearest stroke. What lies outside of the
    image is cut off.

    Returns:
        (28, 28) uint8, ink 255 on 0.

    Raises:
        ValueError: as `prepare_drawing`.
    """
    y, x = np.indices((SIDE, SIDE)) + 0.5
    squared = np.full((SIDE, SIDE), np.inf)
    for points in _points(strokes):
        for start, end in zip(points, [*points[1:], points[-1]], strict=True):
            dx, dy = end - start
            along = ((x - start[0]) * dx + (y - start[1]) * dy) / max(dx * dx + dy * dy, 1e-12)
            along = along.clip(0, 1)  # 0 at the start of this piece, 1 at its end
            across = (x - start[0] - along * dx) ** 2 + (y - start[1] - along * dy) ** 2
            squared = np.minimum(squared, across)
    ink = (PEN / 2 + 0.5 - np.sqrt(squared)).clip(0, 1)
    return np.floor(255 * ink + 0.5).astype(np.uint8)


# An image


def centre(image) -> np.ndarray:
    """Move an image by whole pixels so that the centre of mass of its ink is in the middle.

    It is moved less where ink would leave the image.

    Args:
        image: (28, 28), no ink is 0.

    Returns:
        (28, 28) of the same type.

    Raises:
        ValueError: it has another shape, or no ink.
    """
    image = np.asarray(image)
    if image.shape != (SIDE, SIDE):
        raise ValueError(f"centre wants an image of shape ({SIDE}, {SIDE}), not {image.shape}.")
    if not image.any():
        raise ValueError("There is no ink in this image.")
    for axis in (0, 1):
        ink = image.sum(axis=1 - axis, dtype=float)
        inked = np.flatnonzero(ink)
        # 14.499 and not 14.5, so that a tie goes the same way whatever a computer rounds.
        shift = int(np.floor(14.499 - ink @ np.arange(SIDE) / ink.sum()))
        image = np.roll(image, min(max(shift, -inked[0]), SIDE - 1 - inked[-1]), axis)
    return image


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


# A picture


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
