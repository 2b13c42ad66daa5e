"""Prophet's posterior mode, held against Prophet itself with its CmdStan."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import pytest
from prophet import Prophet

from models.spending import prophet
from models.spending.months import first_days, month_number
from models.spending.series import Series
from tests.models.spending.histories import START, history, seasonal

AHEAD = 12


def cmdstan(amounts: np.ndarray, growth: str) -> tuple[np.ndarray, float]:
    """Return Prophet's own fit and forecast (n + 12,), and its noise."""
    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)
    n = len(amounts)
    days = pd.Series(first_days(START - n, n + AHEAD))
    model = Prophet(
        growth=growth,
        yearly_seasonality=prophet.FOURIER_ORDER,
        weekly_seasonality=False,
        daily_seasonality=False,
        seasonality_mode="multiplicative",
        seasonality_prior_scale=prophet.SEASONALITY_PRIOR,
        changepoint_prior_scale=prophet.CHANGEPOINT_PRIOR,
        changepoint_range=prophet.CHANGEPOINT_RANGE,
        uncertainty_samples=0,
    )
    model.fit(pd.DataFrame({"ds": days[:n], "y": amounts}))
    return model.predict(pd.DataFrame({"ds": days}))["yhat"].to_numpy(), float(model.params["sigma_obs"][0, 0])


@pytest.mark.parametrize("growth", ["linear", "flat"])
@pytest.mark.parametrize(("months", "rise", "noise"), [(24, 0.0, 0.05), (36, 0.01, 0.1), (72, 0.004, 0.03)])
def test_mode_is_that_of_prophet(months: int, rise: float, noise: float, growth: str):
    amounts = seasonal(months, growth=rise, noise=noise, seed=months)
    theirs, sigma = cmdstan(amounts, growth)
    ours = prophet.fit(amounts, prophet.features(START - months, months, None), growth == "linear")
    assert ours.fitted == pytest.approx(theirs[:months], rel=0.02)
    assert ours.sigma == pytest.approx(sigma, rel=0.1)


def test_features_are_those_of_prophet():
    n, start = 40, month_number("2020-03")
    ours = prophet.features(start, n, None)
    model = Prophet(
        yearly_seasonality=prophet.FOURIER_ORDER,
        weekly_seasonality=False,
        daily_seasonality=False,
        seasonality_mode="multiplicative",
        seasonality_prior_scale=prophet.SEASONALITY_PRIOR,
    )
    data = model.preprocess(pd.DataFrame({"ds": first_days(start, n), "y": np.arange(n, dtype=float)}))
    assert ours.rows == pytest.approx(np.asarray(data.X))
    assert ours.scales.tolist() == list(data.sigmas)


def test_a_country_adds_what_its_holidays_move():
    rows = prophet.features(month_number("2024-01"), 24, "FR").rows[:, -1]
    # Easter Monday: 1 April 2024, 21 April 2025. Ascension and Whit Monday: always May or June.
    assert rows[[2, 14]].tolist() == pytest.approx([0.0, 0.0], abs=1.0)
    assert np.ptp(rows) >= 1.0
    plain = prophet.features(month_number("2024-01"), 24, None).rows
    assert prophet.features(month_number("2024-01"), 24, "FR").rows[:, :-1] == pytest.approx(plain)


def test_a_country_without_a_calendar_adds_nothing():
    assert not prophet.features(START, 12, "XX").rows[:, -1].any()


def test_spending_that_follows_holidays_is_foreseen_better_with_them():
    months, start = 120, START - 120
    moved = prophet.features(start, months + AHEAD, "FR").rows[:, -1]
    amounts = 1000 * (1 + 0.2 * moved) * np.random.default_rng(0).normal(1, 0.01, months + AHEAD)
    series = Series.of(amounts[:months], START)
    errors = [np.abs(prophet.forecast(series, AHEAD, country) - amounts[months:]).mean() for country in (None, "FR")]
    assert errors[1] < 0.8 * errors[0]


def test_forecast_starts_where_the_history_is():
    """Prophet alone forgets that last month was off its trend."""
    amounts = np.r_[np.full(40, 100.0), np.full(8, 200.0)]
    assert prophet.forecast(Series.of(amounts, START), 1)[0] > 170


@pytest.mark.parametrize("amounts", [[5.0] * 3, [1e15, 1e14, 1e15] * 10, [0.01] * 48, [0, 0, 9.0] * 20], ids=len)
def test_forecast_is_finite_and_not_negative(amounts: list[float]):
    ahead = prophet.forecast(Series.whole(amounts, START), 36)
    assert ahead.shape == (36,)
    assert np.isfinite(ahead).all()
    assert (ahead >= 0).all()


def test_history_of_the_tests_is_sound():
    assert history([1, 2, 3]).amounts == (1.0, 2.0, 3.0)
