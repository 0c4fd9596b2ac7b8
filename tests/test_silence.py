"""No lesson shows a student a warning: each is run as he runs it, and every cell is looked at.

nbval cannot see this: its kernels inherit PYTEST_CURRENT_TEST, and ipykernel then leaves file
descriptor 2, where TensorFlow's C++ code writes, alone.
"""

from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def run_as_a_student(notebook, folder, monkeypatch):
    """Execute a notebook in place, in a kernel that does not know of pytest."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    client = nbclient.NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(folder)}}
    )
    return client.execute()


def noise(notebook):
    """Return what the cells wrote to stderr, by the number of the cell."""
    return {
        number: output.text
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("name") == "stderr"
    }


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_runs_in_silence(path, monkeypatch):
    notebook = nbformat.read(path, as_version=4)
    if path.stem[:2] in ("01", "02", "03"):
        notebook.cells.append(
            nbformat.v4.new_code_cell("import sys\nprint('tensorflow' in sys.modules)")
        )
    run_as_a_student(notebook, path.parent, monkeypatch)
    assert noise(notebook) == {}
    if path.stem[:2] in ("01", "02", "03"):
        assert notebook.cells[-1].outputs[0].text == "False\n", (
            "lessons 01 to 03 do without TensorFlow"
        )


def test_noise_below_python_is_heard(monkeypatch, tmp_path):
    cell = nbformat.v4.new_code_cell("import os\nwritten = os.write(2, b'a line from C++')")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    run_as_a_student(notebook, tmp_path, monkeypatch)
    assert noise(notebook) == {0: "a line from C++"}
