"""Checks of lesson 12, "Doubt the result"."""

import math
import re
from dataclasses import dataclass
from unittest import mock

import numpy as np

from helpers.calibration import expected_calibration_error, reliability
from helpers.checks import (
    NOT_ATTEMPTED,
    BehaviourCheck,
    FunctionCheck,
    are_rounded,
    kind_of,
    same,
    shape_of,
)
from helpers.records import read_record

# --- hold out whole writers ---

_SEEDS = 30  # for 4 of 8 writers: a right answer never draws one of them once in a hundred million


def _files() -> list[tuple]:
    """Return who wrote each image, a share and a seed; the share is a whole number of writers.

    The second case has the images of each writer in a block. The next `_SEEDS` have all seeds for
    the same few writers, and at the end the first case comes again.
    """
    mixed, blocks, small = _writers(40, 20), _writers(20, 12), _writers(8, 10)
    blocks = np.concatenate([blocks[blocks == one] for one in dict.fromkeys(blocks.tolist())])
    few = [(small.copy(), 0.5, seed) for seed in range(_SEEDS)]
    return [(mixed, 0.25, 0), (blocks, 0.1, 5), *few, (mixed.copy(), 0.25, 0)]


def _writers(people: int, images_each: int) -> np.ndarray:
    """Return who wrote each image, in any order; some wrote much more than others.

    No number of a writer is also a position.
    """
    rng = np.random.default_rng(people)
    numbers = 2000 + rng.choice(2000, people, replace=False)
    sizes = 2 + rng.permutation(np.geomspace(1, 5 * images_each, people).astype(int))
    return rng.permutation(np.repeat(numbers, sizes)).astype(np.int32)


def _fault_in_holding_out(attempts: list) -> str:
    for tried in attempts:
        if not np.array_equal(tried.given[0], tried.left[0]):
            return "the writers were changed; leave them as they are."
        if fault := _fault_in_positions(tried.returned, tried.given[0]):
            return fault
    cases = [(np.asarray(tried.returned), *tried.given[:2]) for tried in attempts]
    faults = [_fault_in_sides(*case) for case in cases]
    if not any(faults):
        return _fault_in_drawing([np.unique(writers[held]).tolist() for held, writers, _ in cases])
    if not any(
        _fault_in_sides(np.delete(np.arange(len(writers)), held), writers, share)
        for held, writers, share in cases
    ):
        return "these are the images to train on; return the positions of the others."
    if all(len(np.unique(writers[held])) == len(held) for held, writers, _ in cases):
        return "one image of each writer came; hold out all images of the drawn writers."
    return next(filter(None, faults))


def _fault_in_positions(returned, writers) -> str:
    """Return what is wrong with positions, whoever wrote the images there."""
    if isinstance(returned, tuple | list) and len(returned) == 2:
        if all(len(shape_of(part) or ()) == 1 for part in returned):
            return "two parts came; return the positions of the validation images alone."
    if isinstance(returned, tuple) and len(returned) == 1:
        return "`np.where` returns a tuple with an array in it; return that: `[0]`."
    try:
        positions = np.asarray(returned)
    except Exception:  # what a student returns may raise anything
        return "return the positions in one row; np.concatenate joins those of the writers."
    if positions.size == 0:
        return "no positions came."
    if positions.dtype == bool:
        return "return positions, not True and False; np.flatnonzero turns one into the other."
    if positions.dtype.kind not in "iu":
        return "return an array or a list of positions, whole numbers."
    if positions.ndim != 1:
        return "return the positions in one row."
    if len(positions) == len(writers) and set(positions.tolist()) <= {0, 1}:
        return "return positions, not 1 and 0; np.flatnonzero turns one into the other."
    if np.isin(positions, writers).all():
        return "these are the writers' numbers; return the positions of their images."
    if not 0 <= positions.min() <= positions.max() < len(writers):
        return "some positions lie outside of the file."
    if len(np.unique(positions)) < len(positions):
        return "a position came twice; hold out each image once."
    return ""


