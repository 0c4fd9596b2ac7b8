"""Checks of lesson 05, "Train a dense network"."""

import numpy as np

from helpers.checks import judge, judge_function


def count_parameters(answer) -> None:
    """Check the number of parameters of dense layers of 300, 100 and 10 outputs on 784 pixels."""
    judge(
        answer,
        right=785 * 300 + 301 * 100 + 101 * 10,
        praise="Nearly nine tenths of them sit in the first layer.",
        mistakes=[
            (
                784 * 300 + 300 * 100 + 100 * 10,
                "you forgot the biases, one for each output of each layer.",
            ),
            (301 * 100 + 101 * 10, "you left out the first layer, from the pixels to 300."),
            (
                785 * 300 + 785 * 100 + 785 * 10,
                "each layer takes the outputs of the one before, not the pixels.",
            ),
            (
                300 + 100 + 10,
                "these are the outputs; count the weights that lead to them, and the biases.",
            ),
            (
                784 * 300 * 100 * 10,
                "the layers follow each other: add their parameters, do not multiply them.",
            ),
        ],
        otherwise="for each layer: inputs times outputs, plus one bias per output; then add up.",
    )


def accuracy_from(function) -> None:
    """Check a function from logits (n, 10) and labels (n,) to the accuracy in per cent."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(40, 10))
    labels = logits.argmax(axis=1)
    labels[:13] = (labels[:13] + 1) % 10
    judge_function(
        function,
        (logits, labels),
        right=lambda logits, labels: 100 * np.mean(logits.argmax(axis=1) == labels),
        praise="No softmax needed: it does not change which of the ten is largest.",
        mistakes=[
            (
                lambda logits, labels: np.mean(logits.argmax(axis=1) == labels),
                "this is a fraction of 1; times 100.",
            ),
            (
                lambda logits, labels: 100 * np.mean(logits.argmax(axis=1) != labels),
                "this is the error, not the accuracy.",
            ),
            (
                lambda logits, labels: np.sum(logits.argmax(axis=1) == labels),
                "this counts the right ones; take their mean.",
            ),
            (
                lambda logits, labels: 100.0 * (logits.argmax() == labels).mean(),
                "argmax needs axis=1: one answer per image.",
            ),
        ],
        otherwise="compare the position of the largest logit in each row with the label, and take the mean.",
    )


def wander(function) -> None:
    """Check a function from an accuracy in per cent and a count to its standard deviation in points."""
    judge_function(
        function,
        (98.0, 10_000),
        right=lambda accuracy, count: (accuracy * (100 - accuracy) / count) ** 0.5,
        praise="At 98 % on 10,000 images it is 0.14 points; the means of the two recipes above are about 0.7 points apart.",
        mistakes=[
            (
                lambda accuracy, count: (0.98 * 0.02 / count) ** 0.5,
                "this is a fraction of 1; times 100 makes points.",
            ),
            (
                lambda accuracy, count: 100 * 0.98 * 0.02 / count,
                "this is the variance, in fractions, times 100; the root is missing.",
            ),
            (
                lambda accuracy, count: 0.98 * 0.02 / count,
                "this is the variance, as a fraction; take the root, then times 100.",
            ),
            (
                lambda accuracy, count: 100 * (0.98 * 0.02) ** 0.5,
                "this is for a single image; divide by the count inside the root.",
            ),
        ],
        otherwise="turn per cent into a fraction p, take the root of p (1 - p) / count, and turn it back.",
    )


def shuffle_labels(function) -> None:
    """Check a function shuffle_labels(labels, rng) that leaves `labels` as they are."""
    labels = np.arange(50) % 10
    given = labels.copy()
    try:
        answer = function(given, np.random.default_rng(0))
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    changed = not np.array_equal(given, labels)
    if answer is ... or (answer is None and not changed):
        print("Not attempted yet.")
    elif answer is None:
        print(
            "Not yet: rng.shuffle works in place and returns None; the given labels are shuffled instead."
        )
    elif changed:
        print("Not yet: the given labels were shuffled too; [:] is a view, so make a copy first.")
    elif np.shape(answer) != (50,) or not np.array_equal(np.sort(answer), np.sort(labels)):
        print(
            "Not yet: these are not the same labels in another order; shuffle them, do not draw new ones."
        )
    elif np.array_equal(answer, labels):
        print("Not yet: the labels are still in their old order.")
    else:
        print("Right. A shuffled copy, and the true labels stay true.")
