"""Calibration: is a network right as often as it is sure? After Guo et al., arXiv:1706.04599."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax


def reliability(confidences, right, bins=15):
    """Return for each of the equally wide bins: how many answers, how many of them right, how sure.

    A bin takes the confidences above its lower edge, up to and including its upper one; the first
    takes 0 too.

    Args:
        confidences: (n,) numbers from 0 to 1, the probability of each answer.
        right: (n,) True where the answer is right.

    Returns:
        counts (bins,) integers; accuracies and mean confidences (bins,), from 0 to 1, NaN where a bin
        is empty.

    Raises:
        ValueError: the arguments differ in shape, are empty, or are not what they should be.
    """
    confidences, right = np.asarray(confidences, dtype=float), np.asarray(right)
    if confidences.ndim != 1 or confidences.shape != right.shape or not len(right):
        raise ValueError(
            f"Confidences {confidences.shape} and right {right.shape} should be n numbers each."
        )
    if right.dtype != bool:
        raise ValueError(f"Whether an answer is right is True or False, not {right.dtype}.")
    if not np.all((confidences >= 0) & (confidences <= 1)):
        raise ValueError("Confidences are probabilities, from 0 to 1.")
    edges = np.arange(bins + 1) / bins
    places = np.maximum(np.searchsorted(edges, confidences) - 1, 0)
    counts, right_in_each, sums = (
        np.bincount(places, weights, bins) for weights in (None, right, confidences)
    )
    with np.errstate(invalid="ignore"):
        return counts, right_in_each / counts, sums / counts


def expected_calibration_error(confidences, right, bins=15):
    """Return by how much accuracy and confidence differ, from 0 to 1: the mean over all answers.

    Arguments and errors: as `reliability`, in whose bins both are compared.
    """
    counts, accuracies, sure = reliability(confidences, right, bins)
    filled = counts > 0
    gaps = np.abs(accuracies - sure)[filled]
    return float(np.sum(counts[filled] / len(right) * gaps))


def fit_temperature(logits, labels):
    """Return the temperature that makes the labels most likely; logits are to be divided by it.

    Args:
        logits: (n, classes), not probabilities.
        labels: (n,) integers below `classes`.

    Raises:
        ValueError: no temperature is best. Where each label has the highest logit, the lower the
            better; where labels have low logits, the higher.
    """
    logits = np.asarray(logits, dtype=float)
    of_labels = np.take_along_axis(logits, np.asarray(labels)[:, np.newaxis], axis=1)[:, 0]

    def slope(exponent):
        """Return how the loss falls with the temperature; where it is 0, the labels are most likely."""
        probabilities = softmax(logits / np.exp(exponent), axis=1)
        return np.mean(of_labels - np.sum(probabilities * logits, axis=1))

    lowest, highest = np.log(1e-3), np.log(1e3)
    if slope(lowest) >= 0 or slope(highest) <= 0:
        raise ValueError("No temperature is best for these logits and labels.")
    return float(np.exp(brentq(slope, lowest, highest)))