def _fault_in_sides(held, writers, share) -> str:
    """Return what is wrong with who is held out; "" for whole writers, and as many as wanted."""
    everyone, counts = np.unique(writers, return_counts=True)
    held_of_each = np.array([np.sum(writers[held] == one) for one in everyone])
    if (smaller := np.minimum(held_of_each, counts - held_of_each)).any():
        worst = smaller.argmax()
        return (
            f"writer {everyone[worst]} is on both sides: {held_of_each[worst]} of"
            f" {counts[worst]} images are held out. Draw writers, not images."
        )
    wanted, came = round(share * len(everyone)), np.count_nonzero(held_of_each)
    if came == wanted:
        return ""
    return (
        f"{came} of the {len(everyone)} writers are held out; a share of {share} is {wanted}."
        " Count writers, not images, and draw nobody twice."
    )


def _fault_in_drawing(drawn: list) -> str:
    """Return what is wrong with how the writers are drawn; `drawn` has those of each case."""
    if drawn[0] != drawn[-1]:
        return "asked again with the same seed, others are held out; let `seed` alone decide."
    different = {tuple(some) for some in drawn[2:-1]}
    if len(different) == 1:
        return "another seed holds out the same writers; draw them at random, with `seed`."
    if len(different) < 12:
        return (
            f"{_SEEDS} seeds hold out only {len(different)} different groups of writers; draw"
            " each writer at random."
        )
    if len(set().union(*different)) < 8:
        return "some writers are never held out; draw from all of them, with `seed`."
    return ""


hold_out = BehaviourCheck(
    cases=_files,
    examine=_fault_in_holding_out,
    praise="Nobody is on both sides, and another seed draws other people.",
)

# --- expected calibration error ---


def _answers() -> list[tuple]:
    """Return confidences, whether each answer is right, and a number of bins.

    No confidence lies on an edge, apart from 0 and 1 in some cases: to which of two bins an edge
    belongs makes no difference. Some are too sure on the whole, others too modest.
    """
    rng = np.random.default_rng(0)
    cases = []
    for count, bins, ends, least in (
        (400, 15, [0, 1], 0.4),
        (60, 10, [], 0.1),
        (37, 7, [1, 1, 0], 0.3),
        (900, 5, [], 0.2),
        (8, 20, [], 0.5),
        (200, 1, [1], 0.1),
    ):
        confidences = np.concatenate([0.1 + 0.85 * rng.beta(2, 1.2, count), ends])
        right = rng.random(len(confidences)) < least + 0.5 * confidences
        right[count:] = np.array(ends) == 0  # as wrong as can be, so that losing them shows
        cases.append((confidences, right, bins))
    return cases


def _gaps(confidences, right, bins) -> tuple:
    """Return for each bin that is not empty its share of the answers, and how far it is off."""
    counts, accuracies, sure = reliability(confidences, right, bins)
    filled = counts > 0
    return counts[filled] / len(right), (sure - accuracies)[filled]


def _of_gaps(formula):
    """Return a function that makes a mistake in the last step: `formula(shares, gaps, bins)`."""
    return lambda confidences, right, bins: formula(*_gaps(confidences, right, bins), bins)


def _with_bins(number):
    """Return a function that takes another number of bins: `number(bins)`."""

    def wrong(confidences, right, bins):
        bins = number(bins)
        return expected_calibration_error(confidences, right, bins) if bins else 0.0

    return wrong


def _without(is_lost):
    """Return a function that loses some answers: where `is_lost(confidences, bins)`."""

    def wrong(confidences, right, bins):
        keeps = ~is_lost(confidences, bins)
        if not keeps.any():
            return 0.0
        return keeps.mean() * expected_calibration_error(confidences[keeps], right[keeps], bins)

    return wrong


def _of_groups(groups_of):
    """Return a function that makes other groups of the answers: `groups_of(confidences, bins)`."""

    def wrong(confidences, right, bins):
        groups = groups_of(confidences, bins)
        inside = [groups == group for group in np.unique(groups)]
        gaps = [some.sum() * abs((confidences[some] - right[some]).mean()) for some in inside]
        return sum(gaps) / len(right)

    return wrong


def _by_count(confidences, bins):
    groups = np.empty(len(confidences), int)
    for group, places in enumerate(np.array_split(np.argsort(confidences), bins)):
        groups[places] = group
    return groups


def _by_own_range(confidences, bins):
    edges = np.linspace(confidences.min(), confidences.max(), bins + 1)
    return np.digitize(confidences, edges[1:-1])


def _with_middles(confidences, right, bins):
    counts, accuracies, _ = reliability(confidences, right, bins)
    middles = (np.arange(bins) + 0.5) / bins
    return np.nansum(counts * np.abs(accuracies - middles)) / len(right)


