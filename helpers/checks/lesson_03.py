"""Checks of lesson 03, "Beat a baseline"."""

import numpy as np

from helpers.checks import judge, judge_function


def always_no(answer, labels) -> None:
    """Check the accuracy, in per cent, of a detector for fives that always says no."""
    fives = float(np.mean(np.asarray(labels) == 5))
    judge(
        answer,
        right=100 * (1 - fives),
        praise="It has found no five in its life. A score means little until you know what the laziest answer gets.",
        mistakes=[
            (100 * fives, "this is the share of fives, all of which it gets wrong."),
            (1 - fives, "this is a fraction of 1; times 100."),
            (fives, "this is the share of fives, as a fraction; it is right about all the others."),
            (round(len(labels) * (1 - fives)), "this counts the right answers; take their share, in per cent."),
            (0, "it finds none of the fives, but every image that is no five counts as right."),
            (10, "that would be guessing among ten digits; here there are two answers, yes and no."),
            (50, "there are two answers, but they are not equally frequent."),
            (90, "that is if exactly a tenth were fives; count them."),
        ],
        otherwise="it is right about every image that is not a five; what share of the labels is that?",
    )  # fmt: skip


def vote(function) -> None:
    """Check a function from the labels of neighbours (n, k), nearest first, to the winners (n,)."""
    neighbour_labels = np.array(
        [[7, 7, 1, 1, 3], [9, 4, 4, 9, 4], [2, 8, 5, 8, 5], [6, 0, 1, 2, 3], [3, 5, 5, 3, 8]]
    )

    def winners(labels, choose):
        votes = [np.bincount(row, minlength=10) for row in labels]
        return np.array([choose(row, count) for row, count in zip(labels, votes, strict=True)])

    judge_function(
        function,
        (neighbour_labels,),
        right=lambda labels: winners(labels, lambda row, count: row[count[row].argmax()]),
        praise="Two voters who disagree now follow the nearer one, so k = 2 is as good as k = 1.",
        mistakes=[
            (lambda labels: winners(labels, lambda row, count: count.argmax()), "your ties go to the smaller digit, as in the lesson; they should go to the nearer neighbour."),
            (lambda labels: winners(labels, lambda row, count: row[::-1][count[row[::-1]].argmax()]), "your ties go to the farther neighbour; the labels come nearest first."),
            (lambda labels: winners(labels, lambda row, count: 9 - count[::-1].argmax()), "your ties go to the larger digit; they should go to the nearer neighbour."),
            (lambda labels: labels[:, 0], "you asked the nearest neighbour alone; let all of them vote."),
            (lambda labels: winners(labels, lambda row, count: round(row.mean())), "you averaged the labels, but digits are names: between a 3 and a 5 there is no 4."),
            (lambda labels: winners(labels, lambda row, count: np.median(row)), "you took the middle label, but digits are names and have no order."),
            (lambda labels: winners(labels, lambda row, count: count.max()), "this is how many votes the winner got, not which digit it is."),
            (lambda labels: np.bincount(labels.ravel()).argmax(), "one winner for all images together; count each row by itself."),
        ],
        otherwise="count the votes of each row; among the digits with most votes, take the one that comes first in the row.",
    )  # fmt: skip


def luck(function) -> None:
    """Check a function luck(first, second, labels) that returns (wins - losses) / sqrt(wins + losses)."""
    labels = np.repeat(np.arange(10), 20)
    position = np.arange(200)
    first = np.where(position % 9 == 0, (labels + 1) % 10, labels)
    second = np.where(position % 25 == 0, (labels + 2) % 10, labels)
    second = np.where(position == 9, first, second)

    def counts(first, second, labels):
        wins = np.sum((second == labels) & (first != labels))
        losses = np.sum((first == labels) & (second != labels))
        return int(wins), int(losses)

    def of(formula):
        return lambda first, second, labels: formula(
            *counts(first, second, labels), first, second, labels
        )

    judge_function(
        function,
        (first, second, labels),
        right=of(lambda wins, losses, *_: (wins - losses) / (wins + losses) ** 0.5),
        praise="Beyond 2 or 3 it is hard to call it luck. The images that both read right cancel out, so a comparison on the same images sees smaller differences than two separate scores do.",
        mistakes=[
            (of(lambda wins, losses, *_: (losses - wins) / (wins + losses) ** 0.5), "the sign is turned: a win is an image that only the second reads right."),
            (of(lambda wins, losses, *_: (wins - losses) / (wins + losses)), "the root is missing: coin flips wander by the root of their number."),
            (of(lambda wins, losses, *_: wins - losses), "this is by how much the wins lead; divide by how far coin flips wander."),
            (of(lambda wins, losses, first, second, labels: (wins - losses) / len(labels) ** 0.5), "only the images on which one is right and the other wrong are flips of the coin, not all."),
            (of(lambda wins, losses, first, second, labels: (wins - losses) / np.sum(first != second) ** 0.5), "you also counted images that both read wrong, in different ways; nobody wins those."),
            (of(lambda wins, losses, *_: wins / (wins + losses)), "this is the share of wins; take wins minus losses, over the root of their sum."),
            (of(lambda wins, losses, *_: 100 * (wins - losses) / 200), "this is the difference in points; it does not say how much of it luck could do."),
        ],
        otherwise="count the images that only the second reads right, and those that only the first does; nothing else.",
    )  # fmt: skip


def scale(function) -> None:
    """Check a function scale(fit_rows, new_rows) that scales with the numbers of the fit rows."""
    rng = np.random.default_rng(0)
    fit_rows = rng.random((30, 6))
    new_rows = rng.random((4, 6)) * 0.5 + 0.3
    judge_function(
        function,
        (fit_rows, new_rows),
        right=lambda fit, new: (new - fit.mean(axis=0)) / (fit.std(axis=0) + 0.1),
        praise="An image is now scaled in the same way whoever its company is, even if it comes alone.",
        mistakes=[
            (lambda fit, new: (new - new.mean(axis=0)) / (new.std(axis=0) + 0.1), "this is the published way: the new images are scaled by their own mean and deviation."),
            (lambda fit, new: (new - fit.mean(axis=0)) / (new.std(axis=0) + 0.1), "the mean is from the training images, the deviation still from the new ones."),
            (lambda fit, new: (new - new.mean(axis=0)) / (fit.std(axis=0) + 0.1), "the deviation is from the training images, the mean still from the new ones."),
            (lambda fit, new: (new - np.concatenate([fit, new]).mean(axis=0)) / (np.concatenate([fit, new]).std(axis=0) + 0.1), "you took both sets together; the new images must have no say in it."),
            (lambda fit, new: (new - fit.mean()) / (fit.std() + 0.1), "this is one mean for all pixels; axis=0 gives one for each."),
            (lambda fit, new: (fit - fit.mean(axis=0)) / (fit.std(axis=0) + 0.1), "you returned the training images; return the new ones, scaled by their numbers."),
            (lambda fit, new: (new - fit.mean(axis=0)) / fit.std(axis=0), "the 0.1 is missing; without it a pixel that is never inked divides by zero."),
        ],
        otherwise="take mean and deviation, pixel by pixel, from the training images, and apply them to the new ones.",
    )  # fmt: skip
