"""Predict before you run: show a result beside the reader's guess."""


def reveal(guess, result: float, unit: str = "", *, decimals: int = 1) -> None:
    """Print a result, and the guess beside it if there is one. A guess is never graded.

    Args:
        guess: a number, or None as long as nothing was guessed. "11 %" counts as 11, and 47,000,000,
            which Python takes for three numbers, as 47 million.
        result: what the lesson computed.
        unit: written behind both numbers.
        decimals: digits after the point.
    """
    unit = f" {unit}" if unit else ""
    shown = f"{result:,.{decimals}f}{unit}"
    if guess is None:
        print(f"It is {shown}. (You have not guessed yet: put a number into the cell above.)")
        return
    try:
        print(f"It is {shown}. You guessed {_as_number(guess):,.{decimals}f}{unit}.")
    except (TypeError, ValueError):
        print(f"It is {shown}. (Your guess, {guess!r}, is not one number: write it as 47_000_000.)")


def _as_number(guess) -> float:
    if isinstance(guess, tuple):
        if any(0 < part < 100 for part in guess[1:]):
            raise ValueError("a decimal comma, for no group of thousands begins with a 0")
        guess = "".join(f"{part:03d}" for part in guess)
    if isinstance(guess, str):
        guess = guess.replace(",", "").strip(" %")
    return float(guess)
