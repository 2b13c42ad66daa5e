"""From stored transactions to the history that is forecast, in both databases."""

from __future__ import annotations

from datetime import date

import pytest

from models.spending.contract import SpendingHistory, SpendingRequest
from models.spending.months import month_number
from models.spending.settings import SpendingSettings
from storage.spending import stored_history
from storage.store import Store
from tests.storage.rows import row

TODAY = date(2026, 4, 10)


async def read(store: Store, rates: dict[str, float] | None = None, **fields) -> SpendingHistory | None:
    request = SpendingRequest.model_validate({"user_id": "ann", **fields})
    return await stored_history(store, request, TODAY, SpendingSettings(currency_rates=rates or {}))


async def test_nobody_has_no_history(store: Store):
    await store.upsert([row(user_id="bob")])
    assert await read(store) is None


async def test_amounts_are_the_months_outflow(store: Store):
    await store.upsert(
        [
            row(amount=-10.10, timestamp="2026-01-05T10:00:00Z"),
            row(amount=-20.25, timestamp="2026-01-31T23:59:59Z"),
            row(amount=-5, timestamp="2026-03-01T00:00:00Z"),
        ]
    )
    found = await read(store)
    assert found is not None
    assert found.amounts == (30.35, 0.0, 5.0)
    assert found.start == month_number("2026-04")


async def test_refunds_and_income_are_no_spending(store: Store):
    await store.upsert(
        [
            row(amount=-100, timestamp="2026-02-05T10:00:00Z"),
            row(amount=30, timestamp="2026-02-07T10:00:00Z", description="refund"),
            row(amount=2500, timestamp="2026-03-27T10:00:00Z"),
        ]
    )
    found = await read(store)
    assert found is not None
    assert found.amounts == (100.0, 0.0)


@pytest.mark.parametrize(("as_of", "amounts"), [("2026-03-31", (100.0,)), ("2026-04-01", (100.0, 7.0))])
async def test_the_month_of_as_of_is_left_out(store: Store, as_of: str, amounts: tuple[float, ...]):
    await store.upsert(
        [row(amount=-100, timestamp="2026-02-05T10:00:00Z"), row(amount=-7, timestamp="2026-03-02T10:00:00Z")]
    )
    found = await read(store, as_of=as_of)
    assert found is not None
    assert found.amounts == amounts


async def test_who_began_this_month_is_known_and_has_no_complete_month(store: Store):
    await store.upsert([row(timestamp="2026-04-09T10:00:00Z")])
    found = await read(store)
    assert found is not None
    assert found.amounts == ()


async def test_category_limits_the_history(store: Store):
    await store.upsert(
        [
            row(amount=-100, category="rent", timestamp="2026-02-05T10:00:00Z"),
            row(amount=-30, category="gifts", timestamp="2026-03-05T10:00:00Z"),
        ]
    )
    found = await read(store, category="gifts")
    assert found is not None
    assert (found.category, found.amounts) == ("gifts", (30.0,))
    nothing = await read(store, category="pets")
    assert nothing is not None
    assert nothing.amounts == (0.0, 0.0)


async def test_other_currencies_are_converted_where_there_are_rates(store: Store):
    await store.upsert(
        [
            row(amount=-100, timestamp="2026-03-05T10:00:00Z"),
            row(amount=-50, timestamp="2026-03-06T10:00:00Z"),
            row(amount=-40, currency="USD", timestamp="2026-03-06T10:00:00Z"),
        ]
    )
    without, with_rates = await read(store), await read(store, {"EUR": 1.0, "USD": 0.5})
    assert without is not None
    assert with_rates is not None
    assert (without.currency, without.amounts, without.left_out) == ("EUR", (150.0,), ("USD",))
    assert (with_rates.currency, with_rates.amounts, with_rates.left_out) == ("EUR", (170.0,), ())


async def test_country_is_the_one_most_transactions_name(store: Store):
    await store.upsert(
        [row(country=country, timestamp="2026-03-05T10:00:00Z") for country in ("FR", "FR", "DE", None, None, None)]
    )
    found = await read(store)
    assert found is not None
    assert found.country == "FR"
