from __future__ import annotations

import numpy as np
import pytest

from models.spending import classical
from models.spending.methods import METHODS, forecast_all
from models.spending.series import Series
from tests.models.spending.histories import START, seasonal

METHOD_NUMBERS = range(len(METHODS))


@pytest.mark.parametrize("months", [3, 5, 8, 12, 24, 36, 120])
def test_every_method_answers_every_month(months: int):
    forecasts = forecast_all(Series.of(seasonal(months), START), 36)
    assert forecasts.shape == (len(METHODS), 36)
    assert np.isfinite(forecasts).all()
    assert (forecasts >= 0).all()


@pytest.mark.parametrize("method", METHOD_NUMBERS, ids=METHODS)
@pytest.mark.parametrize("months", [3, 12, 36, 120])
def test_what_never_changed_stays(method: int, months: int):
    ahead = forecast_all(Series.of(np.full(months, 250.0), START), 12)[method]
    assert ahead == pytest.approx(np.full(12, 250.0), rel=0.01)


@pytest.mark.parametrize("method", METHOD_NUMBERS, ids=METHODS)
def test_a_season_comes_back(method: int):
    ahead = forecast_all(Series.of(seasonal(60, noise=0.01), START), 12)[method]
    assert ahead.argmax() == 6  # July
    assert ahead[6] / ahead[1] == pytest.approx(1.2 / 0.85, rel=0.1)


@pytest.mark.parametrize("method", METHOD_NUMBERS, ids=METHODS)
def test_twice_the_amounts_are_twice_the_forecast(method: int):
    amounts = seasonal(40, noise=0.1)
    once, twice = (forecast_all(Series.of(factor * amounts, START), 12)[method] for factor in (1, 2))
    assert twice == pytest.approx(2 * once, rel=0.02)


def test_typical_is_a_median_that_forgets():
    assert classical.typical(np.array([10.0, 10, 10, 10, 900]), 1)[0] < 50
    assert classical.typical(np.r_[np.full(24, 10.0), np.full(12, 20.0)], 1)[0] == pytest.approx(20.0, rel=0.01)


def test_an_optimisers_accident_is_bounded():
    wild = classical._sound(np.array([np.nan, np.inf, -5.0, 1e9]), np.array([10.0, 20.0]))
    assert wild.tolist() == [15.0, 15.0, 0.0, 80.0]
