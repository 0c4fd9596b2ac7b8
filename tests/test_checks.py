"""The checks of the exercises, attacked.

answers/ holds what students write: each right answer must pass, each wrong one get its words. From
every right answer come generated attacks, such as a wrong answer to a single case. A few checks
here are weak on purpose, to show that the attacks find it.
"""

import importlib
import inspect
import itertools
import pkgutil
import warnings
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from answers import Tried, lesson_12

from helpers import checks
from helpers.checks import (
    NOT_ATTEMPTED,
    BehaviourCheck,
    FunctionCheck,
    ValueCheck,
    are_rounded,
    attempt,
    nothing_returned,
    same,
    shape_of,
    trouble,
    try_all,
)
from helpers.checks.lesson_12 import card

# --- the checks, and what is tried on them ---

LESSONS = [module.name for module in pkgutil.iter_modules(checks.__path__)]


def is_check(value) -> bool:
    """Say whether this is a check: an object of the frame, or `def check(function)`."""
    if inspect.isfunction(value):
        return list(inspect.signature(value).parameters) == ["function"]
    return isinstance(value, ValueCheck | BehaviourCheck)


def checks_of(lesson: str) -> dict:
    """Return the public checks of a lesson by name."""
    public = vars(importlib.import_module(f"helpers.checks.{lesson}")).items()
    return {name: value for name, value in public if name[0] != "_" and is_check(value)}


def tried_in(lesson: str) -> dict[str, Tried]:
    """Return the answers tried on the checks of a lesson, by the check's name."""
    return importlib.import_module(f"answers.{lesson}").TRIED


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_check_is_tried(lesson):
    assert set(tried_in(lesson)) == set(checks_of(lesson))


ALL = {
    f"{lesson}.{name}": (checks_of(lesson)[name], tried)
    for lesson in LESSONS
    for name, tried in tried_in(lesson).items()
}
OF_FUNCTIONS = [name for name, (check, _) in ALL.items() if type(check) is not ValueCheck]
OF_VALUES = [name for name in ALL if name not in OF_FUNCTIONS]


def said(check, answer, given, capsys) -> str:
    """Return what a check prints about an answer: exactly one line, and no warning beside it."""
    capsys.readouterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(answer, *given)
    printed = capsys.readouterr()
    assert printed.err == ""
    line, end = printed.out[:-1], printed.out[-1:]
    assert end == "\n"
    assert len(line.splitlines()) == 1
    assert line == NOT_ATTEMPTED or line.startswith(("Right. ", "Right, but ", "Not yet: "))
    return line


# --- what students write ---


@pytest.mark.parametrize("name", ALL)
def test_right_answers_pass(name, capsys):
    check, tried = ALL[name]
    for answer in tried.right + tried.in_place:
        assert said(check, answer, tried.given, capsys).startswith("Right. ")


@pytest.mark.parametrize("name", ALL)
def test_each_wrong_answer_gets_its_words(name, capsys):
    check, tried = ALL[name]
    for answer, words in tried.wrong:
        line = said(check, answer, tried.given, capsys)
        assert line.startswith(("Not yet: ", "Right, but do not round. "))
        assert words in line


@pytest.mark.parametrize("name", ALL)
def test_ten_wrong_answers_or_more_are_tried(name):
    _, tried = ALL[name]
    assert len(tried.wrong) >= 10
    assert len({words for _, words in tried.wrong}) >= 4


@pytest.mark.parametrize("name", ALL)
def test_the_stub_is_not_attempted(name, capsys):
    check, tried = ALL[name]
    stub = ... if name in OF_VALUES else lambda *given: ...
    assert said(check, stub, tried.given, capsys) == NOT_ATTEMPTED


# --- what the checks themselves hold ---


def names_its_mistakes(check, given, capsys) -> None:
    """Fail if a mistake that a check lists gets another sentence than its own."""
    for words, mistake in check.mistakes.items():
        answer = mistake if isinstance(check, FunctionCheck) else mistake(*given)
        assert said(check, answer, given, capsys) == f"Not yet: {words}"


