"""What every test run begins with: the data, and a word at the top and at the bottom on which data it was."""

import os

import pytest

from helpers.cache import DataNotReached
from helpers.loading import load

os.environ["CI"] = "1"  # no progress bars in outputs that are compared
DATA = pytest.StashKey[str]()


def pytest_configure(config):
    """Get the data once, before any notebook asks; on the practice digits, do not compare outputs."""
    try:
        mnist = load("mnist")
    except DataNotReached as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[DATA] = mnist.source
    if mnist.is_practice:
        config.option.nbval, config.option.nbval_lax = False, True
        config.stash[DATA] += ": the notebooks run, their outputs are not compared"


def pytest_sessionstart(session):
    _say_which_data(session.config)


def pytest_unconfigure(config):
    _say_which_data(config)


def _say_which_data(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and DATA in config.stash:
        reporter.write_line(f"Data: {config.stash[DATA]}")
