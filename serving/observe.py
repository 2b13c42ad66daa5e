"""What is counted of each model's predictions."""

from __future__ import annotations

from models.anomaly.contract import AnomalyPrediction
from models.credit_risk.contract import CreditRiskPrediction
from models.intent.contract import IntentPrediction
from models.ner.contract import NerPrediction
from models.spending.contract import SpendingPrediction
from serving.metrics import CONFIDENCE, PREDICTIONS, SCORE


def intent(prediction: IntentPrediction) -> None:
    """Count an intent by whether it is in scope, and how sure it is."""
    CONFIDENCE.labels("intent").observe(prediction.confidence)
    PREDICTIONS.labels("intent", "in_scope" if prediction.in_scope else "out_of_scope").inc()


def ner(prediction: NerPrediction) -> None:
    """Count each entity by its label, and how sure it is."""
    for entity in prediction.entities:
        CONFIDENCE.labels("ner").observe(entity.score)
        PREDICTIONS.labels("ner", entity.label).inc()


def spending(prediction: SpendingPrediction) -> None:
    """Count a forecast by its trend."""
    PREDICTIONS.labels("spending", prediction.trend).inc()


def credit_risk(prediction: CreditRiskPrediction) -> None:
    """Count an application by what is decided."""
    PREDICTIONS.labels("credit_risk", prediction.decision).inc()


def anomaly(prediction: AnomalyPrediction) -> None:
    """Count a transaction by whether it is an anomaly, and its score, whose drift tells of other accounts."""
    SCORE.labels("anomaly").observe(prediction.score)
    PREDICTIONS.labels("anomaly", "anomaly" if prediction.is_anomaly else "ordinary").inc()
