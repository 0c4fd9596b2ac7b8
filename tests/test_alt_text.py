"""Every figure carries words for those who cannot see it: its label, or what stands in it."""

import subprocess
import sys

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
import matplotlib.pyplot as plt  # noqa: E402

from helpers import plots  # noqa: E402
from helpers.alt_text import describe  # noqa: E402


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_label_of_the_author_comes_first():
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    figure.set_label("A line that climbs from 1 to 2.")
    assert describe(figure) == "A line that climbs from 1 to 2."


def test_otherwise_titles_axes_and_legend_speak():
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([1, 2], label="ours")
    left.plot([2, 1], label="theirs")
    left.set(xlabel="epoch", ylabel="loss", title="Ours climbs")
    left.legend()
    right.bar([0, 1], [3, 4])
    right.set(xlabel="digit", title="Two\nbars")
    assert describe(figure) == (
        "Line chart: Ours climbs: loss against epoch; drawn are ours; theirs."
        " Bar chart: Two, bars: digit."
    )


def test_axes_with_nothing_in_them_are_left_out():
    figure, (left, right) = plt.subplots(1, 2)
    left.imshow(np.eye(2))
    left.set_title("one")
    assert describe(figure) == "Image: one."


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (
            lambda: plots.show_digits(np.zeros((2, 4, 4)), [5, 0]),
            "2 side by side, with these words above: 5, 0.",
        ),
        (lambda: plots.show_digits(np.zeros((4, 4, 4)), columns=2), "without labels, 2 rows of 2."),
        (lambda: plots.show_digits(np.zeros((1, 4, 4)), description="A four."), "A four."),
        (lambda: plots.show_maps([np.eye(3)] * 2, ["a", "b\nc"]), "the columns are a, b c."),
        (
            lambda: plots.show_maps([np.eye(3)] * 2, columns=1, row_names=["a", "b"]),
            "the rows are a, b.",
        ),
    ],
)
def test_the_helpers_describe_what_they_draw(monkeypatch, draw, words):
    monkeypatch.setattr(plt, "show", lambda: None)
    draw()
    assert words in describe(plt.gcf())


def test_a_figure_in_a_notebook_carries_its_words():
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
import helpers.claims
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2])
axes.set(title="It climbs")
_, metadata = shell.display_formatter.format(figure)
print(metadata["image/png"]["alt"])
"""
    shown = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert shown == "Line chart: It climbs.\n"


def test_without_a_notebook_nothing_is_imported_for_it():
    code = "import sys, helpers; print({'IPython', 'matplotlib'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
