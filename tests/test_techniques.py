"""The techniques of lesson 09 do to images and networks what they say."""

import numpy as np
import pytest

from benchmarks import techniques
from benchmarks.techniques import NOTHING, affine, build, change, elastic, shift, train
from helpers.quiet import keras, tf

IMAGES = np.random.default_rng(0).random((64, 28, 28, 1)).astype(np.float32)
IMAGES[:, [0, 1, 2, -3, -2, -1]] = IMAGES[:, :, [0, 1, 2, -3, -2, -1]] = 0
TENSOR = tf.constant(IMAGES)


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, IMAGES),
        ({"angle": np.pi / 2}, np.rot90(IMAGES, axes=(1, 2))),
        ({"angle": np.pi}, IMAGES[:, ::-1, ::-1]),
        ({"right": 2.0}, np.roll(IMAGES, 2, axis=2)),
        ({"down": -3.0}, np.roll(IMAGES, -3, axis=1)),
    ],
    ids=["nothing", "a quarter", "on its head", "right", "up"],
)
def test_an_affine_map(options, wanted):
    np.testing.assert_allclose(affine(TENSOR, **options), wanted, atol=1e-4)


def test_a_larger_size_magnifies():
    dot = np.zeros((1, 28, 28, 1), np.float32)
    dot[:, 12:16, 12:16] = 1
    assert np.sum(affine(tf.constant(dot), size=2.0)) == pytest.approx(64, rel=0.1)


def test_a_slant_moves_each_row_by_its_height():
    line = np.zeros((1, 28, 28, 1), np.float32)
    line[:, :, 13] = 1
    slanted = np.argmax(affine(tf.constant(line), slant=0.5)[0, :, :, 0], axis=1)
    assert slanted[4] - slanted[24] == 10


def test_each_image_has_an_affine_map_of_its_own():
    moved = affine(TENSOR[:3], right=tf.constant([0.0, 1.0, 2.0])).numpy()
    for image, result, pixels in zip(IMAGES, moved, range(3), strict=False):
        np.testing.assert_allclose(result, np.roll(image, pixels, axis=1), atol=1e-5)


def test_shifts_are_whole_and_each_image_has_its_own():
    found = set()
    for image, moved in zip(IMAGES, shift(TENSOR, 2).numpy(), strict=True):
        places = [
            (down, right)
            for down in range(-3, 4)
            for right in range(-3, 4)
            if np.allclose(np.roll(image, (down, right), axis=(0, 1)), moved, atol=1e-5)
        ]
        assert len(places) == 1
        found.update(places)
    assert {down for down, _ in found} == {right for _, right in found} == {-2, -1, 0, 1, 2}


def test_elastic_bends_more_with_its_strength():
    np.testing.assert_allclose(elastic(TENSOR, 0.0), IMAGES, atol=1e-3)
    smooth = tf.nn.avg_pool2d(TENSOR, 5, 1, "SAME")
    little, much = (np.abs(elastic(smooth, strength) - smooth).mean() for strength in (0.2, 1.0))
    assert 0 < 2 * little < much


def test_nothing_changes_nothing():
    assert change(TENSOR, NOTHING, False) is TENSOR


def test_half_of_the_images_are_flipped():
    flipped = change(TENSOR, NOTHING | {"flip": True}, False).numpy()
    mirrored = [np.array_equal(*pair) for pair in zip(flipped, IMAGES[:, :, ::-1], strict=True)]
    same = [np.array_equal(*pair) for pair in zip(flipped, IMAGES, strict=True)]
    assert sum(mirrored) + sum(same) == 64
    assert 16 <= sum(mirrored) <= 48


def test_plain_epochs_only_shift():
    recipe = NOTHING | {"shift": 1, "rotation": 90.0, "scale": 0.5, "elastic": 3.0}
    values = np.sort(change(TENSOR, recipe, True).numpy().reshape(64, -1))
    np.testing.assert_allclose(values, np.sort(IMAGES.reshape(64, -1)), atol=1e-5)
    assert not np.allclose(np.sort(change(TENSOR, recipe, False).numpy().reshape(64, -1)), values)


@pytest.mark.parametrize("network", techniques.NETWORKS)
def test_batch_norm_takes_the_place_of_biases(network):
    plain = build(NOTHING | {"network": network})
    normed = build(NOTHING | {"network": network, "batch_norm": True})
    for model in (plain, normed):
        assert model(IMAGES[:2]).shape == (2, 10)
    maps = sum(layer.maps for layer in techniques.NETWORKS[network])
    count = sum(int(np.prod(weight.shape)) for weight in normed.trainable_weights)
    assert count == plain.count_params() + maps


def test_the_tiny_network_shares_its_kernels():
    model = build(NOTHING | {"network": "tiny", "average": True})
    assert model(IMAGES[:2]).shape == (2, 10)
    separable = sum(9 * maps + (maps + 1) * more for maps, more in ((8, 16), (16, 24), (24, 32)))
    assert model.count_params() == (25 + 1) * 8 + separable + (32 + 1) * 10


def test_a_network_has_an_output_for_each_class():
    model, _ = train(
        np.zeros((26, 28, 28), np.uint8), np.arange(26), {"batch_size": 13, "epochs": 1}
    )
    assert model.output_shape == (None, 26)


def test_averaged_weights_meet_their_own_running_values():
    labels = np.arange(256) % 10
    images = np.zeros((256, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[:, 2 * label : 2 * label + 4] = 255
    recipe = {"batch_size": 32, "epochs": 12, "batch_norm": True, "averaging": 0.9}
    model, seconds = train(images, labels, recipe)
    answers = model.predict(images[..., None] / 255, verbose=0).argmax(axis=1)
    assert np.mean(answers == labels) >= 0.95
    assert seconds > 0
