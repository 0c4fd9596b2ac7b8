"""A promise that the prose makes, checked where it is made."""

from helpers.loading import ImageData


class PromiseBroken(AssertionError):
    """A result lies outside the bound that the lesson promises."""


def claim(
    what: str,
    value: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    between: tuple[float, float] | None = None,
    equals: float | None = None,
    unit: str = "",
    data: ImageData | None = None,
    practice: float | tuple[float, float] | None = None,
) -> None:
    """Print a promise that holds, the same line on every machine; raise PromiseBroken if it does not.

    Args:
        what: the quantity, for example "the test accuracy".
        value: what this run gave.
        at_least, at_most, between, equals: the bound; exactly one of them.
        unit: written behind the bound, for example "%"; "points" becomes "point" behind a 1.
        data: the data that the value depends on, if it does.
        practice: stands in for the bound when `data` are the practice digits, and the line says so;
            without it nothing is checked on them, nor on another set that stands in, and the line says that.

    Raises:
        PromiseBroken: the value lies outside the bound, or is not a number.
        ValueError: there is not exactly one bound.
    """
    bounds = {"at least": at_least, "at most": at_most, "between": between, "exactly": equals}
    given = [(kind, bound) for kind, bound in bounds.items() if bound is not None]
    if len(given) != 1:
        raise ValueError(
            f"The claim about {what} needs one bound: at_least, at_most, between or equals."
        )
    kind, bound = given[0]
    promise = f"{what} is {_words(kind, bound, unit)}"
    if data is not None and data.is_practice:
        if practice is None:
            print(f"Not checked on the {data.source}: {promise}.")
            return
        bound = practice
        promise = f"{what} is {_words(kind, bound, unit)} (relaxed for the practice digits)"
    if not _holds(kind, bound, value):
        raise PromiseBroken(
            f"We promised that {promise}, but this run gave {value:.6g}{unit and ' ' + unit}."
            " Run the notebook from the top (Kernel > Restart Kernel and Run All Cells)."
            " If you changed something on purpose, this is what it did."
        )
    print(f"Promise kept: {promise}.")


def _words(kind: str, bound, unit: str) -> str:
    numbers = f"{bound[0]:,} and {bound[1]:,}" if kind == "between" else f"{bound:,}"
    if unit == "points" and numbers == "1":
        unit = "point"
    return f"{kind} {numbers}{unit and ' ' + unit}"


def _holds(kind: str, bound, value: float) -> bool:
    """Compare so that a value that is not a number holds nothing."""
    if kind == "at least":
        return bool(value >= bound)
    if kind == "at most":
        return bool(value <= bound)
    if kind == "between":
        return bool(bound[0] <= value <= bound[1])
    return bool(value == bound)
