"""The helpers from the command line: python -m helpers doctor, and so on; --help lists all."""

import argparse
import sys
from pathlib import Path

from helpers.commands import lessons
from helpers.commands.download import download
from helpers.data.datasets import DATASETS


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
    commands.add_parser("picture", help="for authors: draw the picture at the top of README")
    for name, words in {
        "worker": "be one of the workers that train together, the one that TF_CONFIG says",
        "supervise": "train with several workers on this machine; if one dies, begin again",
    }.items():
        command = commands.add_parser(name, help=words)
        command.add_argument("folder", type=Path, help="for checkpoints and notes of each step")
        command.add_argument("--steps", type=int, default=40, help="of the training; 40")
        command.add_argument("--every", type=int, default=10, help="steps to a checkpoint; 10")
        command.add_argument("--batch-size", type=int, default=64, help="of all workers; 64")
        if name == "worker":
            command.add_argument("--stop-with-stdin", action="store_true", help=argparse.SUPPRESS)
        else:
            command.add_argument("--workers", type=int, default=2, help="how many; 2")
    arguments = parser.parse_args()
    if arguments.command == "doctor":
        from helpers.commands import doctor

        doctor.main()
    elif arguments.command == "download":
        if unknown := [name for name in arguments.names if name not in DATASETS]:
            parser.error(f"there is no data set {unknown[0]!r}; there are: {', '.join(DATASETS)}")
        sys.exit(download(arguments.names or list(DATASETS), arguments.to))
    elif arguments.command == "picture":
        from helpers.commands import picture

        picture.main()
    elif arguments.command == "worker":
        from helpers.commands import worker

        options = vars(arguments)
        del options["command"]
        worker.main(**options)
    elif arguments.command == "supervise":
        from helpers.commands import supervisor

        supervisor.main(
            arguments.folder,
            arguments.workers,
            steps=arguments.steps,
            every=arguments.every,
            batch_size=arguments.batch_size,
        )
    elif arguments.command == "lessons":
        lessons.update()
    else:
        lessons.fresh(arguments.number)


if __name__ == "__main__":
    main()
