"""Prophet, fitted in a millisecond: its own features and its own posterior, whose mode is found here.

Prophet hands each fit to a CmdStan process, which takes about 100 ms. The posterior of its linear and flat trends with
multiplicative terms (Taylor & Letham, "Forecasting at scale", 2018; its `prophet.stan`) is

    y_t = g_t (1 + x_t beta) + N(0, sigma),   g_t = m + k t + sum_j delta_j max(t - c_j, 0)
    k, m ~ N(0, 5)   delta ~ Laplace(0, tau)   beta ~ N(0, prior scale)   sigma ~ half N(0, 0.5)

and is Gaussian in (k, m, delta) and in beta once the Laplace prior is bounded by a parabola, so that each step is one
small linear system (iteratively reweighted least squares). The tests hold it against CmdStan.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.spending.months import first_days
from models.spending.series import YEAR, Floats, Series

FOURIER_ORDER = 5
SEASONALITY_PRIOR = 0.05
HOLIDAY_PRIOR = 0.01
CHANGEPOINT_PRIOR = 0.02
CHANGEPOINT_RANGE = 0.9
CHANGEPOINTS = 25
GROWTH_MONTHS = 30
DAMPING = 0.9
RESIDUAL_SMOOTHING = 0.4
SHORT_SMOOTHING = 0.25
_SLOPE_PRIOR = 5.0
_NOISE_PRIOR = 0.5
_BLOCK = 10 * YEAR
_STEPS = 80
_STILL = 1e-5

logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)  # it would say at import that plotly is not there


@dataclass(frozen=True)
class Features:
    """Prophet's regressors: (months, features), and the prior scale of each one's coefficient."""

    rows: Floats
    scales: Floats


@dataclass(frozen=True)
class Fit:
    """A fitted posterior mode. fitted: (n,) in units of the data. sigma: noise in units of the largest amount."""

    trend: Floats
    beta: Floats
    changepoints: Floats
    sigma: float
    scale: float
    fitted: Floats


def features(start: int, n: int, country: str | None) -> Features:
    """Return Prophet's features of n months from month `start` on."""
    first = start // _BLOCK * _BLOCK
    block = _features(first, -(-(start + n - first) // _BLOCK) * _BLOCK, country)
    return Features(block.rows[start - first : start - first + n], block.scales)


def fit(amounts: Floats, regressors: Features, growth: bool, tau: float = CHANGEPOINT_PRIOR) -> Fit:
    """Return the mode of Prophet's posterior.

    amounts: (n,), n at least 2. regressors: with at least n rows; none of their columns are used where there are
    none. growth: a linear trend with changepoints, else a flat one.
    """
    n = len(amounts)
    scale = float(np.abs(amounts).max()) or 1.0
    y = amounts / scale
    x = regressors.rows[:n]
    changepoints = _changepoints(n) if growth else np.empty(0)
    basis = _basis(np.arange(n) / (n - 1), changepoints, growth)
    precision = np.full(basis.shape[1], _SLOPE_PRIOR**-2)
    ridge = np.diag(regressors.scales**-2)
    beta: Floats = np.zeros(x.shape[1])
    width: Floats = np.full(len(changepoints), 0.1)
    variance, fitted = 0.01, np.full(n, np.inf)
    trend: Floats = np.zeros(basis.shape[1])
    for _ in range(_STEPS):
        rows = basis * (1.0 + x @ beta)[:, None]
        precision[basis.shape[1] - len(changepoints) :] = 1.0 / (tau * width)
        trend = _solved(rows.T @ rows / variance + np.diag(precision), rows.T @ y / variance)
        level = basis @ trend
        if x.shape[1]:
            rows = x * level[:, None]
            beta = _solved(rows.T @ rows / variance + ridge, rows.T @ (y - level) / variance)
        before, fitted = fitted, level * (1.0 + x @ beta)
        width = np.maximum(np.abs(trend[basis.shape[1] - len(changepoints) :]), 1e-5)
        # The mode of sigma given the residuals: a quadratic equation in its square.
        squares = float(((y - fitted) ** 2).sum())
        quarter = _NOISE_PRIOR**2
        variance = max((np.sqrt(n * n + 4 * squares / quarter) - n) * quarter / 2, 1e-8)
        if float(np.abs(fitted - before).max()) < _STILL:
            break
    return Fit(trend, beta, changepoints, float(np.sqrt(variance)), scale, fitted * scale)


def forecast(series: Series, horizon: int, country: str | None = None) -> Floats:
    """Return (horizon,) amounts: Prophet's, its trend damped, its last residuals carried on.

    Prophet's trend goes on for ever and forgets that last month was off it; damping and an exponentially smoothed
    residual mend both (Gardner & McKenzie, 1985). Less than two years have no season; less than three no slope.
    """
    n = len(series)
    regressors = features(series.start - n, n + horizon, country)
    if n < 2 * YEAR:
        regressors = Features(regressors.rows[:, :0], regressors.scales[:0])
    growth = n >= GROWTH_MONTHS
    found = fit(series.capped, regressors, growth)
    steps = np.arange(1, horizon + 1)
    basis = _basis(np.array([(n - 2) / (n - 1), 1.0]), found.changepoints, growth) @ found.trend
    level = basis[1] + (basis[1] - basis[0]) * np.cumsum(DAMPING**steps)
    season = 1.0 + regressors.rows[n:] @ found.beta
    off = _smoothed(series.capped - found.fitted, RESIDUAL_SMOOTHING if growth else SHORT_SMOOTHING)
    ahead: Floats = np.maximum(level * season * found.scale + off, 0.0)
    return ahead


def _solved(matrix: Floats, right: Floats) -> Floats:
    return np.linalg.solve(matrix, right).astype(np.float64)


def _smoothed(residuals: Floats, share: float) -> float:
    """Return the mean of the residuals, weights falling by `share` each month back."""
    weights = (1.0 - share) ** np.arange(len(residuals))[::-1]
    return float((weights * residuals).sum() * share)


def _changepoints(n: int) -> Floats:
    """Return the times (the history is 0 to 1) at which the slope may change, placed as Prophet places them."""
    size = int(np.floor(n * CHANGEPOINT_RANGE))
    count = min(CHANGEPOINTS, size - 1)
    if count < 1:
        return np.empty(0)
    return np.linspace(0, size - 1, count + 1).round()[1:] / (n - 1)


def _basis(times: Floats, changepoints: Floats, growth: bool) -> Floats:
    """Return the columns whose weights are (m, k, delta), or m alone."""
    level = np.ones((len(times), 1))
    if not growth:
        return level
    return np.hstack([level, times[:, None], np.maximum(times[:, None] - changepoints, 0.0)])


@lru_cache(maxsize=512)
def _features(start: int, n: int, country: str | None) -> Features:
    import pandas as pd
    from prophet import Prophet

    model = Prophet(
        yearly_seasonality=FOURIER_ORDER,
        weekly_seasonality=False,
        daily_seasonality=False,
        seasonality_mode="multiplicative",
        seasonality_prior_scale=SEASONALITY_PRIOR,
    )
    frame = pd.DataFrame({"ds": first_days(start, n), "y": np.ones(n)})
    frame.loc[0, "y"] = 0.0  # a series of one value alone is a special case of Prophet's
    if country is not None:
        model.add_regressor("public_holidays", prior_scale=HOLIDAY_PRIOR, standardize=False, mode="multiplicative")
        frame["public_holidays"] = _holidays(start, n, country)
    data = model.preprocess(frame)
    return Features(np.asarray(data.X, dtype=np.float64), np.asarray(data.sigmas, dtype=np.float64))


def _holidays(start: int, n: int, country: str) -> Floats:
    """Return (n,) public holidays of each month, less what that calendar month has on average.

    What is the same every year is season already; what moves, as Easter does, is left.
    """
    import holidays

    days = first_days(start, n + 1)
    years = range(int(str(days[0])[:4]), int(str(days[-1])[:4]) + 1)
    try:
        found = holidays.country_holidays(country, years=years)
    except NotImplementedError:  # a country whose calendar nobody has written down
        return np.zeros(n)
    dates = np.array(sorted(found), dtype="datetime64[D]")
    counts = np.diff(np.searchsorted(dates, days)).astype(np.float64)
    means = np.array([counts[each::YEAR].mean() for each in range(YEAR)])
    moved: Floats = counts - np.tile(means, n // YEAR)
    return moved
