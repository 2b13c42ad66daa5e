"""The classical methods that stand beside Prophet, each on the seasonally adjusted history."""

from __future__ import annotations

import numpy as np
from statsforecast.models import AutoETS, DynamicOptimizedTheta

from models.spending.series import YEAR, Floats, Series, seasonal_factors

_FORGETTING = 0.2
_ENOUGH = 8


def adjusted(series: Series, horizon: int) -> tuple[Floats, Floats]:
    """Return (n,) amounts without their season and (horizon,) factors of the months ahead."""
    n = len(series)
    phases = series.phases(n + horizon)
    factors = seasonal_factors(series.capped, phases[:n])
    return series.capped / factors[phases[:n]], factors[phases[n:]]


def smoothing(amounts: Floats, horizon: int) -> Floats:
    """Return (horizon,) amounts by exponential smoothing, with a damped trend from a year of history on.

    ETS(A,Ad,N) and ETS(A,N,N) of statsforecast; Hyndman & Athanasopoulos, "Forecasting", 3rd ed., ch. 8.
    """
    if len(amounts) < _ENOUGH:
        return np.full(horizon, _recent_mean(amounts))
    damped = len(amounts) >= YEAR
    model = AutoETS(season_length=1, model="AAN" if damped else "ANN", damped=damped)
    return _sound(model.forecast(y=amounts, h=horizon)["mean"], amounts)


def theta(amounts: Floats, horizon: int) -> Floats:
    """Return (horizon,) amounts by the dynamic optimised theta model. Fiorucci et al., 2016; statsforecast."""
    if len(amounts) < _ENOUGH:
        return np.full(horizon, _recent_mean(amounts))
    return _sound(DynamicOptimizedTheta(season_length=1).forecast(y=amounts, h=horizon)["mean"], amounts)


def typical(amounts: Floats, horizon: int) -> Floats:
    """Return (horizon,) times the median month, weights falling by a fifth each month back.

    What is spent in most months: the steadiest guess where a history is short and months differ wildly.
    """
    weights = (1.0 - _FORGETTING) ** np.arange(len(amounts))[::-1]
    order = np.argsort(amounts, kind="stable")
    passed = np.cumsum(weights[order]) - weights[order] / 2
    return np.full(horizon, float(np.interp(weights.sum() / 2, passed, amounts[order])))


def seasonal_naive(amounts: Floats, horizon: int) -> Floats:
    """Return (horizon,) amounts of the same months a year before; of the last month where there is no such year."""
    n = len(amounts)
    back = YEAR if n >= YEAR else 1
    return amounts[n - back + np.arange(horizon) % back]


def _recent_mean(amounts: Floats) -> float:
    return float(amounts[-6:].mean())


def _sound(values: Floats, amounts: Floats) -> Floats:
    """Return forecasts that no optimiser's accident has carried away: between 0 and four times the largest amount."""
    filled = np.where(np.isfinite(values), values, _recent_mean(amounts))
    return np.clip(filled.astype(np.float64), 0.0, 4.0 * float(amounts.max()))
