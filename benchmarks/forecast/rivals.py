"""What others would answer, as their libraries come."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable

import numpy as np

from benchmarks.forecast.public_series import Floats, Task
from models.spending.months import first_days
from models.spending.series import YEAR

Rival = Callable[[Task, int], tuple[Floats, Floats | None, Floats | None]]
"""(task, months ahead) -> amounts, and the ends of an 80 % interval where the method has one."""


def constant(value: Callable[[Floats], float]) -> Rival:
    """Return the method that answers one figure for every month."""
    return lambda task, ahead: (np.full(ahead, value(task.history)), None, None)


def seasonal_naive(task: Task, ahead: int) -> tuple[Floats, None, None]:
    """Return the months of a year before."""
    return task.history[-YEAR:][np.arange(ahead) % YEAR], None, None


def auto_ets(task: Task, ahead: int) -> tuple[Floats, Floats, Floats]:
    """Return statsforecast's AutoETS with its own interval."""
    from statsforecast.models import AutoETS

    return _statsforecast(AutoETS(season_length=_season(task)), task, ahead)


def auto_theta(task: Task, ahead: int) -> tuple[Floats, Floats, Floats]:
    """Return statsforecast's AutoTheta with its own interval."""
    from statsforecast.models import AutoTheta

    return _statsforecast(AutoTheta(season_length=_season(task)), task, ahead)


def prophet(task: Task, ahead: int) -> tuple[Floats, Floats, Floats]:
    """Return Prophet with its default settings and its own interval, fitted by CmdStan."""
    import pandas as pd
    from prophet import Prophet

    logging.disable(logging.WARNING)
    n = len(task.history)
    days = pd.Series(first_days(task.start - n, n + ahead))
    model = Prophet(weekly_seasonality=False, daily_seasonality=False)
    np.random.seed(0)
    model.fit(pd.DataFrame({"ds": days[:n], "y": task.history}))
    found = model.predict(pd.DataFrame({"ds": days[n:]}))
    return tuple(found[name].to_numpy() for name in ("yhat", "yhat_lower", "yhat_upper"))  # type: ignore[return-value]


def _season(task: Task) -> int:
    return YEAR if len(task.history) >= 2 * YEAR else 1


def _statsforecast(model: object, task: Task, ahead: int) -> tuple[Floats, Floats, Floats]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = model.forecast(y=task.history, h=ahead, level=[80])  # type: ignore[attr-defined]
        except NotImplementedError:  # too short for it
            mean = np.full(ahead, task.history.mean())
            return mean, mean, mean
    return found["mean"], found["lo-80"], found["hi-80"]


OF_SEASONAL: dict[str, Rival] = {
    "last value": constant(lambda history: float(history[-1])),
    "seasonal naive": seasonal_naive,
    "AutoETS": auto_ets,
    "AutoTheta": auto_theta,
    "Prophet, defaults": prophet,
}
OF_SHORT: dict[str, Rival] = {
    "last value": constant(lambda history: float(history[-1])),
    "mean of 3": constant(lambda history: float(history[-3:].mean())),
    "mean of 6": constant(lambda history: float(history[-6:].mean())),
    "mean of all": constant(lambda history: float(history.mean())),
    "median of all": constant(lambda history: float(np.median(history))),
    "AutoETS": auto_ets,
    "AutoTheta": auto_theta,
    "Prophet, defaults": prophet,
}
