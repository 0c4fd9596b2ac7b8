"""Where the time of a step goes: placement of the images x batch size x network, on this device.

Run: python -m benchmarks.residency        (about ten minutes on two cores; nothing else should run)

Placements:

- arrays: `fit` on float32 NumPy images, a batch at a time;
- tf_data: `fit` on a tf.data pipeline of the same images with cache and prefetch;
- resident: `fit` on indices, the images a uint8 weight on the device;
- compiled: a whole epoch over the resident images as one program.

`nothing` is the floor: the same steps on one batch that is already scaled and on the device. What a
placement takes beyond it is time in which the device waits, or prepares data instead of learning.
Each is the best of six passes, after one that compiles; the placements take turns, so that a slow
minute of the machine meets all of them. XLA is off, except where it is measured; on a GPU Keras
would switch it on for `fit`. (JAX cannot do without it.) The record is kept under the device's
kind: a machine with a GPU adds to it, and keeps the runs of a CPU that are in it.

`arrays` and `resident` use nothing but Keras. Where Keras runs on another backend, as in
`KERAS_BACKEND=jax python -m benchmarks.residency`, only these two are measured, and the results are
kept under a name that says so.
"""

import time

import numpy as np

from benchmarks.data import load_mnist
from benchmarks.networks import build_quick
from benchmarks.record import record
from helpers.devices import training_device
from helpers.quiet import keras

BACKEND = keras.backend.backend()
ON_TENSORFLOW = BACKEND == "tensorflow"
if ON_TENSORFLOW:
    from helpers.quiet import tf

layers, ops = keras.layers, keras.ops

BATCH_SIZES = (32, 128, 512, 2048, 8192)
PASSES = 6
MOST_STEPS = 200  # of a pass; a pass over all images would take minutes at the smallest batches
SCALE = np.float32(1 / 255)
LABEL_BYTES = 8


def build_dense():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10),
        ]
    )


NETWORKS = {"dense": build_dense, "cnn": build_quick}


class ResidentImages(layers.Layer):
    """Turn indices (batch,) into images (batch, 28, 28, 1), from a copy of all on the device."""

    def __init__(self, images):
        super().__init__()
        self.images = self.add_weight(shape=images.shape, dtype="uint8", trainable=False)
        self.images.assign(images)

    def call(self, indices):
        return ops.cast(ops.take(self.images, indices, axis=0), self.compute_dtype) * SCALE


def compile_model(model, jit_compile=not ON_TENSORFLOW, **options):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, jit_compile=jit_compile, **options)
    return model


def on_arrays(network, images, labels, batch_size, **options):
    model = compile_model(network, **options)
    floats = images.astype(np.float32) * SCALE
    return lambda: model.fit(floats, labels, batch_size=batch_size, verbose=0)


def on_tf_data(network, images, labels, batch_size, **options):
    model = compile_model(network, **options)
    pairs = tf.data.Dataset.from_tensor_slices((images.astype(np.float32) * SCALE, labels))
    batches = pairs.cache().shuffle(10_000).batch(batch_size).prefetch(tf.data.AUTOTUNE)
    return lambda: model.fit(batches, shuffle=False, verbose=0)


def on_indices(network, images, labels, batch_size, **options):
    indices = keras.Input((), dtype="int32")
    model = keras.Model(indices, network(ResidentImages(images)(indices)))
    compile_model(model, **options)
    order = np.arange(len(images), dtype=np.int32)
    return lambda: model.fit(order, labels, batch_size=batch_size, verbose=0)


def as_one_program(network, images, labels, batch_size, *, gathers=True, jit_compile=False):
    """Return a compiled epoch; without `gathers`, each step takes one and the same batch."""
    optimizer = keras.optimizers.Adam()
    optimizer.build(network.trainable_variables)
    loss_function = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    images, labels = tf.constant(images), tf.constant(labels)
    fixed_images, fixed_labels = (
        tf.cast(images[:batch_size], tf.float32) * SCALE,
        labels[:batch_size],
    )

    @tf.function(jit_compile=jit_compile)
    def step(batch_images, batch_labels):
        with tf.GradientTape() as tape:
            loss = loss_function(batch_labels, network(batch_images, training=True))
        optimizer.apply(tape.gradient(loss, network.trainable_variables))
        return loss

    @tf.function
    def epoch():
        order = tf.random.shuffle(tf.range(len(images), dtype=tf.int64))
        loss = 0.0
        for number in tf.range(len(images) // batch_size):
            if gathers:
                batch = order[number * batch_size : (number + 1) * batch_size]
                batch_images = tf.cast(tf.gather(images, batch), tf.float32) * SCALE
                loss = step(batch_images, tf.gather(labels, batch))
            else:
                loss = step(fixed_images, fixed_labels)
        return loss

    return lambda: float(epoch())  # reading the loss waits for the device


PLACEMENTS = {
    "arrays": (on_arrays, 28 * 28 * 4 + LABEL_BYTES),
    "resident": (on_indices, 4 + LABEL_BYTES),
}
if ON_TENSORFLOW:
    PLACEMENTS |= {
        "tf_data": (on_tf_data, 28 * 28 * 4 + LABEL_BYTES),
        "compiled": (as_one_program, 0),
    }


def seconds_a_step(runs: dict, steps: int) -> dict:
    """Return for each run, a function, the seconds of a step in the best of its passes."""
    seconds = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(PASSES):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name].append((time.perf_counter() - start) / steps)
    return {name: min(passes) for name, passes in seconds.items()}


