"""What a validation set says about images that are still to come, by how it was held out.

Run: python -m benchmarks.validation_sets        (about twelve minutes on two cores)

The quick network of lesson 07 is trained for two epochs on the images that are not held out. Beside
its accuracy on the 5,000 or so that are, stands its accuracy on the test set, and on the students' and
the employees' half of that: nothing is chosen with either. With each seed comes another network, and
where images or writers are drawn, another twelfth of them: after twelve seeds each training image was
held out once, by either way, and their means are over the same 60,000 images.

The recipes "to ..." train on 24,000 images, of one group of writers or of both, drawn with each seed.
"employees to students" trains on the images that "employees to employees" trains on.
"""

import functools

import numpy as np

from benchmarks.data import load_mnist
from benchmarks.record import columns, record
from helpers.networks import build_quick
from helpers.quiet import keras
from helpers.training import read, train
from helpers.writers import load_writers

COUNT, PARTS = 60_000, 12
HELD_OUT = COUNT // PARTS
FEW = 24_000  # students and employees have this many, and HELD_OUT more


@functools.cache
def writers():
    return load_writers(load_mnist())


def positions_of(group):
    """Return where in the training set the images of "students", "employees" or "both" are."""
    if group == "both":
        return np.arange(COUNT)
    return np.flatnonzero(writers().train_is_student == (group == "students"))


def draw_images(seed):
    """Return a twelfth of the images; that of seed 11 is the validation set of the lessons."""
    return np.array_split(np.random.default_rng(seed=0).permutation(COUNT), PARTS)[seed]


def draw_writers(seed):
    """Return all images of a twelfth of the students and of a twelfth of the employees."""
    drawn = []
    for group in ("students", "employees"):
        names = np.unique(writers().train_writers[positions_of(group)])
        names = np.random.default_rng(seed=0).permutation(names)
        drawn.extend(np.array_split(names, PARTS)[seed])
    return np.flatnonzero(np.isin(writers().train_writers, drawn))


FIXED = {
    "first slice": lambda seed: np.arange(HELD_OUT),
    "last slice": lambda seed: np.arange(COUNT - HELD_OUT, COUNT),
    "every twelfth": lambda seed: np.arange(0, COUNT, PARTS),
    "every twelfth from the second": lambda seed: np.arange(1, COUNT, PARTS),
}
DRAWN = {"random": draw_images, "whole writers": draw_writers}
FEWER = {
    f"{group} to {others}": {"train_on": group, "validate_with": others}
    for group, others in (
        ("employees", "employees"),
        ("employees", "students"),
        ("students", "students"),
        ("students", "employees"),
        ("both", "both"),
    )
}
RECIPES = (
    {name: {"hold_out": name, "seeds": 5} for name in FIXED}
    | {name: {"hold_out": name, "seeds": PARTS} for name in DRAWN}
    | {name: recipe | {"seeds": 5} for name, recipe in FEWER.items()}
)


def split(recipe, seed):
    """Return which training images a recipe fits, and which it validates with."""
    if "hold_out" in recipe:
        held_out = (FIXED | DRAWN)[recipe["hold_out"]](seed)
        return np.setdiff1d(np.arange(COUNT), held_out), held_out
    rng = np.random.default_rng(seed)
    fit, rest = np.split(rng.permutation(positions_of(recipe["train_on"])), [FEW])
    if recipe["validate_with"] != recipe["train_on"]:
        rest = rng.permutation(positions_of(recipe["validate_with"]))
    return fit, rest[:HELD_OUT]


def measure(recipe, seed) -> dict:
    """Train; return accuracies, and of the validation images the number and who wrote them.

    All but the number is in per cent; "known_writers": those who wrote images that were trained on too.
    """
    mnist = load_mnist()
    fit, validation = split(recipe, seed)
    keras.utils.set_random_seed(seed)
    network = build_quick()
    train(network, mnist.train_images[fit], mnist.train_labels[fit], epochs=2)

    def is_right(images, labels):
        return read(network, images).argmax(axis=1) == labels

    known = writers()
    test = is_right(mnist.test_images, mnist.test_labels)
    shares = {
        "validation": is_right(mnist.train_images[validation], mnist.train_labels[validation]),
        "test": test,
        "test_students": test[known.test_is_student],
        "test_employees": test[~known.test_is_student],
        "known_writers": np.isin(known.train_writers[validation], known.train_writers[fit]),
        "students": known.train_is_student[validation],
    }
    percent = {name: round(100 * float(share.mean()), 2) for name, share in shares.items()}
    return percent | {"images": len(validation)}


def main(arguments=None) -> None:
    record("validation_sets", RECIPES, measure, columns, arguments)


if __name__ == "__main__":
    main()
