"""Requests and answers of the anomaly model. A leaf: imports pydantic and other leaves only."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.anomaly import values
from models.contract import Answer, ModelRef, Probability, Record, Request
from models.transactions import Transaction, UserId

NAME = "anomaly"
MOST_HISTORY = 10_000
"""Transactions that a request may give."""
NEWEST = 2000
"""Earlier transactions that are looked at, the newest ones."""

Severity = Literal["none", "low", "medium", "high"]


class AnomalyRequest(Request):
    """One transaction to score, and whose it is."""

    user_id: UserId = Field(description="Whose account; never logged in clear.", examples=["user-1"])
    transaction: Transaction = Field(description="The transaction to score; it is not stored.")
    history: list[Transaction] | None = Field(
        default=None,
        max_length=MOST_HISTORY,
        description="The user's other transactions, read instead of the stored ones. Those dated before the "
        "transaction count, the newest 2,000 of them.",
    )


class AnomalyQuestion(Record):
    """What the runner is asked: one transaction, and what its user did before, as `models.anomaly.history` has it."""

    user_id: UserId
    transaction: Transaction
    history: str
    familiar: tuple[values.Field, ...] = ()


class AnomalyReason(Record):
    """One thing that is strange about the transaction."""

    code: str = Field(description="Name of a feature, such as `amount_category`.", examples=["amount_category"])
    message: str = Field(description="What is strange, with its number and the user's usual one.")
    contribution: Probability = Field(description="Its part of the score: the Shapley value among all that stands out.")


class AnomalyPrediction(Record):
    """What the runner answers for one transaction."""

    is_anomaly: bool = Field(description="The score is above the threshold.")
    score: Probability = Field(
        description="0.5 for what one ordinary transaction in 200 reaches; grows with strangeness."
    )
    threshold: Probability = Field(
        description="The score that the deployment's share of ordinary transactions exceeds."
    )
    severity: Severity = Field(description="`none` up to the threshold; above, by how rare it is.")
    reasons: list[AnomalyReason] = Field(description="Largest contribution first; empty only when nothing stands out.")
    history_size: int = Field(ge=0, description="Earlier transactions that the score rests on, at most 2,000.")
    model: ModelRef


class AnomalyAnswer(AnomalyPrediction, Answer):
    """The answer of `POST /v1/predict/anomaly`."""
