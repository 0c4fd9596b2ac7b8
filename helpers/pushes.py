"""Push digits out of what a network was trained on: moved, turned, thicker, thinner, noisy, inverted.

Each function takes uint8 images (n, 28, 28) and a strength, and returns new ones of that shape and
type; a strength of 0 changes nothing. What lies outside of an image is empty.
"""

import numpy as np
from scipy import ndimage


def shift(images, pixels):
    """Return images moved to the right by whole pixels, to the left if they are negative."""
    return ndimage.shift(images, (0, 0, pixels), order=0)


def rotate(images, degrees):
    """Return images turned about their centre, against the clock; with the clock if negative."""
    return ndimage.rotate(images, degrees, axes=(1, 2), reshape=False, order=1)


def thicken(images, pixels):
    """Return images whose ink has grown by `pixels` at each edge, or has shrunk if they are negative.

    A pixel takes the highest grey level within that distance, or the lowest, to shrink. Between two
    whole numbers of pixels, both results are mixed.
    """
    whole, part = divmod(abs(pixels), 1)
    less, more = (_thicken(images, int(whole) + step, pixels > 0) for step in (0, 1))
    return _as_levels((1 - part) * less + part * more)


def _thicken(images, radius, grows):
    places = np.arange(-radius, radius + 1)
    disc = places[:, np.newaxis] ** 2 + places**2 <= radius**2
    change = ndimage.grey_dilation if grows else ndimage.grey_erosion
    return change(images, footprint=disc[np.newaxis], mode="constant").astype(np.float32)


def add_noise(images, deviation, seed=0):
    """Return images with noise of that standard deviation, in grey levels, added to each pixel."""
    noise = np.random.default_rng(seed).standard_normal(images.shape, np.float32)
    return _as_levels(images + np.float32(deviation) * noise)


def invert(images, share):
    """Return images mixed with their negatives: a share of 0.5 leaves plain grey, 1 the negative."""
    return _as_levels((1 - share) * images.astype(np.float32) + share * (255.0 - images))


def _as_levels(values):
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)
