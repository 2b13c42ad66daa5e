"""Rolling-origin backtest: every method refitted on the months before each of several origins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.spending.methods import METHODS, forecast_all
from models.spending.series import YEAR, Floats, Series

SHORTEST = 3
"""Months that the methods need."""

_BACK = (12, 10, 8, 6, 4, 3, 2, 1)


@dataclass(frozen=True)
class Residuals:
    """What the methods forecast at past origins, and what came.

    Attributes
    ----------
    forecasts: (rows, methods). spent: (rows,). truth: (rows,) the same without one-off purchases, which nobody could
    foresee and which say nothing of a method. steps: (rows,) months ahead, 1 for the next. origins: (rows,) months of
    history that the forecast knew.
    """

    forecasts: Floats
    spent: Floats
    truth: Floats
    steps: Floats
    origins: Floats

    def __len__(self) -> int:
        return len(self.truth)


def backtest(series: Series, country: str | None = None) -> Residuals:
    """Return the forecasts for up to 12 months ahead from eight origins of the last year."""
    n = len(series)
    forecasts = [np.empty((0, len(METHODS)))]
    rows, steps, origins = [], [], []
    for back in _BACK:
        if n - back < SHORTEST:
            continue
        ahead = min(back, YEAR)
        forecasts.append(forecast_all(series.until(n - back), ahead, country).T)
        rows.append(np.arange(n - back, n - back + ahead))
        steps.append(np.arange(1, ahead + 1))
        origins.append(np.full(ahead, n - back))
    at = np.concatenate(rows) if rows else np.empty(0, dtype=np.intp)
    return Residuals(
        forecasts=np.vstack(forecasts),
        spent=series.amounts[at],
        truth=series.capped[at],
        steps=np.concatenate(steps).astype(np.float64) if steps else np.empty(0),
        origins=np.concatenate(origins).astype(np.float64) if origins else np.empty(0),
    )
