"""The kernels that execute the notebooks hear what a student would see: each thing they must refuse turns red."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOISE = "import os\nwritten = os.write(2, b'a line from C++')"
IGNORED = {"tags": ["nbval-ignore-output"]}
A_MODULE = "import sys\nsys.modules['tensorflow'] = sys"
NOTEBOOKS = {
    "01_quiet": [("1 + 1", {})],
    "02_noise": [("1 + 1", {}), (NOISE, {}), ("1 + 1", {}), ("1 + 1", {})],
    "05_noise_where_output_is_ignored": [(NOISE, IGNORED), ("1 + 1", {}), ("1 + 1", {})],
    "06_noise_at_the_end": [("1 + 1", {}), (NOISE, IGNORED)],
    "07_warning": [("import warnings\nwarnings.warn('old')", IGNORED), ("1 + 1", {})],
    "03_imports_tensorflow": [("1 + 1", {}), (A_MODULE, {})],
    "04_imports_tensorflow": [("1 + 1", {}), (A_MODULE, {})],
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Run the notebooks as the project's own are run, and return the words for each cell."""
    folder = tmp_path_factory.mktemp("notebooks")
    two = nbformat.v4.new_output("execute_result", {"text/plain": "2"}, execution_count=1)
    for name, cells in NOTEBOOKS.items():
        code = [
            nbformat.v4.new_code_cell(
                source,
                execution_count=1,
                metadata=metadata,
                outputs=[two] if source == "1 + 1" else [],
            )
            for source, metadata in cells
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=code), folder / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-c", "pyproject.toml", "--nbval"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_CURRENT_TEST": "a test"}
    answer = subprocess.run(
        [*command, "-rA", "--rootdir", str(folder), "-p", "no:xdist", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    found = re.findall(r"^(PASSED|FAILED) .*/(\w+)\.ipynb::Cell (\d+)", answer.stdout, re.MULTILINE)
    return answer.stdout, {(name, int(cell)): outcome for outcome, name, cell in found}


def failed(outcomes, name):
    return [
        cell for (of, cell), outcome in outcomes[1].items() if of == name and outcome == "FAILED"
    ]


def test_every_cell_was_run(outcomes):
    assert len(outcomes[1]) == sum(map(len, NOTEBOOKS.values())), outcomes[0]


@pytest.mark.parametrize("name", ["01_quiet", "04_imports_tensorflow"])
def test_what_is_well_passes(outcomes, name):
    assert failed(outcomes, name) == []


def test_a_line_from_below_python_is_heard(outcomes):
    assert failed(outcomes, "02_noise")[0] in (1, 2)
    assert "wrote to stderr: a line from C++" in outcomes[0]


@pytest.mark.parametrize(
    "name", ["05_noise_where_output_is_ignored", "06_noise_at_the_end", "07_warning"]
)
def test_an_ignored_output_may_not_hide_noise(outcomes, name):
    assert len(failed(outcomes, name)) == 1


def test_the_cell_that_imports_tensorflow_is_named(outcomes):
    assert failed(outcomes, "03_imports_tensorflow") == [1]
    assert "This cell imports TensorFlow" in outcomes[0]


def test_lesson_11_is_skipped_by_name_where_no_ports_are_shared(tmp_path):
    for name in ("10_kept", "11_skipped"):
        cell = nbformat.v4.new_code_cell("pass", execution_count=1)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / f"{name}.ipynb")
    program = "import socket, sys, pytest; del socket.SO_REUSEPORT; sys.exit(pytest.main())"
    options = ["-p", "conftest", "-c", "pyproject.toml", "--rootdir", str(tmp_path), str(tmp_path)]
    answer = subprocess.run(
        [sys.executable, "-c", program, *options, "-p", "no:xdist"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert "1 passed, 1 skipped" in answer.stdout
    assert "lesson 11: no ports are shared here" in answer.stdout
