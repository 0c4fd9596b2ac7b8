"""Copies of the same data that other libraries have left on this machine: read, verified, never written."""

import os
import zipfile
from pathlib import Path

import numpy as np

from helpers import idx
from helpers.datasets import Dataset, File


def torchvision_folders(dataset: Dataset) -> list[str]:
    """Return the folders in which torchvision has unpacked `dataset`, in the places that are usual.

    torchvision lets its user choose where; most tutorials choose a folder "data".
    """
    roots = (Path("data"), Path("../data"), Path.home() / "data")
    folders = [root / dataset.torchvision_name / "raw" for root in roots]
    return [str(folder) for folder in folders if os.path.isdir(folder)]


def keras_folder() -> Path:
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def sklearn_folder() -> Path:
    return Path(os.environ.get("SCIKIT_LEARN_DATA", Path.home() / "scikit_learn_data"))


def places(dataset: Dataset) -> list[str]:
    """Return the folders, and the npz file of Keras, that hold a copy of `dataset`."""
    keras_places = [keras_folder() / dataset.name, keras_folder() / f"{dataset.name}.npz"]
    return torchvision_folders(dataset) + [
        str(place) for place in keras_places if os.path.exists(place)
    ]


def read_npz(path: str, dataset: Dataset, file: File) -> bytes:
    """Return a file of `dataset` as IDX, made from the arrays in the npz that Keras keeps.

    Raises:
        OSError: the npz cannot be read, or holds something else.
    """
    part = ("x_train", "y_train", "x_test", "y_test")[dataset.files.index(file)]
    try:
        with np.load(path) as arrays:
            array = arrays[part]
    except (KeyError, ValueError, zipfile.BadZipFile):
        raise OSError("not the arrays that Keras keeps") from None
    if array.dtype != np.uint8:
        raise OSError(f"{part} is {array.dtype}, not uint8")
    return idx.encode(array)
