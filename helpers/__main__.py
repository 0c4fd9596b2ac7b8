"""The helpers from the command line: python -m helpers download | lessons | fresh NUMBER."""

import argparse
import sys

from helpers import my_lessons
from helpers.cache import DataNotReached, cache_folder, fetch
from helpers.datasets import DATASETS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("download", help="fetch and verify the data; quick when it is there")
    commands.add_parser("lessons", help="copy new and changed lessons to my_lessons/")
    fresh = commands.add_parser("fresh", help="a fresh copy of one lesson; yours is kept beside it")
    fresh.add_argument("number", help="for example 05")
    arguments = parser.parse_args()
    if arguments.command == "download":
        sys.exit(download())
    elif arguments.command == "lessons":
        my_lessons.update()
    else:
        my_lessons.fresh(arguments.number)


def download() -> int:
    """Fetch every data set into the cache; return 0 if all are there, else 1."""
    missing = 0
    for dataset in DATASETS.values():
        try:
            fetch(dataset, ignore_note=True)
            print(f"{dataset.title}: verified, in {cache_folder() / dataset.name}")
        except DataNotReached as error:
            missing = 1
            print(error)
    return missing


if __name__ == "__main__":
    main()
