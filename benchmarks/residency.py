"""Where the time of a step goes: placement of the images x batch size x network, on this device.

Run: python -m benchmarks.residency        (about fifteen minutes on two cores; nothing else should run)

Placements:

- arrays: `fit` on float32 NumPy images, a batch at a time;
- tf_data: `fit` on a tf.data pipeline of the same images with cache and prefetch;
- resident: `fit` on indices, the images a uint8 weight on the device;
- compiled: a whole epoch over the resident images as one program;
- nothing: the same steps, again and again on one batch that is already scaled and on the device.

What a placement takes beyond `nothing` is time in which the device waits, or prepares data instead
of learning. Both wander, so the share may come out below zero; the passes that it was made of are
recorded beside it. Each time is the best of six passes, after one that compiles. `fit` copies its
arrays and sets its pipeline up in each call: that is not timed, but each epoch is. The placements
take turns, so that a slow minute of the machine meets all of them. XLA is off, except where it is
measured; on a GPU Keras would switch it on for `fit`. (JAX cannot do without it.) The record is
kept under the device's kind: a machine with a GPU adds to it, and keeps the runs of a CPU in it.

`bytes_a_step` is what crosses to a GPU: images, indices and labels, or the order of the compiled
epoch, which is drawn on the CPU.

`arrays` and `resident` use nothing but Keras. Where Keras runs on another backend, as in
`KERAS_BACKEND=jax python -m benchmarks.residency`, only these two are measured, and the results are
kept under a name that says so.
"""

import functools
import time

import numpy as np

from benchmarks.data import load_mnist
from benchmarks.record import record
from helpers.devices import training_device
from helpers.networks import build_quick
from helpers.quiet import keras

BACKEND = keras.backend.backend()
ON_TENSORFLOW = BACKEND == "tensorflow"
if ON_TENSORFLOW:
    from helpers.quiet import tf

layers, ops = keras.layers, keras.ops

BATCH_SIZES = (32, 128, 512, 2048, 8192)
TURNS, PASSES_A_TURN = 3, 2
MOST_STEPS = 200  # of a pass; a pass over all images would take minutes at the smallest batches
SCALE = np.float32(1 / 255)
LABEL_BYTES = INDEX_BYTES = 8  # int64


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
        # Without `.value`, TensorFlow would pick them on the CPU, as lesson 08 shows.
        images = ops.take(self.images.value, indices, axis=0)
        return ops.cast(images, self.compute_dtype) * SCALE


