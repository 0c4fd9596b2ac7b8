"""Predict before you run: show a guess beside what came out."""


def reveal(guess, result, unit: str = "", decimals: int = 1) -> None:
    """Print the result, and the guess beside it if there is one; guesses are compared, never graded.

    Args:
        guess: a number, or None as long as nothing was guessed.
        result: what the lesson computed.
        unit: written behind both numbers.
        decimals: digits after the point.
    """
    unit = f" {unit}" if unit else ""
    shown = f"{result:,.{decimals}f}{unit}"
    if guess is None:
        print(f"It is {shown}. (You have not guessed yet: put a number into the cell above.)")
    else:
        print(f"It is {shown}. You guessed {guess:,.{decimals}f}{unit}.")
