"""The training that later lessons stand on learns, says no to what it cannot do, and leaves frozen what is."""

import numpy as np
import pytest

from helpers.networks import build_quick
from helpers.quiet import keras
from helpers.training import read, train

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 400)
IMAGES = RNG.integers(0, 60, (400, 28, 28)).astype(np.uint8)
IMAGES[np.arange(400), 5 + 7 * LABELS] += 150  # each class has a line of its own


@pytest.fixture
def network():
    keras.utils.set_random_seed(0)
    return build_quick(classes=3)


def test_it_learns(network):
    train(network, IMAGES[:300], LABELS[:300], epochs=3, batch_size=50)
    probabilities = read(network, IMAGES[300:])
    assert probabilities.shape == (100, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.mean(probabilities.argmax(axis=1) == LABELS[300:]) > 0.95


def test_what_is_frozen_stays(network):
    frozen, free = [layer for layer in network.layers if layer.weights][:2]
    frozen.trainable = False
    before = [layer.get_weights()[0] for layer in (frozen, free)]
    train(network, IMAGES, LABELS, epochs=1)
    after = [layer.get_weights()[0] for layer in (frozen, free)]
    np.testing.assert_array_equal(before[0], after[0])
    assert np.abs(before[1] - after[1]).max() > 1e-4


def test_images_are_changed_on_their_way(network):
    seen = []

    def change(images):
        seen.append(images.shape)
        return images * 0

    train(network, IMAGES, LABELS, epochs=1, batch_size=50, change=change)
    assert seen == [(50, 28, 28, 1)]
    untouched = network.layers[0].get_weights()[0]
    keras.utils.set_random_seed(0)
    np.testing.assert_array_equal(build_quick(classes=3).layers[0].get_weights()[0], untouched)


@pytest.mark.parametrize(
    ("count", "label", "message"),
    [
        (100, 0, "100 images are no batch of 128"),
        (400, 3, "labels from 0 to 2; there is a label 3"),
    ],
)
def test_what_it_cannot_do_is_said(network, count, label, message):
    labels = LABELS.copy()
    labels[0] = label
    with pytest.raises(ValueError, match=message):
        train(network, IMAGES[:count], labels[:count])
