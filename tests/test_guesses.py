"""Guesses are shown beside the result, never graded."""

from helpers.guesses import reveal


def test_without_a_guess_the_result_is_shown(capsys):
    reveal(None, 11.236, "%")
    assert capsys.readouterr().out == (
        "It is 11.2 %. (You have not guessed yet: put a number into the cell above.)\n"
    )


def test_the_guess_stands_beside_the_result(capsys):
    reveal(47_000_000, 47_040_016, "bytes", decimals=0)
    assert capsys.readouterr().out == "It is 47,040,016 bytes. You guessed 47,000,000 bytes.\n"
