"""Checks of lesson 05, "Train a dense network"."""

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, ValueCheck, nothing_returned, shape_of

count_parameters = ValueCheck(
    asks="one number, the parameters of all three layers together",
    right=lambda: 785 * 300 + 301 * 100 + 101 * 10,
    praise="Nearly nine tenths of them sit in the first layer.",
    mistakes={
        "you forgot the biases, one for each output of each layer.": lambda: (
            784 * 300 + 300 * 100 + 100 * 10
        ),
        "you left out the first layer, from the pixels to 300.": lambda: 301 * 100 + 101 * 10,
        "each layer takes the outputs of the one before, not the pixels.": lambda: (
            785 * 300 + 785 * 100 + 785 * 10
        ),
        "these are the outputs; count the weights that lead to them, and the biases.": lambda: (
            300 + 100 + 10
        ),
        "these are the parameters of each layer; add them up.": lambda: [
            785 * 300,
            301 * 100,
            101 * 10,
        ],
        "the layers follow each other: add their parameters, do not multiply them.": lambda: (
            784 * 300 * 100 * 10
        ),
    },
    otherwise="for each layer: inputs times outputs, plus one bias per output; then add up.",
)


def _logits_and_labels() -> list[tuple]:
    """Return logits and labels of few and many images, of which some, none or all are read right.

    The largest of all logits is that of image 0 for digit 4.
    """
    rng = np.random.default_rng(0)
    cases = []
    for count, wrong, level, of_logits, of_labels in (
        (40, 13, 0, np.float64, np.int64),
        (7, 2, -9, np.float32, np.uint8),  # all logits are negative
        (250, 31, 3, np.float32, np.int64),
        (33, 0, 0, np.float64, np.uint8),
        (12, 12, 0, np.float32, np.int64),
    ):
        logits = rng.normal(level, size=(count, 10)).astype(of_logits)
        logits[0, 4] = logits.max() + 1
        labels = logits.argmax(axis=1)
        labels[count - wrong :] = (labels[count - wrong :] + 1) % 10
        cases.append((logits, labels.astype(of_labels)))
    return cases


accuracy_from = FunctionCheck(
    cases=_logits_and_labels,
    asks="one number, the accuracy of all images in per cent",
    right=lambda logits, labels: 100 * np.mean(logits.argmax(axis=1) == labels),
    praise="No softmax needed: it does not change which of the ten is largest.",
    mistakes={
        "this is a fraction of 1; times 100.": lambda logits, labels: np.mean(
            logits.argmax(axis=1) == labels
        ),
        "this is the error, not the accuracy.": lambda logits, labels: (
            100 * np.mean(logits.argmax(axis=1) != labels)
        ),
        "this counts the right ones; take their mean.": lambda logits, labels: np.sum(
            logits.argmax(axis=1) == labels
        ),
        "argmax needs axis=1: one answer per image.": lambda logits, labels: (
            100 * np.mean(logits.argmax() == labels)
        ),
        "argmin finds the digit that fits least; argmax finds the one that fits best.": (
            lambda logits, labels: 100 * np.mean(logits.argmin(axis=1) == labels)
        ),
        "this says for each image whether it is right; take the mean.": lambda logits, labels: (
            logits.argmax(axis=1) == labels
        ),
    },
    otherwise=(
        "compare the position of the largest logit in each row with the label, and take the mean."
    ),
)

wander = FunctionCheck(
    cases=lambda: [
        (98.0, 10_000),
        (99.2, 10_000),
        (91.5, 5000),
        (50.0, 64),
        (97.84, 60_000),
        (100.0, 300),
    ],
    asks="one number, the standard deviation in points",
    right=lambda accuracy, count: (accuracy * (100 - accuracy) / count) ** 0.5,
    praise=(
        "At 98 % on 10,000 images it is 0.14 points;"
        " the means of the two recipes above are about 0.7 points apart."
    ),
    mistakes={
        "this is a fraction of 1; times 100 makes points.": lambda accuracy, count: (
            (accuracy * (100 - accuracy) / count) ** 0.5 / 100
        ),
        "this is the variance, in fractions, times 100; the root is missing.": (
            lambda accuracy, count: accuracy * (100 - accuracy) / count / 100
        ),
        "this is the variance, as a fraction; take the root, then times 100.": (
            lambda accuracy, count: accuracy * (100 - accuracy) / count / 100**2
        ),
        "this is the variance, in points squared; take the root.": lambda accuracy, count: (
            accuracy * (100 - accuracy) / count
        ),
        "this is for a single image; divide by the count inside the root.": (
            lambda accuracy, count: (accuracy * (100 - accuracy)) ** 0.5
        ),
        "the count belongs inside the root; yours divides by all of it.": lambda accuracy, count: (
            (accuracy * (100 - accuracy)) ** 0.5 / count
        ),
        "this is for 10,000 images, whatever the count is.": lambda accuracy, count: (
            (accuracy * (100 - accuracy) / 10_000) ** 0.5
        ),
        "under the root stands p (1 - p), not p alone.": lambda accuracy, count: (
            100 * (accuracy / 100 / count) ** 0.5
        ),
        "these are two standard deviations; wanted is one.": lambda accuracy, count: (
            2 * (accuracy * (100 - accuracy) / count) ** 0.5
        ),
    },
    otherwise=(
        "turn per cent into a fraction p, take the root of p (1 - p) / count, and turn it back."
    ),
)


def _labels_and_generators() -> list[tuple]:
    """Return labels and generators: the same one twice, another one, and many for ten labels."""
    several = [(np.arange(50) % 10, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    bytes_ = [(np.arange(29, dtype=np.uint8)[::-1], np.random.default_rng(2))]
    return several + bytes_ + [(np.arange(10), np.random.default_rng(seed)) for seed in range(300)]


def _fault_in_shuffling(attempts: list) -> str:
    for tried in attempts:
        labels, shuffled = tried.given[0], tried.returned
        changed = not np.array_equal(tried.left[0], labels)
        if changed and shuffled is None:
            return (
                "rng.shuffle works in place and returns None;"
                " the given labels are shuffled instead."
            )
        if changed:
            return "the given labels were shuffled too; [:] is a view, so make a copy first."
    if fault := nothing_returned(attempts):
        return fault
    for tried in attempts:
        labels, shuffled = tried.given[0], tried.returned
        if shape_of(shuffled) != labels.shape or np.any(np.sort(shuffled) != np.sort(labels)):
            return (
                "these are not the same labels in another order:"
                " all that were given, and no others, in one array."
            )
    orders = [tuple(np.asarray(tried.returned).tolist()) for tried in attempts]
    old = [tuple(tried.given[0].tolist()) for tried in attempts]
    if orders[:3] == old[:3] or orders[3] == old[3]:
        return "the labels are still in their old order."
    if orders[0] != orders[1]:
        return "equal generators should give equal orders; draw from the rng that you are given."
    if orders[0] == orders[2]:
        return "the order is always the same; draw it from the rng that you are given."
    of_ten = orders[-300:]
    if len(set(of_ten)) < 290 or any(len(set(place)) < 10 for place in zip(*of_ten, strict=True)):
        return "this does not shuffle all labels well: each should be able to come to every place."
    return ""


shuffle_labels = BehaviourCheck(
    cases=_labels_and_generators,
    examine=_fault_in_shuffling,
    praise="A shuffled copy, and the true labels stay true.",
    may_return_nothing=True,
)
