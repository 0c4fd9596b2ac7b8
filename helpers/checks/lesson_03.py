"""Checks of lesson 03, "Beat a baseline"."""

import numpy as np

from helpers.checks import FunctionCheck, ValueCheck


def _share_of_fives(labels) -> float:
    return float(np.mean(np.asarray(labels) == 5))


always_no = ValueCheck(
    asks="an accuracy in per cent, one number",
    right=lambda labels: 100 * (1 - _share_of_fives(labels)),
    praise=(
        "It has found no five in its life. A score means little until you know what the laziest"
        " answer gets."
    ),
    mistakes={
        "this is the share of fives, all of which it gets wrong.": (
            lambda labels: 100 * _share_of_fives(labels)
        ),
        "this is a fraction of 1; times 100.": lambda labels: 1 - _share_of_fives(labels),
        "this is the share of fives, as a fraction; it is right about all the others.": (
            _share_of_fives
        ),
        "this counts the right answers; take their share, in per cent.": (
            lambda labels: np.count_nonzero(np.asarray(labels) != 5)
        ),
        "this counts the fives; it is right about all the others. Take their share, in per cent.": (
            lambda labels: np.count_nonzero(np.asarray(labels) == 5)
        ),
        "it finds none of the fives, but every image that is no five counts as right.": (
            lambda labels: 0
        ),
        "that would be guessing among ten digits; here there are two answers, yes and no.": (
            lambda labels: 10
        ),
        "there are two answers, but they are not equally frequent.": lambda labels: 50,
        "90 would be right if exactly a tenth were fives; count them, and do not round.": (
            lambda labels: 90
        ),
    },
    otherwise="it is right about every image that is not a five; what share of the labels is that?",
)


def _neighbour_labels() -> list[tuple]:
    """Make labels of neighbours: few and many rows, one to seven voters, clear votes and ties."""
    rng = np.random.default_rng(3)
    return [
        (np.array([[7, 7, 1, 1, 3], [9, 4, 4, 9, 4], [2, 8, 5, 8, 5], [6, 0, 1, 2, 3]]),),
        (np.array([[3, 5, 5, 3, 8], [5, 3, 3, 5, 8]], dtype=np.uint8),),
        (np.array([[8, 1], [1, 8], [4, 4]]),),
        (rng.integers(0, 10, (20, 1)),),
        (rng.integers(0, 4, (50, 6)),),
        (rng.integers(6, 10, (50, 7), dtype=np.uint8),),
    ]


def _winners(choose):
    """Return a vote in which `choose(labels, votes)` finds the winner of each row."""

    def vote(neighbour_labels):
        rows = [row.astype(int) for row in neighbour_labels]
        return np.array([choose(row, np.bincount(row, minlength=10)) for row in rows])

    return vote


vote = FunctionCheck(
    asks="one digit for each row",
    cases=_neighbour_labels,
    right=_winners(lambda labels, votes: labels[votes[labels].argmax()]),
    praise="Two voters who disagree now follow the nearer one, so k = 2 is as good as k = 1.",
    mistakes={
        "your ties go to the smaller digit, as in the lesson; they should go to the nearer"
        " neighbour.": _winners(lambda labels, votes: votes.argmax()),
        "your ties go to the farther neighbour; the labels come nearest first.": (
            _winners(lambda labels, votes: labels[::-1][votes[labels[::-1]].argmax()])
        ),
        "your ties go to the larger digit; they should go to the nearer neighbour.": (
            _winners(lambda labels, votes: 9 - votes[::-1].argmax())
        ),
        "you asked the nearest neighbour alone; let all of them vote.": (
            _winners(lambda labels, votes: labels[0])
        ),
        "you averaged the labels, but digits are names: between a 3 and a 5 there is no 4.": (
            _winners(lambda labels, votes: round(labels.mean()))
        ),
        "you took the middle label, but digits are names and have no order.": (
            _winners(lambda labels, votes: np.median(labels))
        ),
        "this is how many votes the winner got, not which digit it is.": (
            _winners(lambda labels, votes: votes.max())
        ),
        "this is where in the row the winner stands, not which digit it is.": (
            _winners(lambda labels, votes: votes[labels].argmax())
        ),
        "one winner for all images together; count each row by itself.": (
            lambda neighbour_labels: np.bincount(neighbour_labels.ravel()).argmax()
        ),
    },
    otherwise=(
        "count the votes of each row; among the digits with most votes, take the one that comes"
        " first in the row."
    ),
)


def _two_readers() -> list[tuple]:
    """Make answers of two readers to the same images: better, worse and as good; many and few."""
    rng = np.random.default_rng(4)
    cases = []
    for n, first_errors, second_errors in [
        (200, 25, 10),
        (60, 6, 21),
        (1000, 80, 70),
        (40, 12, 12),
        (5, 3, 1),
    ]:
        labels = rng.integers(0, 10, n)
        readers = []
        for errors in (first_errors, second_errors):
            answers, wrong = labels.copy(), rng.permutation(n)[:errors]
            answers[wrong] = (answers[wrong] + rng.integers(1, 10, errors)) % 10
            readers.append(answers)
        cases.append((*readers, labels))
    return cases


