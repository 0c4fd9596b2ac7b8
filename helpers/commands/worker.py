"""One of the workers that train a network together: python -m helpers worker FOLDER.

TF_CONFIG, a variable of the environment, tells a worker where all of them listen, and which one it
is itself. It is the same on every machine, but for the index:

    {"cluster": {"worker": ["10.0.0.1:2222", "10.0.0.2:2222"]}, "task": {"type": "worker", "index": 0}}

So on two machines, run this command once on each, with a FOLDER that both can reach. Several on one
machine are started, watched and started again by `python -m helpers supervise`. A worker uses one
device; where a machine has several GPUs, CUDA_VISIBLE_DEVICES must say which one.
"""

import hashlib
import json
import os
import sys
import threading
from pathlib import Path

import numpy as np


def main(folder: Path, steps: int, every: int, batch_size: int, *, stop_with_stdin: bool) -> None:
    """Train the quick network with the other workers, on from the newest checkpoint if there is one.

    After every step the workers compare their weights. `folder` gets a checkpoint every so many steps
    and steps-<worker>.jsonl, a line a step.

    Args:
        folder: the same for all workers.
        steps: how many steps the training has, those before the checkpoint counted in.
        every: how many steps lie between two checkpoints.
        batch_size: images a step, of all workers together.
        stop_with_stdin: end when standard input does, that is, with whoever started this worker.
    """
    if "TF_CONFIG" not in os.environ:
        raise SystemExit(
            "TF_CONFIG is not set: it says where the workers listen, and which this is."
        )
    folder.mkdir(parents=True, exist_ok=True)
    if stop_with_stdin:
        threading.Thread(target=_stop_with_stdin, daemon=True).start()
    from helpers.loading import load
    from helpers.networks import build_quick
    from helpers.quiet import keras, tf

    strategy = tf.distribute.MultiWorkerMirroredStrategy()  # before TensorFlow computes anything
    worker, workers = strategy.cluster_resolver.task_id, strategy.num_replicas_in_sync
    if workers != strategy.cluster_resolver.cluster_spec().num_tasks("worker"):
        raise SystemExit("One device for each worker: choose a GPU with CUDA_VISIBLE_DEVICES.")
    mnist = load("mnist")
    with strategy.scope():
        keras.utils.set_random_seed(11)
        network = build_quick()
        optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
        optimizer.build(network.trainable_variables)
        done = tf.Variable(0, dtype=tf.int64, trainable=False)

    def my_part(step):
        """Return my images and labels of a step. The step alone decides: who resumes reads the same."""
        batch = np.random.default_rng(step).choice(
            len(mnist.train_labels), batch_size, replace=False
        )
        mine = batch[worker::workers]
        images = mnist.train_images[mine, ..., np.newaxis].astype(np.float32) / 255
        return tf.constant(images), tf.constant(mnist.train_labels[mine].astype(np.int64))

    @tf.function
    def train_step(images, labels):
        return strategy.reduce("SUM", strategy.run(on_my_device, args=(images, labels)), axis=None)

    def on_my_device(images, labels):
        with tf.GradientTape() as tape:
            logits = network(images, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            loss = tf.reduce_sum(losses) / batch_size
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(
            gradients, network.trainable_variables
        )  # adds them up over all workers first
        done.assign_add(1)
        return loss

    @tf.function
    def of_all_workers(number):
        return strategy.gather(strategy.run(lambda: number[tf.newaxis]), axis=0)

    checkpoint = tf.train.Checkpoint(network=network, optimizer=optimizer, done=done)
    manager = tf.train.CheckpointManager(checkpoint, folder / f"worker-{worker}", max_to_keep=2)
    checkpoint.restore(tf.train.latest_checkpoint(folder / "worker-0"))
    with open(folder / f"steps-{worker}.jsonl", "a", buffering=1, encoding="utf-8") as log:
        while (step := int(done.numpy())) < steps:
            loss = train_step(*my_part(step))
            weights = fingerprint(network.get_weights())
            everyones = of_all_workers(tf.constant(int(weights, 16)))
            if len(set(everyones.numpy())) > 1:
                raise SystemExit(f"After step {step + 1} the workers have different weights.")
            print(json.dumps({"step": step + 1, "loss": float(loss), "weights": weights}), file=log)
            if (step + 1) % every == 0:
                manager.save(checkpoint_number=step + 1)


def fingerprint(weights: list[np.ndarray]) -> str:
    """Return twelve hexadecimal digits of a SHA-256: other weights have others, as good as surely."""
    return hashlib.sha256(b"".join(array.tobytes() for array in weights)).hexdigest()[:12]


def _stop_with_stdin() -> None:
    sys.stdin.read()
    os._exit(1)
