"""One training with the techniques of lesson 09; each can be left out, or turned up."""

import math
import time
from typing import NamedTuple

import numpy as np

from helpers.networks import OneCycle
from helpers.quiet import keras, tf

layers, ops = keras.layers, keras.ops


class Convolution(NamedTuple):
    """A convolution of a network, and whether pooling follows."""

    maps: int
    size: int = 3
    stride: int = 1
    pool: bool = False
    separable: bool = False  # first each map by itself, then the maps at each place


NETWORKS = {
    "quick": (Convolution(16, 5, stride=2), Convolution(32, pool=True)),
    "tiny": (
        Convolution(8, 5, pool=True),
        Convolution(16, separable=True),
        Convolution(24, pool=True, separable=True),
        Convolution(32, separable=True),
    ),
    "little": (
        Convolution(8, 5, pool=True),
        Convolution(16),
        Convolution(16, pool=True),
        Convolution(24),
    ),
    "middle": (
        Convolution(24, 5, pool=True),
        Convolution(48),
        Convolution(64, pool=True),
        Convolution(128),
    ),
    "large": (
        Convolution(32, 5, pool=True),
        Convolution(64),
        Convolution(96, pool=True),
        Convolution(192),
    ),
    "deep": (
        Convolution(32),
        Convolution(32, pool=True),
        Convolution(64),
        Convolution(64, pool=True),
        Convolution(128),
    ),
}
NOTHING = {
    "network": "quick",
    "average": False,  # whether only the mean of each last map goes on
    "hidden": 0,  # units of a dense layer before the last
    "batch_norm": False,
    "dropout": 0.0,
    "epochs": 4,
    "plain_epochs": 0,  # of them the last, in which images are shifted at most
    "batch_size": 128,
    "peak": 0.01,
    "label_smoothing": 0.0,
    "weight_decay": 0.0,
    "averaging": 0.0,  # what the averaged weights keep of themselves in each step
    "shift": 0,  # whole pixels, up to; each image its own, and so below
    "rotation": 0.0,  # degrees, up to
    "scale": 0.0,  # share, up to
    "shear": 0.0,  # pixels a row, up to
    "elastic": 0.0,  # pixels, the deviation of a place on a coarse grid
    "flip": False,  # left and right, one image in two
}


def build(recipe, classes=10):
    """Return the network of a recipe: convolution, pooling, batch norm, ReLU, and dense layers."""
    model = keras.Sequential([keras.Input((28, 28, 1))])

    def add_activation():
        if recipe["batch_norm"]:
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())

    use_bias = not recipe["batch_norm"]  # batch norm has one of its own
    for maps, size, stride, pool, separable in NETWORKS[recipe["network"]]:
        kind = layers.SeparableConv2D if separable else layers.Conv2D
        model.add(kind(maps, size, strides=stride, use_bias=use_bias))
        if pool:
            model.add(layers.MaxPooling2D())
        add_activation()
    model.add(layers.GlobalAveragePooling2D() if recipe["average"] else layers.Flatten())
    if recipe["hidden"]:
        model.add(layers.Dense(recipe["hidden"], use_bias=use_bias))
        add_activation()
    if recipe["dropout"]:
        model.add(layers.Dropout(recipe["dropout"]))
    model.add(layers.Dense(classes))
    return model


def draw(images, most):
    """Return a number between -most and most for each of the images."""
    return tf.random.uniform(images.shape[:1], -most, most)


def shift(images, pixels):
    """Return images (n, 28, 28, 1), each moved by up to so many whole pixels both ways."""
    right, down = (tf.round(draw(images, pixels + 0.5)) for _ in range(2))
    return affine(images, right=right, down=down)


def affine(images, angle=0.0, size=1.0, slant=0.0, right=0.0, down=0.0):
    """Return images (n, 28, 28, 1), each turned, scaled, sheared and moved by its own numbers.

    Args:
        angle: in radians, against the clock; size: 2.0 doubles it; slant: pixels to the side for each row;
        right, down: pixels.
    """
    cosine, sine = tf.cos(angle) / size, tf.sin(angle) / size
    across, along = cosine + slant * sine, slant * cosine - sine
    left = 13.5 - across * (13.5 + right) - along * (13.5 + down)
    top = 13.5 - sine * (13.5 + right) - cosine * (13.5 + down)
    numbers = [across, along, left, sine, cosine, top, 0.0, 0.0]
    columns = [tf.broadcast_to(tf.cast(number, tf.float32), images.shape[:1]) for number in numbers]
    return ops.image.affine_transform(images, tf.stack(columns, axis=1))


