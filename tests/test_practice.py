"""The practice digits: always the same, well formed, cached, and no stranger to MNIST."""

import re

import numpy as np
import pytest

from helpers.data import idx, practice
from helpers.data.redraw import draw, draw_set, read_originals


@pytest.fixture(scope="module")
def drawn():
    return draw()


@pytest.fixture
def small_draw(monkeypatch, tmp_path):
    """Replace the ten seconds of drawing by nothing, and count how often it is asked for."""
    calls = []

    def draw():
        calls.append(1)
        images, labels = (
            np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28),
            np.array([3, 8], np.uint8),
        )
        return images, labels, images[:1], labels[:1]

    monkeypatch.setattr("helpers.data.redraw.draw", draw)
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path))
    return calls


def test_they_have_the_form_of_mnist(drawn):
    train_images, train_labels, test_images, test_labels = drawn
    assert train_images.shape == (60_000, 28, 28)
    assert test_images.shape == (10_000, 28, 28)
    assert {array.dtype for array in drawn} == {np.dtype(np.uint8)}
    for labels in (train_labels, test_labels):
        assert np.ptp(np.bincount(labels, minlength=10)) == 0
        assert (np.diff(labels.astype(int)) != 0).mean() > 0.8  # shuffled


def test_they_are_framed_as_mnist_frames_them(drawn):
    images = drawn[2].astype(float)
    inked = images > 0
    heights = inked.any(2).sum(1)
    widths = inked.any(1).sum(1)
    assert np.maximum(heights, widths).max() <= 22  # a box of 20, and the soft rim of a stroke
    total = images.sum((1, 2))
    centre = (images.sum(2) * np.arange(28)).sum(1) / total
    assert abs(centre.mean() - 14) < 0.2  # as MNIST's
    assert np.abs(centre - 14).max() < 2.5
    assert 10 < 100 * inked.mean() < 30  # MNIST: 19 %


def test_they_are_always_the_same(drawn):
    values, labels, *_ = read_originals()
    first = draw_set(values, labels, 100, np.random.default_rng(0))
    second = draw_set(values, labels, 100, np.random.default_rng(0))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_training_and_test_come_from_different_passages():
    """Everyone wrote the same dictation, so that a passage begins with 0 to 9 again and again (one lacks its first 0)."""
    train_values, train_labels, test_values, test_labels = read_originals()
    assert len(train_values) + len(test_values) == 1797
    dictated = "".join(map(str, [*train_labels, *test_labels]))
    begins = [match.start() for match in re.finditer("0?1234567890123456", dictated)]
    assert len(begins) == 14
    assert len(train_values) == begins[11]


def test_they_are_drawn_once_and_then_read(small_draw):
    first, second = practice.files(), practice.files()
    assert first == second
    assert len(small_draw) == 1
    assert idx.parse(first[0]).shape == (2, 28, 28)
    assert idx.parse(first[1]).tolist() == [3, 8]


@pytest.mark.parametrize("damage", [b"", b"not gzip at all", None])
def test_a_damaged_cache_is_drawn_anew(small_draw, tmp_path, damage):
    first = practice.files()
    path = tmp_path / f"practice-{practice.VERSION}" / "train-images.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content) if damage is None else damage)
    assert practice.files() == first
    assert len(small_draw) == 2
