"""Say whether this Python is one that the series runs on. Written so that any Python 3 can run it."""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)

if __name__ == "__main__":
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        sys.exit(
            "These lessons need Python {}.{} to {}.{}; {} is Python {}.{}.\n"
            "If you have another one, name it: make lab PYTHON=python{}.{}\n"
            "If not, get one from https://www.python.org/downloads/ or with conda (see README.md).".format(
                *OLDEST, *NEWEST, sys.executable, *version, *NEWEST
            )
        )
