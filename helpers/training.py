"""The quick training that lessons 07 to 09 put together, for the lessons that stand on it."""

import numpy as np

from helpers.networks import OneCycle
from helpers.quiet import keras, tf


def train(network, images, labels, *, epochs=4, peak=0.01, batch_size=128, change=None):
    """Train what is trainable in a network: one-cycle Adam, softer labels, an epoch as one program.

    Args:
        network: reads (n, 28, 28, 1), returns logits (n, classes); it is changed.
        images: (n, 28, 28) uint8; at least one batch of them.
        labels: (n,) integers below `classes`.
        peak: the highest learning rate of the cycle.
        change: alters each batch, (batch_size, 28, 28, 1) float32 from 0 to 1, and returns it.

    Raises:
        ValueError: there are fewer images than a batch has, or a label that the network does not have.
    """
    classes, steps = network.output_shape[-1], len(images) // batch_size
    if not steps:
        raise ValueError(
            f"{len(images)} images are no batch of {batch_size}: take smaller batches."
        )
    if np.max(labels) >= classes:
        raise ValueError(
            f"The network has {classes} outputs, for labels from 0 to {classes - 1};"
            f" there is a label {np.max(labels)}."
        )
    optimizer = keras.optimizers.Adam(OneCycle(peak, steps * epochs), beta_1=0.7, beta_2=0.9)
    optimizer.build(network.trainable_variables)
    loss_function = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    device_images = tf.Variable(images[..., np.newaxis], trainable=False)
    device_labels = tf.one_hot(labels, classes)

    @tf.function
    def train_epoch():
        order = tf.random.shuffle(tf.range(len(labels), dtype=tf.int64))
        for batch in tf.reshape(order[: steps * batch_size], (steps, batch_size)):
            inputs = tf.cast(tf.gather(device_images, batch), tf.float32) / 255
            with tf.GradientTape() as tape:
                logits = network(change(inputs) if change else inputs, training=True)
                loss = loss_function(tf.gather(device_labels, batch), logits)
            optimizer.apply(tape.gradient(loss, network.trainable_variables))

    for _ in range(epochs):
        train_epoch()


def read(network, images):
    """Return the probabilities (n, classes) that a network gives to uint8 images (n, 28, 28)."""
    inputs = images[..., np.newaxis].astype(np.float32) / 255
    return keras.ops.softmax(network.predict(inputs, batch_size=1000, verbose=0)).numpy()
