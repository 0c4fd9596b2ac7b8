"""How close the practice digits are to MNIST: train on them alone, score on MNIST.

Run: python -m benchmarks.practice_digits        (about six minutes on two cores)

The network is the textbook's of lesson 07. The digits were tuned on MNIST's training images; the
test set had no say. On the practice digits' own test images, the sampling error counts their
originals, of which there are few, and not the many images that are drawn of each: it is a bootstrap
over them.
"""

import functools

import numpy as np

from benchmarks.cnn import TEXTBOOK, train
from benchmarks.data import load_mnist, percent_right, scale
from benchmarks.record import columns, record
from helpers.data.redraw import draw_set, read_originals
from helpers.quiet import keras

RECIPES = {"textbook": TEXTBOOK | {"seeds": 3}}


@functools.cache
def draw_digits():
    """Return images and labels to train on; images, labels and originals to test on."""
    train_values, train_labels, test_values, test_labels = read_originals()
    random = np.random.default_rng(0)
    images, labels, _ = draw_set(train_values, train_labels, 60_000, random)
    return images, labels, *draw_set(test_values, test_labels, 10_000, random)


def bootstrap(right, originals) -> float:
    """Return the deviation, in points, of the accuracy when the originals are drawn anew."""
    numbers, index = np.unique(originals, return_inverse=True)
    right_of_each, count_of_each = np.bincount(index, right), np.bincount(index)
    draws = np.random.default_rng(0).integers(0, len(numbers), (2000, len(numbers)))
    return 100 * float(np.std(right_of_each[draws].sum(1) / count_of_each[draws].sum(1)))


def measure(recipe, seed) -> dict:
    """Train on practice digits; return the accuracies on MNIST and on practice digits."""
    mnist = load_mnist()
    images, labels, test_images, test_labels, originals = draw_digits()
    keras.utils.set_random_seed(seed)
    model, _ = train(scale(images)[..., np.newaxis], labels, **recipe)

    def answer(images):
        floats = scale(images)[..., np.newaxis]
        return model.predict(floats, batch_size=1000, verbose=0).argmax(axis=1)

    answers = answer(test_images)
    return {
        "test_originals": len(np.unique(originals)),
        "mnist_train": percent_right(answer(mnist.train_images), mnist.train_labels),
        "mnist_test": percent_right(answer(mnist.test_images), mnist.test_labels),
        "practice_test": percent_right(answers, test_labels),
        "practice_test_deviation": round(bootstrap(answers == test_labels, originals), 2),
    }


def results(runs) -> dict:
    originals = runs[0]["result"]["test_originals"]
    return columns(runs)["textbook"] | {"test_originals": originals}


def main(arguments=None) -> None:
    record("practice_digits", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
