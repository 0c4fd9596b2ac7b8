"""Every lesson keeps the rules, and every rule bites. (That outputs are right is nbval's part.)"""

from pathlib import Path

import nbformat
import pytest
from notebook_rules import (
    MOST_CELL_LINES,
    broken_rules,
    output_text,
    tags,
    unbound_numbers,
    unproven_percentages,
    word_count,
)

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))

# How many cells of a lesson leave their output uncompared, and why.
IGNORED_CELLS = {
    "01_look_at_the_digits": 1,  # whether a mirror answers
    "03_beat_a_baseline": 6,  # errors that a rounding may move by an image, and seconds
    "04_build_a_network_by_hand": 5,  # trained accuracies and seconds
    "05_train_a_dense_network": 7,  # trained accuracies, and the epoch that stopped early
    "06_convolve_an_image": 1,  # milliseconds
    "07_train_a_cnn": 4,  # trained accuracies and seconds
    "08_train_on_a_gpu": 5,  # devices and kernels that are there, seconds, a trained accuracy
    "09_make_it_better": 5,  # trained accuracies, verdicts on them, and seconds
    "10_try_harder_data_sets": 13,  # which sets can be had; trained accuracies and seconds
    "11_train_on_many_devices": 2,  # seconds, and the error with which a worker stops
    "12_doubt_the_result": 7,  # whether writers can be had (2); what a trained network answers
}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def lesson(request):
    return request.param, nbformat.read(request.param, as_version=4)


def test_a_lesson_keeps_the_rules(lesson):
    path, notebook = lesson
    assert broken_rules(notebook, path, IGNORED_CELLS.get(path.stem, 0)) == []


def test_percentages_in_the_prose_are_proven(lesson):
    assert unproven_percentages(lesson[1]) == []


# Numbers above 12 that stand in the prose with no code, output, source or arithmetic, and why.
FREE_NUMBERS = {
    "07": {"20,000": "the limit in exercise 3, which its check holds"},
    "01": {
        "28,881": "the size of the .gz, which a mirror sends or does not",
        "64": "digits of a SHA-256, as printed",
    },
    "02": {
        "256": "a byte has so many values, and Theano's file was divided by it",
        "4,905": "what if, in a question",
        "4,910": "what if, in a question",
        "70000": "a shape in the table of other libraries, held by test_lesson_02.py",
    },
    "11": {"2222": "a port, as an example"},
    "12": {
        "20": "the box of MNIST's digits, in pixels, held by test_handwriting.py",
        "28": "the side of an image, in pixels",
    },
    "10": {"28": "the side of an image, in pixels", "224": "stands in the lines to copy"},
    "09": {
        "9,940": "what if, in the prose",
        "9,950": "what if, in the prose",
        "9,947": "what if, in a question",
        "9,952": "what if, in a question",
    },
}


def test_numbers_in_the_prose_are_bound(lesson):
    path, notebook = lesson
    free = set(FREE_NUMBERS.get(path.stem[:2], {}))
    unbound = set(unbound_numbers(notebook))
    assert unbound - free == set()
    assert free - unbound == set(), "listed, but not needed"


@pytest.fixture
def copy(tmp_path):
    """A lesson that keeps the rules, to be broken; its links are taken out, as it lies elsewhere."""
    path = tmp_path / NOTEBOOKS[0].name
    path.write_bytes(NOTEBOOKS[0].read_bytes())
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("](", "] (")
    return path, notebook


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def replace_in_prose(old, new):
    def change(notebook, path):
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = cell.source.replace(old, new)

    return change


def change_code(position, **changes):
    def change(notebook, path):
        code_cells(notebook)[position].update(changes)

    return change


def give_metadata(position, **metadata):
    def change(notebook, path):
        code_cells(notebook)[position].metadata.update(metadata)

    return change


def unfold_solution(notebook, path):
    next(cell for cell in notebook.cells if "solution" in tags(cell)).metadata.pop("jupyter")


def show_solutions_output(notebook, path):
    cell = next(cell for cell in notebook.cells if "solution" in tags(cell))
    cell.metadata["jupyter"] = {"source_hidden": True}


def take_description(notebook, path):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            output.get("metadata", {}).clear()


def describe_by_a_count(notebook, path):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                output.metadata = {"image/png": {"alt": "18 images."}}


def announce_at_length(notebook, path):
    cells = notebook.cells
    for before, cell in zip(cells[2:], cells[3:], strict=False):
        if (before.cell_type, cell.cell_type) == ("markdown", "code"):
            before.source += "\n\n" + "word " * 16 + "end:"
            return


def announce_nothing(notebook, path):
    announce_at_length(notebook, path)
    for cell in notebook.cells:
        cell.source = cell.source.replace("word " * 16 + "end:", "Here is something else.")


def spoil_solution(notebook, path):
    next(cell for cell in notebook.cells if "solution" in tags(cell)).outputs = []


def solve_stub(notebook, path):
    next(c for c in code_cells(notebook) if "Not attempted yet." in output_text(c)).outputs = []


def drop_code(notebook, path):
    notebook.cells = [
        c for c in notebook.cells if c.cell_type == "markdown" or "solution" in tags(c)
    ]


def add_figures(notebook, path):
    figure = nbformat.v4.new_output("display_data", {"image/png": ""})
    code_cells(notebook)[3].outputs += [figure] * 9


def swell(notebook, path):
    path.write_bytes(b" " * 600_000)


