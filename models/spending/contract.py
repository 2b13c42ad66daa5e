"""Requests and answers of the spending forecast. A leaf: imports pydantic, other leaves and month names only."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from models.contract import Answer, ModelRef, Probability, Record, Request, WholeNumber
from models.spending.months import month_number
from models.transactions import NO_NUL, UserId

NAME = "spending"
LONGEST_SPAN = 600
"""Months from the first to the last one of a history: 50 years."""

Trend = Literal["rising", "falling", "stable"]
Spent = Annotated[float, Field(ge=0.0, le=1e15, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
MonthName = Annotated[str, Field(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$", examples=["2026-03"])]


def _iso(value: object) -> object:
    """Read an ISO date where JSON has been parsed already, for which strictness knows no dates."""
    if not isinstance(value, str):
        return value
    if len(value) != len("2026-03-14"):
        raise ValueError("is no date like 2026-03-14")
    return date.fromisoformat(value)


IsoDate = Annotated[date, BeforeValidator(_iso, json_schema_input_type=date)]


class MonthAmount(Request):
    """What was spent in one month."""

    month: MonthName
    amount: Spent = Field(description="The sum spent, as a positive number.")


class SpendingRequest(Request):
    """A forecast for one user."""

    user_id: UserId = Field(description="Never logged in clear.", examples=["user-1"])
    months: WholeNumber = Field(default=12, ge=1, le=36, description="How many months to forecast.")
    category: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        pattern=NO_NUL,
        description="Limits history and forecast to one category.",
    )
    as_of: IsoDate | None = Field(
        default=None, description="Today when left out. Stored months that end before it are complete."
    )
    history: list[MonthAmount] | None = Field(
        default=None,
        max_length=LONGEST_SPAN,
        description="Complete months, used in place of the stored transactions; missing ones between count as 0.",
    )

    @field_validator("history")
    @classmethod
    def _each_month_once(cls, history: list[MonthAmount] | None) -> list[MonthAmount] | None:
        numbers = [month_number(each.month) for each in history or ()]
        if len(set(numbers)) < len(numbers):
            raise ValueError("names a month twice")
        if numbers and max(numbers) - min(numbers) >= LONGEST_SPAN:
            raise ValueError(f"spans more than {LONGEST_SPAN} months")
        return history


class SpendingHistory(Record):
    """What the runner is asked: the plain monthly history of one user, wherever it came from."""

    user_id: str
    currency: str = Field(description="ISO 4217 code of every amount.")
    start: int = Field(description="Number of the first month to forecast, the one after the last of `amounts`.")
    amounts: tuple[float, ...] = Field(description="One for each complete month, oldest first.")
    months: int
    category: str | None = None
    country: str | None = Field(default=None, description="ISO 3166 code, for public holidays.")
    left_out: tuple[str, ...] = Field(default=(), description="Currencies that no rate table converts.")

    def key(self) -> tuple[Any, ...]:
        """Return what two requests must share to share an answer."""
        return tuple(getattr(self, name) for name in type(self).model_fields)


class MonthForecast(Record):
    """One month ahead."""

    month: str
    amount: Money = Field(description="The amount expected.")
    lower: Money = Field(description="Lower end of the 80 % interval.")
    upper: Money = Field(description="Upper end of the 80 % interval.")


class Backtest(Record):
    """How this method would have done on the user's own last months, each forecast from the months before it."""

    mae: Money = Field(description="Mean absolute error.")
    mase: float = Field(ge=0.0, description="The same in units of the seasonal naive error within the history.")
    coverage: Probability = Field(description="Share of the months inside their 80 % interval.")


class SpendingPrediction(Record):
    """What the runner answers for one history."""

    user_id: str
    currency: str
    months: list[MonthForecast]
    total: float = Field(description="Sum of the amounts.")
    trend: Trend = Field(description="The coming year against the last.")
    method: str = Field(description="What made the forecast, and which currencies it leaves out.")
    history_months: int
    backtest: Backtest | None = Field(description="Null where the history is too short for one.")
    model: ModelRef


class SpendingAnswer(SpendingPrediction, Answer):
    """The answer of `POST /v1/predict/spending`."""
