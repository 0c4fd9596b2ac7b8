"""Fetch and verify data sets: python -m helpers download."""

from pathlib import Path

from helpers.data.cache import DataNotReached, cache_folder, copy_to, fetch
from helpers.data.datasets import DATASETS


def download(names: list[str], folder: Path | None) -> int:
    """Fetch data sets into the cache, and copy them to `folder` if one is given.

    Returns:
        0 if all of them are there in the end, else 1.
    """
    missing = 0
    for dataset in map(DATASETS.get, names):
        try:
            if folder:
                copy_to(dataset, folder)
            else:
                fetch(dataset, ignore_note=True)
            print(f"{dataset.title}: verified, in {(folder or cache_folder()) / dataset.name}")
        except DataNotReached as error:
            missing = 1
            print(error)
        except OSError as error:
            missing = 1
            print(f"{dataset.title} could not be copied to {folder}: {error.strerror}.")
    return missing
