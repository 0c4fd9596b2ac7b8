"""Answers to the exercises as students write them: a module a lesson, not taken from the checks."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Tried:
    """The answers tried on one check.

    Attributes:
        right: right answers, the lesson's solution first.
        in_place: right functions that change their arguments and return them.
        wrong: pairs of a wrong answer and words that must appear in the line about it.
        given: what the lesson hands to the check of a value besides the answer.
    """

    right: list
    in_place: list[Callable] = field(default_factory=list)
    wrong: list[tuple[object, str]]
    given: tuple = ()
