"""A promise that the prose makes, checked where it is made."""

from helpers.loading import ImageData


class PromiseBroken(AssertionError):
    """A result lies outside the bounds that the lesson promises."""


def claim(
    what: str,
    value: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    unit: str = "",
    data: ImageData | None = None,
    practice_at_least: float | None = None,
    practice_at_most: float | None = None,
) -> None:
    """Print a promise that holds, the same line on every machine; raise PromiseBroken if it does not.

    Args:
        what: the quantity, for example "the test accuracy".
        value: what this run gave.
        at_least, at_most: the bounds of the promise.
        unit: written behind the bounds, for example "%".
        data: the data that the value depends on. If these are the practice digits, the bounds
            `practice_at_least` and `practice_at_most` stand in for the others (with neither of them,
            nothing is checked), and the line says so.

    Raises:
        PromiseBroken: the value lies outside the bounds, or is not a number.
        ValueError: there is no bound.
    """
    if at_least is None and at_most is None:
        raise ValueError(f"A claim about {what} needs at_least or at_most.")
    promise = f"{what} is {_bounds(at_least, at_most, unit)}"
    relaxed = data is not None and data.is_practice
    if relaxed:
        at_least, at_most = practice_at_least, practice_at_most
        if at_least is None and at_most is None:
            print(f"Not checked on the practice digits: {promise}.")
            return
        promise = f"{what} is {_bounds(at_least, at_most, unit)} (relaxed for the practice digits)"
    # "not (value >= bound)" also breaks the promise when the value is not a number.
    if (at_least is not None and not value >= at_least) or (at_most is not None and not value <= at_most):
        raise PromiseBroken(
            f"We promised that {promise}, but this run gave {value:.6g}{_with_space(unit)}."
            " Run the notebook from the top (Kernel > Restart Kernel and Run All Cells)."
            " If you changed something on purpose, this is what it did."
        )
    print(f"Promise kept: {promise}.")


def _bounds(at_least: float | None, at_most: float | None, unit: str) -> str:
    unit = _with_space(unit)
    if at_least == at_most:
        return f"{at_least:,}{unit}"
    if at_most is None:
        return f"at least {at_least:,}{unit}"
    if at_least is None:
        return f"at most {at_most:,}{unit}"
    return f"between {at_least:,} and {at_most:,}{unit}"


def _with_space(unit: str) -> str:
    return f" {unit}" if unit else ""
