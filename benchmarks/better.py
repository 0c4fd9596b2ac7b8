"""One training with the techniques of lesson 09; each can be switched on, off or up."""

import math
import time

import numpy as np

from benchmarks.networks import OneCycle, build_quick
from helpers.quiet import keras, tf

layers, ops = keras.layers, keras.ops

NOTHING = {
    "network": "quick",
    "batch_norm": False,
    "dropout": 0.0,
    "batch_size": 128,
    "epochs": 4,
    "peak": 0.01,
    "label_smoothing": 0.0,
    "weight_decay": 0.0,
    "averaged": 0.0,  # the momentum of the averaged weights
    "shift": 0.0,  # pixels, up to; each image its own, and so below
    "rotation": 0.0,  # degrees
    "scale": 0.0,  # share
    "shear": 0.0,  # pixels a row
    "elastic": 0.0,  # pixels, the deviation of a place on a coarse grid
    "flip": False,  # left and right, every second image
    "plain_epochs": 0,  # the last ones, which only shift
}
WIDTHS = {"small": (16, 32, 48, 96), "middle": (24, 48, 64, 128), "large": (32, 64, 96, 192)}


def build(network, batch_norm=False, dropout=0.0):
    """Return a network: "quick" of lesson 08, or four convolutions of the WIDTHS named."""
    if network == "quick":
        return build_quick(128)
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for number, width in enumerate(WIDTHS[network]):
        model.add(layers.Conv2D(width, 5 if number == 0 else 3, use_bias=not batch_norm))
        if number in (0, 2):
            model.add(layers.MaxPooling2D())
        if batch_norm:
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.Flatten())
    if dropout:
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10))
    return model


def affine(images, shift, rotation=0.0, scale=0.0, shear=0.0):
    """Return a batch of images (n, 28, 28, 1), each turned, scaled, sheared and shifted at random."""
    count = images.shape[0]

    def draw(most):
        return tf.random.uniform((count,), -most, most)

    angle, size, slant = draw(math.radians(rotation)), 1 + draw(scale), draw(shear)
    cosine, sine = tf.cos(angle) / size, tf.sin(angle) / size
    right, down = draw(shift), draw(shift)
    # An output place, seen from the middle of the image, is turned, scaled and sheared to the input place.
    across, along = cosine + slant * sine, slant * cosine - sine
    middle = 13.5
    left_out = middle - across * (middle + right) - along * (middle + down)
    top_out = middle - sine * (middle + right) - cosine * (middle + down)
    nothing = tf.zeros(count)
    maps = [across, along, left_out, sine, cosine, top_out, nothing, nothing]
    return ops.image.affine_transform(images, tf.stack(maps, axis=1))


def elastic(images, strength, grid=7):
    """Return a batch of images, each bent: places of a coarse grid move at random, the rest between."""
    count = images.shape[0]
    moves = tf.random.normal((count, grid, grid, 2), stddev=strength)
    moves = tf.image.resize(moves, (28, 28), "bicubic")
    place = tf.cast(tf.range(28), tf.float32)
    rows = tf.clip_by_value(place[:, None] + moves[..., 0], 0, 26.999)
    columns = tf.clip_by_value(place[None, :] + moves[..., 1], 0, 26.999)
    top, left = tf.floor(rows), tf.floor(columns)
    down, right = (rows - top)[..., None], (columns - left)[..., None]
    first = tf.cast(top, tf.int32) * 28 + tf.cast(left, tf.int32)
    pixels = tf.reshape(images, (count, 784, 1))

    def at(step):
        return tf.gather(pixels, first + step, batch_dims=1)

    upper, lower = at(0) * (1 - right) + at(1) * right, at(28) * (1 - right) + at(29) * right
    return upper * (1 - down) + lower * down


def train(images, labels, recipe):
    """Train on uint8 images (n, 28, 28) with NOTHING but what `recipe` says; return model and seconds.

    The seconds leave out tracing and compiling.
    """
    recipe = NOTHING | recipe
    batch_size, epochs = recipe["batch_size"], recipe["epochs"]
    steps = len(images) // batch_size
    model = build(recipe["network"], recipe["batch_norm"], recipe["dropout"])
    optimizer = keras.optimizers.Adam(
        OneCycle(recipe["peak"], steps * epochs),
        beta_1=0.7,
        beta_2=0.9,
        weight_decay=recipe["weight_decay"] or None,
        use_ema=recipe["averaged"] > 0,
        ema_momentum=recipe["averaged"] or 0.99,
    )
    optimizer.build(model.trainable_variables)
    loss_function = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe["label_smoothing"]
    )
    shapes = {name: recipe[name] for name in ("rotation", "scale", "shear")}

    def change(batch, plain):
        if recipe["flip"]:
            heads = tf.random.uniform((batch_size, 1, 1, 1)) < 0.5
            batch = tf.where(heads, batch[:, :, ::-1], batch)
        if recipe["elastic"] and not plain:
            batch = elastic(batch, recipe["elastic"])
        if not plain and any(shapes.values()):
            return affine(batch, recipe["shift"], **shapes)
        return affine(batch, recipe["shift"]) if recipe["shift"] else batch

    def pick(kept, order, step):
        batch = tf.gather(kept, order[step * batch_size : (step + 1) * batch_size])
        return tf.ensure_shape(batch, (batch_size, *kept.shape[1:]))

    @tf.function
    def train_epoch(images, one_hot, plain):
        order = tf.random.shuffle(tf.range(len(labels), dtype=tf.int64))
        for step in tf.range(steps):
            batch = change(tf.cast(pick(images, order, step), tf.float32) / 255, plain)
            with tf.GradientTape() as tape:
                loss = loss_function(pick(one_hot, order, step), model(batch, training=True))
            optimizer.apply(tape.gradient(loss, model.trainable_variables))

    @tf.function
    def see(images, order):
        for step in tf.range(100):
            model(change(tf.cast(pick(images, order, step), tf.float32) / 255, True), training=True)

    start = time.perf_counter()
    device_images = tf.Variable(images[..., np.newaxis], trainable=False)
    one_hot = tf.one_hot(labels, 10)
    kinds = [epoch >= epochs - recipe["plain_epochs"] for epoch in range(epochs)]
    float(one_hot[-1, -1])  # reading a number waits for the device
    prepared = time.perf_counter()
    programs = {
        plain: train_epoch.get_concrete_function(device_images, one_hot, plain)
        for plain in set(kinds)
    }
    compiled = time.perf_counter()
    for plain in kinds:
        programs[plain](device_images, one_hot)
    if recipe["averaged"]:
        optimizer.finalize_variable_values(model.trainable_variables)
        if recipe["batch_norm"]:
            see(device_images, tf.random.shuffle(tf.range(len(labels), dtype=tf.int64)))
    model.get_weights()  # reading them waits for the device
    return model, time.perf_counter() - compiled + prepared - start
