"""The cells of lesson 02 that open the copies of other libraries, where there are copies."""

import gzip
from pathlib import Path

import nbformat
import numpy as np
import pytest

from helpers.data import idx

LESSON = Path(__file__).parent.parent / "notebooks" / "02_prepare_the_data.ipynb"


def run_cells(capsys):
    """Run the lesson's imports and the cells that look for copies; return what they print."""
    cells = [c.source for c in nbformat.read(LESSON, 4).cells if c.cell_type == "code"]
    names = {}
    for source in [cells[0], *(c for c in cells if "no copy here yet" in c)]:
        exec(source, names)
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / ".keras"))
    monkeypatch.delenv("SCIKIT_LEARN_DATA", raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def test_where_there_is_no_copy_they_say_so(empty_home, capsys):
    assert run_cells(capsys) == [
        f"{library}: no copy here yet." for library in ("Keras", "scikit-learn", "torchvision")
    ]


def test_where_there_is_one_they_open_it(empty_home, capsys):
    images = np.zeros((5, 28, 28), np.uint8)
    (empty_home / ".keras" / "datasets").mkdir(parents=True)
    np.savez(empty_home / ".keras" / "datasets" / "mnist.npz", x_train=images)
    openml = empty_home / "scikit_learn_data" / "openml" / "openml.org" / "data" / "v1"
    openml.mkdir(parents=True)
    text = "@RELATION mnist_784\n@DATA\n" + ("0," * 784 + "5\n") * 7
    (openml / "mnist_784.arff.gz").write_bytes(gzip.compress(text.encode()))
    raw = empty_home / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte").write_bytes(idx.encode(images))
    assert run_cells(capsys) == [
        "Keras: (5, 28, 28) uint8",
        "scikit-learn: 7 lines of 785 numbers",
        "torchvision: (5, 28, 28) uint8",
    ]
