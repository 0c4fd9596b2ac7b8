"""A worker that times its steps, on one core of its own; benchmarks.two_workers starts two of them.

Run: python -m benchmarks.timed_worker FOLDER, under a supervisor
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

SIZES = [(16, 256), (64, 256), (256, 256), (1024, 256), (64, 64)]  # units, images
ROUNDS, STEPS = 8, 12  # the first round warms up and does not count


def main(folder: Path) -> None:
    """Time all sizes in turn; write the rounds, a list for each, to milliseconds-<worker>.json."""
    worker = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[worker]})
    from helpers.quiet import tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    steps = [make_steps(strategy, worker, units, images) for units, images in SIZES]

    @tf.function
    def wait_for_all():
        return strategy.reduce("SUM", strategy.run(lambda: tf.constant(1.0)), axis=None)

    rounds = [[time_kinds(worker, kinds, wait_for_all) for kinds in steps] for _ in range(ROUNDS)][
        1:
    ]
    (folder / f"milliseconds-{worker}.json").write_text(json.dumps(rounds), encoding="utf-8")


def time_kinds(worker: int, kinds: dict, wait_for_all) -> dict:
    """Return the milliseconds of the middle step of each kind of training.

    Worker 0 trains alone, while the other waits; then both train apart; then together.

    Args:
        worker: the number of this one.
        kinds: for each kind a function that trains by one step.
        wait_for_all: returns a tensor that is there when all workers have called it.
    """
    found = {}
    for kind, step in kinds.items():
        wait_for_all().numpy()
        if kind != "alone" or worker == 0:
            seconds = statistics.median(seconds_of(step) for _ in range(STEPS))
            found[kind] = round(1000 * seconds, 3)
    return found


def make_steps(strategy, worker: int, units: int, images: int) -> dict:
    """Return for each kind of training a function that trains a quick network by one step.

    Args:
        strategy: with which the workers train together.
        worker: the number of this one.
        units: of the dense layer, which decides how many parameters there are.
        images: how many noise images this worker reads in a step.
    """
    from helpers.quiet import tf

    rng = np.random.default_rng(worker)
    inputs = tf.constant(rng.random((images, 28, 28, 1), dtype=np.float32))
    labels = tf.constant(rng.integers(0, 10, images))
    apart = make_step(tf.distribute.get_strategy(), units, inputs, labels)
    together = make_step(strategy, units, inputs, labels)
    return {"alone": apart, "apart": apart, "together": together}


def make_step(strategy, units, inputs, labels):
    """Return a function that trains a quick network by one step, and waits for it."""
    from helpers.networks import build_quick
    from helpers.quiet import keras, tf

    with strategy.scope():
        network, optimizer = build_quick(units), keras.optimizers.SGD(0.001)
        optimizer.build(network.trainable_variables)

    @tf.function
    def train_step():
        strategy.run(on_my_device)

    def on_my_device():
        with tf.GradientTape() as tape:
            logits = network(inputs, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, network.trainable_variables))

    def step():
        train_step()
        network.trainable_variables[-1].numpy()  # reading waits for the step

    return step


def seconds_of(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]))
