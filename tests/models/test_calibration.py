from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax

from models.calibration import expected_calibration_error, fit_platt, fit_temperature, platt


def drawn(n: int = 4000, classes: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and labels that were drawn from their softmax."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 2, (n, classes))
    labels = np.array([generator.choice(classes, p=row) for row in softmax(logits, axis=1)])
    return logits, labels


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float(-log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean())


@pytest.mark.parametrize("temperature", [0.25, 0.5, 1.0, 2.0, 8.0])
def test_the_temperature_that_was_put_in_is_found(temperature: float):
    logits, labels = drawn()
    assert fit_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.1)


@given(st.floats(0.2, 10), st.integers(0, 5))
def test_no_other_temperature_is_better(other: float, seed: int):
    logits, labels = drawn(200, 3, seed)
    found = fit_temperature(logits * 3, labels)
    assert cross_entropy(logits * 3 / found, labels) <= cross_entropy(logits * 3 / other, labels) + 1e-6


@pytest.mark.parametrize("logits", [np.eye(3) * 50, np.zeros((3, 3)), -np.eye(3) * 50])
def test_hopeless_logits_have_a_finite_temperature(logits: np.ndarray):
    assert 0 < fit_temperature(logits, np.arange(3)) < 30


def test_platts_curve_is_found():
    generator = np.random.default_rng(0)
    scores = generator.normal(0, 2, 20_000)
    positive = generator.random(20_000) < platt(scores, 1.5, -0.7)
    assert fit_platt(scores, positive) == pytest.approx((1.5, -0.7), abs=0.1)


def test_separable_scores_make_no_certainties():
    scores = np.r_[np.linspace(-3, -1, 50), np.linspace(1, 3, 50)]
    probabilities = platt(scores, *fit_platt(scores, scores > 0))
    assert 0.001 < probabilities.min() < 0.05
    assert 0.95 < probabilities.max() < 0.999


def test_higher_scores_are_likelier():
    scores = np.linspace(-5, 5, 50)
    assert (np.diff(platt(scores, *fit_platt(scores, scores > 0.3))) > 0).all()


def test_scores_that_say_nothing_give_the_share_of_positives():
    positive = np.arange(100) < 20
    assert platt(np.zeros(1), *fit_platt(np.zeros(100), positive))[0] == pytest.approx(0.2, abs=0.02)


def test_ece_of_calibrated_answers_is_small():
    logits, labels = drawn(20_000)
    probabilities = softmax(logits, axis=1)
    assert expected_calibration_error(probabilities.max(1), probabilities.argmax(1) == labels) < 0.015


def test_ece_of_a_boaster_is_his_distance_from_the_truth():
    correct = np.tile([True, True, False, False], 300)
    assert expected_calibration_error(np.full(1200, 0.9), correct, bins=3) == pytest.approx(0.4)


def test_ece_by_hand():
    confidence, correct = np.array([0.6, 0.2, 0.8, 0.4]), np.array([True, False, True, False])
    assert expected_calibration_error(confidence, correct, bins=2) == pytest.approx((2 * 0.3 + 2 * 0.3) / 4)


@pytest.mark.parametrize("n", [1, 2, 14, 15, 16])
def test_ece_of_fewer_answers_than_bins(n: int):
    assert expected_calibration_error(np.full(n, 0.75), np.ones(n, bool)) == pytest.approx(0.25)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200), st.integers(1, 30))
def test_ece_is_a_share(answers: list[tuple[float, bool]], bins: int):
    confidence, correct = (np.array(part) for part in zip(*answers, strict=True))
    assert 0 <= expected_calibration_error(confidence, correct, bins) <= 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=100, unique=True), st.randoms(use_true_random=False))
def test_ece_does_not_know_the_order_of_answers(confidences: list[float], order):
    confidence = np.array(confidences)
    correct = confidence > 0.5
    shuffled = np.array(order.sample(range(len(confidences)), len(confidences)))
    assert expected_calibration_error(confidence[shuffled], correct[shuffled]) == pytest.approx(
        expected_calibration_error(confidence, correct)
    )
