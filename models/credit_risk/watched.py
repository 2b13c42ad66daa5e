"""What is watched of the credit risk model's traffic: every answer of an application, by the feature specification."""

from __future__ import annotations

from models.credit_risk.contract import CreditRiskPrediction, CreditRiskRequest
from models.drift.watched import Observation, Watched


def _application(request: CreditRiskRequest, _: CreditRiskPrediction) -> Observation:
    return {name: value for name, value in request.__dict__.items() if name != "user_id"}


WATCHED: Watched[CreditRiskRequest, CreditRiskPrediction] = Watched(
    inputs=_application,
    outputs=lambda prediction: {"probability_of_default": prediction.probability_of_default},
)
