"""What lesson 09 says of its yardstick holds, and its changes are those of the benchmark."""

import ast

import nbformat
import numpy as np
import pytest

from benchmarks import techniques
from helpers import yardstick
from helpers.quiet import keras, tf
from helpers.records import ROOT


@pytest.fixture(scope="module")
def lesson():
    """The functions of the lesson, without its training."""
    cells = nbformat.read(ROOT / "notebooks" / "09_make_it_better.ipynb", as_version=4).cells
    names = {"gain_and_luck", "compare", "affine", "elastic"}
    found = {"np": np, "tf": tf, "ops": keras.ops}
    for cell in cells:
        if cell.cell_type == "code":
            for part in ast.parse(cell.source).body:
                if isinstance(part, ast.FunctionDef) and part.name in names:
                    exec(compile(ast.Module([part], []), "lesson", "exec"), found)
    assert names <= found.keys()
    return found


def reads(rng, ease, seeds, spread):
    """Return which images some networks read, whose seeds are good or bad by `spread`."""
    ease = ease + rng.normal(0, spread, (seeds, 1))
    return rng.random((seeds, ease.shape[1])) < 1 / (1 + np.exp(-ease))


@pytest.mark.parametrize("seeds", [5, 10])
@pytest.mark.parametrize("spread", [0.0, 0.15])
def test_a_useless_idea_is_called_better_a_few_times_in_a_hundred(lesson, seeds, spread):
    rng = np.random.default_rng(0)
    lucks = []
    for _ in range(1000):
        ease = rng.normal(6, 2.2, 3000)  # 98 % are read, and a few of them are hard
        gain, luck = lesson["gain_and_luck"](
            reads(rng, ease, seeds, spread), reads(rng, ease, seeds, spread)
        )
        lucks.append(gain / luck)
    assert 0.008 <= np.mean(np.array(lucks) > 2) <= 0.045
    assert 0.008 <= np.mean(np.array(lucks) < -2) <= 0.045


def test_a_good_idea_is_called_better(lesson):
    rng = np.random.default_rng(0)
    ease = rng.normal(6, 2.2, 5000)
    gain, luck = lesson["gain_and_luck"](reads(rng, ease, 5, 0.05), reads(rng, ease + 0.5, 5, 0.05))
    assert gain > 3 * luck


def test_later_lessons_take_the_same_yardstick(lesson, capsys):
    rng = np.random.default_rng(0)
    for seeds, better in ((2, 0.0), (5, 0.5), (5, -0.5)):
        ease = rng.normal(6, 2.2, 1000)
        pair = reads(rng, ease, seeds, 0.1), reads(rng, ease + better, seeds, 0.1)
        assert yardstick.gain_and_luck(*pair) == pytest.approx(lesson["gain_and_luck"](*pair))
        said = []
        for compare in (lesson["compare"], yardstick.compare):
            compare("a name longer than its column", *pair)
            said.append(capsys.readouterr().out)
        assert said[0] == said[1]


def test_the_lesson_changes_images_as_the_benchmark_does(lesson):
    images = np.zeros((8, 28, 28, 1), np.float32)
    images[:, 6:22, 6:22] = np.random.default_rng(0).random((8, 16, 16, 1))
    images = tf.constant(images)
    numbers = {"angle": 0.3, "size": 1.2, "slant": 0.1, "right": 1.5, "down": -2.0}
    np.testing.assert_allclose(
        lesson["affine"](images, **numbers), techniques.affine(images, **numbers), atol=1e-5
    )
    bent = []
    for elastic in (lesson["elastic"], techniques.elastic):
        keras.utils.set_random_seed(1)
        bent.append(elastic(images, 0.5))
    np.testing.assert_allclose(*bent, atol=1e-4)
