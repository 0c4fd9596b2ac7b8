"""A guess is shown beside the result; without one, the line says what to do."""

import numpy as np
import pytest

from helpers.guesses import reveal


@pytest.mark.parametrize(
    ("guess", "line"),
    [
        (10, "It is 11.24 %. You guessed 10.00 %.\n"),
        (np.float32(10.5), "It is 11.24 %. You guessed 10.50 %.\n"),
        (0, "It is 11.24 %. You guessed 0.00 %.\n"),
        ("11 %", "It is 11.24 %. You guessed 11.00 %.\n"),
        ("47,000", "It is 11.24 %. You guessed 47,000.00 %.\n"),
        (
            "a few",
            "It is 11.24 %. (Your guess, 'a few', is not one number: write it as 47_000_000.)\n",
        ),
        (
            [1, 2],
            "It is 11.24 %. (Your guess, [1, 2], is not one number: write it as 47_000_000.)\n",
        ),
        (
            (11, 24),
            "It is 11.24 %. (Your guess, (11, 24), is not one number: write it as 47_000_000.)\n",
        ),
        (None, "It is 11.24 %. (You have not guessed yet: put a number into the cell above.)\n"),
    ],
)
def test_a_guess_is_taken_kindly(guess, line, capsys):
    reveal(guess, 11.237, "%", decimals=2)
    assert capsys.readouterr().out == line


@pytest.mark.parametrize("guess", [(47, 0, 0), "47,000,000", 47_000_000])
def test_a_large_number_may_have_commas(guess, capsys):
    reveal(guess, 47_040_016, "bytes", decimals=0)
    assert capsys.readouterr().out == "It is 47,040,016 bytes. You guessed 47,000,000 bytes.\n"
