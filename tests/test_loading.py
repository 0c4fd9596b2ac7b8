"""load(): named arrays, verified, or the practice digits with a word about it."""

import subprocess
import sys

import numpy as np
import pytest

from helpers import idx, loading
from helpers.cache import DataNotReached


@pytest.fixture
def unreachable(monkeypatch):
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
