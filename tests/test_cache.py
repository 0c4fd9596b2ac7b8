"""The cache: which source is asked when, and what is kept. What goes wrong is in test_faults.py."""

import gzip
import io
import os
import time
import zipfile

import numpy as np
import pytest
from faulty_server import CONTENTS, archive, running_server, toy_dataset, wanted, zipped

from helpers import cache, idx
from helpers.datasets import DATASETS


@pytest.fixture
def server():
    with running_server() as server:
        yield server


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("MNIST_MIRROR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home" / ".keras"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "cache" / "toy"


def test_files_arrive_verified_and_then_need_no_network(server, empty_cache):
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert len(server.requests) == 4
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert len(server.requests) == 4
    assert sorted(path.name for path in empty_cache.iterdir()) == [".lock", *sorted(CONTENTS)]


def test_a_sum_of_the_published_gz_will_do(server, empty_cache):
    dataset = toy_dataset(server.url, sums_are_of_gz=True)
    assert cache.fetch(dataset) == wanted()
    assert cache.fetch(dataset) == wanted()
    assert len(server.requests) == 4
    assert (empty_cache / "train-images.gz").read_bytes() == zipped("train-images")
    (empty_cache / "train-images.gz").write_bytes(gzip.compress(CONTENTS["train-images"], 1))
    cache.fetch(dataset)
    assert len(server.requests) == 5  # the same content in another .gz cannot be verified


def test_the_cache_says_what_it_holds(server, empty_cache):
    dataset = toy_dataset(server.url)
    assert set(cache.states(dataset).values()) == {"missing"}
    cache.fetch(dataset)
    (empty_cache / "test-labels").write_bytes(b"?")
    assert cache.states(dataset) == dict.fromkeys(wanted(), "verified") | {
        "test-labels.gz": "damaged"
    }


# Mirrors


def fill(folder, how):
    folder.mkdir(parents=True)
    if how == "archive":
        (folder / "all.zip").write_bytes(archive())
        return
    for name, content in CONTENTS.items():
        is_zipped = how == "zipped"
        (folder / (f"{name}.gz" if is_zipped else name)).write_bytes(
            zipped(name) if is_zipped else content
        )


@pytest.mark.parametrize("how", ["zipped", "not zipped", "archive"])
def test_a_folder_serves_as_a_mirror(tmp_path, monkeypatch, how):
    fill(tmp_path / "stick" / "toy", how)
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    assert cache.fetch(toy_dataset()) == wanted()


def test_a_damaged_archive_in_a_folder_is_named(tmp_path, monkeypatch):
    (tmp_path / "stick" / "toy").mkdir(parents=True)
    (tmp_path / "stick" / "toy" / "all.zip").write_bytes(archive()[:1000])
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    with pytest.raises(cache.DataNotReached, match="a damaged zip archive"):
        cache.fetch(toy_dataset())


def test_a_url_serves_as_a_mirror_before_the_public_ones(server, monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", server.url + "class")
    assert cache.fetch(toy_dataset(server.url + "public/")) == wanted()
    assert all(path.startswith("/class/toy/") for path in server.requests)


def test_a_mirror_folder_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", "/no/such/stick")
    with pytest.raises(cache.DataNotReached, match="from /no/such/stick/toy/: no such folder"):
        cache.fetch(toy_dataset())


def test_of_a_remote_archive_only_the_parts_are_fetched(server):
    assert cache.fetch(toy_dataset(server.url + "gzip.zip")) == wanted()
    assert server.bytes_sent < len(archive()) / 2


def test_a_remote_archive_without_parts_is_refused_with_the_way_out(server):
    server.faults = ["no ranges"]
    with pytest.raises(cache.DataNotReached, match="sends no parts of its zip archive; download"):
        cache.fetch(toy_dataset(server.url + "gzip.zip"))


def test_a_remote_archive_that_lacks_a_file_is_named(server, monkeypatch):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as zip_file:
        zip_file.writestr("gzip/other.gz", b"")
    monkeypatch.setattr("faulty_server.archive", whole.getvalue)
    with pytest.raises(cache.DataNotReached, match="no such file in the zip archive"):
        cache.fetch(toy_dataset(server.url + "gzip.zip"))


@pytest.mark.parametrize("sums_are_of_gz", [False, True])
def test_a_copy_for_a_class_serves_as_a_mirror(server, tmp_path, monkeypatch, sums_are_of_gz):
    dataset = toy_dataset(server.url, sums_are_of_gz=sums_are_of_gz)
    cache.copy_to(dataset, tmp_path / "stick")
    assert sorted(path.name for path in (tmp_path / "stick" / "toy").iterdir()) == sorted(wanted())
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "stick" / "toy").iterdir()}
    cache.copy_to(dataset, tmp_path / "stick")
    assert before == {path: path.stat().st_mtime_ns for path in before}  # repeating changes nothing

    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "another cache"))
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    assert cache.fetch(toy_dataset(sums_are_of_gz=sums_are_of_gz)) == wanted()


