"""Who wrote MNIST: the writers belong to its digits, and stand in the order that the lessons tell of."""

import dataclasses
import gzip

import numpy as np
import pytest

from helpers import writers
from helpers.data import cache
from helpers.data.cache import DataNotReached, copy_to
from helpers.data.datasets import QMNIST
from helpers.loading import ImageData, is_available, load, load_bytes
from helpers.writers import load_writers

NO_IMAGES = np.zeros((0, 28, 28), np.uint8)


@pytest.fixture(scope="module")
def loaded():
    if not is_available("qmnist"):
        pytest.skip("QMNIST's writers cannot be reached")
    return load_writers()


def digits(source, train_labels, test_labels, is_practice=False):
    names = tuple("0123456789")
    return ImageData(NO_IMAGES, train_labels, NO_IMAGES, test_labels, names, source, is_practice)


def test_shapes_and_types(loaded):
    assert loaded.train_writers.shape == loaded.train_is_student.shape == (60_000,)
    assert loaded.test_writers.shape == loaded.test_is_student.shape == (10_000,)
    for column in (loaded.train_writers, loaded.test_writers):
        assert column.dtype == np.dtype("i4")
        assert column.dtype.isnative
    assert loaded.train_is_student.dtype == loaded.test_is_student.dtype == bool
    for field in dataclasses.fields(loaded):
        assert not getattr(loaded, field.name).flags.writeable
    assert "539 of the training and 297 of the test images" in repr(loaded)


def test_all_70_000_labels_are_those_of_mnist(loaded):
    mnist = load("mnist")
    if mnist.is_practice:
        pytest.skip("these are the practice digits")
    np.testing.assert_array_equal(load_writers(mnist).train_writers, loaded.train_writers)


@pytest.mark.parametrize("part", ["training", "test"])
def test_one_label_that_differs_is_enough(loaded, part):
    mnist = load("mnist")
    if mnist.is_practice:
        pytest.skip("these are the practice digits")
    train_labels, test_labels = mnist.train_labels.copy(), mnist.test_labels.copy()
    {"training": train_labels, "test": test_labels}[part][-1] += 1
    with pytest.raises(ValueError, match=f"the {part} labels of MNIST, changed are others"):
        load_writers(digits("MNIST, changed", train_labels, test_labels))


def test_students_and_employees_take_turns_in_the_training_file(loaded):
    students = loaded.train_is_student
    assert students[:58_099:2].all()
    assert not students[1::2].any()
    assert not students[-1_900:].any()


def test_in_the_test_file_students_come_first(loaded):
    assert loaded.test_is_student[:5_001].all()
    assert not loaded.test_is_student[5_001:].any()


def count(numbers):
    return len(np.unique(numbers))


def test_how_many_they_are(loaded):
    for numbers, students, wanted in (
        (loaded.train_writers, loaded.train_is_student, (250, 289)),
        (loaded.test_writers, loaded.test_is_student, (249, 48)),
    ):
        assert (count(numbers[students]), count(numbers[~students])) == wanted
        assert np.intersect1d(numbers[students], numbers[~students]).size == 0


def test_no_writer_is_in_both_files(loaded):
    assert np.intersect1d(loaded.train_writers, loaded.test_writers).size == 0


def test_employees_come_one_after_another_and_students_again_and_again(loaded):
    reach = {True: [], False: []}  # from the first to the last image of a writer
    for number in np.unique(loaded.train_writers):
        places = np.flatnonzero(loaded.train_writers == number)
        reach[bool(loaded.train_is_student[places[0]])].append(np.ptp(places))
    assert min(reach[True]) > 50_000
    assert max(reach[False]) < 260


# What cannot be had, and what is damaged


def test_the_practice_digits_have_no_known_writers():
    labels = np.zeros(3, np.uint8)
    with pytest.raises(
        DataNotReached, match="practice digits, and who wrote which .* is not known"
    ):
        load_writers(digits("practice digits", labels, labels, is_practice=True))


def test_they_are_no_images():
    for ask in (lambda: load("qmnist"), lambda: load_bytes("qmnist", "train_labels")):
        with pytest.raises(ValueError, match="are no images: `load_writers` of helpers.writers"):
            ask()


@pytest.fixture
def stick(loaded, tmp_path, monkeypatch):
    """A mirror with good files, an empty cache and no public mirror; the folder of the files."""
    copy_to(QMNIST, tmp_path)
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path))
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "cache"))
    alone = dataclasses.replace(QMNIST, mirrors=())
    monkeypatch.setattr(writers, "QMNIST", alone)
    monkeypatch.setattr("helpers.loading.DATASETS", {"qmnist": alone})
    return tmp_path / "qmnist"


def test_they_come_from_a_stick(stick, loaded):
    assert is_available("qmnist")
    np.testing.assert_array_equal(load_writers().test_writers, loaded.test_writers)
    assert set(cache.states(QMNIST).values()) == {"verified"}


def rewrite(path, change):
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(change(content), compresslevel=1))


DAMAGES = {
    "no such file": lambda path: path.unlink(),
    "a web page": lambda path: path.write_bytes(b"<!DOCTYPE html><p>404"),
    "damaged gzip data": lambda path: path.write_bytes(path.read_bytes()[:1000] + 1000 * b"\xff"),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "cut short: 600,012 of": lambda path: rewrite(path, lambda content: content[:600_012]),
    "another file": lambda path: rewrite(path, lambda content: content[:-1] + b"\x01"),
    "another file, or": lambda path: rewrite(path, lambda content: content + b"\x00"),
}


@pytest.mark.parametrize("message", DAMAGES)
def test_a_damaged_file_is_named_and_not_kept(stick, message):
    DAMAGES[message](stick / "qmnist-test-labels-idx2-int.gz")
    assert not is_available("qmnist")
    with pytest.raises(DataNotReached, match=message) as caught:
        load_writers()
    assert "QMNIST's writers could not be reached: qmnist-test-labels" in str(caught.value)
    assert "python -m helpers download qmnist" in str(caught.value)
    assert cache.states(QMNIST)["qmnist-test-labels-idx2-int.gz"] == "missing"
