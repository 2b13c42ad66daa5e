"""Requests and answers of the credit risk model. The request's fields come from the feature specification."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from models.contract import Answer, ModelRef, Probability, Record, Request, WholeNumber
from models.credit_risk.specification import Feature, Specification
from models.transactions import UserId

NAME = "credit_risk"
DEMONSTRATION = (
    "Demonstration model, trained on generated data. It must be replaced by one trained on the lender's own portfolio "
    "before any real lending decision."
)

Band = Literal["A", "B", "C", "D", "E"]
Decision = Literal["approve", "review", "decline"]


class CreditRiskRequest(Request):
    """A loan application."""

    user_id: UserId | None = Field(
        default=None,
        description="Whom the decision is about: erased with this user. Never scored, never logged in clear.",
    )


class Reason(Record):
    """Something that counts against the application."""

    code: str = Field(description="The cause, from the feature specification; stable, for machines.")
    feature: str = Field(description="The field of the request that weighs most in it.")
    message: str = Field(description="The cause in plain words.")
    impact: float = Field(gt=0, description="How much it adds to the log-odds of default, against the average answer.")


class Cutoffs(Record):
    """The probabilities of default that band and decision turn on."""

    bands: tuple[Probability, Probability, Probability, Probability] = Field(description="Where B, C, D and E begin.")
    review_from: Probability
    decline_from: Probability


class CreditRiskPrediction(Record):
    """What the runner answers for one application."""

    probability_of_default: Probability = Field(description="Calibrated on applications the model was not fitted to.")
    score: int = Field(ge=300, le=850, description="600 at 10:1 odds of repayment; 40 points more double the odds.")
    band: Band
    decision: Decision
    cutoffs: Cutoffs = Field(description="What band and decision were made with: settings of the lender.")
    reasons: list[Reason] = Field(max_length=4, description="What counts most against the application, worst first.")
    notice: str | None = Field(description="A warning that goes with the model; null for a lender's own.")
    model: ModelRef


class CreditRiskAnswer(CreditRiskPrediction, Answer):
    """The answer of `POST /v1/predict/credit_risk`."""


def request_type(specification: Specification, module: str = __name__) -> type[CreditRiskRequest]:
    """Return the request type for applications of `specification`; `module` has it as `CreditRiskRequest`."""
    fields: dict[str, Any] = {feature.name: _field(feature) for feature in specification.features}
    return create_model(
        "CreditRiskRequest", __base__=CreditRiskRequest, __module__=module, __doc__=specification.title, **fields
    )


def _field(feature: Feature) -> tuple[Any, Any]:
    kind: Any
    match feature.kind:
        case "number":
            kind = Annotated[float, Field(ge=feature.minimum, le=feature.maximum, allow_inf_nan=False)]
        case "whole":
            bounds = Field(ge=_whole(feature.minimum, math.ceil), le=_whole(feature.maximum, math.floor))
            kind = Annotated[(int, bounds, *WholeNumber.__metadata__)]  # type: ignore[attr-defined]
        case "flag":
            kind = bool
        case _:
            kind = Literal[tuple(feature.categories)]
    return (kind if feature.required else kind | None), Field(
        default=... if feature.required else None,
        description=_description(feature),
        examples=None if feature.example is None else [feature.example],
    )


def _whole(bound: float | None, towards: Callable[[float], int]) -> int | None:
    return None if bound is None else towards(bound)


def _description(feature: Feature) -> str:
    parts = [feature.description.rstrip(".")]
    if feature.unit:
        parts[0] += f" ({feature.unit})"
    meanings = {name: text for name, text in feature.categories.items() if name != text}
    if meanings:
        parts.append("; ".join(f"`{name}` {text}" for name, text in meanings.items()))
    if not feature.in_decision:
        parts.append("Not used in the decision")
    return ". ".join(parts) + "."
