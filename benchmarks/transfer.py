"""What layers that have read one data set are worth on another, with few labels of each class.

Run: python -m benchmarks.transfer        (about half an hour on two cores)

The quick network of lesson 07 is trained on a source. Its first layers are taken along into a new
network, which learns a target from 10, 100 or 1,000 images of each class: kept as they are ("frozen"),
or trained on ("fine-tuned"). Beside them: the same network from scratch, and with first layers that
nobody trained. With each seed come other images, and another network of the source.

Epochs and rate were chosen for each number of labels and each way, among six, on 10,000 training images
of the target, with other draws. The target's test set is scored after the last step.

"sandals and shirts" follows a well-known book: a network for the other eight kinds of clothes, then
200 images to tell these two apart.
"""

import functools

import numpy as np

from benchmarks.data import percent_right
from benchmarks.record import columns, record
from helpers.loading import load
from helpers.networks import build_quick
from helpers.quiet import keras
from helpers.training import read, train

HELD_OUT = 10_000  # training images of the target on which epochs and rates were chosen
SANDALS_AND_SHIRTS = [5, 6]
WAYS = {
    "from scratch": {"source": None, "layers": 0, "frozen": False},
    "frozen": {"source": "mnist", "layers": 2, "frozen": True},
    "fine-tuned": {"source": "mnist", "layers": 2, "frozen": False},
}
MORE_WAYS = {
    "one layer, frozen": {"source": "mnist", "layers": 1, "frozen": True},
    "three layers, frozen": {"source": "mnist", "layers": 3, "frozen": True},
    "untrained, frozen": {"source": None, "layers": 2, "frozen": True},
    "from clothes, frozen": {"source": "fashion-mnist", "layers": 2, "frozen": True},
    "from clothes, fine-tuned": {"source": "fashion-mnist", "layers": 2, "frozen": False},
}
CHOSEN = {  # epochs and highest rate, by target, images of each class, and way
    ("emnist", 10): {"from scratch": (100, 0.01), "frozen": (30, 0.003), "fine-tuned": (100, 0.01)},
    ("emnist", 100): {"from scratch": (15, 0.01), "frozen": (15, 0.003), "fine-tuned": (15, 0.01)},
    ("emnist", 1000): {"from scratch": (15, 0.01), "frozen": (5, 0.01), "fine-tuned": (5, 0.01)},
    ("fashion-mnist", 10): {
        "from scratch": (30, 0.003),
        "frozen": (100, 0.001),
        "fine-tuned": (100, 0.01),
    },
    ("fashion-mnist", 100): {
        "from scratch": (15, 0.01),
        "frozen": (50, 0.001),
        "fine-tuned": (15, 0.003),
    },
    ("fashion-mnist", 1000): {
        "from scratch": (15, 0.003),
        "frozen": (5, 0.01),
        "fine-tuned": (5, 0.01),
    },
}
CHOSEN_FOR_MORE = {
    "one layer, frozen": (15, 0.01),
    "three layers, frozen": (50, 0.01),
    "untrained, frozen": (50, 0.01),
    "from clothes, frozen": (15, 0.003),
    "from clothes, fine-tuned": (15, 0.01),
}
BATCH_SIZES = {10: 50, 100: 100, 1000: 128}


def recipe(target, per_class, way, epochs, peak, **more):
    """Return a recipe; `classes` and `source_classes` are those that are taken, all if there are none."""
    return {
        "target": target,
        "per_class": per_class,
        "classes": [],
        "source_classes": [],
        **way,
        "epochs": epochs,
        "peak": peak,
        "batch_size": BATCH_SIZES[per_class],
        "seeds": 10,
        **more,
    }


RECIPES = {
    f"{target}, {per_class} each, {name}": recipe(target, per_class, WAYS[name], *settings)
    for (target, per_class), ways in CHOSEN.items()
    for name, settings in ways.items()
}
for name, way in MORE_WAYS.items():
    RECIPES[f"emnist, 100 each, {name}"] = recipe("emnist", 100, way, *CHOSEN_FOR_MORE[name])
for name, settings in {
    "from scratch": (50, 0.01),
    "frozen": (15, 0.003),
    "fine-tuned": (15, 0.003),
}.items():
    way = WAYS[name] | {"source": WAYS[name]["source"] and "fashion-mnist"}
    RECIPES[f"sandals and shirts, {name}"] = recipe(
        "fashion-mnist",
        100,
        way,
        *settings,
        classes=SANDALS_AND_SHIRTS,
        source_classes=[label for label in range(10) if label not in SANDALS_AND_SHIRTS],
        batch_size=50,
        seeds=20,
    )


@functools.cache
def part(name, side, classes):
    """Return the images of some classes of a set, or of all if none is named; labels begin at 0."""
    data = load(name)
    images, labels = (getattr(data, f"{side}_{kind}") for kind in ("images", "labels"))
    if classes:
        stays = np.isin(labels, classes)
        images, labels = images[stays], np.searchsorted(classes, labels[stays])
    return images, labels


@functools.cache
def source_weights(source, classes, seed):
    """Return the weights of a quick network that was trained on the source, layer by layer."""
    images, labels = part(source, "train", classes)
    keras.utils.set_random_seed(seed)
    network = build_quick(classes=int(labels.max()) + 1)
    train(network, images, labels)
    return [layer.get_weights() for layer in network.layers if layer.weights]


def draw(labels, per_class, seed):
    """Return positions of `per_class` images of each class, none of them held out."""
    free = np.random.default_rng(seed=0).permutation(len(labels))[HELD_OUT:]
    free = np.random.default_rng(seed).permutation(free)
    return np.concatenate(
        [free[labels[free] == label][:per_class] for label in range(labels.max() + 1)]
    )


def learn(recipe, seed):
    """Return a network that has learned the target from a few images, as the recipe says."""
    images, labels = part(recipe["target"], "train", tuple(recipe["classes"]))
    chosen = draw(labels, recipe["per_class"], seed)
    weights = None
    if recipe["source"]:
        weights = source_weights(recipe["source"], tuple(recipe["source_classes"]), seed)
    keras.utils.set_random_seed(seed)
    network = build_quick(classes=int(labels.max()) + 1)
    first_layers = [layer for layer in network.layers if layer.weights][: recipe["layers"]]
    for position, layer in enumerate(first_layers):
        if weights:
            layer.set_weights(weights[position])
        layer.trainable = not recipe["frozen"]
    settings = {key: recipe[key] for key in ("epochs", "peak", "batch_size")}
    train(network, images[chosen], labels[chosen], **settings)
    return network


def measure(recipe, seed) -> dict:
    """Learn the target from a few images; return the accuracy on its test set."""
    images, labels = part(recipe["target"], "test", tuple(recipe["classes"]))
    answers = read(learn(recipe, seed), images).argmax(axis=1)
    return {"accuracy": percent_right(answers, labels)}


def main(arguments=None) -> None:
    record("transfer", RECIPES, measure, columns, arguments)


if __name__ == "__main__":
    main()
