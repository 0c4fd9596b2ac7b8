"""What a network has to beat: five classifiers on pixels and on deskewed digits, error and cost.

Run: python -m benchmarks.baselines        (about half an hour on two cores)

Each is trained on the first 10,000 and on all 60,000 training images and scored on the test set. The
settings are those that lesson 03 chooses on validation images, with 10,000 images to train on. Only the
logistic regression and the forest draw random numbers, but all run three times, for the sake of the
clock: the seconds are the least of the three. The slowest, the support vectors on all images, run once.
"""

import pickle
import time

import numpy as np
from scipy import ndimage
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from helpers.loading import load
from helpers.records import write_record

SIZES = (10_000, 60_000)
SEEDS = range(3)


class NearestMean:
    """Answers with the digit whose mean image is nearest."""

    def fit(self, images, labels):
        self.means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])
        return self

    def predict(self, images):
        return ((self.means**2).sum(axis=1) - 2 * images @ self.means.T).argmin(axis=1)


class Neighbours:
    """Lets the `count` nearest training images vote; a tie goes to the smaller digit, as in the lesson."""

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
    "nearest mean": lambda seed: NearestMean(),
    "neighbours": lambda seed: Neighbours(3),
    "logistic regression": lambda seed: LogisticRegression(
        C=0.1, solver="saga", tol=0.02, random_state=seed
    ),
    "forest": lambda seed: RandomForestClassifier(100, random_state=seed, n_jobs=2),
    "support vectors": lambda seed: SVC(C=10, gamma=0.02, cache_size=1000),
}


def deskew(image):
    """Return the image, sheared so that its stroke stands upright."""
    rows, columns = np.mgrid[:28, :28]
    ink = image / image.sum()
    row, column = (rows * ink).sum(), (columns * ink).sum()
    slant = ((rows - row) * (columns - column) * ink).sum() / ((rows - row) ** 2 * ink).sum()
    return ndimage.affine_transform(image, [[1, 0], [slant, 1]], offset=[0, -slant * row], order=1)


def as_rows(images):
    """Return images (n, 28, 28) as float32 rows of 784 numbers from 0 to 1."""
    return images.reshape(len(images), 784).astype(np.float32) / np.float32(255)


def measure(build, seeds, images, labels, test_images, test_labels) -> dict:
    """Train and score one classifier; return its accuracies, its seconds and its size."""
    scores, train_seconds, predict_seconds = [], [], []
    for seed in seeds:
        start = time.perf_counter()
        classifier = build(seed).fit(images, labels)
        fitted = time.perf_counter()
        answers = classifier.predict(test_images)
        predict_seconds.append(time.perf_counter() - fitted)
        train_seconds.append(fitted - start)
        scores.append(round(100 * float(np.mean(answers == test_labels)), 2))
    return {
        "seeds": list(seeds),
        "accuracy": scores,
        "train_seconds": round(min(train_seconds), 3),
        "predict_seconds": round(min(predict_seconds), 3),
        "megabytes": round(len(pickle.dumps(classifier)) / 1e6, 3),
    }


def main() -> None:
    mnist = load("mnist")
    if mnist.is_practice:
        raise SystemExit("This benchmark measures MNIST, which could not be reached.")
    labels, test_labels = mnist.train_labels, mnist.test_labels
    upright, test_upright = (
        np.stack([deskew(image) for image in images.astype(np.float32)])
        for images in (mnist.train_images, mnist.test_images)
    )
    features = {
        "pixels": (as_rows(mnist.train_images), as_rows(mnist.test_images)),
        "deskewed": (as_rows(upright), as_rows(test_upright)),
    }
    results = {name: {} for name in features}
    for size in SIZES:
        for rung, build in RUNGS.items():
            for name, (images, test_images) in features.items():
                once = rung == "support vectors" and size == max(SIZES)
                result = measure(
                    build,
                    SEEDS[:1] if once else SEEDS,
                    images[:size],
                    labels[:size],
                    test_images,
                    test_labels,
                )
                results[name].setdefault(rung, {})[str(size)] = result
                print(name, rung, size, result, flush=True)
    write_record("baselines", results)


if __name__ == "__main__":
    main()
