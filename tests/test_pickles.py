"""mnist.pkl.gz: the classic contents, the classic error, and nothing in it that runs."""

import collections
import gzip
import pickle
import random
import tracemalloc

import numpy as np
import pytest

from helpers import pickles
from helpers.loading import load
from helpers.pickles import UnsafePickle, load_pickle, write_pickle


@pytest.fixture(scope="module")
def classic(tmp_path_factory):
    data = load("mnist")
    path = tmp_path_factory.mktemp("pickle") / "mnist.pkl.gz"
    write_pickle(path, data.train_images, data.train_labels, data.test_images, data.test_labels)
    return path, data


def test_it_has_the_classic_contents(classic):
    path, data = classic
    train, validation, test = load_pickle(path)
    assert [images.shape for images, labels in (train, validation, test)] == [
        (50_000, 784),
        (10_000, 784),
        (10_000, 784),
    ]
    assert {images.dtype for images, labels in (train, validation, test)} == {np.dtype(np.float32)}
    assert {labels.dtype for images, labels in (train, validation, test)} == {np.dtype(np.int64)}
    np.testing.assert_array_equal(validation[0] * 256, data.train_images[50_000:].reshape(-1, 784))
    np.testing.assert_array_equal(test[1], data.test_labels)


def test_python_3_stumbles_as_ever_and_latin1_mends_it(classic):
    path, data = classic
    with gzip.open(path) as file, pytest.raises(UnicodeDecodeError, match="ordinal not in range"):
        pickle.load(file)
    with gzip.open(path) as file:
        train, _, _ = pickle.load(file, encoding="latin1")
    np.testing.assert_array_equal(train[1], data.train_labels[:50_000])


class Call:
    """An object whose pickle is the request to call a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda mark: pickle.dumps(Call(open, mark, "w")), "open"),
        (lambda mark: pickle.dumps(Call(eval, f"open({mark!r}, 'w')")), "eval"),
        (lambda mark: f"cos\nsystem\n(S'touch {mark}'\ntR.".encode(), "os.system"),
        (lambda mark: pickle.dumps(np.array([Call(open, mark, "w")], dtype=object)), "open"),
    ],
)
def test_a_hostile_pickle_is_refused_by_name_and_runs_nothing(make, named, tmp_path):
    mark = str(tmp_path / "it_ran")
    path = tmp_path / "hostile.pkl.gz"
    path.write_bytes(gzip.compress(make(mark)))
    with pytest.raises(UnsafePickle, match=named):
        load_pickle(path)
    assert not (tmp_path / "it_ran").exists()


@pytest.mark.parametrize(
    "content",
    [
        [1, 2, 3],
        ((np.zeros(2), np.zeros(2)),) * 2,
        ((np.zeros(2), np.zeros(2)),) * 2 + (np.zeros(2),),
        ((np.zeros(2), [1, 2]),) * 3,
    ],
)
def test_another_structure_is_refused(tmp_path, content):
    path = tmp_path / "other.pkl.gz"
    path.write_bytes(gzip.compress(pickle.dumps(content)))
    with pytest.raises(ValueError, match="damaged, or not three pairs"):
        load_pickle(path)


def test_five_thousand_damaged_pickles_run_nothing(tmp_path, monkeypatch):
    """Whatever bytes are changed, only the four names that make arrays are ever looked up."""
    path = tmp_path / "small.pkl.gz"
    images, labels = np.zeros((60_000, 1, 1), np.uint8), np.zeros(60_000, np.uint8)
    write_pickle(
        path,
        images[:60_000].reshape(-1)[: 784 * 2].reshape(2, 784),
        labels[:2],
        images[:784].reshape(1, 784),
        labels[:1],
    )
    whole = gzip.decompress(path.read_bytes())
    rng = random.Random(0)
    opcodes = b"cRbtU)(]}oi\x80\x81\x82\x93."  # among them all that can call something
    outcomes = collections.Counter()
    for _ in range(5_000):
        content = bytearray(whole)
        for _ in range(rng.randrange(1, 5)):
            content[rng.randrange(200)] = rng.choice([*opcodes, rng.randrange(256)])
        path.write_bytes(gzip.compress(bytes(content), compresslevel=0))
        try:
            load_pickle(path)
            outcomes["read"] += 1
        except (ValueError, UnsafePickle) as error:
            outcomes[type(error).__name__] += 1
    assert outcomes.total() == 5_000
    assert outcomes["ValueError"] > 1_000


def test_arrays_of_objects_are_refused(tmp_path):
    path = tmp_path / "objects.pkl.gz"
    pair = (np.array([None, "text"], dtype=object), np.arange(2))
    path.write_bytes(gzip.compress(pickle.dumps((pair, pair, pair))))
    with pytest.raises(UnsafePickle, match="only numbers are admitted"):
        load_pickle(path)


def never_filled():
    """Return the pickle of three pairs of arrays that are created, but not filled."""
    empty = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btR"
    return b"\x80\x02" + (empty + empty + b"\x86") * 3 + b"\x87."


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x80\x05\x96" + (1 << 33).to_bytes(8, "little") + b".", id="BYTEARRAY8"),
        pytest.param(b"\x80\x04\x8e" + (1 << 40).to_bytes(8, "little") + b".", id="BINBYTES8"),
        pytest.param(b"\x80\x04\x95" + (1 << 40).to_bytes(8, "little") + b".", id="FRAME"),
        pytest.param(b"T\xff\xff\xff\x7f.", id="BINSTRING"),
    ],
)
def test_a_length_that_is_a_lie_takes_no_memory(tmp_path, content):
    path = tmp_path / "lie.pkl.gz"
    path.write_bytes(gzip.compress(content))
    tracemalloc.start()
    with pytest.raises(ValueError, match="damaged"):
        load_pickle(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_an_array_that_was_never_filled_is_refused(tmp_path):
    path = tmp_path / "empty.pkl.gz"
    path.write_bytes(gzip.compress(never_filled()))
    with pytest.raises(ValueError, match="an array that was never filled"):
        load_pickle(path)


def test_what_unpacks_to_more_than_the_classic_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pickles, "MOST_BYTES", 1_000_000)
    path = tmp_path / "endless.pkl.gz"
    path.write_bytes(gzip.compress(bytes(1_000_001)))
    with pytest.raises(ValueError, match="more than 1,000,000 bytes"):
        load_pickle(path)


def test_nothing_is_left_beside_the_file(classic):
    path, _ = classic
    assert [file.name for file in path.parent.iterdir()] == [path.name]
