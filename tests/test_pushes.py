"""Images are pushed as far as asked and in the right direction, and stay images."""

import numpy as np
import pytest

from helpers import pushes

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8)
PUSHES = [pushes.shift, pushes.rotate, pushes.thicken, pushes.add_noise, pushes.invert]


def draw(rows, columns):
    """Return one image with ink of 200 in a rectangle."""
    image = np.zeros((1, 28, 28), np.uint8)
    image[:, rows, columns] = 200
    return image


def ink(image):
    """Return how many full pixels of 200 the ink would fill."""
    return image.sum() / 200


@pytest.mark.parametrize("push", PUSHES)
def test_no_strength_changes_nothing(push):
    for strength in (0, 0.0):
        np.testing.assert_array_equal(push(IMAGES, strength), IMAGES)


@pytest.mark.parametrize("strength", [1, 0.4])
@pytest.mark.parametrize("push", PUSHES)
def test_new_images_come_out(push, strength):
    images = IMAGES.copy()
    images.flags.writeable = False
    pushed = push(images, strength)
    assert pushed.shape == images.shape
    assert pushed.dtype == np.uint8
    assert not np.shares_memory(pushed, images)
    assert push is pushes.shift or not np.array_equal(pushed, images)


@pytest.mark.parametrize("push", PUSHES[:-2] + PUSHES[-1:])
def test_each_image_is_pushed_by_itself(push):
    alone = np.concatenate([push(IMAGES[[place]], 1) for place in range(len(IMAGES))])
    np.testing.assert_array_equal(push(IMAGES, 1), alone)


def test_to_the_right_and_off_the_edge():
    right, left = pushes.shift(IMAGES, 3), pushes.shift(IMAGES, -3)
    np.testing.assert_array_equal(right[:, :, 3:], IMAGES[:, :, :-3])
    np.testing.assert_array_equal(left[:, :, :-3], IMAGES[:, :, 3:])
    assert right[:, :, :3].max() == left[:, :, -3:].max() == 0
    assert pushes.shift(IMAGES, 28).max() == 0


def test_a_turn_is_against_the_clock():
    for quarters in (-1, 1, 2):
        turned = np.rot90(IMAGES, quarters, axes=(1, 2))
        np.testing.assert_array_equal(pushes.rotate(IMAGES, 90 * quarters), turned)
    right_arm = draw(slice(13, 15), slice(15, 24))
    turned = pushes.rotate(right_arm, 45)
    assert ink(turned[:, :14, 14:]) > 0.9 * ink(turned)
    assert ink(turned) == pytest.approx(ink(right_arm), rel=0.05)


def test_a_turn_leaves_the_corners_empty():
    turned = pushes.rotate(np.full((1, 28, 28), 200, np.uint8), 45)
    assert turned[:, [0, 0, -1, -1], [0, -1, 0, -1]].max() == 0
    assert turned[:, 10:18, 10:18].min() == turned.max() == 200


@pytest.mark.parametrize("pixels", [-2, -1.5, -1, -0.5, 0.5, 1, 2.5, 3])
def test_each_edge_moves_by_the_pixels(pixels):
    bar = draw(slice(None), slice(10, 16))
    row = pushes.thicken(bar, pixels)[:, 14]
    assert ink(row) == pytest.approx(6 + 2 * pixels, abs=0.01)
    np.testing.assert_array_equal(row[:, :13], row[:, 25:12:-1])


def test_ink_grows_to_a_disc_and_shrinks_to_nothing():
    dot = draw(slice(14, 15), slice(14, 15))
    assert ink(pushes.thicken(dot, 1)) == 5
    assert ink(pushes.thicken(dot, 2)) == 13
    assert pushes.thicken(dot, -1).max() == 0
    assert pushes.thicken(np.full((1, 28, 28), 200, np.uint8), -1)[:, 0].max() == 0


def test_noise_has_its_deviation_and_seed():
    grey = np.full((20, 28, 28), 128, np.uint8)
    noisy = pushes.add_noise(grey, 20)
    assert noisy.mean() == pytest.approx(128, abs=1)
    assert noisy.std() == pytest.approx(20, rel=0.03)
    assert np.mean(noisy[0] == noisy[1]) < 0.1
    np.testing.assert_array_equal(noisy, pushes.add_noise(grey, 20))
    assert np.mean(noisy == pushes.add_noise(grey, 20, seed=1)) < 0.1
    strong = pushes.add_noise(grey, 1000)
    assert np.mean((strong == 0) | (strong == 255)) > 0.8


def test_grey_levels_turn_around():
    np.testing.assert_array_equal(pushes.invert(IMAGES, 1), 255 - IMAGES)
    assert pushes.invert(IMAGES, 0.5).std() == 0
    ends = np.array([0, 255], np.uint8).reshape(2, 1, 1)
    assert pushes.invert(ends, 0.25).ravel().tolist() == [64, 191]
