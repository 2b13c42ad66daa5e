"""Requests and answers of the entity model. A leaf: imports pydantic and the shared contract only."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from models.contract import Answer, Language, ModelRef, Probability, Record, Request, WholeNumber

NAME = "ner"

LABELS: tuple[str, ...] = (
    "AMOUNT",
    "PERCENT",
    "DATE",
    "MERCHANT",
    "CATEGORY",
    "ACCOUNT",
    "CARD",
    "IBAN",
    "PERSON",
    "LOCATION",
    "EMAIL",
    "PHONE",
)

CATEGORIES: tuple[str, ...] = (
    "groceries",
    "restaurants",
    "rent",
    "utilities",
    "transport",
    "fuel",
    "travel",
    "health",
    "insurance",
    "entertainment",
    "subscriptions",
    "clothing",
    "education",
    "gifts",
    "household",
    "electronics",
    "childcare",
    "pets",
    "sports",
    "taxes",
    "fees",
    "income",
    "savings",
    "cash",
    "other",
)

OffsetUnit = Literal["codepoint", "utf16"]
AccountKind = Literal["checking", "savings", "joint", "credit", "business", "investment"]


def _date(value: object) -> object:
    return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value


Date = Annotated[dt.date, BeforeValidator(_date)]
"""A calendar date, in JSON as YYYY-MM-DD and nothing else."""


class NerRequest(Request):
    """One text of one user."""

    text: str = Field(
        min_length=1,
        max_length=5000,
        description="What the user wrote or said.",
        examples=["Send 50 bucks to Marie Dupont next Friday"],
    )
    reference_date: Date | None = Field(
        default=None, description="The day that `yesterday` is the day before of; today (UTC) when left out."
    )
    language: Language | None = Field(default=None, description="The text's language; detected when left out.")
    offset_unit: OffsetUnit = Field(
        default="codepoint", description="What `start` and `end` count: Unicode code points, or UTF-16 units."
    )


class AmountValue(Record):
    """Money."""

    amount: str = Field(description="A decimal number.", examples=["1200.50"])
    currency: str | None = Field(description="ISO 4217, null where the text does not say.")


class PercentValue(Record):
    """A share in percent."""

    percent: str = Field(description="A decimal number.", examples=["3.5"])


class DateValue(Record):
    """A day or a period, both ends included."""

    start: dt.date
    end: dt.date


class NameValue(Record):
    """A merchant, a person or a place."""

    name: str


class CategoryValue(Record):
    """A kind of spending."""

    category: str = Field(description="Canonical English name in snake_case.")


class AccountValue(Record):
    """A kind of account."""

    account: AccountKind


class CardValue(Record):
    """A card, by its last digits."""

    last4: str
    valid: bool | None = Field(description="Whether the check digit of a full number holds; null for the last digits.")


class IbanValue(Record):
    """An international bank account number."""

    iban: str = Field(description="Without spaces, upper case.")
    valid: bool = Field(description="Whether country, length and check digits hold.")


class EmailValue(Record):
    """An e-mail address."""

    email: str


class PhoneValue(Record):
    """A telephone number."""

    phone: str | None = Field(description="E.164 where the country is known.")


Value = (
    AmountValue
    | PercentValue
    | DateValue
    | NameValue
    | CategoryValue
    | AccountValue
    | CardValue
    | IbanValue
    | EmailValue
    | PhoneValue
)


class Entity(Record):
    """A span of the text and what it stands for."""

    text: str = Field(description="The span, as it stands in the request's text.")
    label: str
    start: WholeNumber = Field(ge=0, description="Where the span begins, in the unit that was asked for.")
    end: WholeNumber = Field(ge=0, description="Where it ends; the character there is no part of it.")
    score: Probability = Field(description="How sure the model is of the span and its label.")
    value: Value | None = Field(description="By label; null where it cannot be resolved.")


class NerPrediction(Record):
    """What the runner answers for one text."""

    entities: list[Entity] = Field(description="Sorted by `start`, never overlapping.")
    model: ModelRef


class NerAnswer(NerPrediction, Answer):
    """The answer of `POST /v1/predict/ner`."""
