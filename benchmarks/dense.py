"""The dense network: what each idea gives on validation images, and the two recipes on the test set.

Run: python -m benchmarks.dense        (about ten minutes on two cores)

The ladder trains on the first 55,000 training images and scores on the last 5,000, three seeds. The
recipe is chosen there. Then the textbook's and the chosen one are trained on all 60,000 with five seeds
and scored on the test set.
"""

import numpy as np

from helpers.loading import load
from helpers.quiet import keras
from helpers.records import write_record

layers = keras.layers

TEXTBOOK = {"units": 128, "dropout": 0.0, "batch_size": 32, "epochs": 5, "falling_rate": None}
STEPS = [
    ("the textbook", {}),
    ("batches of 128", {"batch_size": 128}),
    ("512 wide", {"units": 512}),
    ("a falling rate", {"falling_rate": 0.002}),
    ("ten epochs", {"epochs": 10}),
    ("dropout", {"dropout": 0.3}),
]
LADDER_SEEDS, TEST_SEEDS = range(3), range(5)


def train(images, labels, seed, *, units, dropout, batch_size, epochs, falling_rate):
    """Return a trained network."""
    keras.utils.set_random_seed(seed)
    steps = epochs * -(-len(images) // batch_size)
    rate = keras.optimizers.schedules.CosineDecay(falling_rate, steps) if falling_rate else 0.001
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten(), layers.Dense(units, activation="relu")]
    )
    if dropout:
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    model.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=0)
    return model


def accuracy(model, images, labels) -> float:
    """Return the accuracy in per cent."""
    logits = model.predict(images, batch_size=1000, verbose=0)
    return round(100 * float(np.mean(logits.argmax(axis=1) == labels)), 2)


def main() -> None:
    mnist = load("mnist")
    if mnist.is_practice:
        raise SystemExit("This benchmark measures MNIST, which could not be reached.")
    images, labels = mnist.train_images.astype(np.float32) / np.float32(255), mnist.train_labels
    ladder, recipe = [], dict(TEXTBOOK)
    for name, change in STEPS:
        recipe |= change
        scores = []
        for seed in LADDER_SEEDS:
            model = train(images[:55_000], labels[:55_000], seed, **recipe)
            scores.append(accuracy(model, images[55_000:], labels[55_000:]))
        ladder.append(
            {"name": name, "recipe": dict(recipe), "seeds": list(LADDER_SEEDS), "accuracy": scores}
        )
        print(name, scores, flush=True)
    test = {}
    test_images = mnist.test_images.astype(np.float32) / np.float32(255)
    for name, settings in (("textbook", TEXTBOOK), ("chosen", recipe)):
        scores = []
        for seed in TEST_SEEDS:
            model = train(images, labels, seed, **settings)
            scores.append(accuracy(model, test_images, mnist.test_labels))
        test[name] = {"recipe": settings, "seeds": list(TEST_SEEDS), "accuracy": scores}
        print(name, scores, flush=True)
    write_record("dense", {"ladder": ladder, "test": test})


if __name__ == "__main__":
    main()
