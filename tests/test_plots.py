"""Each figure looks as it did when somebody looked at it and liked it.

After a change on purpose: ACCEPT_IMAGES=1 pytest tests/test_plots.py, look at tests/baseline, commit.
"""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from matplotlib.testing.compare import compare_images  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402

from helpers import plots  # noqa: E402

BASELINE = Path(__file__).parent / "baseline"
DIGITS = load_digits()
HISTORY = SimpleNamespace(
    history={"accuracy": [0.9, 0.95, 0.97], "val_accuracy": [0.91, 0.94, 0.945]}
)
PROBABILITIES = np.full((12, 10), 0.02)
PROBABILITIES[np.arange(12), DIGITS.target[:12]] += 0.8
PROBABILITIES[3:7] = PROBABILITIES[[7, 8, 9, 3]]

FIGURES = {
    "digits": lambda: plots.show_digits(DIGITS.images[:9], DIGITS.target[:9]),
    "digits_two_rows": lambda: plots.show_digits(DIGITS.images[:7], columns=4),
    "digits_accent": lambda: plots.show_digits(
        DIGITS.images[:3], ["a", "b", "c"], accent=[False, True, False]
    ),
    "maps": lambda: plots.show_maps(
        [DIGITS.images[0], DIGITS.images[1] - 8, DIGITS.images[2][:4], DIGITS.images[3][::2, ::2]],
        ["a digit", "with\nnegatives"],
        columns=2,
        row_names=["whole", "parts"],
    ),
    "history": lambda: plots.plot_history(HISTORY, title="One run"),
    "two_histories": lambda: plots.plot_history({"first": HISTORY, "second": HISTORY}),
    "confusion": lambda: plots.plot_confusion(
        [0, 1, 2, 2, 2, 1], [0, 2, 1, 1, 2, 0], ("cat", "dog", "emu")
    ),
    "errors": lambda: plots.show_errors(
        DIGITS.images[:12], DIGITS.target[:12], PROBABILITIES, tuple("0123456789"), count=4
    ),
}


@pytest.fixture(autouse=True)
def style():
    with plt.style.context("helpers.tutorial"):
        yield
    plt.close("all")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_looks_as_before(name, tmp_path):
    FIGURES[name]()
    expected, actual = BASELINE / f"{name}.png", tmp_path / f"{name}.png"
    plt.savefig(actual, dpi=60, bbox_inches="tight")
    if os.environ.get("ACCEPT_IMAGES"):
        shutil.copyfile(actual, expected)
    assert compare_images(str(expected), str(actual), tol=3) is None


def test_figures_are_opaque_in_a_dark_theme(tmp_path):
    FIGURES["history"]()
    plt.savefig(tmp_path / "figure.png")
    pixels = plt.imread(tmp_path / "figure.png")
    assert pixels.shape[2] == 3 or pixels[..., 3].min() == 1.0
    assert pixels[0, 0, :3].min() == 1.0


def test_helpers_return_nothing_so_that_no_repr_follows_a_figure():
    assert [draw() for draw in FIGURES.values()] == [None] * len(FIGURES)


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((28, 28)), None, r"shape \(n, height, width\), not \(28, 28\)"),
        (np.zeros((3, 28, 28, 1)), None, r"not \(3, 28, 28, 1\)"),
        (np.zeros((3, 28, 28)), [1, 2], "3 images, but 2 labels"),
        (np.zeros((0, 28, 28)), None, "no images"),
    ],
)
def test_arguments_that_do_not_fit_are_named(images, labels, message):
    with pytest.raises(ValueError, match=message):
        plots.show_digits(images, labels)


@pytest.mark.parametrize(
    ("maps", "options", "message"),
    [
        (np.zeros((3, 4, 4, 1)), {}, r"not \[\(4, 4, 1\), "),
        ([], {}, r"not \[\]"),
        (np.zeros((3, 4, 4)), {"titles": ["a", "b"]}, "needs 3 titles, but got 2"),
        (np.zeros((3, 4, 4)), {"columns": 2, "row_names": ["a"]}, "needs 2 row_names, but got 1"),
    ],
)
def test_maps_that_do_not_fit_are_named(maps, options, message):
    with pytest.raises(ValueError, match=message):
        plots.show_maps(maps, **options)


def test_without_a_mistake_there_is_nothing_to_show(capsys):
    plots.show_errors(
        DIGITS.images[:10], DIGITS.target[:10], np.eye(10)[DIGITS.target[:10]], "0123456789"
    )
    assert capsys.readouterr().out == "There is no mistake to show.\n"


@pytest.mark.parametrize(
    "draw",
    [
        lambda names: plots.show_digits(DIGITS.images[:10], names, columns=10),
        lambda names: plots.show_errors(
            DIGITS.images[:12], DIGITS.target[:12], PROBABILITIES, names, count=10
        ),
    ],
    ids=["digits", "errors"],
)
def test_long_names_do_not_touch(draw):
    draw([*8 * ["Ankle boot"], "T-shirt/top", "T-shirt/top"])
    figure = plt.gcf()
    figure.canvas.draw()
    boxes = [axis.title.get_window_extent() for axis in figure.axes if axis.get_title()]
    assert len(boxes) >= 4
    for left, right in zip(boxes, boxes[1:], strict=False):
        assert right.x0 > left.x1 or right.y1 < left.y0
