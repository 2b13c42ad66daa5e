from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.spending.backtest import Residuals, backtest
from models.spending.methods import METHODS
from models.spending.model import SpendingModel
from models.spending.policy import CLASSES, HORIZON, Policy, Regime, interval, noise_class, scale, weights
from models.spending.series import Series
from tests.models.spending.histories import START, seasonal

EQUAL = (0.2,) * len(METHODS)


def residuals(errors: list[float], rows: int = 6) -> Residuals:
    """Return a backtest in which each method was off by one of `errors`."""
    spent = np.full(rows, 100.0)
    return Residuals(100.0 + np.tile(errors, (rows, 1)), spent, spent, np.ones(rows), np.arange(rows) + 5.0)


def test_without_sharpness_the_weights_are_the_regimes():
    assert weights(Regime(3, EQUAL, 0.0), residuals([1, 2, 3, 4, 5])) == pytest.approx(EQUAL)


def test_weights_fall_with_powers_of_the_error():
    shares = weights(Regime(3, EQUAL, 2.0), residuals([1, 2, -2, 4, 1]))
    assert shares.sum() == pytest.approx(1.0)
    assert shares / shares[0] == pytest.approx([1, 1 / 4, 1 / 4, 1 / 16, 1])


def test_a_method_that_is_never_wrong_has_all_the_weight():
    assert weights(Regime(3, EQUAL, 2.0), residuals([1, 0, 3, 4, 5])).tolist() == [0, 1, 0, 0, 0]


def test_without_a_backtest_the_weights_are_the_regimes():
    none = Residuals(np.empty((0, 5)), np.empty(0), np.empty(0), np.empty(0), np.empty(0))
    assert weights(Regime(3, EQUAL, 4.0), none) == pytest.approx(EQUAL)


def test_scale_grows_with_the_errors_and_is_in_their_unit():
    regime = Regime(3, EQUAL, 0.0, spread=(0.6, 0.4, 1.0))
    series, tenfold = (Series.of(factor * seasonal(36), START) for factor in (1, 10))
    small, large = (scale(regime, np.full(5, error), series) for error in (20.0, 80.0))
    assert small < large
    assert scale(regime, np.full(5, 200.0), tenfold) == pytest.approx(10 * small)


@pytest.mark.parametrize(("share", "expected"), [(0.01, 0), (0.1, 1), (0.3, 2), (0.9, 3)])
def test_noise_class_is_by_error_over_level(share: float, expected: int):
    series = Series.of(np.full(24, 500.0), START)
    assert noise_class(share * 500.0, series) == expected


def test_rare_spending_is_a_class_of_its_own():
    assert noise_class(1.0, Series.of([5, 0, 0, 0, 5, 0, 0, 0, 5], START)) == CLASSES - 1


def test_interval_holds_its_forecast_and_no_negative_amount():
    table = ((-2.0,) * HORIZON,) * CLASSES, ((1.0,) * HORIZON,) * CLASSES
    lower, upper = interval(Regime(3, EQUAL, 0.0, lower=table[0], upper=table[1]), np.array([10.0, 100.0]), 20.0, 0)
    assert lower.tolist() == [0.0, 60.0]
    assert upper.tolist() == [30.0, 120.0]


def test_a_policy_comes_back_as_it_was_saved(small_model: SpendingModel, tmp_path: Path):
    small_model.policy.save(tmp_path / "policy.json")
    assert Policy.load(tmp_path / "policy.json") == small_model.policy


def test_fitted_policy_covers_every_length(small_model: SpendingModel):
    regimes = small_model.policy.regimes
    assert regimes[0].months == 3
    assert [each.months for each in regimes] == sorted({each.months for each in regimes})
    for regime in regimes:
        assert sum(regime.weights) == pytest.approx(1.0)
        assert regime.weights[METHODS.index("prophet")] > 0.02
        assert np.array(regime.lower).shape == np.array(regime.upper).shape == (CLASSES, HORIZON)
        assert (np.diff(regime.upper) >= 0).all()  # no interval narrows with distance
        assert (np.diff(regime.lower) <= 0).all()


def test_wild_series_have_wider_intervals(small_model: SpendingModel):
    widths = []
    for noise in (0.02, 0.5):
        series = Series.of(np.maximum(seasonal(36, noise=noise), 1.0), START)
        regime = small_model.policy.regime(36)
        found = backtest(series)
        errors = found.forecasts @ weights(regime, found) - found.truth
        size = scale(regime, errors, series)
        lower, upper = interval(regime, np.full(12, 1000.0), size, noise_class(size, series))
        widths.append(float((upper - lower).mean()))
    assert widths[1] > 5 * widths[0]
