"""Claims: one line when the promise holds, a loud failure when it does not."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.claims import PromiseBroken, claim

REAL = SimpleNamespace(is_practice=False)
PRACTICE = SimpleNamespace(is_practice=True, source="practice digits")


@pytest.mark.parametrize(
    ("value", "bound", "line"),
    [
        (98.4, {"at_least": 98.0, "unit": "%"}, "Promise kept: the score is at least 98.0 %."),
        (0.0, {"at_most": 1e-6}, "Promise kept: the score is at most 1e-06."),
        (
            11.24,
            {"between": (11.2, 11.3), "unit": "%"},
            "Promise kept: the score is between 11.2 and 11.3 %.",
        ),
        (60000, {"equals": 60000}, "Promise kept: the score is exactly 60,000."),
        (np.float32(98.0), {"at_least": 98.0}, "Promise kept: the score is at least 98.0."),
        (3, {"at_least": 1, "unit": "points"}, "Promise kept: the score is at least 1 point."),
        (3, {"at_least": 1.0, "unit": "points"}, "Promise kept: the score is at least 1.0 points."),
        (3, {"at_least": 2, "unit": "points"}, "Promise kept: the score is at least 2 points."),
    ],
)
def test_a_promise_that_holds_is_one_line(value, bound, line, capsys):
    claim("the score", value, **bound)
    assert capsys.readouterr().out == line + "\n"


@pytest.mark.parametrize("value", [97.9, float("nan"), -np.inf])
def test_a_broken_promise_is_loud(value):
    with pytest.raises(
        PromiseBroken, match=r"We promised that the score is at least 98.0 %, but this run gave"
    ):
        claim("the score", value, at_least=98.0, unit="%")


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (1.01, {"at_most": 1}),
        (0.9, {"between": (1, 2)}),
        (2.1, {"between": (1, 2)}),
        (1, {"equals": 2}),
    ],
)
def test_each_kind_of_bound_can_break(value, bound):
    with pytest.raises(PromiseBroken):
        claim("the score", value, **bound)


def test_practice_digits_relax_a_promise_and_say_so(capsys):
    claim("the score", 91, at_least=98, unit="%", data=PRACTICE, practice=90)
    assert "at least 90 % (relaxed for the practice digits)" in capsys.readouterr().out
    with pytest.raises(PromiseBroken):
        claim("the score", 89, at_least=98, unit="%", data=PRACTICE, practice=90)
    with pytest.raises(PromiseBroken):
        claim("the score", 91, at_least=98, unit="%", data=REAL, practice=90)


def test_without_a_relaxed_bound_nothing_is_checked_and_the_line_says_so(capsys):
    claim("the score", 0, at_least=98, unit="%", data=PRACTICE)
    assert (
        capsys.readouterr().out
        == "Not checked on the practice digits: the score is at least 98 %.\n"
    )


def test_a_set_that_stands_in_is_named(capsys):
    stand_in = SimpleNamespace(is_practice=True, source="clothes, in place of letters")
    claim("the score", 0, at_least=98, unit="%", data=stand_in)
    assert (
        capsys.readouterr().out
        == "Not checked on the clothes, in place of letters: the score is at least 98 %.\n"
    )


@pytest.mark.parametrize("bounds", [{}, {"at_least": 1, "at_most": 2}])
def test_a_claim_has_exactly_one_bound(bounds):
    with pytest.raises(ValueError, match="needs one bound"):
        claim("the score", 1, **bounds)
