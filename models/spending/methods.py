"""Every method on one history: what each would say of the months ahead."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from models.spending import classical, prophet
from models.spending.series import Floats, Series

Method = Literal["prophet", "ets", "theta", "typical", "seasonal_naive"]
METHODS: tuple[Method, ...] = get_args(Method)


def forecast_all(series: Series, horizon: int, country: str | None = None) -> Floats:
    """Return (methods, horizon) amounts, in the order of `METHODS`. The series has at least 3 months."""
    amounts, factors = classical.adjusted(series, horizon)
    return np.vstack(
        [
            prophet.forecast(series, horizon, country),
            classical.smoothing(amounts, horizon) * factors,
            classical.theta(amounts, horizon) * factors,
            classical.typical(amounts, horizon) * factors,
            classical.seasonal_naive(series.capped, horizon),
        ]
    )
