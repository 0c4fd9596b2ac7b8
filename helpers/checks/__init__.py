"""Checks of the exercises: a module a lesson, a check an exercise.

A check prints one line about an answer. It tries a function on several cases, each with fresh
inputs, and names a mistake only if that explains every case. tests/test_checks.py attacks all
of them.
"""

import contextlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from numbers import Number

import numpy as np

NOT_ATTEMPTED = "Not attempted yet."
NO_FUNCTION = "Not yet: hand over the function itself: its name, without parentheses."


@dataclass(frozen=True, kw_only=True)
class ValueCheck:
    """The check of an answer that is a value: `check(answer, *given)`.

    Attributes:
        asks: what the exercise asks for, as it would follow "wanted is".
        right: a function from what the lesson hands over (`given`) to the right answer.
        praise: what the right answer means, in a sentence.
        mistakes: for each typical mistake the sentence that names it, and a function like `right`
            that makes it.
        otherwise: where to look if the answer is none of these.
        form: a function from an answer of the right shape, and from `given`, to what is wrong
            with it apart from its numbers, such as its type; "" if nothing is.
    """

    asks: str
    right: Callable
    praise: str
    mistakes: dict[str, Callable]
    otherwise: str
    form: Callable = field(default=lambda answer, *given: "")

    def __call__(self, answer, *given) -> None:
        """Print what the answer is: not attempted, right, a known mistake, or something else."""
        print(NOT_ATTEMPTED if answer is ... else self.verdict([answer], [given]))

    @np.errstate(all="ignore")  # a mistake may divide by zero
    def verdict(self, answers: list, cases: list[tuple]) -> str:
        """Return the line about the answers to all cases."""
        rights = [self.right(*given) for given in cases]
        if all(map(same, answers, rights)):
            fault = self._fault_in_form(answers, cases)
            return f"Not yet: {fault}" if fault else f"Right. {self.praise}"
        wrongs = {
            words: [mistake(*given) for given in cases] for words, mistake in self.mistakes.items()
        }
        for words, wrong in wrongs.items():
            if all(map(same, answers, wrong)):
                return f"Not yet: {words}"
        if are_rounded(answers, rights):
            return f"Right, but do not round. {self.praise}"
        for words, wrong in wrongs.items():
            if are_rounded(answers, wrong):
                return f"Not yet: {words}"
        return f"Not yet: {self._what_else(answers, rights, cases)}"

    def _fault_in_form(self, answers, cases) -> str:
        faults = (self.form(answer, *given) for answer, given in zip(answers, cases, strict=True))
        return next(filter(None, faults), "")

    def _what_else(self, answers, rights, cases) -> str:
        wrong = [not same(*pair) for pair in zip(answers, rights, strict=True)]
        first = wrong.index(True)
        answer, right, given = answers[first], rights[first], cases[first]
        if answer is None:
            return "your answer is None: `print` shows a number, but returns nothing."
        if shape_of(answer) is None:
            return f"{kind_of(answer)} cannot be compared; wanted is {self.asks}."
        if shape_of(answer) != shape_of(right):
            came = f"{form_of(shape_of(answer))} came, not {form_of(shape_of(right))}"
            return f"{came}; wanted is {self.asks}."
        if fault := self.form(answer, *given):
            return fault
        if not all(wrong):
            return f"sometimes right, but not{_at(given)}: {self.otherwise}"
        return self.otherwise


@dataclass(frozen=True, kw_only=True)
class FunctionCheck(ValueCheck):
    """The check of an answer that is a function: `check(function)`; several cases of a value.

    Attributes:
        cases: a function that makes the arguments of every call, always the same ones, and anew,
            so that a student's function may change them.
    """

    cases: Callable[[], list[tuple]]

    def __call__(self, function) -> None:
        """Print what the function is: not attempted, right, a known mistake, or something else."""
        if not callable(function):
            print(NO_FUNCTION)
            return
        attempts = try_all(function, self.cases)
        line = trouble(attempts)
        if not line and (fault := nothing_returned(attempts)):
            line = f"Not yet: {fault}"
        print(line or self.verdict([a.returned for a in attempts], [a.given for a in attempts]))


@dataclass(frozen=True, kw_only=True)
class BehaviourCheck:
    """The check of a function that has more than one right answer: `check(function)`.

    Attributes:
        examine: a function from all attempts to the sentence that names what is wrong, "" if
            nothing is.
        praise: what the right answer means, in a sentence, or a function from the attempts to it.
        cases: as for `FunctionCheck`.
        may_return_nothing: whether None is an answer that `examine` wants to see.
    """

    examine: Callable
    praise: str | Callable
    cases: Callable[[], list[tuple]]
    may_return_nothing: bool = False

    def __call__(self, function) -> None:
        """Print what the function is: not attempted, right, or what is wrong with it."""
        if not callable(function):
            print(NO_FUNCTION)
            return
        attempts = try_all(function, self.cases)
        print(trouble(attempts) or self.verdict(attempts))

    def verdict(self, attempts: list) -> str:
        """Return the line about all attempts."""
        nothing = "" if self.may_return_nothing else nothing_returned(attempts)
        if fault := nothing or self.examine(attempts):
            return f"Not yet: {fault}"
        return f"Right. {self.praise(attempts) if callable(self.praise) else self.praise}"