def test_a_damaged_copy_for_a_class_is_mended(server, tmp_path):
    cache.copy_to(toy_dataset(server.url), tmp_path / "stick")
    damaged = tmp_path / "stick" / "toy" / "train-images.gz"
    damaged.write_bytes(damaged.read_bytes()[:-30])
    cache.copy_to(toy_dataset(), tmp_path / "stick")
    assert gzip.decompress(damaged.read_bytes()) == CONTENTS["train-images"]


# The note that spares others the wait


def test_without_an_answer_a_note_spares_the_next_kernel_the_wait(server):
    with pytest.raises(cache.DataNotReached, match="could not be reached"):
        cache.fetch(toy_dataset("http://127.0.0.1:9/"))
    with pytest.raises(cache.DataNotReached, match="not asked, since none answered"):
        cache.fetch(toy_dataset(server.url))
    assert server.requests == []
    assert cache.fetch(toy_dataset(server.url), ignore_note=True) == wanted()


def test_the_note_expires(server, empty_cache):
    with pytest.raises(cache.DataNotReached):
        cache.fetch(toy_dataset("http://127.0.0.1:9/"))
    old = time.time() - 60 * cache.NOTE_MINUTES - 1
    os.utime(empty_cache / "no-answer", (old, old))
    assert cache.fetch(toy_dataset(server.url)) == wanted()


# Copies that other libraries have left


@pytest.mark.parametrize("where", ["work/data", "data", "home/data"])
def test_the_copy_of_torchvision_is_used_and_left_alone(tmp_path, where):
    folder = tmp_path / where / "Toy" / "raw"
    fill(folder, "not zipped")
    assert cache.fetch(toy_dataset()) == wanted()
    assert sorted(path.name for path in folder.iterdir()) == sorted(CONTENTS)


def keras_copy(folder, **changes):
    """Leave the npz that Keras would leave, and return a data set of the same arrays."""
    arrays = {
        "x_train": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
        "y_train": np.array([3, 1], np.uint8),
        "x_test": np.ones((1, 3, 4), np.uint8),
        "y_test": np.array([7], np.uint8),
    }
    CONTENTS_OF_IT = {
        name: idx.encode(array) for name, array in zip(CONTENTS, arrays.values(), strict=True)
    }
    folder.mkdir(parents=True)
    np.savez_compressed(folder / "toy.npz", **(arrays | changes))
    return CONTENTS_OF_IT


def test_the_npz_of_keras_is_used(tmp_path, monkeypatch):
    contents = keras_copy(tmp_path / "home" / ".keras" / "datasets")
    monkeypatch.setattr("faulty_server.CONTENTS", contents)
    assert cache.fetch(toy_dataset()) == {f"{name}.gz": c for name, c in contents.items()}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x_train": np.zeros((2, 3, 4), np.uint8)}, "another file, or a damaged one"),
        ({"x_train": np.zeros((2, 3, 4))}, "x_train is float64, not uint8"),
        ({"x_train": np.array([None])}, "not the arrays that Keras keeps"),
    ],
)
def test_another_npz_is_named_and_not_used(tmp_path, monkeypatch, changes, words):
    contents = keras_copy(tmp_path / "home" / ".keras" / "datasets", **changes)
    monkeypatch.setattr("faulty_server.CONTENTS", contents)
    with pytest.raises(cache.DataNotReached, match=f"toy.npz: {words}"):
        cache.fetch(toy_dataset())


def test_no_neighbour_comes_before_the_mirror_that_was_named(server, tmp_path, monkeypatch):
    fill(tmp_path / "data" / "Toy" / "raw", "not zipped")
    monkeypatch.setenv("MNIST_MIRROR", server.url)
    cache.fetch(toy_dataset())
    assert len(server.requests) == 4


# The data sets themselves


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_every_data_set_is_described(dataset):
    assert dataset.licence
    assert dataset.citation
    assert dataset.mirrors
    assert len(set(dataset.class_names)) == len(dataset.class_names)
    for file in dataset.files:
        assert file.name.endswith(".gz")
        assert len(bytes.fromhex(file.sha256)) == 32
    images, labels = dataset.train_images, dataset.train_labels
    assert images.size - 16 == (labels.size - 8) * 28 * 28
