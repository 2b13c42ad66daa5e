"""What is watched of the anomaly model's traffic: the transaction, and how strange it is for its account."""

from __future__ import annotations

from models.anomaly.contract import AnomalyPrediction, AnomalyQuestion
from models.drift.watched import Watched

WATCHED: Watched[AnomalyQuestion, AnomalyPrediction] = Watched(
    inputs=lambda question, prediction: {
        "amount": float(question.transaction.amount),
        "currency": question.transaction.currency,
        "country": (question.transaction.country or "").upper() or None,
        "channel": (question.transaction.channel or "").lower() or None,
        "hour": question.transaction.timestamp.hour,
        "history_size": prediction.history_size,
    },
    outputs=lambda prediction: {
        "score": prediction.score,
        "reason": prediction.reasons[0].code if prediction.reasons else "none",
    },
)
