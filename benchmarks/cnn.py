"""The textbook's convolutional network against the quick one: seconds and accuracy.

Run: python -m benchmarks.cnn        (about ten minutes on two cores; nothing else should run)

Both are trained on all 60,000 images with five seeds, in turn, and scored on the test set. The quick
recipe was chosen on the last 5,000 training images. Seconds include compilation.
"""

import time

import numpy as np

from benchmarks.dense import accuracy
from benchmarks.networks import OneCycle, build_quick, build_textbook
from helpers.loading import load
from helpers.quiet import keras, tf
from helpers.records import write_record

SEEDS = range(5)


def train_textbook(images, labels):
    """Train the textbook's network; return it and the seconds that training took."""
    model = build_textbook()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    start = time.perf_counter()
    model.fit(images, labels, epochs=5, verbose=0)
    return model, time.perf_counter() - start


def train_quick(images, labels, batch_size=128):
    """Train the quick network; return it and the seconds that training took."""
    steps = len(images) // batch_size
    model = build_quick()
    optimizer = keras.optimizers.Adam(OneCycle(0.01, steps), beta_1=0.7, beta_2=0.9)
    optimizer.build(model.trainable_variables)
    loss_function = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)

    @tf.function
    def train_epoch(images, one_hot):
        order = tf.random.shuffle(tf.range(len(images)))
        for step in tf.range(steps):
            batch = order[step * batch_size : (step + 1) * batch_size]
            with tf.GradientTape() as tape:
                logits = model(tf.gather(images, batch), training=True)
                loss = loss_function(tf.gather(one_hot, batch), logits)
            optimizer.apply(tape.gradient(loss, model.trainable_variables))

    start = time.perf_counter()
    train_epoch(tf.constant(images), tf.one_hot(labels, 10))
    return model, time.perf_counter() - start


def main() -> None:
    mnist = load("mnist")
    if mnist.is_practice:
        raise SystemExit("This benchmark measures MNIST, which could not be reached.")
    images = mnist.train_images[..., np.newaxis].astype(np.float32) / np.float32(255)
    test_images = mnist.test_images[..., np.newaxis].astype(np.float32) / np.float32(255)
    recipes = {"textbook": train_textbook, "quick": train_quick}
    test = {name: {"seeds": list(SEEDS), "accuracy": [], "seconds": []} for name in recipes}
    for seed in SEEDS:
        for name, train in recipes.items():
            keras.utils.set_random_seed(seed)
            model, seconds = train(images, mnist.train_labels)
            test[name]["accuracy"].append(accuracy(model, test_images, mnist.test_labels))
            test[name]["seconds"].append(round(seconds, 2))
            print(name, seed, test[name]["accuracy"][-1], test[name]["seconds"][-1], flush=True)
    write_record("cnn", {"test": test})


if __name__ == "__main__":
    main()
