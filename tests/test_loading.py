"""load(): named arrays, verified, or the practice digits with a word about it."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from helpers import loading
from helpers.data import idx
from helpers.data.cache import DataNotReached, copy_to, fetch
from helpers.data.datasets import FASHION_MNIST, MNIST


@pytest.fixture
def unreachable(monkeypatch, own_home):
    def fetch(dataset):
        raise DataNotReached("nothing answers")

    monkeypatch.setattr(loading, "fetch", fetch)
    monkeypatch.delenv("REQUIRE_MNIST", raising=False)


def test_shapes_and_types():
    data = loading.load("mnist")
    assert data.train_images.shape == (60_000, 28, 28)
    assert data.test_images.shape == (10_000, 28, 28)
    assert data.train_labels.shape == (60_000,)
    assert data.test_labels.shape == (10_000,)
    assert {a.dtype for a in (data.train_images, data.train_labels, data.test_images)} == {
        np.dtype(np.uint8)
    }
    assert data.class_names == tuple("0123456789")
    assert not data.train_images.flags.writeable


def test_mnist_begins_with_its_nine_digits():
    data = loading.load("mnist")
    if data.is_practice:
        pytest.skip("these are the practice digits")
    assert data.train_labels[:9].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1]
    assert data.source == "MNIST (verified)"


def test_bytes_are_the_file_that_the_arrays_come_from():
    np.testing.assert_array_equal(
        idx.parse(loading.load_bytes("mnist", "test_labels")), loading.load("mnist").test_labels
    )


@pytest.mark.parametrize(
    ("name", "sizes", "classes"),
    [
        ("fashion-mnist", (60_000, 10_000), 10),
        ("kmnist", (60_000, 10_000), 10),
        ("emnist", (124_800, 20_800), 26),
    ],
)
def test_the_variants_have_the_same_form(name, sizes, classes):
    if not loading.is_available(name):
        pytest.skip(f"{name} cannot be reached")
    data = loading.load(name)
    assert (len(data.train_images), len(data.test_images)) == sizes
    assert data.train_images.shape[1:] == (28, 28)
    for labels in (data.train_labels, data.test_labels):
        assert labels.dtype == np.uint8
        assert sorted(set(labels.tolist())) == list(range(classes))
    assert len(data.class_names) == classes
    assert not data.train_images.flags.writeable
    assert not data.train_labels.flags.writeable


def test_the_letters_stand_upright():
    """The strokes of an I run down the page and not across it; as the files have them, they lie."""
    if not loading.is_available("emnist"):
        pytest.skip("EMNIST cannot be reached")
    data = loading.load("emnist")
    letters = data.train_images[data.train_labels == data.class_names.index("I")] > 127
    heights, widths = letters.any(axis=2).sum(axis=1), letters.any(axis=1).sum(axis=1)
    assert np.median(heights) > 1.4 * np.median(widths)


def test_fashion_under_the_names_of_mnist_is_refused(tmp_path, monkeypatch):
    if not loading.is_available("fashion-mnist"):
        pytest.skip("Fashion-MNIST cannot be reached")
    copy_to(FASHION_MNIST, tmp_path)
    (tmp_path / "fashion-mnist").rename(tmp_path / "mnist")
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path))
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "cache"))
    with pytest.raises(DataNotReached, match="another file, or a damaged one"):
        fetch(dataclasses.replace(MNIST, mirrors=()))
    assert not list((tmp_path / "cache" / "mnist").glob("*-ubyte"))


def test_a_data_set_that_cannot_be_reached_fails_by_name(unreachable):
    assert not loading.is_available("kmnist")
    with pytest.raises(DataNotReached):
        loading.load("kmnist")  # the practice digits stand in for MNIST alone


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="no data set 'minst'. There are: mnist"):
        loading.load("minst")
    with pytest.raises(ValueError, match="no part 'images'. There are: train_images"):
        loading.load_bytes("mnist", "images")


def test_practice_digits_stand_in_and_say_so(unreachable, capsys):
    data = loading.load("mnist")
    assert data.is_practice
    assert "MNIST" not in data.source
    assert capsys.readouterr().out.count("\n") == 1
    assert data.train_images.shape == (60_000, 28, 28)
    assert data.test_images.shape == (10_000, 28, 28)


def test_require_mnist_makes_that_an_error(unreachable, monkeypatch):
    monkeypatch.setenv("REQUIRE_MNIST", "1")
    with pytest.raises(DataNotReached):
        loading.load("mnist")


def test_importing_costs_no_tensorflow():
    code = "import sys, helpers.loading, helpers.plots; print('tensorflow' in sys.modules, 'sklearn' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False False\n"
