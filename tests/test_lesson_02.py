"""The lines of lesson 02 that load MNIST with other libraries give what its table says."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.data import download

LESSON = Path(__file__).parent.parent / "notebooks" / "02_prepare_the_data.ipynb"
NEEDS = {
    "Keras": ("keras", "https://storage.googleapis.com/"),
    "scikit-learn": ("sklearn", "https://api.openml.org/"),
    "PyTorch": ("torchvision", "https://ossci-datasets.s3.amazonaws.com/"),
}
SHOW = "\nfor array in (images, labels): print(tuple(array.shape), str(array.dtype).removeprefix('torch.'))"


@pytest.fixture(scope="module")
def prose():
    cells = nbformat.read(LESSON, as_version=4).cells
    return next(c.source for c in cells if "| library |" in c.source)


def lines_of(prose, library):
    """Return the lines that load MNIST with a library, as a reader would copy them."""
    blocks = re.findall(r"```python\n(.*?)```", prose, re.DOTALL)
    return next(block for block in blocks if block.startswith(f"# {library}\n"))


def row_of(prose, library):
    """Return what the table says of the images and of the labels: the shape, and the possible types."""
    row = next(line for line in prose.splitlines() if line.startswith(f"| {library} |"))
    cells = re.findall(r"\(([\d, ]+)\) ([\w ]+?) \|", row)
    return [(f"({shape})", types.split(" or ")) for shape, types in cells]


@pytest.mark.parametrize("library", NEEDS)
def test_the_lesson_has_lines_and_a_row_for_it(prose, library):
    compile(lines_of(prose, library), library, "exec")
    assert len(row_of(prose, library)) == 2


@pytest.mark.parametrize("library", NEEDS)
def test_what_the_lines_give_is_what_the_table_says(prose, own_home, library):
    package, host = NEEDS[library]
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{library} is not installed")
    try:
        download.reach(host)
    except download.NoAnswer:
        pytest.skip(f"{host} cannot be reached")
    shown = subprocess.check_output(
        [sys.executable, "-c", lines_of(prose, library) + SHOW], text=True
    )
    found = re.findall(r"(\(.*\)) (\w+)\n", shown)
    for (shape, element_type), (expected_shape, types) in zip(
        found, row_of(prose, library), strict=True
    ):
        assert shape == expected_shape
        assert element_type in types
