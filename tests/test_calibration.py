"""Calibration is measured as defined, a known temperature is found, and nonsense is refused."""

import numpy as np
import pytest
from scipy.special import softmax

from helpers.calibration import expected_calibration_error, fit_temperature, reliability

RNG = np.random.default_rng(0)


def test_three_bins_by_hand():
    confidences = [0.2, 0.3, 0.7, 0.8, 0.9, 1.0]
    right = np.array([True, False, True, True, False, False])
    counts, accuracies, sure = reliability(confidences, right, bins=3)
    assert counts.tolist() == [2, 0, 4]
    np.testing.assert_allclose(accuracies, [0.5, np.nan, 0.5])
    np.testing.assert_allclose(sure, [0.25, np.nan, 0.85])
    error = expected_calibration_error(confidences, right, bins=3)
    assert error == pytest.approx(2 / 6 * 0.25 + 4 / 6 * 0.35)


def test_gaps_of_two_bins_do_not_cancel():
    confidences = np.array([0.6] * 10 + [0.9] * 10)
    right = np.array([True] * 9 + [False] + [True] * 6 + [False] * 4)
    assert confidences.mean() == pytest.approx(right.mean())
    assert expected_calibration_error(confidences, right) == pytest.approx(0.3)
    assert expected_calibration_error(confidences, right, bins=1) == pytest.approx(0)


@pytest.mark.parametrize(
    ("confidence", "place"),
    [(0.0, 0), (0.2, 2), (np.nextafter(0.2, 1), 3), (0.6, 8), (0.8, 11), (1.0, 14)],
)
def test_an_upper_edge_belongs_to_the_bin(confidence, place):
    counts, _, _ = reliability([confidence], np.array([True]))
    assert np.flatnonzero(counts).tolist() == [place]


def test_sure_and_right_is_no_error():
    right = np.full(1000, True)
    assert expected_calibration_error(np.ones(1000, np.float32), right) == 0
    assert expected_calibration_error(np.ones(1000), ~right) == 1
    assert expected_calibration_error(np.full(1000, 0.9), right) == pytest.approx(0.1)


def test_answers_as_often_right_as_sure_have_little_error():
    confidences = RNG.uniform(0.1, 1, 100_000)
    right = RNG.random(100_000) < confidences
    assert expected_calibration_error(confidences, right) < 0.01
    assert expected_calibration_error(confidences, RNG.random(100_000) < confidences**2) > 0.1


@pytest.mark.parametrize(
    ("confidences", "right", "message"),
    [
        ([], [], "should be n numbers"),
        ([0.5, 0.5], [True], "should be n numbers"),
        ([[0.5, 0.5]], [[True, False]], "should be n numbers"),
        ([0.5, 99.0], [True, False], "from 0 to 1"),
        ([0.5, np.nan], [True, False], "from 0 to 1"),
        ([0.5, 0.9], [3, 7], "True or False"),
    ],
)
def test_nonsense_is_refused(confidences, right, message):
    with pytest.raises(ValueError, match=message):
        reliability(confidences, right)


@pytest.mark.parametrize("scale", [0.1, 0.5, 1.0, 3.0, 20.0])
def test_a_known_temperature_is_found(scale):
    logits = RNG.normal(0, 2, (20_000, 10))
    labels = np.array([RNG.choice(10, p=row) for row in softmax(logits, axis=1)])
    temperature = fit_temperature(logits * scale, labels)
    assert temperature == pytest.approx(scale, rel=0.03)
    answers = softmax(logits * scale / temperature, axis=1)
    right = answers.argmax(axis=1) == labels
    assert expected_calibration_error(answers.max(axis=1), right) < 0.015
    assert fit_temperature(logits * scale + 1000, labels) == pytest.approx(temperature)


def test_no_temperature_is_likelier():
    logits, labels = RNG.normal(0, 3, (500, 10)), RNG.integers(0, 10, 500)
    labels[:400] = logits[:400].argmax(axis=1)

    def loss(temperature):
        probabilities = softmax(logits / temperature, axis=1)
        return -np.mean(np.log(probabilities[np.arange(500), labels]))

    best = fit_temperature(logits, labels)
    assert all(loss(best) < loss(best * factor) for factor in (0.5, 0.99, 1.01, 2))


@pytest.mark.parametrize("answer", ["argmax", "argmin"])
def test_where_no_temperature_is_best(answer):
    logits = RNG.normal(0, 3, (500, 10))
    for scale in (1, 1000):
        with pytest.raises(ValueError, match="No temperature is best"):
            fit_temperature(scale * logits, getattr(logits, answer)(axis=1))
