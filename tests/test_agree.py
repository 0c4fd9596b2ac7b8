"""By hand and by the framework: one line when they agree, a loud failure that says where when not."""

import numpy as np
import pytest

from helpers.agree import agree

NUMBERS = np.arange(12, dtype=np.float32).reshape(3, 4)


def altered(value):
    numbers = NUMBERS.copy()
    numbers[1, 2] = value
    return numbers


class Tensor:
    """Stands for a framework's own array, which NumPy can read."""

    def __array__(self, dtype=None, copy=None):
        return NUMBERS.astype(dtype or np.float32)


@pytest.mark.parametrize(
    "by_framework",
    [NUMBERS, NUMBERS.tolist(), NUMBERS.astype(np.float64) + 9e-6, NUMBERS.astype(int), Tensor()],
    ids=["itself", "a list", "almost", "integers", "a tensor"],
)
def test_agreement_is_one_line_without_the_difference(by_framework, capsys):
    agree("counting", NUMBERS, by_framework)
    assert capsys.readouterr().out == (
        "Same thing twice: counting, by hand and by the framework, agree to 1e-05.\n"
    )


def test_single_numbers_agree_too(capsys):
    agree("the loss", 2.3, np.float32(2.3), tolerance=1e-6)
    assert capsys.readouterr().out.endswith("agree to 1e-06.\n")


def test_both_sides_can_have_other_names(capsys):
    sides = ("fed", "resident")
    agree("the logits", NUMBERS, NUMBERS, sides=sides)
    assert capsys.readouterr().out == (
        "Same thing twice: the logits, fed and resident, agree to 1e-05.\n"
    )
    with pytest.raises(AssertionError, match=r"6 fed, 7 resident at \[1, 2\]"):
        agree("the logits", NUMBERS, altered(7), sides=sides)


@pytest.mark.parametrize(
    ("by_hand", "by_framework", "message"),
    [
        (NUMBERS, NUMBERS.T, r"by hand the shape is \(3, 4\), by the framework \(4, 3\)"),
        (NUMBERS, 0.0, r"by the framework \(\)"),  # NumPy would broadcast these two and the next
        (NUMBERS[:1], NUMBERS[0], r"\(1, 4\), by the framework \(4,\)"),
        (
            NUMBERS,
            altered(6.001),
            r"up to 0.001, more than 1e-05: 6 by hand, 6.001 by the framework at \[1, 2\]",
        ),
        (altered(-6), NUMBERS, r"up to 12, .* at \[1, 2\]"),
        (
            NUMBERS,
            altered(np.nan),
            r"by the framework there is a value that is not finite at \[1, 2\]",
        ),
        (
            altered(np.nan),
            altered(np.nan),
            r"by hand there is a value that is not finite at \[1, 2\]",
        ),
        (altered(np.inf), altered(np.inf), "by hand there is a value that is not finite"),
        (np.uint8([3]), np.uint8([4]), "up to 1, "),  # bytes would wrap around
        ([], [], "nothing to compare"),
        (2.3, 2.4, r"up to 0.1, .* 2.4 by the framework\.$"),
    ],
)
def test_disagreement_is_loud_and_says_where(by_hand, by_framework, message, capsys):
    with pytest.raises(AssertionError, match=message):
        agree("counting", by_hand, by_framework)
    assert capsys.readouterr().out == ""


def test_the_tolerance_counts():
    agree("counting", NUMBERS, altered(6.001), tolerance=0.01)
    with pytest.raises(AssertionError, match="more than 0.0001"):
        agree("counting", NUMBERS, altered(6.001), tolerance=1e-4)
    with pytest.raises(AssertionError):
        agree("counting", NUMBERS, NUMBERS, tolerance=float("nan"))
