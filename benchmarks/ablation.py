"""What each technique of lesson 09 gives, alone and as one of many, and what it costs.

Run: python -m benchmarks.ablation        (about an hour and a half on two cores; nothing else should run)

Each technique is added alone to the quick recipe (label smoothing, which it has, is taken away),
and left out of a full recipe. Three plainer things to spend seconds on are more epochs, a better
network and several networks.
Every network is trained on 50,000 images and reads the other 10,000, which are chosen with: the
test set takes no part. `mistakes` are positions in those 10,000. Seconds are those of training,
without tracing and compiling.
"""

import numpy as np

from benchmarks.data import load_mnist, percent_right
from benchmarks.record import columns, record
from benchmarks.techniques import NOTHING, train
from benchmarks.time_to_accuracy import SHIFTS, score
from helpers.quiet import keras

AFFINE = {"shift": 1, "rotation": 10.0, "scale": 0.1, "shear": 0.1}
QUICK = {"network": "quick", "hidden": 128, "epochs": 4, "label_smoothing": 0.1}
FULL = {
    "network": "middle",
    "epochs": 6,
    "plain_epochs": 1,
    "batch_norm": True,
    "dropout": 0.3,
    "label_smoothing": 0.1,
    "weight_decay": 0.02,
    "averaging": 0.99,
    **AFFINE,
}
ALONE = {
    "batch norm": {"batch_norm": True},
    "dropout": {"dropout": 0.3},
    "weight decay": {"weight_decay": 0.02},
    "averaged weights": {"averaging": 0.99},
    "shifts": {"shift": 1},
    "affine maps": AFFINE,
    "elastic": {"elastic": 0.5},
    "flips": {"flip": True},
    "a better network": {"network": "middle", "hidden": 0},
    "twice the epochs": {"epochs": 8},
    "twice the epochs and affine maps": {"epochs": 8, **AFFINE},
    "five networks": {"networks": 5},
}
LEFT_OUT = {
    "batch norm": {"batch_norm": False},
    "dropout": {"dropout": 0.0},
    "label smoothing": {"label_smoothing": 0.0},
    "weight decay": {"weight_decay": 0.0},
    "averaged weights": {"averaging": 0.0},
    "affine maps": {key: NOTHING[key] for key in AFFINE},
    "a better network": {"network": "quick", "hidden": 128},
}
RECIPES = (
    {"quick": QUICK | {"seeds": 10}}
    | {"quick without label smoothing": QUICK | {"label_smoothing": 0.0, "seeds": 10}}
    | {f"quick with {name}": QUICK | change | {"seeds": 10} for name, change in ALONE.items()}
    | {"full": FULL | {"seeds": 5}}
    | {f"full without {name}": FULL | change | {"seeds": 5} for name, change in LEFT_OUT.items()}
)


def measure(recipe, seed) -> dict:
    """Train; return accuracy, mistakes and seconds, and the accuracy over five shifted copies."""
    mnist = load_mnist()
    fit, held_out = np.split(np.random.default_rng(seed=0).permutation(60_000), [50_000])
    images, labels = mnist.train_images[held_out], mnist.train_labels[held_out]
    networks = recipe.get("networks", 1)
    settings = {key: value for key, value in recipe.items() if key != "networks"}
    once, shifted, seconds = 0, 0, 0
    for number in range(networks):
        keras.utils.set_random_seed(networks * seed + number)
        model, took = train(mnist.train_images[fit], mnist.train_labels[fit], settings)
        once = once + score(model, images, SHIFTS[:1])
        shifted = shifted + score(model, images, SHIFTS)
        seconds += took
    answers = once.argmax(axis=1)
    return {
        "accuracy": percent_right(answers, labels),
        "shifted": percent_right(shifted.argmax(axis=1), labels),
        "seconds": round(seconds, 2),
        "mistakes": np.flatnonzero(answers != labels).tolist(),
    }


def results(runs) -> dict:
    """Return for each recipe its accuracies and seconds; the mistakes stay with the runs."""
    table = columns(runs)
    for row in table.values():
        del row["mistakes"]
    return table


def main(arguments=None) -> None:
    record("ablation", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
