from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from models.credit_risk.calibrate import calibrated_loss, choose_calibration, fit_curve, fit_line, log_losses
from models.credit_risk.curve import Curve


def outcomes(true_log_odds: np.ndarray, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(len(true_log_odds)) < expit(true_log_odds)


SCORES = np.random.default_rng(1).normal(-1, 1.5, 8000)


def test_a_line_is_found_where_a_line_is():
    line, curve = choose_calibration((SCORES + 1) / 2, outcomes(SCORES), seed=0)
    assert line == pytest.approx((2, -1), abs=0.2)
    assert curve == Curve()


def test_a_curve_is_found_where_no_line_is():
    bent = np.where(SCORES > -1, -1 + 0.1 * (SCORES + 1), -1 + 3 * (SCORES + 1))
    bad = outcomes(bent)
    line, curve = choose_calibration(SCORES, bad, seed=0)
    assert curve.given
    straight = line[0] * SCORES + line[1]
    fresh = outcomes(bent, seed=9)
    assert log_losses(curve.apply(straight), fresh).mean() < log_losses(straight, fresh).mean() - 0.005


def test_a_curve_rises_without_jumps():
    curve = fit_curve(SCORES, outcomes(SCORES))
    given = np.linspace(-10, 10, 20_001)
    taken = curve.apply(given)
    assert np.all(np.diff(taken) >= 0)
    assert np.diff(taken).max() < 0.5


def test_a_curve_of_few_rows_is_never_certain():
    curve = fit_curve(np.linspace(-2, 2, 20), np.arange(20) >= 10)
    assert np.isfinite(curve.apply(np.array([-50.0, 0.0, 50.0]))).all()


def test_scores_that_rank_backwards_are_flattened():
    slope, intercept = fit_line(-SCORES, outcomes(SCORES))
    assert slope == 0
    assert expit(intercept) == pytest.approx(outcomes(SCORES).mean(), abs=0.01)


def test_the_calibrated_loss_knows_no_scale():
    bad = outcomes(SCORES)
    assert calibrated_loss(SCORES, bad) == pytest.approx(calibrated_loss(7 * SCORES + 3, bad), abs=1e-4)
