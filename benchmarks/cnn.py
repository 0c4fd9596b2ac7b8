"""The textbook's convolutional network against the quick one: seconds and accuracy.

Run: python -m benchmarks.cnn        (about ten minutes on two cores; nothing else should run)

Both are trained on all 60,000 images with five seeds, in turn, and scored on the test set. The
quick recipe was chosen on 5,000 training images, drawn at random. Seconds include compilation.
"""

import time

import numpy as np

from benchmarks.data import accuracy, load_mnist, scale
from benchmarks.networks import OneCycle, build_quick, build_textbook
from benchmarks.record import columns, record
from helpers.quiet import keras, tf

RECIPES = {
    "textbook": {"network": "textbook", "batch_size": 32, "epochs": 5, "seeds": 5},
    "quick": {"network": "quick", "batch_size": 128, "peak": 0.01, "seeds": 5},
}


def train_textbook(images, labels, batch_size=32, epochs=5):
    """Train the textbook's network; return it and the seconds that training took."""
    model = build_textbook()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    start = time.perf_counter()
    model.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=0)
    return model, time.perf_counter() - start


def train_quick(images, labels, batch_size=128, peak=0.01):
    """Train the quick network for an epoch; return it and the seconds that training took."""
    steps = len(images) // batch_size
    model = build_quick()
    optimizer = keras.optimizers.Adam(OneCycle(peak, steps), beta_1=0.7, beta_2=0.9)
    optimizer.build(model.trainable_variables)
    loss_function = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)

    @tf.function
    def train_epoch(images, one_hot):
        order = tf.random.shuffle(tf.range(len(images), dtype=tf.int64))
        for step in tf.range(steps):
            batch = order[step * batch_size : (step + 1) * batch_size]
            with tf.GradientTape() as tape:
                logits = model(tf.gather(images, batch), training=True)
                loss = loss_function(tf.gather(one_hot, batch), logits)
            optimizer.apply(tape.gradient(loss, model.trainable_variables))

    start = time.perf_counter()
    train_epoch(tf.constant(images), tf.one_hot(labels, 10))
    model.get_weights()  # reading them waits for the device
    return model, time.perf_counter() - start


TRAIN = {"textbook": train_textbook, "quick": train_quick}


def measure(recipe, seed) -> dict:
    """Train a network; return its test accuracy and the seconds of training."""
    mnist = load_mnist()
    keras.utils.set_random_seed(seed)
    settings = dict(recipe)
    train = TRAIN[settings.pop("network")]
    model, seconds = train(
        scale(mnist.train_images)[..., np.newaxis], mnist.train_labels, **settings
    )
    test_images = scale(mnist.test_images)[..., np.newaxis]
    return {
        "accuracy": accuracy(model, test_images, mnist.test_labels),
        "seconds": round(seconds, 2),
    }


def results(runs) -> dict:
    return {"test": columns(runs)}


def main(arguments=None) -> None:
    record("cnn", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