def recipes(kind: str) -> dict[str, dict]:
    """Return what is measured on this kind of device; switches only with TensorFlow."""
    grid = {
        f"{network}, {batch_size}": {
            "device": kind,
            "network": network,
            "batch_size": batch_size,
            "placements": list(PLACEMENTS),
            "passes": PASSES,
            "seeds": 1,
        }
        for network in NETWORKS
        for batch_size in BATCH_SIZES
    }
    half_precision = "mixed_float16" if kind == "GPU" else "mixed_bfloat16"
    switches = {
        f"switches, {batch_size}": {
            "device": kind,
            "switches": ["none", "steps_per_execution", "XLA", half_precision],
            "batch_size": batch_size,
            "passes": PASSES,
            "seeds": 1,
        }
        for batch_size in (128, 2048)
    }
    return grid | switches if ON_TENSORFLOW else grid


def measure(recipe, seed) -> dict:
    """Return the rows of one part of the grid, or of the switches."""
    mnist, batch_size = load_mnist(), recipe["batch_size"]
    images, labels = mnist.train_images[..., np.newaxis], mnist.train_labels.astype(np.int64)
    steps = min(MOST_STEPS, len(images) // batch_size)
    part = images[: steps * batch_size], labels[: steps * batch_size], batch_size
    keras.utils.set_random_seed(seed)
    measure_rows = measure_switches if "switches" in recipe else measure_placements
    return {"rows": measure_rows(recipe, part, steps)}


def measure_placements(recipe, part, steps) -> list[dict]:
    """Return a row for each placement of the images; without TensorFlow, none has a floor."""
    build, batch_size = NETWORKS[recipe["network"]], recipe["batch_size"]
    runs = {name: prepare(build(), *part) for name, (prepare, _) in PLACEMENTS.items()}
    if ON_TENSORFLOW:
        runs["nothing"] = as_one_program(build(), *part, gathers=False)
    seconds = seconds_a_step(runs, steps)
    rows = []
    for placement, (_, bytes_an_image) in PLACEMENTS.items():
        row = {
            "network": recipe["network"],
            "batch_size": batch_size,
            "placement": placement,
            "milliseconds_a_step": round(1000 * seconds[placement], 3),
            "images_a_second": round(batch_size / seconds[placement]),
            "bytes_a_step": bytes_an_image * batch_size,
        }
        if "nothing" in seconds:
            share = max(0.0, 1 - seconds["nothing"] / seconds[placement])
            row["share_not_learning"] = round(share, 3)
        rows.append(row)
    return rows


def measure_switches(recipe, part, steps) -> list[dict]:
    """Return a row for each of three switches and for none, on the CNN with resident images."""
    *_, half_precision = recipe["switches"]
    runs = {
        "none": on_indices(build_quick(), *part),
        "steps_per_execution": on_indices(build_quick(), *part, steps_per_execution=steps),
        "XLA": on_indices(build_quick(), *part, jit_compile=True),
    }
    keras.config.set_dtype_policy(half_precision)
    try:
        runs[half_precision] = on_indices(build_quick(), *part)
    finally:
        keras.config.set_dtype_policy("float32")
    return [
        {
            "switch": name,
            "batch_size": recipe["batch_size"],
            "milliseconds_a_step": round(1000 * seconds, 3),
        }
        for name, seconds in seconds_a_step(runs, steps).items()
    ]


def results(runs) -> dict:
    devices = {}
    for run in runs:
        kind = run["recipe"]["device"]
        noted = {key: run[key] for key in ("commit", "date", "hardware", "versions")}
        noted["name"] = run["hardware"][kind.partition(",")[0].lower()]
        device = devices.setdefault(kind, {**noted, "grid": [], "switches": []})
        device["switches" if "switches" in run["recipe"] else "grid"] += run["result"]["rows"]
    return {"devices": devices}


def main(arguments=None) -> None:
    kind = training_device().kind
    if not ON_TENSORFLOW:
        kind += f", Keras on {BACKEND}"
    record(
        "residency",
        recipes(kind),
        measure,
        results,
        arguments,
        keep=lambda run: run["recipe"]["device"] != kind,
    )


if __name__ == "__main__":
    main()
