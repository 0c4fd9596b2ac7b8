"""Where the time of a step goes: placement of the images x batch size x network, on this machine's device.

Run: python -m benchmarks.residency        (about ten minutes on two cores; nothing else should run)

Placements:

- arrays: `fit` on float32 NumPy images, a batch at a time;
- tf_data: `fit` on a tf.data pipeline of the same images with cache and prefetch;
- resident: `fit` on indices, the images a uint8 weight on the device;
- compiled: a whole epoch over the resident images as one program.

`nothing` is the floor: the same steps on one batch that is already scaled and on the device. What a
placement takes beyond it is time in which the device waits, or prepares data instead of learning.
Each is the best of six passes, after one that compiles; the placements take turns, so that a slow minute
of the machine meets all of them. XLA is off, except where it is measured; on a GPU Keras would switch
it on for `fit`. (JAX cannot do without it.) The record is kept under the device's kind, so that a machine with a GPU adds to it:
benchmarks/results/residency.json.

`arrays` and `resident` use nothing but Keras. Where Keras runs on another backend, as in
`KERAS_BACKEND=jax python -m benchmarks.residency`, only these two are measured, and the results are
kept under a name that says so.
"""

import time

import numpy as np

from benchmarks.networks import build_quick
from helpers.devices import training_device
from helpers.loading import load
from helpers.quiet import keras
from helpers.records import circumstances, read_record, write_record

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
    """Turn indices (batch,) into images (batch, 28, 28, 1), from a copy of all images on the device."""

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
    """Return a compiled epoch; without `gathers`, each step takes the same batch, ready on the device."""
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


def measure_grid(images, labels) -> list[dict]:
    """Return a row for each network, batch size and placement; without TensorFlow, none has a floor."""
    rows = []
    for network, build in NETWORKS.items():
        for batch_size in BATCH_SIZES:
            steps = min(MOST_STEPS, len(images) // batch_size)
            part = images[: steps * batch_size], labels[: steps * batch_size], batch_size
            runs = {name: prepare(build(), *part) for name, (prepare, _) in PLACEMENTS.items()}
            if ON_TENSORFLOW:
                runs["nothing"] = as_one_program(build(), *part, gathers=False)
            seconds = seconds_a_step(runs, steps)
            for placement, (_, bytes_an_image) in PLACEMENTS.items():
                row = {
                    "network": network,
                    "batch_size": batch_size,
                    "placement": placement,
                    "milliseconds_a_step": round(1000 * seconds[placement], 3),
                    "images_a_second": round(batch_size / seconds[placement]),
                    "bytes_a_step": bytes_an_image * batch_size,
                }
                if "nothing" in seconds:
                    share = max(0.0, 1 - seconds["nothing"] / seconds[placement])
                    row["share_not_learning"] = round(share, 3)
                print(row, flush=True)
                rows.append(row)
    return rows


def measure_switches(images, labels, half_precision: str) -> list[dict]:
    """Return a row for each of three switches, on the CNN with resident images, at two batch sizes."""
    rows = []
    for batch_size in (128, 2048):
        steps = min(MOST_STEPS, len(images) // batch_size)
        part = images[: steps * batch_size], labels[: steps * batch_size], batch_size
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
        for name, seconds in seconds_a_step(runs, steps).items():
            row = {
                "switch": name,
                "batch_size": batch_size,
                "milliseconds_a_step": round(1000 * seconds, 3),
            }
            print(row, flush=True)
            rows.append(row)
    return rows


def main() -> None:
    mnist = load("mnist")
    device = training_device()
    images, labels = mnist.train_images[..., np.newaxis], mnist.train_labels.astype(np.int64)
    try:
        devices = read_record("residency")["devices"]
    except FileNotFoundError:
        devices = {}
    half_precision = "mixed_float16" if device.kind == "GPU" else "mixed_bfloat16"
    kind = device.kind if ON_TENSORFLOW else f"{device.kind}, Keras on {BACKEND}"
    devices[kind] = {
        "name": device.name,
        **circumstances(),
        "grid": measure_grid(images, labels),
        "switches": measure_switches(images, labels, half_precision) if ON_TENSORFLOW else [],
    }
    write_record("residency", {"devices": devices})


if __name__ == "__main__":
    main()
