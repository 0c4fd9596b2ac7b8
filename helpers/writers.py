"""Who wrote the digits of MNIST: `load_writers()`.

QMNIST found each digit of MNIST again in NIST's archive, where it is noted who wrote it.
Source: C. Yadav, L. Bottou, "Cold Case: The Lost MNIST Digits", https://github.com/facebookresearch/qmnist
"""

from dataclasses import dataclass

import numpy as np

from helpers.data import idx
from helpers.data.cache import DataNotReached, fetch
from helpers.data.datasets import QMNIST
from helpers.loading import ImageData

LABEL, SERIES, WRITER = 0, 1, 2  # columns of the files
STUDENTS = 4  # the series written by high-school students; 0 is by employees of the census
TEST_SIZE = 10_000  # the file goes on with test digits that MNIST left out


@dataclass(frozen=True, repr=False)
class Writers:
    """Who wrote each digit, in MNIST's order. The arrays are read-only.

    Attributes:
        train_writers: (60000,) int32, the number that NIST gave to the writer.
        test_writers: (10000,) int32.
        train_is_student: (60000,) bool, True for a high-school student, False for an employee of the census.
        test_is_student: (10000,) bool.
    """

    train_writers: np.ndarray
    test_writers: np.ndarray
    train_is_student: np.ndarray
    test_is_student: np.ndarray

    def __repr__(self) -> str:
        train, test = (len(np.unique(part)) for part in (self.train_writers, self.test_writers))
        return f"{QMNIST.title} (verified): {train} of the training and {test} of the test images"


def load_writers(mnist: ImageData | None = None) -> Writers:
    """Return who wrote each digit of MNIST, verified. `is_available("qmnist")` of helpers.loading asks first.

    Args:
        mnist: the digits that they belong to; if given, the labels of both are compared.

    Raises:
        DataNotReached: the writers can be had from nowhere, or `mnist` is the practice digits.
        ValueError: `mnist` is another data set, or in another order.
    """
    if mnist and mnist.is_practice:
        raise DataNotReached(
            f"These are the {mnist.source}, and who wrote which of them is not known. For MNIST and its"
            f" writers, with a network: python -m helpers download mnist {QMNIST.name}"
        )
    contents = fetch(QMNIST)
    train, test = (idx.parse(contents[file.name]) for file in QMNIST.files)
    test = test[:TEST_SIZE]
    if mnist:
        for part, rows, labels in (
            ("training", train, mnist.train_labels),
            ("test", test, mnist.test_labels),
        ):
            if not np.array_equal(rows[:, LABEL], labels):
                raise ValueError(
                    f"The writers are those of MNIST in its own order, and the {part} labels of"
                    f' {mnist.source} are others. Pass what load("mnist") returned.'
                )
    columns = [
        *(rows[:, WRITER].astype(np.int32) for rows in (train, test)),
        *(rows[:, SERIES] == STUDENTS for rows in (train, test)),
    ]
    for column in columns:
        column.flags.writeable = False
    return Writers(*columns)