ece = FunctionCheck(
    cases=_answers,
    asks="one number from 0 to 1",
    right=expected_calibration_error,
    praise="Each answer counts once, and too sure here does not make up for too modest there.",
    mistakes={
        "this is per cent; wanted is a number from 0 to 1.": _of_gaps(
            lambda shares, gaps, bins: 100 * np.sum(shares * np.abs(gaps))
        ),
        "all groups count alike here; weight each by its number of answers.": _of_gaps(
            lambda shares, gaps, bins: np.mean(np.abs(gaps))
        ),
        "all groups count alike here, the empty ones as 0; weight by the number of answers.": (
            _of_gaps(lambda shares, gaps, bins: np.sum(np.abs(gaps)) / bins)
        ),
        "this adds the distances up; weight each group by its share of the answers.": _of_gaps(
            lambda shares, gaps, bins: np.sum(np.abs(gaps))
        ),
        "this is the largest distance, the *maximum* calibration error; wanted is the mean.": (
            _of_gaps(lambda shares, gaps, bins: np.max(np.abs(gaps)))
        ),
        "too sure and too modest cancel here; take `abs` in each group, not of the whole.": (
            _of_gaps(lambda shares, gaps, bins: abs(np.sum(shares * gaps)))
        ),
        "too sure and too modest cancel here; take `abs` in each group.": _of_gaps(
            lambda shares, gaps, bins: np.sum(shares * gaps)
        ),
        "too modest and too sure cancel here; take `abs` in each group.": _of_gaps(
            lambda shares, gaps, bins: -np.sum(shares * gaps)
        ),
        "the distances are squared here; take `abs` instead.": _of_gaps(
            lambda shares, gaps, bins: np.sum(shares * gaps**2)
        ),
        "this is the root of the mean square; take the mean of `abs`.": _of_gaps(
            lambda shares, gaps, bins: np.sqrt(np.sum(shares * gaps**2))
        ),
        "weighted by the number of answers; divide by the number of all answers.": (
            lambda confidences, right, bins: (
                len(right) * expected_calibration_error(confidences, right, bins)
            )
        ),
        "the weights add up to 1 already; do not divide by the number of groups.": _of_gaps(
            lambda shares, gaps, bins: np.sum(shares * np.abs(gaps)) / bins
        ),
        "an empty group makes this not a number (its mean divides by 0); leave it out.": _of_gaps(
            lambda shares, gaps, bins: (
                np.sum(shares * np.abs(gaps)) if len(gaps) == bins else np.nan
            )
        ),
        "this takes the middle of each group; take the mean of its confidences.": _with_middles,
        "these groups have equally many answers; make them equally wide.": _of_groups(_by_count),
        "these groups divide the range of the confidences; divide 0 to 1.": _of_groups(
            _by_own_range
        ),
        "a confidence of 1 is lost; it belongs to the last group.": _without(
            lambda confidences, bins: confidences == 1
        ),
        "a confidence of 0 is lost; it belongs to the first group.": _without(
            lambda confidences, bins: confidences == 0
        ),
        "confidences of 0 and 1 are lost; they belong to the first and the last group.": _without(
            lambda confidences, bins: (confidences == 0) | (confidences == 1)
        ),
        "the first group is lost; it is that of number 0.": _without(
            lambda confidences, bins: confidences <= 1 / bins
        ),
        "the last group is lost; `np.digitize` counts the groups from 1.": _without(
            lambda confidences, bins: confidences > (bins - 1) / bins
        ),
        "this makes 10 groups, whatever `bins` says.": _with_bins(lambda bins: 10),
        "this makes 15 groups, whatever `bins` says.": _with_bins(lambda bins: 15),
        "this makes a group too few: `bins` groups have bins + 1 edges.": _with_bins(
            lambda bins: bins - 1
        ),
        "this makes a group too many: `bins` groups have bins + 1 edges.": _with_bins(
            lambda bins: bins + 1
        ),
        "this is the distance for each answer alone; compare the means of a group.": (
            lambda confidences, right, bins: np.mean(np.abs(confidences - right))
        ),
        "this is the Brier score, a mean square for each answer; compare the means of a group.": (
            lambda confidences, right, bins: np.mean((confidences - right) ** 2)
        ),
        "this takes the share of wrong answers; take that of the right ones.": (
            lambda confidences, right, bins: expected_calibration_error(confidences, ~right, bins)
        ),
    },
    otherwise=(
        "for each group, |mean confidence - share of right answers| times its number of answers;"
        " their sum, divided by all. 0 belongs to the first group, 1 to the last."
    ),
)

