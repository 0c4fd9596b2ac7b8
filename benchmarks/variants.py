"""What the recipes of lessons 03 to 09 read of harder sets of MNIST's shape.

Run: python -m benchmarks.variants        (about an hour and a quarter on two cores; nothing else should run)

Logistic regression on 10,000 training images, others with each seed; the dense network of lesson 05;
the quick network of lesson 07; lesson 09's `middle`, as it was chosen for digits (which it reads in the
record `best`). Letters, twice as many images, get half as many epochs of it: as many steps. For clothes
there are also `middle` with mirrored images in place of turned ones, and the best that was found, which
reads each image and its mirror image. It was chosen on 10,000 training images that were held back.

Trained on all training images; the test set is scored after the last step. `mistakes`, kept of lesson
09's networks, are positions in the test set. Seconds are those of training. A set that cannot be reached
is left out; what is recorded of it stays.
"""

import time

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks import baselines, best, dense, techniques
from benchmarks.data import percent_right, scale
from benchmarks.record import columns, record
from helpers import training
from helpers.loading import is_available, load
from helpers.networks import build_quick
from helpers.quiet import keras

ON_EACH = {
    "logistic regression": baselines.RUNGS["logistic regression"][1],
    "dense": dense.TEST["chosen"],
    "quick": {"epochs": 4},
}
MIDDLE = {key: value for key, value in best.RECIPES["middle"].items() if key != "seeds"}
MIRRORED = MIDDLE | {"rotation": 0.0, "scale": 0.0, "shear": 0.0, "flip": True}
BEST = {
    "network": "deep",
    "batch_norm": True,
    "dropout": 0.4,
    "epochs": 16,
    "peak": 0.006,
    "label_smoothing": 0.1,
    "flip": True,
    "reads_mirror": True,
}
ON_ONE = {
    "mnist": {},
    "fashion-mnist": {"middle": MIDDLE, "middle, mirrored": MIRRORED, "best": BEST},
    "emnist": {"middle": MIDDLE | {"epochs": 12, "plain_epochs": 1}},
    "kmnist": {"middle": MIDDLE},
}
RECIPES = {
    f"{name}, {method}": {"set": name, "method": method, "settings": settings, "seeds": 3}
    for name, more in ON_ONE.items()
    for method, settings in (ON_EACH | more).items()
}


def answer_by_regression(data, settings, seed):
    chosen = np.random.default_rng(seed).permutation(len(data.train_labels))[:10_000]
    rows, test_rows = (
        scale(images).reshape(len(images), 784)
        for images in (data.train_images[chosen], data.test_images)
    )
    start = time.perf_counter()
    model = LogisticRegression(**settings).fit(rows, data.train_labels[chosen])
    return model.predict(test_rows), time.perf_counter() - start


def answer_by_dense(data, settings, seed):
    start = time.perf_counter()
    model = dense.train(scale(data.train_images), data.train_labels, seed, **settings)
    seconds = time.perf_counter() - start
    logits = model.predict(scale(data.test_images), batch_size=1000, verbose=0)
    return logits.argmax(axis=1), seconds


def answer_by_quick(data, settings, seed):
    keras.utils.set_random_seed(seed)
    model = build_quick(classes=len(data.class_names))
    start = time.perf_counter()
    training.train(model, data.train_images, data.train_labels, **settings)
    seconds = time.perf_counter() - start
    return training.read(model, data.test_images).argmax(axis=1), seconds


def answer_by_techniques(data, settings, seed):
    keras.utils.set_random_seed(seed)
    model, seconds = techniques.train(data.train_images, data.train_labels, settings)
    probabilities = training.read(model, data.test_images)
    if settings.get("reads_mirror"):
        probabilities += training.read(model, data.test_images[:, :, ::-1])
    return probabilities.argmax(axis=1), seconds


ANSWER = {
    "logistic regression": answer_by_regression,
    "dense": answer_by_dense,
    "quick": answer_by_quick,
}  # the others are made of lesson 09's techniques


def measure(recipe, seed) -> dict:
    """Train; return the accuracy on the test set, the seconds, and what lesson 09's networks misread."""
    data = load(recipe["set"])
    answer = ANSWER.get(recipe["method"], answer_by_techniques)
    answers, seconds = answer(data, recipe["settings"], seed)
    result = {"accuracy": percent_right(answers, data.test_labels), "seconds": round(seconds, 1)}
    if answer is answer_by_techniques:
        result["mistakes"] = np.flatnonzero(answers != data.test_labels).tolist()
    return result


def main(arguments=None) -> None:
    reached = {name: recipe for name, recipe in RECIPES.items() if is_available(recipe["set"])}
    if not reached:
        raise SystemExit("None of the data sets could be reached.")
    record(
        "variants",
        reached,
        measure,
        columns,
        arguments,
        keep=lambda run: run["name"] not in reached,
    )


if __name__ == "__main__":
    main()
