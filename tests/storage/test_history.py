from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

import storage.store
from models.transactions import LARGEST_AMOUNT, Transaction, UserTransaction
from storage.history import MonthlySpending
from storage.store import Store
from tests.storage.rows import fields, row

LATER = datetime(2090, 1, 1, tzinfo=UTC)
END = date(2090, 1, 1)


def spent(currency: str, month: str, amount: str, payments: int) -> MonthlySpending:
    return MonthlySpending(currency, month, Decimal(amount), payments)


class TestMonthlySpending:
    async def test_is_the_negative_amounts_as_a_positive_sum(self, store: Store):
        await store.upsert([row(amount=-10), row(amount=-0.3), row(amount=2000), row(amount=0)])
        assert await store.monthly_spending("ann", None, END) == [spent("EUR", "2026-03", "10.3", 2)]

    async def test_is_told_by_currency_and_month(self, store: Store):
        await store.upsert(
            [
                row(currency="USD", timestamp="2026-01-05T00:00:00Z", amount=-1),
                row(currency="EUR", timestamp="2026-02-05T00:00:00Z", amount=-2),
                row(currency="EUR", timestamp="2025-12-05T00:00:00Z", amount=-3),
                row(currency="EUR", timestamp="2026-02-07T00:00:00Z", amount=-4),
            ]
        )
        assert await store.monthly_spending("ann", None, END) == [
            spent("EUR", "2025-12", "3", 1),
            spent("EUR", "2026-02", "6", 2),
            spent("USD", "2026-01", "1", 1),
        ]

    async def test_month_with_income_alone_is_there_with_nothing_spent(self, store: Store):
        await store.upsert([row(amount=5)])
        assert await store.monthly_spending("ann", None, END) == [spent("EUR", "2026-03", "0", 0)]

    @pytest.mark.parametrize(
        ("before", "months"),
        [
            (date(2026, 3, 1), ["2026-02"]),
            (date(2026, 3, 31), ["2026-02"]),
            (date(2026, 4, 1), ["2026-02", "2026-03"]),
            (date(2026, 2, 28), []),
            (date(1970, 1, 1), []),
        ],
    )
    async def test_ends_before_the_month_of_the_date(self, store: Store, before: date, months: list[str]):
        await store.upsert(
            [row(timestamp=time) for time in ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")]
        )
        assert [each.month for each in await store.monthly_spending("ann", None, before)] == months

    async def test_month_is_that_of_the_zone_the_time_is_written_in(self, store: Store):
        times = {
            "2026-01-31T23:30:00-05:00": "2026-01",  # 1 February in UTC
            "2026-03-01T00:30:00+02:00": "2026-03",  # 28 February in UTC
            "2026-05-31T23:59:59": "2026-05",
            "2026-07-01": "2026-07",
        }
        await store.upsert([row(timestamp=time) for time in times])
        assert [each.month for each in await store.monthly_spending("ann", None, END)] == list(times.values())

    async def test_may_be_of_one_category(self, store: Store):
        await store.upsert([row(category="rent", amount=-900), row(category="fuel"), row(), row(category="rental")])
        assert await store.monthly_spending("ann", "rent", END) == [spent("EUR", "2026-03", "900", 1)]
        assert await store.monthly_spending("ann", "travel", END) == []

    async def test_of_others_is_not_in_it(self, store: Store):
        await store.upsert([row(user_id="bob"), row(user_id="Ann"), row(user_id="ann ")])
        assert await store.monthly_spending("ann", None, END) == []

    async def test_adds_exactly(self, store: Store):
        await store.upsert([row(amount="-0.1"), row(amount="-0.2"), row(amount="-0.0001"), row(amount=-0.1 - 0.2)])
        assert await store.monthly_spending("ann", None, END) == [spent("EUR", "2026-03", "0.6001", 4)]

    async def test_adds_the_largest_amounts_without_overflow(self, store: Store):
        """Their sum is beyond 64 bits of ten-thousandths."""
        await store.upsert([row(amount=-LARGEST_AMOUNT) for _ in range(2000)] + [row(amount="-0.0001")])
        total = str(Decimal(LARGEST_AMOUNT) * 2000 + Decimal("0.0001"))
        assert await store.monthly_spending("ann", None, END) == [spent("EUR", "2026-03", total, 2001)]

    async def test_is_what_adding_up_in_python_gives(self, store: Store):
        rows = drawn_rows(3000)
        await store.upsert(rows)
        for category in (None, "rent"):
            sums: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
            for each in rows:
                if each.user_id == "ann" and category in (None, each.category):
                    key = each.currency, each.timestamp.strftime("%Y-%m")
                    sums[key].extend([-each.amount] if each.amount < 0 else [])
            expected = [MonthlySpending(*key, sum(values, Decimal(0)), len(values)) for key, values in sums.items()]
            found = await store.monthly_spending("ann", category, END)
            assert found == sorted(expected, key=lambda each: (each.currency, each.month))


class TestRecentTransactions:
    async def test_are_what_the_same_json_inline_is(self, store: Store):
        bodies = [
            fields(timestamp="2026-03-14T12:00:00+02:00", merchant="Lidl", country="FR", channel="card"),
            fields(timestamp="2026-03-15T09:00:00.123456-03:30", amount="0.0001", description="x"),
            fields(timestamp="2026-03-16", amount=-1e12, category="rent"),
        ]
        await store.upsert([UserTransaction.model_validate_json(json.dumps(body)) for body in bodies])
        for body in bodies:
            del body["user_id"]
        inline = [Transaction.model_validate_json(json.dumps(body)) for body in bodies]
        stored = await store.recent_transactions("ann", LATER)
        assert [each.model_dump() for each in stored] == [each.model_dump() for each in inline]
        assert [each.timestamp.isoformat() for each in stored] == [each.timestamp.isoformat() for each in inline]

    async def test_are_the_newest_oldest_first(self, store: Store):
        start = datetime(2026, 1, 1, tzinfo=UTC)
        rows = [row(id=f"{day:03}", timestamp=start + timedelta(days=day)) for day in range(50)]
        random.Random(1).shuffle(rows)
        await store.upsert(rows)
        found = await store.recent_transactions("ann", LATER, limit=3)
        assert [each.id for each in found] == ["047", "048", "049"]

    async def test_are_dated_before_the_time_in_whatever_zone(self, store: Store):
        await store.upsert(
            [
                row(id="before", timestamp="2026-03-14T13:59:59.999999+02:00"),
                row(id="at", timestamp="2026-03-14T12:00:00Z"),
                row(id="after", timestamp="2026-03-14T07:00:00.000001-05:00"),
            ]
        )
        at = datetime.fromisoformat("2026-03-14T17:30:00+05:30")
        assert [each.id for each in await store.recent_transactions("ann", at)] == ["before"]
        assert await store.history_size("ann", at) == 1

    async def test_of_one_moment_are_in_the_order_of_their_ids(self, store: Store):
        await store.upsert([row(id=name) for name in "cabed"])
        assert [each.id for each in await store.recent_transactions("ann", LATER)] == list("abcde")
        assert [each.id for each in await store.recent_transactions("ann", LATER, limit=2)] == ["d", "e"]

    async def test_are_bounded_while_the_size_is_not(self, store: Store):
        await store.upsert([row() for _ in range(2100)])
        assert len(await store.recent_transactions("ann", LATER)) == 2000
        assert await store.history_size("ann", LATER) == 2100

    async def test_of_the_first_and_the_last_year_come_back(self, store: Store):
        times = ["1970-01-01T00:00:00+14:00", "2099-12-31T23:59:59.999999-12:00"]
        await store.upsert([row(timestamp=time) for time in times])
        found = await store.recent_transactions("ann", datetime(2200, 1, 1, tzinfo=UTC))
        assert [each.timestamp.isoformat() for each in found] == times


async def test_nobody_has_no_history(store: Store):
    assert not await store.knows("nobody")
    assert await store.main_country("nobody") is None
    assert await store.monthly_spending("nobody", None, END) == []
    assert await store.recent_transactions("nobody", LATER) == []
    assert await store.history_size("nobody", LATER) == 0


async def test_main_country_is_the_most_frequent_of_those_named(store: Store):
    await store.upsert([row(), row(), row(), row(country="FR"), row(country="FR"), row(country="BE")])
    assert await store.main_country("ann") == "FR"


async def test_users_come_in_order_page_by_page_and_from_where_one_was(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(storage.store, "_USERS_AT_ONCE", 3)
    names = [f"user-{number}" for number in range(9)]
    await store.upsert([row(user_id=name) for name in names for _ in range(4)])
    assert [name async for name in store.users()] == names
    assert [name async for name in store.users(after="user-6")] == ["user-7", "user-8"]
    assert [name async for name in store.users(after="user-8")] == []


def drawn_rows(count: int) -> list[UserTransaction]:
    draw = random.Random(7)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    return [
        row(
            user_id=draw.choice(["ann", "bob"]),
            amount=f"{draw.randint(-(10**6), 10**5) / 100:.2f}",
            currency=draw.choice(["EUR", "USD"]),
            category=draw.choice(["rent", "fuel", None]),
            timestamp=start + timedelta(minutes=draw.randrange(2 * 365 * 24 * 60)),
        )
        for _ in range(count)
    ]
