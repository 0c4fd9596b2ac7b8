"""What every test run begins with: the data, kernels as a student has them, and the longest files first.

Which data it is, the first line of the report says, and the last.
"""

import os
import queue
import socket

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel

from helpers.data.cache import DataNotReached
from helpers.loading import load

os.environ["CI"] = "1"  # no progress bars in outputs that are compared
DATA = pytest.StashKey[str]()
LONGEST_FIRST = (
    "10_",
    "09_",
    "11_",
    "08_",
    "12_",
    "07_",
    "03_",
    "05_",
    "test_gpu",
    "test_benchmarks",
    "test_workers",
    "test_faults",
    "04_",
    "06_",
)
WITHOUT_TENSORFLOW = ("01_", "02_", "03_")
IMPORTS_NO_TENSORFLOW = "import sys; assert 'tensorflow' not in sys.modules"


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
    nbval.plugin.RunningKernel = StudentsKernel


def pytest_sessionstart(session):
    _say_which_data(session.config)


def pytest_unconfigure(config):
    _say_which_data(config)


def _say_which_data(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and DATA in config.stash:
        reporter.write_line(f"Data: {config.stash[DATA]}")


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that two workers end at about the same time."""
    items.sort(key=lambda item: not item.path.name.startswith(LONGEST_FIRST))
    if not hasattr(socket, "SO_REUSEPORT"):
        for item in items:
            if item.path.name.startswith("11_"):
                item.add_marker(pytest.mark.skip(reason="lesson 11: no ports are shared here"))


class StudentsKernel(RunningKernel):
    """A notebook's kernel that does not know of pytest, and remembers what it wrote to stderr.

    ipykernel does not listen to file descriptor 2, where TensorFlow's C++ code writes, if it finds
    PYTEST_CURRENT_TEST in its environment.
    """

    def __init__(self, *arguments, **options):
        self.noise = []
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("PYTEST_CURRENT_TEST", raising=False)
            super().__init__(*arguments, **options)

    def get_message(self, *arguments, **options):
        message = super().get_message(*arguments, **options)
        if message["content"].get("name") == "stderr":
            self.noise.append(message["content"]["text"])
        return message

    def succeeds(self, code: str) -> bool:
        """Run code that is not in the notebook, and return whether it ends without an error."""
        request = self.execute_cell_input(code)
        while True:
            reply = self.get_message("shell", timeout=60)
            if reply["parent_header"].get("msg_id") == request:
                break
        self.await_idle(request, timeout=60)
        return reply["content"]["status"] == "ok"

    def listen_for(self, seconds: float) -> None:
        """Wait for what is still on its way."""
        while True:
            try:
                self.get_message("iopub", timeout=seconds)
            except queue.Empty:
                return


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Of a notebook's cell: no word on stderr, compared or not, and 01 to 03 do without TensorFlow."""
    result = yield
    if isinstance(item, nbval.plugin.IPyNbCell):
        kernel = item.parent.kernel
        if item.cell is [cell for cell in item.parent.nb.cells if cell.cell_type == "code"][-1]:
            kernel.listen_for(0.5)
        if kernel.noise:
            noise, kernel.noise = "".join(kernel.noise), []
            item.raise_cell_error(f"This cell, or the one before, wrote to stderr: {noise}")
        if item.path.name.startswith(WITHOUT_TENSORFLOW):
            if not kernel.succeeds(IMPORTS_NO_TENSORFLOW):
                item.raise_cell_error("This cell imports TensorFlow; lessons 01 to 03 do without.")
    return result