# --- the card ---


@dataclass(frozen=True, kw_only=True)
class _Number:
    """What a field of the card should hold: a number.

    Attributes:
        right: the number.
        tolerance: how far from it an answer may be.
        mistakes: for each typical mistake the sentence that names it, and the numbers it gives.
        otherwise: where to look if the answer is none of these.
    """

    right: float
    tolerance: float = 0
    mistakes: dict[str, list[float]]
    otherwise: str

    def fault_in(self, answer) -> str:
        """Return what is wrong with an answer; "" if nothing is."""
        number = _as_number(answer)
        if number is None:
            return f"{kind_of(answer)} came; wanted is one number, such as 12.5."
        if abs(number - self.right) <= self.tolerance + 1e-9:
            return ""
        if are_rounded([number], [self.right]):
            return "this is rounded too far; write two decimals."
        for words, wrongs in self.mistakes.items():
            if any(same(number, wrong) or are_rounded([number], [wrong]) for wrong in wrongs):
                return words
        return self.otherwise


def _as_number(answer) -> float | None:
    """Return an answer as a number, None if it is none; "70,000" and "99.2 %" are numbers too."""
    if isinstance(answer, str):
        text = answer.strip(" %±")
        if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        try:
            answer = float(text)
        except ValueError:
            return None
    if shape_of(answer) != () or np.asarray(answer).dtype.kind in "bc":
        return None
    number = float(np.asarray(answer))
    return number if math.isfinite(number) else None


class _Letters:
    """What the field "not for" should hold: the letters of the uses that were not tested."""

    reasons = {
        "b": "no photographs were tested",
        "c": "no people elsewhere were tested",
        "d": "no letters were tested",
        "e": "an accuracy does not say what a mistake costs",
    }

    def fault_in(self, answer) -> str:
        """Return what is wrong with an answer; "" if nothing is."""
        if isinstance(answer, np.ndarray):
            answer = answer.ravel().tolist()
        parts = [answer] if isinstance(answer, str) else answer
        if not isinstance(parts, list | tuple | set | frozenset):
            return f'{kind_of(answer)} came; wanted is a set of letters, such as {{"x", "y"}}.'
        if not all(isinstance(part, str) for part in parts):
            return 'wanted are letters in quotation marks, such as {"x", "y"}.'
        words = [word for word in re.findall(r"\w+", " ".join(parts).lower()) if word != "and"]
        letters = set("".join(words))
        if not letters:
            return "no letter came; some of the uses were never tested."
        if unknown := sorted(letters - set("abcde")):
            return f"write letters from a to e, not {', '.join(unknown[:5])}."
        faults = [f"{one} is missing ({self.reasons[one]})" for one in "bcde" if one not in letters]
        if "a" in letters:
            faults.insert(0, "a does not belong here (this is what was tested)")
        return f"{'; '.join(faults)}." if faults else ""