@dataclass(frozen=True)
class Attempt:
    """What came of calling a student's function once.

    Attributes:
        given: the arguments, as they were before the call.
        left: the same, after it: the function may have changed them.
        returned: what it returned; None if it was stopped.
        printed: what it printed.
        raised: the error that stopped it, or None.
    """

    given: tuple
    left: tuple
    returned: object
    printed: str
    raised: BaseException | None


def try_all(function, cases: Callable[[], list[tuple]]) -> list[Attempt]:
    """Call a student's function on every case, with arguments of its own; keep what came of it."""
    return [attempt(function, *pair) for pair in zip(cases(), cases(), strict=True)]


def attempt(function, given: tuple, own: tuple) -> Attempt:
    """Call a student's function on `own`, which equals `given`, and keep what came of it."""
    printed, returned, raised = io.StringIO(), None, None
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            returned = function(*own)
    except (Exception, SystemExit) as error:  # the student's code may raise anything
        raised = error
    return Attempt(given, own, returned, printed.getvalue(), raised)


def trouble(attempts: list[Attempt]) -> str:
    """Return the line about a function that was stopped or is still a stub; "" if neither."""
    for tried in attempts:
        if tried.raised:
            where = "" if all(other.raised for other in attempts) else _at(tried.given)
            name, message = type(tried.raised).__name__, " ".join(str(tried.raised).split())
            said = f": {message[:200]}" if message else "."
            return f"Not yet: your function stopped with {name}{where}{said}"
    stubs = [tried.returned is ... for tried in attempts]
    if all(stubs) and not any(tried.printed for tried in attempts):
        return NOT_ATTEMPTED
    if any(stubs):
        return "Not yet: your function still returns `...` where its result should stand."
    return ""


def nothing_returned(attempts: list[Attempt]) -> str:
    """Return the words for a function that returns nothing, always or sometimes; "" if never."""
    nothing = [tried.returned is None for tried in attempts]
    if not any(nothing):
        return ""
    if not all(nothing):
        where = _at(attempts[nothing.index(True)].given)
        return f"your function returns nothing{where}: a `return` is missing."
    if all(tried.printed for tried in attempts):
        return "your function prints its result and returns nothing; end it with `return`."
    return "your function returns nothing; end it with `return`."


def same(answer, expected) -> bool:
    """Say whether two numbers or arrays agree in shape, and to a millionth; a count, exactly."""
    try:
        answer, expected = _array(answer), _array(expected)
        relative = 0 if expected.dtype.kind in "iu" else 1e-6
        return answer.shape == expected.shape and bool(
            np.allclose(answer, expected, rtol=relative, atol=1e-6, equal_nan=True)
        )
    except Exception:  # what cannot be compared is not the same
        return False


def are_rounded(answers: list, rights: list) -> bool:
    """Say whether the answers are the right ones, rounded or cut to the same number of decimals.

    A rounding that moves a number by more than a fiftieth of the largest is no longer that.
    """
    try:
        if all(_array(right).dtype.kind in "iu" for right in rights):
            return False  # counts have no decimals
        rights = [np.asarray(right, dtype=float) for right in rights]
        most = max(np.abs(right).max() for right in rights) / 50
    except Exception:  # no numbers
        return False

    def by(shorten):
        short = [shorten(right) for right in rights]
        if len(rights) > 1 and all(same(one, short[0]) for one in short):
            return False  # all cases become one: a constant, not a rounding
        moved = max(np.abs(a - b).max() for a, b in zip(short, rights, strict=True))
        return moved <= most and all(map(same, answers, short))

    return any(
        by(lambda right, d=decimals: np.round(right, d))
        or by(lambda right, d=decimals: np.trunc(right * 10**d) / 10**d)
        for decimals in range(6)
    )


def shape_of(answer) -> tuple[int, ...] | None:
    """Return the shape of a number, an array or a list of numbers; None if it is none of these."""
    try:
        array = _array(answer)
    except Exception:
        return None
    return array.shape if array.dtype.kind in "biufc" else None


def _array(answer) -> np.ndarray:
    """Return an answer as an array; fractions and other numbers of Python's become floats."""
    array = np.asarray(answer)
    if array.dtype == object and all(isinstance(number, Number) for number in array.flat):
        return array.astype(float)
    return array


def form_of(shape: tuple[int, ...]) -> str:
    """Return a shape in words."""
    return f"an array of shape {shape}" if shape else "one number"


def kind_of(answer) -> str:
    """Return the type of an answer, in words."""
    if isinstance(answer, str):
        return f"text ({answer[:20]!r})"
    if isinstance(answer, np.ndarray):
        return f"an array of type {answer.dtype.type.__name__}"
    return f"an answer of type {type(answer).__name__}"


def _at(given: tuple) -> str:
    """Return for which numbers something happened; if they are not plain, that it was for some."""
    words = ", ".join(map(repr, given))
    plain = all(isinstance(argument, int | float | tuple | list) for argument in given)
    return f" for ({words})" if plain and len(words) <= 40 else " for some inputs"
