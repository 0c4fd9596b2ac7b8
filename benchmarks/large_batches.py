"""What becomes of accuracy when the batch grows with the devices, and the rate is kept, scaled, warmed up.

Run: python -m benchmarks.large_batches        (about twenty minutes on two cores)

The quick network, three epochs whatever the batch: 2, 8 and 32 times as many images a step, so that
fewer steps. One device does what many would do together: the arithmetic is the same. The rate falls
in a straight line to zero; warmed up, it first climbs for a fifth of the steps. Five rates of each
optimizer were tried with batches of 64, one seed each (CHOOSE): the rates taken leave room to grow
below the best. Trained on 55,000 training images, scored on the 5,000 of the validation set.
"""

import numpy as np

from benchmarks.data import accuracy, load_mnist, scale, split
from benchmarks.record import columns, record
from helpers.networks import build_quick
from helpers.quiet import keras, tf

ops = keras.ops

BATCH_SIZE, EPOCHS = 64, 3
RATES = {"SGD": 0.02, "Adam": 0.001}  # for batches of 64
FACTORS = {
    "kept": lambda times: 1,
    "root": lambda times: times**0.5,
    "linear": lambda times: times,
    "linear, warmed up": lambda times: times,
}


def _recipe(optimizer, times=1, way="kept", rate=None, seeds=3):
    return {
        "optimizer": optimizer,
        "batch_size": BATCH_SIZE * times,
        "rate": (rate or RATES[optimizer]) * FACTORS[way](times),
        "warm_up": 0.2 if "warmed up" in way else 0,
        "seeds": seeds,
    }


CHOOSE = {
    f"choose, {optimizer}, {rate:g}": _recipe(optimizer, rate=rate, seeds=1)
    for optimizer, rates in {
        "SGD": (0.01, 0.02, 0.05, 0.1, 0.2),
        "Adam": (0.0005, 0.001, 0.002, 0.005, 0.01),
    }.items()
    for rate in rates
}
RECIPES = CHOOSE.copy()
for name in RATES:
    RECIPES[f"{name}, 1"] = _recipe(name)
    for times in (2, 8, 32):
        for way in FACTORS:
            RECIPES[f"{name}, {times}, {way}"] = _recipe(name, times, way)


class StraightDown(keras.optimizers.schedules.LearningRateSchedule):
    """From `peak` straight down to zero; first up from zero, over the share `warm_up` of the steps."""

    def __init__(self, peak, steps, warm_up):
        self.peak, self.steps, self.warm_up = peak, steps, warm_up

    def __call__(self, step):
        share = (ops.cast(step, "float32") + 0.5) / self.steps
        down = (1 - share) / (1 - self.warm_up)
        up = share / self.warm_up if self.warm_up else 1.0
        return self.peak * ops.minimum(up, down)


def train(images, labels, *, optimizer, batch_size, rate, warm_up, epochs=EPOCHS):
    """Return the quick network, trained on uint8 images (n, 28, 28)."""
    network, steps = build_quick(), len(images) // batch_size
    schedule = StraightDown(rate, steps * epochs, warm_up)
    if optimizer == "SGD":
        optimizer = keras.optimizers.SGD(schedule, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(schedule)
    optimizer.build(network.trainable_variables)
    loss_function = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    device_images = tf.Variable(images[..., np.newaxis], trainable=False)
    device_labels = tf.constant(labels, tf.int64)

    @tf.function
    def train_epoch():
        order = tf.random.shuffle(tf.range(len(labels), dtype=tf.int64))
        for batch in tf.reshape(order[: steps * batch_size], (steps, batch_size)):
            inputs = tf.cast(tf.gather(device_images, batch), tf.float32) / 255
            with tf.GradientTape() as tape:
                logits = network(inputs, training=True)
                loss = loss_function(tf.gather(device_labels, batch), logits)
            optimizer.apply(tape.gradient(loss, network.trainable_variables))

    for _ in range(epochs):
        train_epoch()
    return network


def measure(recipe, seed) -> dict:
    """Return the accuracy on the validation set."""
    mnist = load_mnist()
    keras.utils.set_random_seed(seed)
    fit, validation = split()
    network = train(mnist.train_images[fit], mnist.train_labels[fit], **recipe)
    images = scale(mnist.train_images[validation])[..., np.newaxis]
    return {"accuracy": accuracy(network, images, mnist.train_labels[validation])}


def main(arguments=None) -> None:
    record("large_batches", RECIPES, measure, columns, arguments)


if __name__ == "__main__":
    main()
