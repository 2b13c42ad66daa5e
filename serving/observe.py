"""What is counted of each model's predictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.anomaly.contract import AnomalyPrediction
from models.anomaly.watched import WATCHED as ANOMALY
from models.credit_risk.contract import CreditRiskPrediction
from models.credit_risk.watched import WATCHED as CREDIT_RISK
from models.drift.watched import Observation
from models.intent.contract import IntentPrediction
from models.intent.watched import WATCHED as INTENT
from models.ner.contract import NerPrediction
from models.ner.watched import WATCHED as NER
from models.spending.contract import SpendingPrediction
from models.spending.watched import WATCHED as SPENDING
from serving.metrics import CONFIDENCE, PREDICTIONS, SCORE

OUTPUTS: Mapping[str, Callable[[Any], Observation]] = {
    "intent": INTENT.outputs,
    "ner": NER.outputs,
    "spending": SPENDING.outputs,
    "anomaly": ANOMALY.outputs,
    "credit_risk": CREDIT_RISK.outputs,
}
"""What is logged of each model's predictions."""


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