class Clock(keras.callbacks.Callback):
    """Keep the seconds of each epoch of `fit`, which reads the loss at its end and so waits for it."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


def compile_model(model, jit_compile=not ON_TENSORFLOW, **options):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, jit_compile=jit_compile, **options)
    return model


def time_fit(model, *data, **options):
    """Return a function that trains, once and then for some passes, and returns their seconds."""

    def run(passes):
        clock = Clock()
        # What `fit` sets up falls to the first epoch.
        model.fit(*data, epochs=1 + passes, callbacks=[clock], verbose=0, **options)
        return clock.seconds[1:]

    return run


def on_arrays(network, images, labels, batch_size, **options):
    model = compile_model(network, **options)
    return time_fit(model, images.astype(np.float32) * SCALE, labels, batch_size=batch_size)


def on_tf_data(network, images, labels, batch_size, **options):
    model = compile_model(network, **options)
    pairs = tf.data.Dataset.from_tensor_slices((images.astype(np.float32) * SCALE, labels))
    batches = pairs.cache().shuffle(10_000).batch(batch_size).prefetch(tf.data.AUTOTUNE)
    return time_fit(model, batches, shuffle=False)  # they are shuffled already


def on_indices(network, images, labels, batch_size, **options):
    indices = keras.Input((), dtype="int32")
    model = keras.Model(indices, network(ResidentImages(images)(indices)))
    compile_model(model, **options)
    order = np.arange(len(images), dtype=np.int32)
    return time_fit(model, order, labels, batch_size=batch_size)


def as_one_program(network, images, labels, batch_size, *, gathers=True, jit_compile=False):
    """Like `time_fit`, of a compiled epoch; without `gathers`, of one and the same batch."""
    optimizer = keras.optimizers.Adam()
    optimizer.build(network.trainable_variables)
    loss_function = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    fixed_images = tf.constant(images[:batch_size].astype(np.float32) * SCALE)
    fixed_labels = tf.constant(labels[:batch_size])
    images, labels = tf.Variable(images, trainable=False), tf.constant(labels)

    @tf.function(jit_compile=jit_compile)
    def step(batch_images, batch_labels):
        with tf.GradientTape() as tape:
            loss = loss_function(batch_labels, network(batch_images, training=True))
        optimizer.apply(tape.gradient(loss, network.trainable_variables))
        return loss

    @tf.function
    def epoch():
        order = tf.random.shuffle(tf.range(len(labels), dtype=tf.int64))
        loss = 0.0
        for number in tf.range(len(labels) // batch_size):
            if gathers:
                batch = order[number * batch_size : (number + 1) * batch_size]
                batch_images = tf.cast(tf.gather(images, batch), tf.float32) * SCALE
                loss = step(batch_images, tf.gather(labels, batch))
            else:
                loss = step(fixed_images, fixed_labels)
        return loss

    def run(passes):
        seconds = []
        for _ in range(1 + passes):
            start = time.perf_counter()
            float(epoch())  # reading the loss waits for the device
            seconds.append(time.perf_counter() - start)
        return seconds[1:]

    return run


PLACEMENTS = {
    "arrays": (on_arrays, 28 * 28 * 4 + LABEL_BYTES),
    "resident": (on_indices, 4 + LABEL_BYTES),
}
if ON_TENSORFLOW:
    PLACEMENTS |= {
        "tf_data": (on_tf_data, 28 * 28 * 4 + LABEL_BYTES),
        "compiled": (as_one_program, INDEX_BYTES),
        "nothing": (functools.partial(as_one_program, gathers=False), 0),
    }


def milliseconds_a_step(runs: dict, steps: int) -> dict[str, list[float]]:
    """Return for each run, made by `time_fit` or `as_one_program`, those of a step in each pass."""
    seconds = {name: [] for name in runs}
    for run in runs.values():
        run(0)
    for _ in range(TURNS):
        for name, run in runs.items():
            seconds[name] += run(PASSES_A_TURN)
    return {name: [1000 * passed / steps for passed in seconds[name]] for name in runs}


def recipes(kind: str) -> dict[str, dict]:
    """Return what is measured on this kind of device; switches only with TensorFlow."""
    grid = {
        f"{network}, {batch_size}": {
            "device": kind,
            "network": network,
            "batch_size": batch_size,
            "placements": list(PLACEMENTS),
            "passes": TURNS * PASSES_A_TURN,
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
            "passes": TURNS * PASSES_A_TURN,
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
    passes = milliseconds_a_step(runs, steps)
    rows = []
    for placement, (_, bytes_an_image) in PLACEMENTS.items():
        best = min(passes[placement])
        row = {
            "network": recipe["network"],
            "batch_size": batch_size,
            "placement": placement,
            "milliseconds_a_step": round(best, 3),
            "milliseconds_in_each_pass": [round(passed, 3) for passed in passes[placement]],
            "images_a_second": round(1000 * batch_size / best),
            "bytes_a_step": bytes_an_image * batch_size,
        }
        if "nothing" in passes:
            row["share_not_learning"] = round(1 - min(passes["nothing"]) / best, 3)
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
            "milliseconds_a_step": round(min(passes), 3),
            "milliseconds_in_each_pass": [round(passed, 3) for passed in passes],
        }
        for name, passes in milliseconds_a_step(runs, steps).items()
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
