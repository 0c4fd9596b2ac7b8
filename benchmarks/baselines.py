"""What a network has to beat: five classifiers on pixels and on deskewed digits, error and cost.

Run: python -m benchmarks.baselines        (about a quarter of an hour on two cores; nothing else
should run)

Each is trained on the 10,000 training images of lesson 03 and on all 60,000, and scored on the test
set. The settings are those that the lesson chooses on validation images, with the 10,000. Only the
forest draws random numbers, but all run three times, for the sake of the clock: the seconds are the
least of the three. The slowest, the support vectors on all images, run once.
"""

import functools
import pickle
import time

import numpy as np
from scipy import ndimage
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from benchmarks.data import load_mnist, percent_right, scale, split
from benchmarks.record import columns, record

SIZES = (10_000, 60_000)


class NearestMean:
    """Answers with the digit whose mean image is nearest."""

    def fit(self, images, labels):
        self.means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
        return self

    def predict(self, images):
        return ((self.means**2).sum(axis=1) - 2 * images @ self.means.T).argmin(axis=1)


class Neighbours:
    """Lets the `count` nearest training images vote; a tie goes to the smaller digit."""

    def __init__(self, count):
        self.count = count

    def fit(self, images, labels):
        self.images, self.labels = images, labels
        return self

    def predict(self, images):
        squares = (self.images**2).sum(axis=1)
        answers = []
        for start in range(0, len(images), 500):
            distances = squares - 2 * images[start : start + 500] @ self.images.T
            nearest = distances.argpartition(self.count, axis=1)[:, : self.count]
            votes = [np.bincount(labels, minlength=10) for labels in self.labels[nearest]]
            answers.append(np.argmax(votes, axis=1))
        return np.concatenate(answers)


RUNGS = {
    "nearest mean": (NearestMean, {}),
    "neighbours": (Neighbours, {"count": 3}),
    "logistic regression": (LogisticRegression, {"C": 0.1, "max_iter": 1000}),
    "forest": (RandomForestClassifier, {"n_estimators": 100, "n_jobs": 2}),
    "support vectors": (SVC, {"C": 10, "gamma": 0.02, "cache_size": 1000}),
}
RECIPES = {
    f"{features}, {method}, {size}": {
        "features": features,
        "method": method,
        "settings": settings,
        "size": size,
        "seeds": 1 if method == "support vectors" and size == max(SIZES) else 3,
    }
    for size in SIZES
    for method, (_, settings) in RUNGS.items()
    for features in ("pixels", "deskewed")
}


def deskew(image):
    """Return the image, sheared so that its stroke stands upright."""
    rows, columns = np.mgrid[:28, :28]
    ink = image / image.sum()
    row, column = (rows * ink).sum(), (columns * ink).sum()
    slant = ((rows - row) * (columns - column) * ink).sum() / ((rows - row) ** 2 * ink).sum()
    return ndimage.affine_transform(image, [[1, 0], [slant, 1]], offset=[0, -slant * row], order=1)


@functools.cache
def load_rows(features):
    """Return training and test images as float32 rows of 784 numbers from 0 to 1."""
    mnist = load_mnist()
    parts = mnist.train_images, mnist.test_images
    if features == "deskewed":
        parts = [np.stack([deskew(image) for image in part.astype(np.float32)]) for part in parts]
    return [scale(part).reshape(len(part), 784) for part in parts]


def measure(recipe, seed) -> dict:
    """Train and score one classifier; return its accuracy, its seconds and its size."""
    mnist, size = load_mnist(), recipe["size"]
    images, test_images = load_rows(recipe["features"])
    chosen = slice(None) if size == max(SIZES) else split()[0][:size]
    kind, _ = RUNGS[recipe["method"]]
    classifier = kind(**recipe["settings"])
    if isinstance(classifier, BaseEstimator):
        classifier.set_params(random_state=seed)
    images, labels = images[chosen], mnist.train_labels[chosen]
    start = time.perf_counter()
    classifier.fit(images, labels)
    fitted = time.perf_counter()
    answers = classifier.predict(test_images)
    end = time.perf_counter()
    return {
        "accuracy": percent_right(answers, mnist.test_labels),
        "train_seconds": round(fitted - start, 3),
        "predict_seconds": round(end - fitted, 3),
        "megabytes": round(len(pickle.dumps(classifier)) / 1e6, 3),
    }


def results(runs) -> dict:
    cells = {}
    for name, cell in columns(runs).items():
        features, method, size = name.split(", ")
        least = {key: min(cell[key]) for key in ("train_seconds", "predict_seconds")}
        cell |= least | {"megabytes": cell["megabytes"][-1]}
        cells.setdefault(features, {}).setdefault(method, {})[size] = cell
    return cells


def main(arguments=None) -> None:
    record("baselines", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