def _fields() -> dict[str, _Number | _Letters]:
    """Return what each field of the card should hold."""
    record = read_record("validation_sets")
    networks = record["random"]

    def mean(key, way="random") -> float:
        return float(np.mean(record[way][key]))

    accuracy = mean("test")
    deviation = math.sqrt(accuracy * (100 - accuracy) / 10_000)
    spread = float(np.std(networks["test"]))
    return {
        "images": _Number(
            right=70_000,
            mistakes={
                "this is the training set alone; add the test set.": [60_000],
                "this is the test set alone; add the training set.": [10_000],
            },
            otherwise="add up the training set and the test set.",
        ),
        "writers": _Number(
            right=836,
            mistakes={
                "this is the training set alone; other people wrote the test set.": [539],
                "this is the test set alone; other people wrote the training set.": [297],
                "these are the students alone; add the employees.": [499],
                "these are the employees alone; add the students.": [337],
                "this is about 250 for each set, as is often told; section 1 counts.": [500],
            },
            otherwise="add up students and employees of both sets, as section 1 counts them.",
        ),
        "students in test": _Number(
            right=50.01,
            tolerance=0.01,
            mistakes={
                "this is a share of 1; multiply by 100.": [0.5001, 0.5],
                "this is how many; wanted is the share, in per cent.": [5001, 5000],
                "this is the share that employees wrote.": [49.99],
                "this is the share of the training set.": [48.4167],
                "this is the share of both sets together; wanted is the test set's.": [48.6443],
            },
            otherwise="students wrote the first half of the test set, and one image more.",
        ),
        "wrong labels": _Number(
            right=0.15,
            tolerance=0.001,
            mistakes={
                "this is how many; wanted is the share of 10,000, in per cent.": [15],
                "this is a share of 1; multiply by 100.": [0.0015],
                "a hundred were looked at; count the labels that were not upheld.": [1, 0.01, 100],
                "this is rounded too far; write two decimals.": [0.1, 0.2],
                "this is the share of both sets together; wanted is the test set's.": [15 / 700],
                "this is the share of the training set; they are in the test set.": [15 / 600],
            },
            otherwise="15 of 10,000 labels were not upheld; how many per cent is this?",
        ),
        "trained on": _Number(
            right=55_000,
            mistakes={
                "some of these images were held out to validate; section 3 says how many.": [
                    60_000
                ],
                "this holds out 10,000; section 3 holds out fewer.": [50_000],
                "these were held out; it was trained on the others.": [5_000],
                "this is the test set; nothing was trained on it.": [10_000],
                "this includes the test set; nothing was trained on it.": [65_000, 70_000],
            },
            otherwise="all images of the training set, less those that section 3 holds out.",
        ),
        "accuracy": _accuracy(
            networks["test"],
            {
                "this is the validation accuracy; wanted is the test's.": [mean("validation")],
                _ON_EMPLOYEES: [mean("test", "employees to employees")],
            },
        ),
        "give or take": _Number(
            right=2 * deviation,
            tolerance=0.005,
            mistakes={
                "this is one standard deviation; give or take is two.": [deviation],
                "this is a share of 1; multiply by 100.": [deviation / 50],
                "this is one standard deviation, as a share of 1; wanted are two, in points.": [
                    deviation / 100
                ],
                "this is the whole range, from below to above; wanted is half of it.": [
                    4 * deviation
                ],
                "this is how the twelve trainings spread; wanted is the luck of 10,000 images.": [
                    spread,
                    2 * spread,
                    spread * math.sqrt(12 / 11),
                    2 * spread * math.sqrt(12 / 11),
                ],
            },
            otherwise="2 x sqrt(accuracy x (100 - accuracy) / 10,000), in points.",
        ),
        "accuracy on students": _accuracy(
            networks["test_students"],
            {
                "this is the accuracy on employees.": [mean("test_employees")],
                "this is the accuracy on all; wanted is that on students.": [accuracy],
                _ON_EMPLOYEES: [
                    mean("test_students", "employees to students"),
                    mean("validation", "employees to students"),
                ],
            },
        ),
        "accuracy on employees": _accuracy(
            networks["test_employees"],
            {
                "this is the accuracy on students.": [mean("test_students")],
                "this is the accuracy on all; wanted is that on employees.": [accuracy],
                _ON_EMPLOYEES: [
                    mean("test_employees", "employees to employees"),
                    mean("validation", "employees to employees"),
                ],
            },
        ),
        "not for": _Letters(),
    }


_ON_EMPLOYEES = "these networks were trained on employees alone; section 6 has the right ones."


def _accuracy(measured: list[float], mistakes: dict[str, list[float]]) -> _Number:
    """Return the field for the mean accuracy of the twelve networks; `mistakes` come on top."""
    mean = float(np.mean(measured))
    return _Number(
        right=mean,
        tolerance=0.02,
        mistakes={
            "this is a share of 1; multiply by 100.": [mean / 100],
            "this is the error; the accuracy is the rest.": [100 - mean, 1 - mean / 100],
            **mistakes,
            "this is the best of the twelve networks; wanted is their mean.": [max(measured)],
            "this is one of the twelve networks; wanted is their mean.": measured,
        },
        otherwise="section 6 prints it, the mean over twelve networks, in per cent.",
    )


