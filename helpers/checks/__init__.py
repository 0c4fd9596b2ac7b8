"""Checks of the exercises: a module a lesson, a function an exercise.

Each check prints one line. It knows what the right answer gives and what typical mistakes give, so it can
name the mistake; tests/test_checks.py proves that it does.
"""

from collections.abc import Callable, Sequence

import numpy as np


def judge(
    answer, *, right, praise: str, mistakes: Sequence[tuple[object, str]], otherwise: str
) -> None:
    """Print what an answer is: not attempted, right, a known mistake, or something else.

    Args:
        answer: what the student gave; None or ... if nothing yet.
        right: the right value.
        praise: what the right answer means, in a sentence.
        mistakes: pairs of the value that a typical mistake gives and the sentence that names it.
        otherwise: where to look if the answer is none of these.
    """
    if answer is None or answer is ...:
        print("Not attempted yet.")
    elif same(answer, right):
        print(f"Right. {praise}")
    else:
        explanations = [explanation for value, explanation in mistakes if same(answer, value)]
        print(f"Not yet: {(explanations or [otherwise])[0]}")


def judge_function(
    function: Callable,
    inputs: tuple,
    *,
    right: Callable,
    praise: str,
    mistakes: Sequence[tuple[Callable, str]],
    otherwise: str,
) -> None:
    """Run a student's function and print what it is, as `judge` does.

    Args:
        function: what the student wrote; a stub returns None or `...`.
        inputs: the arguments it is called with.
        right: a function that gives the right result.
        praise, otherwise: as for `judge`.
        mistakes: pairs of a function with a typical mistake and the sentence that names it.
    """
    try:
        answer = function(*inputs)
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    judge(
        answer,
        right=right(*inputs),
        praise=praise,
        mistakes=[(wrong(*inputs), explanation) for wrong, explanation in mistakes],
        otherwise=otherwise,
    )


def same(answer, expected) -> bool:
    """Say whether two numbers or arrays agree, in shape and to a millionth."""
    try:
        answer, expected = np.asarray(answer), np.asarray(expected)
        return answer.shape == expected.shape and bool(
            np.allclose(answer, expected, rtol=1e-6, atol=1e-6)
        )
    except (TypeError, ValueError):
        return False
