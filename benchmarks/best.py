"""How far one network goes on the test set, and how small a network can be; each image read once.

Run: python -m benchmarks.best        (about two hours on two cores; nothing else should run)

Trained on all 60,000 images; the test set is scored after the last step. The recipes were chosen on
10,000 training images that were held back, and stood here before any of them met the test set.
`mistakes` are positions in the test set. Seconds are those of training, without tracing and
compiling.
"""

import numpy as np

from benchmarks.ablation import AFFINE
from benchmarks.data import load_mnist, percent_right
from benchmarks.record import columns, record
from benchmarks.techniques import train
from benchmarks.time_to_accuracy import SHIFTS, score
from helpers.quiet import keras

LONG = {"batch_norm": True, "label_smoothing": 0.1, "peak": 0.006, "plain_epochs": 2, **AFFINE}
SMALL = {"batch_norm": True, "label_smoothing": 0.05, "peak": 0.02, "shift": 1, "seeds": 10}
RECIPES = {
    "middle": {**LONG, "network": "middle", "dropout": 0.3, "epochs": 24, "seeds": 10},
    "large": {**LONG, "network": "large", "dropout": 0.4, "epochs": 36, "seeds": 5},
    "little": {**SMALL, "network": "little", "epochs": 24},
    "tiny": {**SMALL, "network": "tiny", "average": True, "epochs": 30},
}


def measure(recipe, seed) -> dict:
    """Train on all training images; return accuracy, mistakes, seconds and trainable parameters."""
    mnist = load_mnist()
    keras.utils.set_random_seed(seed)
    model, seconds = train(mnist.train_images, mnist.train_labels, recipe)
    answers = score(model, mnist.test_images, SHIFTS[:1]).argmax(axis=1)
    return {
        "accuracy": percent_right(answers, mnist.test_labels),
        "parameters": sum(int(np.prod(weight.shape)) for weight in model.trainable_weights),
        "seconds": round(seconds, 1),
        "mistakes": np.flatnonzero(answers != mnist.test_labels).tolist(),
    }


def main(arguments=None) -> None:
    record("best", RECIPES, measure, columns, arguments)


if __name__ == "__main__":
    main()
