"""What is watched of the spending model's traffic: shapes of histories and forecasts, for it knows no level."""

from __future__ import annotations

from statistics import fmean, pstdev

from models.drift.watched import Observation, Watched
from models.spending.contract import SpendingHistory, SpendingPrediction


def _shape(history: SpendingHistory, _: SpendingPrediction) -> Observation:
    year = history.amounts[-12:]
    usual = fmean(year) if year else 0.0
    return {
        "history_months": len(history.amounts),
        "unspent_months": sum(not amount for amount in year) / len(year) if year else None,
        "variation": pstdev(year) / usual if usual else None,
    }


def _outlook(prediction: SpendingPrediction) -> Observation:
    width = sum(month.upper - month.lower for month in prediction.months)
    return {
        "trend": prediction.trend,
        "uncertainty": width / prediction.total if prediction.total else None,
        "error": None if prediction.backtest is None else prediction.backtest.mase,
    }


WATCHED: Watched[SpendingHistory, SpendingPrediction] = Watched(inputs=_shape, outputs=_outlook)
