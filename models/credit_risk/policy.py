"""From a probability to score, band and decision: fixed formulas and a lender's cut-offs."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated, get_args

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.credit_risk.contract import Band, Cutoffs, Decision

LOWEST, HIGHEST = 300, 850
ANCHOR_SCORE, ANCHOR_ODDS = 600, 10.0
POINTS_TO_DOUBLE_ODDS = 40
_LEAST = 1e-6

Cutoff = Annotated[float, Field(gt=0, lt=1)]


class Policy(BaseSettings):
    """Cut-offs by probability of default, read from the environment (`ML_CREDIT_…`) when a process starts."""

    model_config = SettingsConfigDict(env_prefix="ML_", env_ignore_empty=True, frozen=True)

    credit_bands: Annotated[tuple[Cutoff, Cutoff, Cutoff, Cutoff], NoDecode] = Field(
        default=(0.03, 0.07, 0.15, 0.3),
        description="Probabilities of default from which an application is in band B, C, D and E.",
    )
    credit_review_from: Cutoff = Field(
        default=0.1, description="Probability of default from which an application is reviewed and not approved."
    )
    credit_decline_from: Cutoff = Field(
        default=0.25, description="Probability of default from which an application is declined."
    )

    @field_validator("credit_bands", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _ordered(self) -> Policy:
        if list(self.credit_bands) != sorted(set(self.credit_bands)):
            raise ValueError("ML_CREDIT_BANDS must ascend")
        if self.credit_review_from > self.credit_decline_from:
            raise ValueError("ML_CREDIT_REVIEW_FROM must not be above ML_CREDIT_DECLINE_FROM")
        return self

    @classmethod
    def of(cls, cutoffs: Cutoffs) -> Policy:
        """Return the policy that an answer was made with."""
        return cls(
            credit_bands=cutoffs.bands,
            credit_review_from=cutoffs.review_from,
            credit_decline_from=cutoffs.decline_from,
        )

    @property
    def cutoffs(self) -> Cutoffs:
        """What an answer says of the policy."""
        return Cutoffs(
            bands=self.credit_bands, review_from=self.credit_review_from, decline_from=self.credit_decline_from
        )

    def band(self, probability: float) -> Band:
        """Return the band of a probability of default."""
        bands: tuple[Band, ...] = get_args(Band)
        return bands[sum(probability >= cutoff for cutoff in self.credit_bands)]

    def decision(self, probability: float) -> Decision:
        """Return the decision on a probability of default."""
        if probability >= self.credit_decline_from:
            return "decline"
        return "review" if probability >= self.credit_review_from else "approve"


@lru_cache(maxsize=1)
def policy() -> Policy:
    """Return the policy of this process."""
    return Policy()


def score_of(probability: float) -> int:
    """Return the score of a probability of default: 600 at 10:1 odds of repayment, 40 points double the odds.

    The usual scaling of scorecards; Siddiqi, "Credit Risk Scorecards", 2006, ch. 6.

    >>> score_of(1 / 11), score_of(1 / 21), score_of(0.5)
    (600, 640, 467)
    """
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    doublings = math.log2((1 - bounded) / bounded / ANCHOR_ODDS)
    return min(HIGHEST, max(LOWEST, round(ANCHOR_SCORE + POINTS_TO_DOUBLE_ODDS * doublings)))
