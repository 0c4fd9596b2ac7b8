"""The canvas: in Python alone, and in a stored notebook."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
from ten_digits import TEN_DIGITS

from helpers.canvas import Canvas
from helpers.handwriting import PEN, SIDE

ROOT = Path(__file__).parent.parent
MODULE = ROOT / "helpers" / "canvas.js"


# In Python


def count_strokes(strokes):
    return f"{len(strokes)} of them"


def test_each_drawing_is_answered():
    canvas = Canvas(count_strokes)
    assert canvas.answer == ""
    canvas.strokes = TEN_DIGITS[4]
    assert canvas.answer == "2 of them"
    canvas.strokes = []
    assert canvas.answer == ""


def test_an_error_is_shown_where_one_looks():
    canvas = Canvas(lambda strokes: str(1 / 0))
    canvas.strokes = TEN_DIGITS[1]
    assert canvas.answer == "ZeroDivisionError: division by zero"


def test_an_answer_that_is_no_text_is_made_one():
    canvas = Canvas(len)
    canvas.strokes = TEN_DIGITS[4]
    assert canvas.answer == "2"


def test_it_reads_well_where_no_widget_is_shown():
    canvas = Canvas(count_strokes)
    assert repr(canvas) == "An empty canvas: run this cell in JupyterLab, and draw a digit."
    canvas.strokes = TEN_DIGITS[1]
    assert repr(canvas) == "A canvas with 1 stroke, and this answer: 1 of them"


def test_the_module_stands_alone_and_is_shipped():
    code = MODULE.read_text(encoding="utf-8")
    assert not re.search(r"\bimport\b|https?:|\brequire\b", code)
    assert re.search(r"SIDE = (.+);", code)[1] == str(SIDE)
    assert re.search(r"PEN = (.+);", code)[1] == str(PEN)
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert MODULE.name in settings["tool"]["setuptools"]["package-data"]["helpers"]


# In a notebook

CELLS = (
    "import json\n"
    "from pathlib import Path\n"
    "from helpers.canvas import Canvas\n"
    "from helpers.handwriting import prepare_drawing\n"
    "def answer_to(strokes):\n"
    "    drawn = {'strokes': strokes, 'image': prepare_drawing(strokes).tolist()}\n"
    "    Path('drawn.json').write_text(json.dumps(drawn))\n"
    "    return f'{len(strokes)} of them'",
    "canvas = Canvas(answer_to)\ncanvas",
)


def write_notebook(folder):
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, folder / "draw.ipynb")


def test_a_lesson_that_is_run_for_the_record_keeps_no_widget_state(tmp_path):
    write_notebook(tmp_path)
    options = re.findall(
        r"--ExecutePreprocessor\.\S+", (ROOT / "Makefile").read_text(encoding="utf-8")
    )
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    subprocess.run(
        [*command, *options, "draw.ipynb"], cwd=tmp_path, check=True, capture_output=True
    )
    notebook = nbformat.read(tmp_path / "draw.ipynb", as_version=4)
    assert "widgets" not in notebook.metadata
    assert "An empty canvas" in notebook.cells[1].outputs[0].data["text/plain"]