def _of_counts(formula):
    """Return a function of both readers' answers and the labels, from one of wins and losses."""

    def luck(first, second, labels):
        wins = np.count_nonzero((second == labels) & (first != labels))
        losses = np.count_nonzero((first == labels) & (second != labels))
        return formula(wins, losses)

    return luck


_lead = _of_counts(lambda wins, losses: wins - losses)

luck = FunctionCheck(
    asks="wins minus losses, over the root of their sum, one number",
    cases=_two_readers,
    right=_of_counts(lambda wins, losses: (wins - losses) / (wins + losses) ** 0.5),
    praise=(
        "Beyond 2 or 3 it is hard to call it luck. The images that both read right cancel out, so"
        " a comparison on the same images sees smaller differences than two separate scores do."
    ),
    mistakes={
        "the sign is turned: a win is an image that only the second reads right.": (
            _of_counts(lambda wins, losses: (losses - wins) / (wins + losses) ** 0.5)
        ),
        "the sign is lost: if the second reader is the worse one, the number is negative.": (
            _of_counts(lambda wins, losses: abs(wins - losses) / (wins + losses) ** 0.5)
        ),
        "the root is missing: coin flips wander by the root of their number.": (
            _of_counts(lambda wins, losses: (wins - losses) / (wins + losses))
        ),
        "the lead is squared here; divide the plain lead by the root of wins plus losses.": (
            _of_counts(lambda wins, losses: (wins - losses) ** 2 / (wins + losses))
        ),
        "this is by how much the wins lead; divide by how far coin flips wander.": _lead,
        "only the images on which one is right and the other wrong are flips of the coin, not"
        " all.": lambda first, second, labels: _lead(first, second, labels) / len(labels) ** 0.5,
        "you also counted images that both read wrong, in different ways; nobody wins those.": (
            lambda first, second, labels: (
                _lead(first, second, labels) / np.count_nonzero(first != second) ** 0.5
            )
        ),
        "this is the share of wins; take wins minus losses, over the root of their sum.": (
            _of_counts(lambda wins, losses: wins / (wins + losses))
        ),
        "this is the difference in points; it does not say how much of it luck could do.": (
            lambda first, second, labels: 100 * _lead(first, second, labels) / len(labels)
        ),
    },
    otherwise=(
        "count the images that only the second reads right, and those that only the first does;"
        " nothing else."
    ),
)


def _rows_to_scale() -> list[tuple]:
    """Make fit rows and new ones: many, few and one alone, also with a pixel never inked."""
    rng = np.random.default_rng(5)
    cases = []
    for fit_count, new_count, pixels in [(30, 4, 6), (12, 1, 9), (5, 40, 3), (8, 8, 8)]:
        fit_rows, new_rows = rng.random((fit_count, pixels)), rng.random((new_count, pixels))
        fit_rows[:, -1] = 0
        cases.append((fit_rows, 0.3 + new_rows / 2))
    return cases


def _scaled(rows, means_of, deviations_of):
    return (rows - means_of.mean(axis=0)) / (deviations_of.std(axis=0) + 0.1)


def _scaled_together(fit_rows, new_rows):
    both = np.concatenate([fit_rows, new_rows])
    return _scaled(new_rows, both, both)


scale = FunctionCheck(
    asks="the new rows, scaled, in their old shape",
    cases=_rows_to_scale,
    right=lambda fit, new: _scaled(new, fit, fit),
    praise="An image is now scaled in the same way whoever its company is, even if it comes alone.",
    mistakes={
        "this is the published way: the new images are scaled by their own mean and deviation.": (
            lambda fit, new: _scaled(new, new, new)
        ),
        "the mean is from the training images, the deviation still from the new ones.": (
            lambda fit, new: _scaled(new, fit, new)
        ),
        "the deviation is from the training images, the mean still from the new ones.": (
            lambda fit, new: _scaled(new, new, fit)
        ),
        "you took both sets together; the new images must have no say in it.": _scaled_together,
        "this is one mean for all pixels; axis=0 gives one for each.": (
            lambda fit, new: (new - fit.mean()) / (fit.std() + 0.1)
        ),
        "you returned the training images; return the new ones, scaled by their numbers.": (
            lambda fit, new: _scaled(fit, fit, fit)
        ),
        "the 0.1 is missing; without it a pixel that is never inked divides by zero.": (
            lambda fit, new: (new - fit.mean(axis=0)) / fit.std(axis=0)
        ),
        "the 0.1 belongs to the deviation: put both in one pair of parentheses.": (
            lambda fit, new: (new - fit.mean(axis=0)) / fit.std(axis=0) + 0.1
        ),
        "this divides by the variance; the deviation is its root, `std`.": (
            lambda fit, new: (new - fit.mean(axis=0)) / (fit.var(axis=0) + 0.1)
        ),
        "this deviation comes from a division by n - 1; that of NumPy, `std`, divides by n.": (
            lambda fit, new: (new - fit.mean(axis=0)) / (fit.std(axis=0, ddof=1) + 0.1)
        ),
    },
    otherwise=(
        "take mean and deviation, pixel by pixel, from the training images; from the new ones take"
        " away the mean, and divide by the deviation plus 0.1."
    ),
)
