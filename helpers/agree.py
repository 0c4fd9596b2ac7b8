"""The same thing twice: once by hand, once by the framework, and proof that they agree."""

import numpy as np


def agree(
    what: str,
    by_hand,
    by_framework,
    tolerance: float = 1e-5,
    *,
    sides: tuple[str, str] = ("by hand", "by the framework"),
) -> None:
    """Print that two results agree, the same line on every machine; raise AssertionError if not.

    Args:
        what: the thing that was computed twice, for example "max pooling".
        by_hand, by_framework: numbers, arrays or tensors of the same shape.
        tolerance: how far apart two numbers in the same place may lie.
        sides: what to call the two, where neither is by hand or both are.

    Raises:
        AssertionError: the shapes differ, some numbers lie further apart than the tolerance, there is
            a value that is not a finite number, or there is nothing to compare.
    """
    our_side, their_side = sides
    ours, theirs = np.asarray(by_hand, dtype=float), np.asarray(by_framework, dtype=float)
    if ours.shape != theirs.shape:
        raise AssertionError(
            f"{what}: {our_side} the shape is {ours.shape}, {their_side} {theirs.shape}."
        )
    if ours.size == 0:
        raise AssertionError(f"{what}: there is nothing to compare, the shape is {ours.shape}.")
    for name, values in ((our_side, ours), (their_side, theirs)):
        if not np.isfinite(values).all():
            place = _place(np.argmax(~np.isfinite(values)), values.shape)
            raise AssertionError(f"{what}: {name} there is a value that is not finite{place}.")
    differences = np.abs(ours - theirs)
    worst = differences.argmax()
    if not differences.flat[worst] <= tolerance:
        raise AssertionError(
            f"{what}: they differ by up to {differences.flat[worst]:.3g}, more than {tolerance:g}:"
            f" {ours.flat[worst]:.6g} {our_side}, {theirs.flat[worst]:.6g} {their_side}"
            f"{_place(worst, ours.shape)}."
        )
    print(f"Same thing twice: {what}, {our_side} and {their_side}, agree to {tolerance:g}.")


def _place(position, shape) -> str:
    """Return where a value stands, as words and as an index; nothing for a single number."""
    index = tuple(int(i) for i in np.unravel_index(position, shape))
    return f" at {list(index)}" if index else ""
