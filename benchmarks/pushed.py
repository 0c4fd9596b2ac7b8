"""How networks of the series read changed test images, and whether they are as often right as sure.

Run: python -m benchmarks.pushed        (about an hour on two cores)

Four networks: the dense one that lesson 05 chose, the quick one of lesson 07, and lesson 09's full
recipe with and without affine maps. "quick without softer labels" shows what these do to confidence.
All are trained on 55,000 images. Nothing is chosen with the test set: the strengths reach from
unchanged to broken, and temperatures are fitted to the 5,000 images of the validation set. To show
what a known mistake does, they are also fitted to 5,000 images that were trained on, and probabilities
are taken for logits.

All numbers are in per cent, but counts and temperatures; None where a bin is empty.
"""

import numpy as np
from scipy.special import softmax

from benchmarks import ablation, cnn, dense, techniques
from benchmarks.data import load_mnist, scale, split
from benchmarks.record import record
from helpers import pushes
from helpers.calibration import expected_calibration_error, fit_temperature, reliability
from helpers.quiet import keras

STUDENTS = 5_001  # the first of the test images; employees wrote the others
PARTS = {"all": slice(None), "students": slice(STUDENTS), "employees": slice(STUDENTS, None)}
PUSHES = {
    "shifted": (pushes.shift, [0, 1, 2, 3, 4, 6, 8]),
    "rotated": (pushes.rotate, [-90, -60, -45, -30, -15, 0, 15, 30, 45, 60, 90]),
    "thickened": (pushes.thicken, [-2, -1.5, -1, -0.5, 0, 0.5, 1, 2, 3, 4]),
    "noisy": (pushes.add_noise, [0, 25, 50, 75, 100, 150, 250]),
    "inverted": (pushes.invert, [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1]),
}
RECIPES = {
    "dense": {"kind": "dense", "settings": dense.TEST["chosen"]},
    "quick": {"kind": "cnn", "settings": cnn.QUICK},
    "quick without softer labels": {
        "kind": "cnn",
        "settings": cnn.QUICK | {"label_smoothing": 0.0},
    },
    "full": {"kind": "techniques", "settings": ablation.FULL},
    "full without affine maps": {
        "kind": "techniques",
        "settings": ablation.FULL | ablation.LEFT_OUT["affine maps"],
    },
}
RECIPES = {name: recipe | {"seeds": 5} for name, recipe in RECIPES.items()}


def train(recipe, images, labels, seed):
    """Train the network of a recipe on uint8 images (n, 28, 28)."""
    keras.utils.set_random_seed(seed)
    settings = recipe["settings"]
    if recipe["kind"] == "dense":
        return dense.train(scale(images), labels, seed, **settings)
    if recipe["kind"] == "cnn":
        return cnn.train(scale(images)[..., np.newaxis], labels, **settings)[0]
    return techniques.train(images, labels, settings)[0]


def read(network, images):
    """Return the logits (n, classes), float64, of uint8 images (n, 28, 28)."""
    inputs = scale(images).reshape(-1, *network.input_shape[1:])
    return network.predict(inputs, batch_size=1000, verbose=0).astype(float)


def answer(logits, labels):
    """Return how sure each answer is, from 0 to 1, and whether it is right."""
    probabilities = softmax(logits, axis=1)
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels


def percent(share) -> float:
    return round(100 * float(share), 2)


def error(logits, labels) -> float:
    return percent(expected_calibration_error(*answer(logits, labels)))


def push_all(network, images, labels) -> dict:
    """Return the accuracy and the mean confidence at each strength of each push."""
    pushed = {}
    for name, (push, strengths) in PUSHES.items():
        answers = [answer(read(network, push(images, strength)), labels) for strength in strengths]
        pushed[name] = {
            "accuracy": [percent(right.mean()) for _, right in answers],
            "confidence": [percent(confidences.mean()) for confidences, _ in answers],
        }
    return pushed


def calibration(logits, labels, temperatures) -> dict:
    """Return how far confidences are off, with and without temperatures, and what a diagram needs."""
    confidences, right = answer(logits, labels)
    counts, accuracies, sure = reliability(confidences, right)
    return {
        "accuracy": percent(right.mean()),
        "confidence": percent(confidences.mean()),
        "error": error(logits, labels),
        "error_at": {
            name: error(logits / temperature, labels) for name, temperature in temperatures.items()
        },
        "error_of_probabilities_as_logits": error(softmax(logits, axis=1), labels),
        "bins": {
            "counts": counts.tolist(),
            "accuracies": [None if np.isnan(share) else percent(share) for share in accuracies],
            "confidences": [None if np.isnan(share) else percent(share) for share in sure],
        },
    }


def measure(recipe, seed) -> dict:
    """Train; return what `push_all` finds, the temperatures, and the calibration of each part."""
    mnist = load_mnist()
    fit, validation = split()
    network = train(recipe, mnist.train_images[fit], mnist.train_labels[fit], seed)
    temperatures = {
        name: fit_temperature(
            read(network, mnist.train_images[positions]), mnist.train_labels[positions]
        )
        for name, positions in (("validation", validation), ("trained_on", fit[: len(validation)]))
    }
    logits = read(network, mnist.test_images)
    return {
        "pushed": push_all(network, mnist.test_images, mnist.test_labels),
        "temperature": {name: round(value, 3) for name, value in temperatures.items()},
        "calibration": {
            part: calibration(logits[where], mnist.test_labels[where], temperatures)
            for part, where in PARTS.items()
        },
    }


def stack(results):
    """Return the results of several seeds as one of that form, with a list in place of each value."""
    if isinstance(results[0], dict):
        return {key: stack([result[key] for result in results]) for key in results[0]}
    return results


def results(runs) -> dict:
    """Return the strengths, and for each network the results of its seeds, stacked."""
    named = {}
    for run in runs:
        named.setdefault(run["name"], []).append({"seeds": run["seed"], **run["result"]})
    return {
        "strengths": {name: strengths for name, (_, strengths) in PUSHES.items()},
        **{name: stack(of_seeds) for name, of_seeds in named.items()},
    }


def main(arguments=None) -> None:
    record("pushed", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
