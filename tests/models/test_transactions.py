from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.transactions import (
    CURRENCIES,
    LARGEST_AMOUNT,
    MOST_TRANSACTIONS,
    EraseRequest,
    Transaction,
    TransactionsRequest,
    UserTransaction,
)

SOUND = {"id": "a", "user_id": "ann", "amount": -12.5, "currency": "EUR", "timestamp": "2026-03-14T12:00:00Z"}


def read(**changed: Any) -> UserTransaction:
    return UserTransaction.model_validate_json(json.dumps({**SOUND, **changed}))


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        (-12.5, "-12.5"),
        (3, "3"),
        (0, "0"),
        ("-12.30", "-12.3"),
        ("+1.0001", "1.0001"),
        (0.1 + 0.2, "0.3"),
        (-1234567.891, "-1234567.891"),
        (1e12, "1000000000000"),
        (-1e12, "-1000000000000"),
        (1e-9, "0"),
    ],
)
def test_amount_is_exact(amount: object, value: str):
    assert read(amount=amount).amount == Decimal(value)


@given(st.integers(-(10**15), 10**15))
def test_amount_of_a_json_number_with_cents_is_what_was_written(cents: int):
    written = f"{cents / 100:.2f}" if abs(cents) < 10**14 else str(cents // 1000)
    body = json.dumps(SOUND).replace("-12.5", written)
    if abs(Decimal(written)) <= LARGEST_AMOUNT:
        assert UserTransaction.model_validate_json(body).amount == Decimal(written)


@pytest.mark.parametrize(
    "amount",
    [
        None,
        True,
        "",
        "12,5",
        "1e3",
        "NaN",
        " 1",
        "1_000",
        "0.00001",
        1e13,
        -1e13,
        "1000000000000.01",
        "9" * 31,
        1e300,
        [1],
    ],
    ids=str,
)
def test_what_is_no_amount_is_refused(amount: object):
    with pytest.raises(ValidationError) as refusal:
        read(amount=amount)
    assert {error["loc"] for error in refusal.value.errors()} == {("amount",)}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_amount_is_finite(number: str):
    with pytest.raises(ValidationError):
        UserTransaction.model_validate_json(json.dumps(SOUND).replace("-12.5", number))


@pytest.mark.parametrize(
    ("text", "offset_h", "utc"),
    [
        ("2026-03-14T12:00:00Z", 0, "2026-03-14T12:00:00"),
        ("2026-03-14T12:00:00", 0, "2026-03-14T12:00:00"),
        ("2026-03-14 12:00", 0, "2026-03-14T12:00:00"),
        ("2026-03-14", 0, "2026-03-14T00:00:00"),
        ("2026-03-14T12:00:00.123+02:00", 2, "2026-03-14T10:00:00.123"),
        ("2026-03-14T12:00:00-05:00", -5, "2026-03-14T17:00:00"),
        ("1970-01-01T00:00:00+01:00", 1, "1969-12-31T23:00:00"),
    ],
)
def test_time_has_a_zone_and_keeps_it(text: str, offset_h: int, utc: str):
    time = read(timestamp=text).timestamp
    assert time.utcoffset() == timedelta(hours=offset_h)
    assert time == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "time",
    [
        None,
        0,
        1700000000,
        "",
        "1700000000",
        "20260314",
        "2026-W11-6",
        "2026-02-30",
        "14/03/2026",
        "2026-03-14T25:00:00Z",
        "2026-03-14T12:00:00+25:00",
        "1969-12-31T23:59:59Z",
        "2100-01-01",
        "0001-01-01T00:00:00+14:00",
        "12:00",
    ],
    ids=str,
)
def test_what_is_no_time_is_refused(time: object):
    with pytest.raises(ValidationError) as refusal:
        read(timestamp=time)
    assert {error["loc"] for error in refusal.value.errors()} == {("timestamp",)}


@pytest.mark.parametrize("code", ["EUR", "USD", "JPY", "CLF", "XOF"])
def test_currency_is_one_of_iso_4217(code: str):
    assert code in CURRENCIES
    assert read(currency=code).currency == code


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "ABC", "€", "", None, 978])
def test_other_currency_is_refused(code: object):
    with pytest.raises(ValidationError) as refusal:
        read(currency=code)
    assert {error["loc"] for error in refusal.value.errors()} == {("currency",)}


@pytest.mark.parametrize("field", ["merchant", "category", "channel", "country", "description"])
def test_optional_field_may_be_absent_null_or_blank_and_is_then_none(field: str):
    assert {getattr(read(), field), getattr(read(**{field: None}), field), getattr(read(**{field: ""}), field)} == {
        None
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", None),
        ("id", 7),
        ("id", "a" * 257),
        ("user_id", ""),
        ("user_id", "\0"),
        ("merchant", "a" * 257),
        ("merchant", "a\0b"),
        ("description", "a" * 2001),
        ("colour", "red"),
    ],
    ids=lambda value: str(value)[:10],
)
def test_bad_field_is_named(field: str, value: object):
    with pytest.raises(ValidationError) as refusal:
        read(**{field: value})
    assert {error["loc"][0] for error in refusal.value.errors()} == {field}


def test_transaction_to_be_scored_needs_no_id_and_has_no_user():
    body = {name: value for name, value in SOUND.items() if name not in ("id", "user_id")}
    assert Transaction.model_validate_json(json.dumps(body)).id is None
    with pytest.raises(ValidationError):
        Transaction.model_validate_json(json.dumps(SOUND))


def test_bad_row_is_named_by_its_number():
    rows = [SOUND, SOUND, {**SOUND, "amount": "x"}]
    with pytest.raises(ValidationError) as refusal:
        TransactionsRequest.model_validate_json(json.dumps({"transactions": rows}))
    assert [error["loc"] for error in refusal.value.errors()] == [("transactions", 2, "amount")]


def test_number_of_rows_is_bounded():
    assert TransactionsRequest.model_validate_json('{"transactions": []}').transactions == []
    with pytest.raises(ValidationError, match="10000"):
        TransactionsRequest.model_validate_json(json.dumps({"transactions": [SOUND] * (MOST_TRANSACTIONS + 1)}))


def test_what_crosses_to_a_runner_comes_back_the_same():
    first = read(timestamp="2026-03-14T12:00:00+02:00", amount="0.0001", merchant="Lidl")
    assert UserTransaction.model_validate(first.model_dump()) == first
    assert UserTransaction.model_validate_json(first.model_dump_json()) == first


def test_erase_needs_a_user():
    assert EraseRequest(user_id="ann").user_id == "ann"
    with pytest.raises(ValidationError):
        EraseRequest(user_id="")
