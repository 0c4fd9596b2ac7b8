"""MNIST as the benchmarks take it, and how they score."""

import functools

import numpy as np

from helpers.loading import ImageData, load


@functools.cache
def load_mnist() -> ImageData:
    """Return MNIST, loaded once; never the practice digits, which other numbers would come from."""
    mnist = load("mnist")
    if mnist.is_practice:
        raise SystemExit("This benchmark measures MNIST, which could not be reached.")
    return mnist


def split():
    """Return which training images to fit, 55,000, and which to validate with, as the lessons do."""
    return np.split(np.random.default_rng(seed=0).permutation(60_000), [55_000])


def scale(images):
    """Return images as float32, from 0 to 1."""
    return images.astype(np.float32) / np.float32(255)


def percent_right(answers, labels) -> float:
    """Return how many of the answers are right, in per cent."""
    return round(100 * float(np.mean(answers == labels)), 2)


def accuracy(model, images, labels) -> float:
    """Return the accuracy of a network in per cent."""
    logits = model.predict(images, batch_size=1000, verbose=0)
    return percent_right(logits.argmax(axis=1), labels)
