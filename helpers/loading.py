"""Load a data set into arrays: `load("mnist")`.

REQUIRE_MNIST=1 makes anything but the verified MNIST an error; otherwise the practice digits stand in
for it on a machine that cannot reach it.
"""

import os
from dataclasses import dataclass

import numpy as np

from helpers.data import idx, practice
from helpers.data.cache import DataNotReached, fetch
from helpers.data.datasets import DATASETS, MNIST, Dataset


@dataclass(frozen=True, repr=False)
class ImageData:
    """Images and labels, as `load` returns them.

    Attributes:
        train_images: (n, 28, 28) uint8, 0 where there is no ink and 255 where there is most, upright.
        train_labels: (n,) uint8, an index into `class_names`.
        test_images: as `train_images`; touched once, at the end.
        test_labels: as `train_labels`.
        class_names: what the labels stand for.
        source: where the images come from, for example "MNIST (verified)".
        is_practice: whether they stand in for what was asked for, as the practice digits do.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]
    source: str
    is_practice: bool = False

    def __repr__(self) -> str:
        return f"{self.source}: {len(self.train_images):,} training and {len(self.test_images):,} test images"


def load(name: str = "mnist") -> ImageData:
    """Return a data set, verified. The arrays are read-only: no lesson can change them by mistake.

    Args:
        name: a key of helpers.data.datasets.DATASETS.

    Raises:
        ValueError: there is no data set of that name, or none with images.
        DataNotReached: it can be had from nowhere; for "mnist" only if REQUIRE_MNIST is set, since
            otherwise the practice digits are returned, and a line says so.
    """
    contents, source, is_practice = _contents(name)
    train_images, train_labels, test_images, test_labels = map(idx.parse, contents)
    dataset = DATASETS[name]
    if dataset.is_transposed:
        train_images, test_images = train_images.swapaxes(1, 2), test_images.swapaxes(1, 2)
    if dataset.first_label:
        train_labels, test_labels = (
            _read_only(labels - np.uint8(dataset.first_label))
            for labels in (train_labels, test_labels)
        )
    return ImageData(
        train_images,
        train_labels,
        test_images,
        test_labels,
        dataset.class_names,
        source,
        is_practice,
    )


def is_available(name: str) -> bool:
    """Return whether the data set can be had, fetching it if need be; for a lesson to ask first.

    Raises:
        ValueError: there is no data set of that name.
    """
    try:
        fetch(_dataset(name))
    except DataNotReached:
        return False
    return True


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def load_bytes(name: str, part: str) -> bytes:
    """Return one file of a data set as the bytes that it is made of, decompressed.

    Args:
        name: a key of helpers.data.datasets.DATASETS.
        part: "train_images", "train_labels", "test_images" or "test_labels".

    Raises:
        ValueError, DataNotReached: as `load`.
    """
    parts = ("train_images", "train_labels", "test_images", "test_labels")
    if part not in parts:
        raise ValueError(f"A data set has no part {part!r}. There are: {', '.join(parts)}.")
    return _contents(name)[0][parts.index(part)]


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise ValueError(f"There is no data set {name!r}. There are: {', '.join(DATASETS)}.")
    return DATASETS[name]


def _contents(name: str) -> tuple[list[bytes], str, bool]:
    """Return the four files of a data set, where they come from, and whether they are practice digits."""
    dataset = _dataset(name)
    if not dataset.train_images:
        raise ValueError(
            f"{dataset.title} are no images: `load_writers` of helpers.writers reads them."
        )
    try:
        contents = fetch(dataset)
    except DataNotReached:
        if dataset is not MNIST or os.environ.get("REQUIRE_MNIST", "") not in ("", "0"):
            raise
        print(practice.NOTICE)
        return practice.files(), practice.SOURCE, True
    return [contents[file.name] for file in dataset.files], f"{dataset.title} (verified)", False
