"""What a transaction is, and the requests and answers of the transaction store.

A leaf: imports pydantic, the list of currencies and the shared contract only. The store, the anomaly model and the
forecast read these types.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

import iso4217
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from models.contract import Record, Request

CURRENCIES = frozenset(currency.code for currency in iso4217.Currency)
"""The codes of ISO 4217."""

DECIMALS = 4
"""Decimals of an amount: those of the ISO 4217 currency with the smallest unit."""

LARGEST_AMOUNT = 10**12
MOST_TRANSACTIONS = 10_000

_FIRST_YEAR, _LAST_YEAR = 1970, 2099
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}([Tt ]|$)")
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?", re.ASCII)
NO_NUL = r"^[^\x00]*$"
"""Pattern of text that can be stored: PostgreSQL has no such character."""


def _decimal(value: object) -> object:
    """Return a number as a decimal; of a JSON number the fourth place, for what stands behind is floating point."""
    if isinstance(value, float):
        # An amount this large is refused, and rounding it would fail first.
        return round(Decimal(repr(value)), DECIMALS) if abs(value) <= LARGEST_AMOUNT else Decimal(repr(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise PydanticCustomError("amount", "Input should be a number, or a decimal in a string such as '-12.30'")


def _instant(value: object) -> object:
    """Return an ISO 8601 text as a time with a zone, UTC where it names none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if _DATED.match(value) else None
        except ValueError:
            value = None
        if value is None:
            raise PydanticCustomError("timestamp", "Input should be an ISO 8601 time such as 2026-01-31T18:05:00+01:00")
    if not isinstance(value, datetime):
        return value
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise PydanticCustomError("timestamp_range", f"Input should be a time from {_FIRST_YEAR} to {_LAST_YEAR}")
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise PydanticCustomError("currency", "Input should be a currency code of ISO 4217, such as EUR")
    return code


def _blank_is_absent(text: str | None) -> str | None:
    return text or None


UserId = Annotated[str, Field(min_length=1, max_length=256, pattern=NO_NUL)]
TransactionId = Annotated[str, Field(min_length=1, max_length=256, pattern=NO_NUL)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(ge=-LARGEST_AMOUNT, le=LARGEST_AMOUNT, decimal_places=DECIMALS),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": -LARGEST_AMOUNT, "maximum": LARGEST_AMOUNT},
                {"type": "string", "pattern": rf"^[+-]?[0-9]{{1,12}}(\.[0-9]{{1,{DECIMALS}}})?$"},
            ]
        }
    ),
]
"""An exact amount: a JSON number, or a decimal in a string."""
Currency = Annotated[
    str,
    AfterValidator(_currency),
    WithJsonSchema({"type": "string", "pattern": f"^({'|'.join(sorted(CURRENCIES))})$"}),
]
"""A code of ISO 4217."""
Timestamp = Annotated[datetime, BeforeValidator(_instant)]
Label = Annotated[Annotated[str, Field(max_length=256, pattern=NO_NUL)] | None, AfterValidator(_blank_is_absent)]
Text = Annotated[Annotated[str, Field(max_length=2000, pattern=NO_NUL)] | None, AfterValidator(_blank_is_absent)]


class Transaction(Request):
    """One movement of money on a user's account."""

    id: TransactionId | None = None
    amount: Amount = Field(description="Spending is negative, income positive.", examples=[-45.9])
    currency: Currency = Field(description="ISO 4217.", examples=["EUR"])
    timestamp: Timestamp = Field(
        description="ISO 8601, read as UTC where no zone is given; its month is that of the zone it is written in.",
        examples=["2026-01-31T18:05:00+01:00"],
    )
    merchant: Label = None
    category: Label = None
    channel: Label = None
    country: Label = None
    description: Text = None


class UserTransaction(Transaction):
    """A transaction as it is stored."""

    id: TransactionId = Field(description="The same id again replaces the transaction.")
    user_id: UserId


class TransactionsRequest(Request):
    """Transactions to store, of any users."""

    transactions: list[UserTransaction] = Field(max_length=MOST_TRANSACTIONS)


class TransactionsAnswer(Record):
    """The answer of `POST /v1/transactions`; both numbers together are as many as were sent."""

    stored: int = Field(ge=0, description="Transactions that are new, or replaced one of the same id.")
    duplicates: int = Field(ge=0, description="Transactions that were stored already as they are.")


class EraseRequest(Request):
    """Whose data are to be deleted."""

    user_id: UserId


class EraseAnswer(Record):
    """The answer of `POST /v1/users/erase`."""

    erased: int = Field(ge=0, description="Stored rows about the user that were deleted.")