def arrays_in(value) -> list:
    """Return all arrays in arguments, however they are packed."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, dict):
        return arrays_in(list(value.values()))
    if isinstance(value, list | tuple):
        return [array for item in value for array in arrays_in(item)]
    return []


@pytest.mark.parametrize("name", [name for name in ALL if isinstance(ALL[name][0], ValueCheck)])
def test_each_listed_mistake_gets_its_own_sentence(name, capsys):
    check, tried = ALL[name]
    names_its_mistakes(check, tried.given, capsys)


@pytest.mark.parametrize("name", [name for name in ALL if hasattr(ALL[name][0], "cases")])
def test_the_cases_are_several_and_made_anew(name):
    check, _ = ALL[name]
    assert len(check.cases()) >= (4 if isinstance(check, FunctionCheck) else 1)
    arrays = [arrays_in(case) for case in check.cases() + check.cases()]
    for some, others in itertools.combinations(arrays, 2):
        assert not any(np.shares_memory(*pair) for pair in itertools.product(some, others))


# --- attacks made from a right answer ---


def changed(answer, change):
    """Return an answer in which every number and array is changed."""
    if isinstance(answer, dict):
        return {key: changed(value, change) for key, value in answer.items()}
    if isinstance(answer, list | tuple) and shape_of(answer) is None:
        return [changed(value, change) for value in answer]
    return answer if shape_of(answer) is None else change(np.asarray(answer))


def two_digits(array):
    """Round all numbers with decimals to two significant digits."""
    if array.dtype.kind != "f":
        return array
    rounded = [float(f"{number:.2g}") for number in array.flat]
    return np.array(rounded).astype(array.dtype).reshape(array.shape)


def one_axis_more(answer):
    return [answer] if shape_of(answer) is None else np.asarray(answer)[np.newaxis]


def always_the_first(right):
    """Answer the first case, and every other with the same."""
    first = []
    return lambda *given: first[0] if first else first.append(right(*given)) or first[0]


def one_behind(right):
    """Answer each case with the answer to the one before."""
    answers = []
    return lambda *given: answers.append(right(*given)) or answers[-2:][0]


def on_case(number, instead):
    """Do something else on one case."""

    def attack(right):
        calls = itertools.count()
        return lambda *given: instead(*given) if next(calls) == number else right(*given)

    return attack


def stop(*given):
    raise ValueError("two\nlines")


ATTACKS = {
    "always its first answer": always_the_first,
    "one case behind": one_behind,
    "its first argument": lambda right: lambda *given: given[0],
    "one axis more": lambda right: lambda *given: one_axis_more(right(*given)),
    "prints its answer": lambda right: lambda *given: print(right(*given)),
    "nothing on the first case": on_case(0, lambda *given: None),
    "nothing on another case": on_case(1, lambda *given: None),
    "still ... on the first case": on_case(0, lambda *given: ...),
    "still ... on another case": on_case(1, lambda *given: ...),
    "stops on the first case": on_case(0, stop),
    "stops on another case": on_case(1, stop),
}

# Attacks that a check rightly lets pass, and why.
HARMLESS = {
    ("lesson_01.save", "one case behind"): "the file counts, not what is returned",
    ("lesson_01.save", "one axis more"): "the file counts, not what is returned",
    ("lesson_01.save", "prints its answer"): "the file counts, not what is returned",
    ("lesson_10.frozen", "one case behind"): "the network counts, not what is returned",
    ("lesson_10.frozen", "one axis more"): "the network counts, not what is returned",
    ("lesson_10.frozen", "prints its answer"): "the network counts, not what is returned",
}


def withstands(check, attack, right, capsys) -> None:
    """Fail if a check lets an attack pass."""
    assert said(check, ATTACKS[attack](right), (), capsys).startswith("Not yet: ")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", OF_FUNCTIONS)
def test_attacks_fail(name, attack, capsys):
    check, tried = ALL[name]
    if (name, attack) in HARMLESS:
        line = said(check, ATTACKS[attack](tried.right[0]), (), capsys)
        assert line.startswith("Right. ")
    else:
        withstands(check, attack, tried.right[0], capsys)


def wiping(right, wiped):
    """Set all arrays that are given to 0, and answer for those; keep them in `wiped`."""

    def answer(*given):
        for array in arrays_in(given):
            array[...] = 0
            wiped.append(array)
        return right(*given)

    return answer


@pytest.mark.parametrize("name", OF_FUNCTIONS)
def test_an_answer_for_changed_arguments_fails(name, capsys):
    check, tried = ALL[name]
    wiped = []
    line = said(check, wiping(tried.right[0], wiped), (), capsys)
    if not wiped:
        pytest.skip("it is given no arrays")
    assert line.startswith("Not yet: ")


@pytest.mark.parametrize("name", ALL)
def test_a_rounded_answer_is_never_plainly_right(name, capsys):
    check, tried = ALL[name]
    right, lost = tried.right[0], []

    def shorten(array):
        lost.append(not np.array_equal(two_digits(array), array))
        return two_digits(array)

    def rounded(*given):
        return changed(right(*given), shorten)

    answer = changed(right, shorten) if name in OF_VALUES else rounded
    line = said(check, answer, tried.given, capsys)
    if not any(lost):
        pytest.skip("its answers have no decimals to lose")
    assert line.startswith(("Right, but do not round. ", "Not yet: "))


STRANGE = {
    "text": "12",
    "bytes": b"12",
    "nothing": None,
    "a dictionary": {},
    "an object": object(),
    "a generator": (number for number in ()),
    "a class": type("Empty", (), {}),
    "an empty list": [],
    "a ragged list": [[1, 2], [3]],
    "an array of objects": np.array([None, {}]),
    "not a number": float("nan"),
}


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", ALL)
def test_a_strange_answer_is_not_right(name, strange, capsys):
    check, tried = ALL[name]
    answers = [STRANGE[strange]]
    if name in OF_FUNCTIONS:
        answers.append(lambda *given: STRANGE[strange])
    for answer in answers:
        assert said(check, answer, tried.given, capsys).startswith("Not yet: ")


# --- lesson 12's card, the check of which prints a line for each field ---


def lines_of(answers, capsys) -> list[str]:
    """Return the lines that the check of the card prints, and make sure that it does no more."""
    capsys.readouterr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        card(answers)
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out.splitlines()


def lines_of_one_wrong(field, line) -> list[str]:
    """Return the lines about a card that has everything right but one field."""
    return [line if name == field else f"{name}: right" for name in lesson_12.RIGHT_CARD]


def test_lesson_12_right_cards_pass(capsys):
    card_lines = [f"{name}: right" for name in lesson_12.RIGHT_CARD]
    for field, value in [("images", 70_000), *lesson_12.RIGHT_FIELDS]:
        *lines, last = lines_of(lesson_12.RIGHT_CARD | {field: value}, capsys)
        assert lines == card_lines, (field, value)
        assert last.startswith("Right. ")


def test_lesson_12_each_wrong_field_of_a_card_gets_its_words(capsys):
    for field, value, words in lesson_12.WRONG_FIELDS:
        lines = lines_of(lesson_12.RIGHT_CARD | {field: value}, capsys)
        (line,) = set(lines) - set(lines_of_one_wrong(field, ""))
        assert lines == lines_of_one_wrong(field, line), (field, value)
        assert line.startswith(f"{field}: not yet: ")
        assert words in line


def test_lesson_12_a_card_is_filled_in_field_by_field(capsys):
    stub = dict.fromkeys(lesson_12.RIGHT_CARD, ...)
    assert lines_of(stub, capsys) == lines_of(..., capsys) == [NOT_ATTEMPTED]
    for field in stub:
        lines = lines_of(lesson_12.RIGHT_CARD | {field: ...}, capsys)
        assert lines == lines_of_one_wrong(field, f"{field}: not attempted yet")
        missing = {name: value for name, value in lesson_12.RIGHT_CARD.items() if name != field}
        lines = lines_of(missing, capsys)
        assert lines == lines_of_one_wrong(field, f"{field}: not yet: this field is missing.")


def test_lesson_12_strange_cards_and_fields_are_named(capsys):
    for answer in lesson_12.NO_CARDS:
        (line,) = lines_of(answer, capsys)
        assert line.startswith("Not yet: the card is a dictionary; ")
    for name in ("image\ns", 3, None, (1, 2)):
        *lines, last = lines_of(lesson_12.RIGHT_CARD | {name: 1}, capsys)
        assert lines == lines_of_one_wrong(None, "")
        assert last.endswith(": not yet: the card has no field of this name.")
    for field, strange in itertools.product(lesson_12.RIGHT_CARD, STRANGE.values()):
        lines = lines_of(lesson_12.RIGHT_CARD | {field: strange}, capsys)
        (line,) = set(lines) - set(lines_of_one_wrong(field, ""))
        assert line.startswith(f"{field}: not yet: ")


# --- the attacks find weak checks ---


def share(part, whole):
    return 100 * part / whole


STRONG = FunctionCheck(
    asks="a share in per cent",
    cases=lambda: [(1, 3), (2, 7), (5, 9), (30, 70)],
    right=share,
    praise="Well done.",
    mistakes={"times 100.": lambda part, whole: part / whole},
    otherwise="divide.",
)


def test_the_strong_check_withstands_all(capsys):
    for attack in ATTACKS:
        withstands(STRONG, attack, share, capsys)
    names_its_mistakes(STRONG, (), capsys)


def test_a_check_of_one_case_is_found_out(capsys):
    weak = replace(STRONG, cases=lambda: [(1, 3)])
    with pytest.raises(AssertionError):
        withstands(weak, "always its first answer", share, capsys)


def test_a_check_of_like_cases_is_found_out(capsys):
    weak = replace(STRONG, cases=lambda: 4 * [(1, 3)])
    with pytest.raises(AssertionError):
        withstands(weak, "one case behind", share, capsys)


def test_a_check_that_judges_from_changed_arguments_is_found_out(capsys):
    class Weak(FunctionCheck):
        def __call__(self, function):
            cases = self.cases()
            print(self.verdict([function(*case) for case in cases], cases))

    strong = replace(STRONG, right=np.add, cases=lambda: [(np.arange(n), n) for n in range(2, 6)])
    assert said(strong, wiping(np.add, []), (), capsys).startswith("Not yet: ")
    assert said(Weak(**vars(strong)), wiping(np.add, []), (), capsys).startswith("Right. ")


def test_a_shadowed_mistake_is_found_out(capsys):
    mistake = STRONG.mistakes["times 100."]
    weak = replace(STRONG, mistakes={"times 100.": mistake, "divided once too often.": mistake})
    with pytest.raises(AssertionError):
        names_its_mistakes(weak, (), capsys)


# --- the frame ---


def test_every_call_gets_fresh_arguments():
    def spoil(numbers):
        numbers += 1
        return numbers

    (tried,) = try_all(spoil, lambda: [(np.zeros(2),)])
    assert tried.given[0].tolist() == [0, 0]
    assert tried.left[0].tolist() == tried.returned.tolist() == [1, 1]


def test_printed_returned_and_raised_are_told_apart():
    def shout(number):
        print(number)
        return 1 / number

    well, badly = attempt(shout, (2,), (2,)), attempt(shout, (0,), (0,))
    assert (well.printed, well.returned, well.raised) == ("2\n", 0.5, None)
    assert (badly.printed, badly.returned) == ("0\n", None)
    assert isinstance(badly.raised, ZeroDivisionError)


def test_a_student_may_exit_but_not_swallow_an_interrupt():
    def interrupt():
        raise KeyboardInterrupt

    assert isinstance(attempt(exit, (), ()).raised, SystemExit)
    with pytest.raises(KeyboardInterrupt):
        attempt(interrupt, (), ())


def lines_about(function, cases):
    attempts = try_all(function, lambda: [(case,) for case in cases])
    return trouble(attempts) or nothing_returned(attempts)


def test_trouble_names_what_stopped_a_function_and_where():
    assert lines_about(lambda n: 1 / n, [0, 0]).endswith("ZeroDivisionError: division by zero")
    assert "ZeroDivisionError for (0): " in lines_about(lambda n: 1 / n, [1, 0])
    assert lines_about(lambda array: array[3], [np.zeros(5), np.zeros(2)]).startswith(
        "Not yet: your function stopped with IndexError for some inputs: "
    )


def test_trouble_tells_the_stub_from_a_forgotten_ellipsis():
    assert lines_about(lambda n: ..., [1, 2]) == NOT_ATTEMPTED
    assert "still returns `...`" in lines_about(lambda n: n if n == 1 else ..., [1, 2])
    assert "still returns `...`" in lines_about(lambda n: print(n) or ..., [1, 2])


def test_a_missing_return_is_told_from_a_printed_result():
    assert "prints its result" in lines_about(print, [1, 2])
    assert "returns nothing; end it" in lines_about(lambda n: None, [1, 2])
    assert "returns nothing for (2): " in lines_about(lambda n: n if n == 1 else None, [1, 2])
    assert lines_about(lambda n: n, [1, 2]) == ""


def test_same_compares_numbers_and_arrays():
    assert same(np.float32(0.1), 0.1)
    assert same([1, 2], np.array([1, 2]))
    assert same(Fraction(1, 4), np.array(0.25, dtype=object))
    assert same([np.nan, np.inf], [np.nan, np.inf])
    assert not same([1, 2], [1, 2, 3])
    assert not same("1", 1)
    assert not same(np.array(["1"], dtype=object), [1])
    assert not same({"a": 1}, 1)
    assert not same(None, np.nan)


def test_rounded_and_cut_answers_are_known():
    assert are_rounded([3.26], [3.258])
    assert are_rounded([3.25], [3.258])
    assert are_rounded([[0.14, 0.04], 2.0], [[0.1386, 0.0412], 1.996])
    assert not are_rounded([3.27], [3.258])
    assert not are_rounded([68], [67])
    assert not are_rounded([99, 99], [98.8, 99.3])  # a constant
    assert are_rounded([99, 98], [99.2, 98.3])
    assert not are_rounded([0], [0.14])
    assert not are_rounded([3.3, 1.41], [3.258, 1.414])
    assert not are_rounded(["3.26"], [3.258])


def test_a_rounded_answer_is_named_by_what_it_is_near(capsys):
    check = replace(STRONG, cases=lambda: [(1, 3), (2, 7)])
    line = said(check, lambda part, whole: round(share(part, whole), 1), (), capsys)
    assert line == "Right, but do not round. Well done."
    line = said(check, lambda part, whole: round(part / whole, 3), (), capsys)
    assert line == "Not yet: times 100."


def test_form_is_asked_of_a_right_answer_and_of_an_unknown_one(capsys):
    def not_a_list(answer, *given):
        return "no lists." if isinstance(answer, list) else ""

    check = replace(STRONG, right=np.add, form=not_a_list)
    assert said(check, np.add, (), capsys).startswith("Right. ")
    assert said(check, lambda a, b: np.array(7), (), capsys) == "Not yet: divide."
    check = replace(STRONG, right=lambda a, b: [a, b], form=not_a_list)
    assert said(check, lambda a, b: [a, b], (), capsys) == "Not yet: no lists."
    assert said(check, lambda a, b: [b, a], (), capsys) == "Not yet: no lists."


def test_what_is_no_function_is_named(capsys):
    for check in (STRONG, BehaviourCheck(cases=STRONG.cases, examine=lambda _: "", praise="")):
        assert "hand over the function itself" in said(check, 12, (), capsys)