def card(answers) -> None:
    """Print a line about each field of a card: right, not yet and why, or not attempted."""
    if answers is ...:
        print(NOT_ATTEMPTED)
        return
    if not isinstance(answers, dict):
        print(f"Not yet: the card is a dictionary; {kind_of(answers)} came.")
        return
    if answers and all(answer is ... for answer in answers.values()):
        print(NOT_ATTEMPTED)
        return
    fields = _fields()
    faults = [_fault_in_field(name, field, answers) for name, field in fields.items()]
    for name, fault in zip(fields, faults, strict=True):
        print(f"{name}: {fault or 'right'}")
    unknown = [name for name in answers if name not in fields]
    for name in unknown:
        shown = repr(name) if isinstance(name, str) else kind_of(name)
        print(f"{shown}: not yet: the card has no field of this name.")
    if not any(faults) and not unknown:
        print("Right. Whoever meets the number now knows whose it is.")


def _fault_in_field(name: str, field: _Number | _Letters, answers: dict) -> str:
    if name not in answers:
        return "not yet: this field is missing."
    if answers[name] is ...:
        return "not attempted yet"
    fault = field.fault_in(answers[name])
    return fault and f"not yet: {fault}"


# --- nudge ---


def _networks() -> list[tuple]:
    """Return networks, images, their labels, and by how much each pixel is to be moved.

    The first two read every second image as it is labelled. The last finds all digits equally
    likely, without any rounding, for its weights and pixels are eighths and quarters: if the label
    is the network's own probabilities, the gradient is exactly 0 there.
    """
    cases = []
    for seed, count, epsilon in ((1, 6, 0.1), (2, 9, 0.25)):
        rng = np.random.default_rng(seed)
        network = _network(
            [
                rng.normal(0, 0.05, (784, 24)),
                np.zeros(24),
                rng.normal(0, 0.7, (24, 10)),
                np.zeros(10),
            ]
        )
        images = rng.uniform(-0.5, 1.5, (count, 28, 28, 1)).clip(0, 1).astype(np.float32)
        labels = network(images).numpy().argmax(axis=1)
        labels[1::2] = (labels[1::2] + rng.integers(1, 10, count // 2)) % 10
        cases.append((network, images, labels, epsilon))
    kernel = rng.integers(-4, 5, (784, 10)) / 8
    kernel[:, -1] = -kernel[:, :-1].sum(axis=1)
    image = (rng.integers(0, 5, (28, 28, 1)) / 4).astype(np.float32)
    network = _network([kernel, -image.ravel() @ kernel])
    return [*cases, (network, np.stack([image, image]), np.array([3, 7]), 0.05)]


def _network(weights: list):
    """Return a network with these weights: one layer or two."""
    from helpers.quiet import keras  # here, so that the other checks do without TensorFlow

    layers = keras.layers
    zeros = {"kernel_initializer": "zeros"}  # draw nothing: a global generator stays where it is
    hidden = [layers.Dense(24, "tanh", **zeros)] if len(weights) > 2 else []
    network = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), *hidden, layers.Dense(10, **zeros)]
    )
    network.set_weights(weights)
    return network


def _losses() -> dict:
    """Return for each loss that a nudge may raise the words about it: "" for the right one."""
    from helpers.quiet import keras, tf

    of_labels = keras.losses.sparse_categorical_crossentropy
    of_shares = keras.losses.categorical_crossentropy
    return {
        "": lambda labels, logits: of_labels(labels, logits, from_logits=True),
        "the label is what the network reads; take `labels`, for it may read wrong.": (
            lambda labels, logits: of_labels(tf.argmax(logits, axis=1), logits, from_logits=True)
        ),
        "the network returns logits; tell the loss so: `from_logits=True`.": of_labels,
        "the softmax is taken twice; `from_logits=True` takes logits, not probabilities.": (
            lambda labels, logits: of_labels(labels, tf.nn.softmax(logits), from_logits=True)
        ),
        "the label is the network's own probabilities; take `labels`.": (
            lambda labels, logits: of_shares(tf.nn.softmax(logits), logits, from_logits=True)
        ),
        "this lowers the label's logit, whatever the others do; take the cross-entropy.": (
            lambda labels, logits: -tf.gather(logits, labels, batch_dims=1)
        ),
        "this lowers the largest logit, whatever the label; take the cross-entropy.": (
            lambda labels, logits: -tf.reduce_max(logits, axis=1)
        ),
    }


def _gradient(loss, network, images, labels) -> np.ndarray:
    """Return the gradient of a loss with respect to the images."""
    from helpers.quiet import tf

    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        losses = loss(labels, network(pixels))
    return tape.gradient(losses, pixels).numpy()


