"""The textbook's convolutional network, the quick one, and each change between them.

Run: python -m benchmarks.cnn        (about twenty minutes on two cores; nothing else should run)

The ladder leads from the textbook to the quick network, one change a rung. Each rung keeps those
above it, is trained on 55,000 images with three seeds and scored on the 5,000 of the validation set.
Both ends are also trained on all 60,000 with five seeds, and scored on the test set. All run in
turn. Seconds are those of training, and include compilation.
"""

import time

import numpy as np

from benchmarks.data import accuracy, load_mnist, scale, split
from benchmarks.networks import build_textbook
from benchmarks.record import columns, record
from helpers.networks import OneCycle, build_quick
from helpers.quiet import keras, tf

layers = keras.layers

TEXTBOOK = {
    "network": "textbook",
    "batch_size": 32,
    "epochs": 5,
    "peak": None,
    "label_smoothing": 0.0,
    "one_program": False,
}
CHANGES = {
    "the textbook": {},
    "two epochs": {"epochs": 2},
    "a smaller network": {"network": "smaller"},
    "pooling before ReLU": {"network": "quick"},
    "batches of 128": {"batch_size": 128},
    "one cycle, one epoch": {"epochs": 1, "peak": 0.01},
    "softer labels": {"label_smoothing": 0.1},
    "one program": {"one_program": True},
}
LADDER, QUICK = {}, TEXTBOOK
for name, change in CHANGES.items():
    QUICK = QUICK | change
    LADDER[name] = QUICK
TEST = {"textbook": TEXTBOOK, "quick": QUICK}
RECIPES = {
    name: {"scored_on": "validation set", "recipe": LADDER[name], "seeds": 3} for name in LADDER
} | {name: {"scored_on": "test set", "recipe": TEST[name], "seeds": 5} for name in TEST}


def build_smaller():
    """Return the quick network with ReLU before pooling."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )


NETWORKS = {"textbook": build_textbook, "smaller": build_smaller, "quick": build_quick}


def train(images, labels, *, network, batch_size, epochs, peak, label_smoothing, one_program):
    """Train a network on float32 images (n, 28, 28, 1); return it and the seconds that it took.

    With a `peak`, the learning rate goes through one cycle; without, it is Keras's own.
    """
    model = NETWORKS[network]()
    optimizer = keras.optimizers.Adam()
    if peak is not None:
        one_cycle = OneCycle(peak, epochs * (len(images) // batch_size))
        optimizer = keras.optimizers.Adam(one_cycle, beta_1=0.7, beta_2=0.9)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    targets = labels
    if label_smoothing:
        loss = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=label_smoothing
        )
        targets = keras.utils.to_categorical(labels)
    if one_program:
        return model, _run(model, optimizer, loss, images, targets, batch_size, epochs)
    model.compile(optimizer, loss, metrics=["accuracy"])
    start = time.perf_counter()
    model.fit(images, targets, batch_size=batch_size, epochs=epochs, verbose=0)
    return model, time.perf_counter() - start


def _run(model, optimizer, loss_function, images, targets, batch_size, epochs) -> float:
    """Train a network with epochs that are one compiled program; return the seconds it took."""
    optimizer.build(model.trainable_variables)

    @tf.function
    def train_epoch(images, targets):
        order = tf.random.shuffle(tf.range(len(images), dtype=tf.int64))
        for step in tf.range(len(images) // batch_size):
            batch = order[step * batch_size : (step + 1) * batch_size]
            with tf.GradientTape() as tape:
                logits = model(tf.gather(images, batch), training=True)
                loss = loss_function(tf.gather(targets, batch), logits)
            optimizer.apply(tape.gradient(loss, model.trainable_variables))

    start = time.perf_counter()
    images, targets = tf.constant(images), tf.constant(targets)
    for _ in range(epochs):
        train_epoch(images, targets)
    model.get_weights()  # reading them waits for the device
    return time.perf_counter() - start


def measure(recipe, seed) -> dict:
    """Train a network; return its accuracy on the set that the recipe names, and the seconds."""
    mnist = load_mnist()
    keras.utils.set_random_seed(seed)
    images, labels = scale(mnist.train_images)[..., np.newaxis], mnist.train_labels
    if recipe["scored_on"] == "validation set":
        fit, validation = split()
        model, seconds = train(images[fit], labels[fit], **recipe["recipe"])
        score = accuracy(model, images[validation], labels[validation])
    else:
        model, seconds = train(images, labels, **recipe["recipe"])
        score = accuracy(model, scale(mnist.test_images)[..., np.newaxis], mnist.test_labels)
    return {"accuracy": score, "seconds": round(seconds, 2)}


def results(runs) -> dict:
    measured = columns(runs)
    return {
        "ladder": [{"name": name, **measured[name]} for name in LADDER if name in measured],
        "test": {name: measured[name] for name in TEST if name in measured},
    }


def main(arguments=None) -> None:
    record("cnn", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
