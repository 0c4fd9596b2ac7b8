"""A digit that you draw, prepared as MNIST's were: `prepare_drawing(strokes)`. (A photo: helpers.pictures.)

NIST scanned its forms in black and white. MNIST's authors scaled each digit to fit a box of 20 x 20
pixels, its shape kept, and laid it into 28 x 28 with its centre of mass in the middle. Each step is a
function here. Source: http://yann.lecun.com/exdb/mnist/

A drawing is a list of strokes, a stroke a list of points (x, y). x grows to the right, y grows downwards,
and a pixel is 1 wide: the square in which MNIST draws reaches from 0 to 28.
"""

import json

import numpy as np

SIDE = 28  # of an image
BOX = 20  # what the longer side of a digit is scaled to
PEN = 2.4  # how wide its lines are; with this, drawings have as much ink as MNIST's digits
FARTHEST = 1e6  # a point further away than that many pixels is a mistake


def prepare_drawing(strokes) -> np.ndarray:
    """Return a drawing as an image like MNIST's, (28, 28) uint8, ink 255 on 0.

    Raises:
        ValueError: it is empty, or not a list of strokes.
    """
    return centre(draw(fit_box(strokes)))


def read_strokes(text: str) -> list:
    """Return the drawing that a text holds: "[[[x, y], [x, y], ...], ...]", as the canvas copies it.

    Raises:
        ValueError: the text holds something else, or only part of a drawing.
    """
    if not isinstance(text, str):
        raise ValueError(
            f"read_strokes reads a text, not {type(text).__name__}; a list of strokes needs no reading."
        )
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