def elastic(images, strength):
    """Return images (n, 28, 28, 1), each bent: places of a 7 x 7 grid move by about `strength` pixels."""
    count = images.shape[0]
    moves = tf.image.resize(tf.random.normal((count, 7, 7, 2), stddev=strength), (28, 28))
    places = np.mgrid[:28, :28].transpose(1, 2, 0).astype(np.float32)
    places = tf.clip_by_value(places + moves, 0, 26.999)
    corner = tf.floor(places)
    down, right = tf.split(places - corner, 2, axis=-1)
    first = tf.cast(corner[..., 0] * 28 + corner[..., 1], tf.int64)
    pixels = tf.reshape(images, (count, 784, 1))
    upper_left, upper_right, lower_left, lower_right = (
        tf.gather(pixels, first + step, batch_dims=1) for step in (0, 1, 28, 29)
    )
    upper = upper_left * (1 - right) + upper_right * right
    return upper * (1 - down) + (lower_left * (1 - right) + lower_right * right) * down


def change(images, recipe, plain):
    """Return a batch of images (n, 28, 28, 1) as the recipe changes them."""
    if recipe["flip"]:
        heads = draw(images, 1)[:, None, None, None] < 0
        images = tf.where(heads, images[:, :, ::-1], images)
    if recipe["elastic"] and not plain:
        images = elastic(images, recipe["elastic"])
    if plain or not (recipe["rotation"] or recipe["scale"] or recipe["shear"]):
        return shift(images, recipe["shift"]) if recipe["shift"] else images
    return affine(
        images,
        angle=draw(images, math.radians(recipe["rotation"])),
        size=1 + draw(images, recipe["scale"]),
        slant=draw(images, recipe["shear"]),
        right=draw(images, recipe["shift"] + 0.5),
        down=draw(images, recipe["shift"] + 0.5),
    )


def train(images, labels, recipe):
    """Train on uint8 images (n, 28, 28) with NOTHING but what `recipe` says; return model and seconds.

    The seconds leave out tracing and compiling.
    """
    recipe = NOTHING | recipe
    batch_size, epochs = recipe["batch_size"], recipe["epochs"]
    steps = len(images) // batch_size
    classes = int(labels.max()) + 1
    model = build(recipe, classes)
    optimizer = keras.optimizers.Adam(
        OneCycle(recipe["peak"], steps * epochs),
        beta_1=0.7,
        beta_2=0.9,
        weight_decay=recipe["weight_decay"] or None,
        use_ema=recipe["averaging"] > 0,
        ema_momentum=recipe["averaging"] or 0.99,
    )
    optimizer.build(model.trainable_variables)
    loss_function = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe["label_smoothing"]
    )

    def batch_of(images, order, step, plain):
        positions = order[step * batch_size : (step + 1) * batch_size]
        batch = tf.ensure_shape(tf.gather(images, positions), (batch_size, 28, 28, 1))
        return positions, change(tf.cast(batch, tf.float32) / 255, recipe, plain)

    def compile_epoch(images, one_hot, plain):
        @tf.function
        def train_epoch(images, one_hot):
            order = tf.random.shuffle(tf.range(len(labels), dtype=tf.int64))
            for step in tf.range(steps):
                positions, batch = batch_of(images, order, step, plain)
                with tf.GradientTape() as tape:
                    loss = loss_function(tf.gather(one_hot, positions), model(batch, training=True))
                optimizer.apply(tape.gradient(loss, model.trainable_variables))

        return train_epoch.get_concrete_function(images, one_hot)

    @tf.function
    def see_again(images):
        """Give batch norm a hundred batches to see what the averaged weights make of them."""
        order = tf.random.shuffle(tf.range(len(labels), dtype=tf.int64))
        for step in tf.range(min(steps, 100)):
            model(batch_of(images, order, step, True)[1], training=True)

    start = time.perf_counter()
    images = tf.Variable(images[..., np.newaxis], trainable=False)
    one_hot = tf.one_hot(labels, classes)
    are_plain = [epoch >= epochs - recipe["plain_epochs"] for epoch in range(epochs)]
    float(one_hot[-1, -1])  # reading a number waits for the device
    prepared = time.perf_counter()
    programs = {plain: compile_epoch(images, one_hot, plain) for plain in set(are_plain)}
    compiled = time.perf_counter()
    for plain in are_plain:
        programs[plain](images, one_hot)
    if recipe["averaging"]:
        optimizer.finalize_variable_values(model.trainable_variables)
        if recipe["batch_norm"]:
            see_again(images)
    model.get_weights()  # reading them waits for the device
    return model, time.perf_counter() - compiled + prepared - start