def _is_clear(gradient) -> np.ndarray:
    """Say for each pixel whether rounding cannot change the sign of its gradient."""
    size = np.abs(gradient)
    return size > 0.02 * size.max(axis=(1, 2, 3), keepdims=True)


def _is_grey(images) -> np.ndarray:
    """Say for each pixel whether it can move both ways."""
    return (images > 0) & (images < 1)


@dataclass(frozen=True)
class _Nudge:
    """What a student's function made of the images of one case."""

    images: np.ndarray
    nudged: np.ndarray
    epsilon: float
    gradients: dict[str, np.ndarray]  # as _losses() has them

    @property
    def moves(self) -> np.ndarray:
        """By how much each pixel was moved; less than a ten-millionth is rounding."""
        moves = self.nudged - self.images
        return np.where(np.abs(moves) < 1e-7, 0, moves)

    def share_along(self, gradient) -> float:
        """Return of how many pixels, from 0 to 1, the direction is that of a gradient.

        Black and white pixels are left out, for they cannot move both ways.
        """
        asked = _is_clear(gradient) & _is_grey(self.images)
        if not asked.any():
            return 0
        return np.mean(np.sign(self.moves[asked]) == np.sign(gradient[asked]))

    def share_that_stays(self, where) -> float:
        """Return of the pixels of some kind how many should move and do not, from 0 to 1."""
        signs = np.sign(self.gradients[""])
        can_go_along = (self.images + signs).clip(0, 1) != self.images
        asked = _is_clear(self.gradients[""]) & can_go_along & where(self.images)
        return np.mean(self.moves[asked] == 0)

    def is_moved(self, by: float, lowest: float = 0, highest: float = 1, within=1e-5) -> bool:
        """Say whether all pixels with a clear gradient have gone along it, by that much."""
        clear = _is_clear(self.gradients[""])
        expected = (self.images + by * np.sign(self.gradients[""])).clip(lowest, highest)
        return np.allclose(self.nudged[clear], expected[clear], rtol=0, atol=within)

    def is_change(self) -> bool:
        """Say whether this is by how much the pixels are to be moved, in place of the pixels."""
        clear = _is_clear(self.gradients[""])
        signs = np.sign(self.nudged[clear]) == np.sign(self.gradients[""][clear])
        return bool(signs.all() or np.abs(self.nudged).max() <= self.epsilon + 1e-5)

    def is_right(self) -> bool:
        """Say whether all is as it should be, where the gradient is not clear, too."""
        inside = self.nudged.min() >= 0 and self.nudged.max() <= 1
        near = np.abs(self.moves).max() <= self.epsilon + 1e-5
        return bool(inside and near and self.is_moved(self.epsilon))


def _fault_in_nudging(attempts: list) -> str:
    for tried in attempts:
        if fault := _fault_in_surroundings(tried) or _fault_in_images(tried):
            return fault
    losses = _losses()
    nudges = [_nudge_of(tried, losses) for tried in attempts]
    if all(nudge.is_right() for nudge in nudges):
        return ""
    if all(map(_Nudge.is_change, nudges)):
        return "this is the change alone; add it to the images."
    if not any(nudge.moves.any() for nudge in nudges):
        return "no pixel was moved."
    return _fault_in_direction(nudges) or _fault_in_amount(nudges)


def _nudge_of(tried, losses: dict) -> _Nudge:
    network, images, labels, epsilon = tried.given
    gradients = {words: _gradient(loss, network, images, labels) for words, loss in losses.items()}
    return _Nudge(images, np.asarray(tried.returned, dtype=float), epsilon, gradients)


def _fault_in_surroundings(tried) -> str:
    """Return what a function has changed that it should have left as it was."""
    network, images, labels, _ = tried.given
    network_left, images_left, labels_left, _ = tried.left
    if not np.array_equal(images, images_left):
        return "the images were changed; leave them as they are, and return new ones."
    if not np.array_equal(labels, labels_left):
        return "the labels were changed; leave them as they are."
    weights, weights_left = (
        [array.tolist() for array in one.get_weights()] for one in (network, network_left)
    )
    if weights != weights_left:
        return "the network was changed; its weights must stay what they are."
    return ""