STDERR = nbformat.v4.new_output("stream", name="stderr", text="W0000 something")
ERROR = nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[])
FAULTS = {
    "execution counts": change_code(2, execution_count=77),
    "the metadata 'widgets'": lambda notebook, path: notebook.metadata.update(widgets={}),
    "has the metadata 'execution'": give_metadata(2, execution={"started": "now"}),
    "the unknown tag 'mine'": give_metadata(2, tags=["mine"]),
    "a solution that is not folded": unfold_solution,
    "2 cells ignore their output": give_metadata(3, tags=["nbval-ignore-output"]),
    "ends with a semicolon": change_code(2, source="plt.plot([1]);"),
    "is not plain Python": change_code(2, source="!pip install something"),
    "imports; the first cell": change_code(2, source="import os"),
    f"more than {MOST_CELL_LINES} lines": change_code(2, source="x = 1\n" * 21),
    "the first cell is not silent": change_code(0, outputs=[STDERR]),
    "stores a warning": change_code(2, outputs=[STDERR]),
    "stores an error": change_code(2, outputs=[ERROR]),
    "begin with its title": replace_in_prose("# Look at", "Look at"),
    "does not say 'You need'": replace_in_prose("You need", "Needed"),
    "the last sections are not": replace_in_prose("## Questions", "## Quiz"),
    "sections before these": replace_in_prose("## 1. Fetch", "## More\n## 1. Fetch"),
    "the exercises are numbered": replace_in_prose("### Exercise 2:", "### Exercise 5:"),
    "'Break it'": replace_in_prose(": Break it", ": Mend it"),
    "a solution that its check calls right": spoil_solution,
    "a stub that says": solve_stub,
    "a folded hint": replace_in_prose("<summary>Hint", "<summary>Help"),
    "questions with a folded answer": replace_in_prose("<summary>Answer", "<summary>Solved"),
    "larger than": swell,
    "code cells before the exercises": drop_code,
    "figures, more than 8": add_figures,
    "words before the exercises": replace_in_prose(" ", ""),
    "17 words announce a cell": announce_at_length,
    "neither asks nor announces": announce_nothing,
    "an option is no list item": replace_in_prose("\n- b) ", "\nb) "),
    "a figure without a description": take_description,
    "has a figure without": describe_by_a_count,
    "has the metadata 'jupyter'": show_solutions_output,
    "leads nowhere": replace_in_prose("## Where next", "[lost](no_such_file.py)\n\n## Where next"),
}


def test_the_copy_keeps_the_rules(copy):
    path, notebook = copy
    assert broken_rules(notebook, path, IGNORED_CELLS[path.stem]) == []


@pytest.mark.parametrize("message", FAULTS)
def test_each_rule_bites(copy, message):
    path, notebook = copy
    FAULTS[message](notebook, path)
    assert message in "; ".join(broken_rules(notebook, path, IGNORED_CELLS[path.stem]))


@pytest.mark.parametrize(
    ("prose", "unproven"),
    [
        ("It reads 97.3 % of them.", [97.3]),
        ("It reads 12.5 % of them.", []),
        ("Between 12.5 and 40 % of them.", [40]),
        ("From 11 per cent on.", [11]),
        ("They report 99.9 % ([their page](https://example.org)).", []),
    ],
)
def test_a_percentage_needs_a_proof(prose, unproven):
    printed = nbformat.v4.new_output("stream", name="stdout", text="Promise kept: at least 12.5 %.")
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(prose),
            nbformat.v4.new_code_cell("claim()", outputs=[printed]),
        ]
    )
    assert unproven_percentages(notebook) == unproven


def test_an_ignored_output_proves_nothing():
    printed = nbformat.v4.new_output("stream", name="stdout", text="97.3 %")
    cell = nbformat.v4.new_code_cell(
        "", outputs=[printed], metadata={"tags": ["nbval-ignore-output"]}
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("97.3 %"), cell])
    assert unproven_percentages(notebook) == [97.3]


@pytest.mark.parametrize(
    ("prose", "unbound"),
    [
        ("There are 60,000 of them.", []),
        ("There are 60,001 of them.", ["60,001"]),
        ("It took 12 steps.", []),
        ("It took 13 steps.", ["13"]),
        ("The loss was 14.2.", []),
        ("The loss was 14.3.", ["14.3"]),
        ("In 1998 they were 33.", ["33"]),
        ("That makes 60,000 / 32 = 1,875 steps.", ["32"]),
        ("That makes 60,000 / 12 = 5,000 steps.", []),
        ("That makes 60,000 / 12 = 5,001 steps.", ["5,001"]),
        ("(784 + 1) x 10 = 7,850 parameters", []),
        ("LeNet-5 of lesson 05 has 77 parts.", ["77"]),
        ("They count 77 ([their page](https://example.org)).", []),
        ("See [lesson 05](05_train_55.ipynb).", []),
        ("You need 45 minutes to read and try.", []),
        ("A margin of -99 or 99.", ["99"]),
    ],
)
def test_a_number_needs_a_backing(prose, unbound):
    printed = nbformat.v4.new_output("stream", name="stdout", text="loss 14.2213")
    ignored = nbformat.v4.new_output("stream", name="stdout", text="33 seconds, 77 steps")
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(prose),
            nbformat.v4.new_code_cell("count = 60_000; pixels = 784", outputs=[printed]),
            nbformat.v4.new_code_cell(
                "", outputs=[ignored], metadata={"tags": ["nbval-ignore-output"]}
            ),
        ]
    )
    assert unbound_numbers(notebook) == unbound


def test_a_formula_counts_as_one_word():
    prose = nbformat.v4.new_markdown_cell(r"The loss $-\ln \frac{a}{b}$ is $$\sum_k e^k$$ here.")
    assert word_count([prose]) == 6
