"""What uses Keras alone runs on the other backends of Keras, too, where they are installed."""

import importlib.util
import os
import subprocess
import sys

import pytest

from helpers.records import ROOT

TRAIN_BOTH_WAYS = """
import numpy as np
from benchmarks import residency
from helpers.devices import training_device
from helpers.networks import build_quick
from helpers.quiet import keras

assert keras.backend.backend() == "jax"
assert set(residency.PLACEMENTS) == {"arrays", "resident"}
assert "JAX" in training_device().reason
rng = np.random.default_rng(0)
images = rng.integers(0, 256, (64, 28, 28, 1), dtype=np.uint8)
labels = rng.integers(0, 10, 64)
weights = build_quick().get_weights()
trained = []
for prepare, _ in residency.PLACEMENTS.values():
    network = build_quick()
    network.set_weights(weights)
    prepare(network, images, labels, 64)(0)
    trained.append(network.get_weights())
for ours, theirs, start in zip(*trained, weights):
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
assert any(np.abs(ours - start).max() > 1e-4 for ours, start in zip(trained[0], weights))
"""


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")
def test_the_resident_set_trains_the_same_on_jax():
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    subprocess.run([sys.executable, "-c", TRAIN_BOTH_WAYS], cwd=ROOT, env=environment, check=True)
