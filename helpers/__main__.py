"""The helpers from the command line: python -m helpers doctor | download | lessons | fresh NUMBER."""

import argparse
import sys
from pathlib import Path

from helpers import my_lessons
from helpers.cache import DataNotReached, cache_folder, copy_to, fetch
from helpers.datasets import DATASETS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "doctor", help="look at this machine, and say what to do where something is amiss"
    )
    download_parser = commands.add_parser(
        "download", help="fetch and verify data sets; quick when they are there"
    )
    download_parser.add_argument(
        "names", nargs="*", metavar="name", help=f"of {', '.join(DATASETS)}; all if none is named"
    )
    download_parser.add_argument(
        "--to",
        type=Path,
        metavar="FOLDER",
        help="for a class: copy them there; set MNIST_MIRROR to it",
    )
    commands.add_parser("lessons", help="copy new and changed lessons to my_lessons/")
    fresh = commands.add_parser("fresh", help="a fresh copy of one lesson; yours is kept beside it")
    fresh.add_argument("number", help="for example 05")
    arguments = parser.parse_args()
    if arguments.command == "doctor":
        from helpers import doctor

        doctor.main()
    elif arguments.command == "download":
        if unknown := [name for name in arguments.names if name not in DATASETS]:
            parser.error(f"there is no data set {unknown[0]!r}; there are: {', '.join(DATASETS)}")
        sys.exit(download(arguments.names or list(DATASETS), arguments.to))
    elif arguments.command == "lessons":
        my_lessons.update()
    else:
        my_lessons.fresh(arguments.number)


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


if __name__ == "__main__":
    main()