def _fault_in_images(tried) -> str:
    """Return what is wrong with the nudged images, apart from their pixels."""
    returned, shape = tried.returned, tried.given[1].shape
    try:
        nudged = np.asarray(returned)
    except Exception:  # what a student returns may raise anything
        return "return the nudged images, an array or a tensor, and nothing else."
    if nudged.dtype.kind != "f" or nudged.dtype.itemsize < 4:
        came = kind_of(nudged if nudged.shape else returned)
        return f"{came} came; wanted are images, with pixels of type float32."
    if nudged.shape != shape:
        return f"an array of shape {nudged.shape} came, not {shape}; wanted are nudged images."
    if not np.isfinite(nudged).all():
        return "some pixels are no longer finite numbers; is something divided by 0?"
    return ""


def _fault_in_direction(nudges: list) -> str:
    """Return the words for pixels that do not go where the loss rises; "" if they do."""

    def all_go_along(gradients) -> bool:
        shares = map(_Nudge.share_along, nudges[:2], gradients)  # the last one's are all alike
        return min(shares) > 0.99

    right = [nudge.gradients[""] for nudge in nudges]
    for words in nudges[0].gradients:
        if all_go_along([nudge.gradients[words] for nudge in nudges]):
            return words
    if all_go_along([-gradient for gradient in right]):
        return "the direction is reversed: this makes the network surer; add the signs."
    of_all = [np.broadcast_to(gradient.mean(axis=0), gradient.shape) for gradient in right]
    if all_go_along(of_all):
        return "all images get the same nudge; each needs that of its own gradient."
    if not nudges[-1].moves.any():
        return (
            "the label is the network's own probabilities. The gradient is probabilities minus"
            " label, so nothing but rounding is left of it; take `labels`."
        )
    lowest = min(nudge.nudged.min() for nudge in nudges)
    highest = max(nudge.nudged.max() for nudge in nudges)
    if lowest < -1 or highest > 2:
        return f"pixels from {lowest:.3g} to {highest:.3g} came; black is 0, and white is 1."
    stay = 100 * np.mean([nudge.share_that_stays(_is_grey) for nudge in nudges[:2]])
    if stay > 5:
        return f"{stay:.0f} of 100 grey pixels stay where they are; the loss depends on them, too."
    share = 100 * np.mean([nudge.share_along(nudge.gradients[""]) for nudge in nudges[:2]])
    return (
        f"{share:.0f} of 100 pixels go where the loss of the true label rises; random signs would"
        " reach 50."
    )


def _fault_in_amount(nudges: list) -> str:
    """Return the words for pixels that go in the right direction, but not by `epsilon`."""
    if all(nudge.is_moved(nudge.epsilon) for nudge in nudges):
        return "some pixels move by more than `epsilon`, or leave 0 to 1."
    for words, lowest, highest in (
        ("pixels below 0 and above 1 came; clip them to 0 to 1.", -np.inf, np.inf),
        ("pixels above 1 came; white is 1, not 255.", 0, np.inf),
        ("pixels below 0 came; black is 0, not -1.", -1, 1),
    ):
        if all(nudge.is_moved(nudge.epsilon, lowest, highest) for nudge in nudges):
            return words
    if all(nudge.is_moved(nudge.epsilon, within=0.006) for nudge in nudges):
        return "nearly right, but do not round the pixels."
    amounts = [float(np.abs(nudge.moves).max()) for nudge in nudges]
    pairs = list(zip(nudges, amounts, strict=True))
    for lowest, highest in ((0, 1), (-np.inf, np.inf)):
        if all(nudge.is_moved(amount, lowest, highest) for nudge, amount in pairs):
            nudge, amount = max(pairs, key=lambda pair: abs(pair[1] - pair[0].epsilon))
            return f"the pixels move by {amount:.3g} where `epsilon` is {nudge.epsilon}."
    if min(nudge.share_that_stays(lambda images: ~_is_grey(images)) for nudge in nudges) > 0.3:
        return "black or white pixels stay where they are; the loss depends on them, too."
    return "the pixels move by different amounts; take the sign of the gradient, times `epsilon`."


class _NudgeCheck(BehaviourCheck):
    """The check of a nudge; TensorFlow's lines about functions traced again are not printed."""

    def __call__(self, function) -> None:
        """Print what the function is: not attempted, right, or what is wrong with it."""
        from helpers.quiet import tf

        with mock.patch.object(tf.get_logger(), "disabled", True):
            super().__call__(function)


nudge = _NudgeCheck(
    cases=_networks,
    examine=_fault_in_nudging,
    praise="Each pixel goes where the loss rises, by `epsilon`, and the network is as it was.",
)
