from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from models.transactions import DECIMALS, LARGEST_AMOUNT
from storage.column_types import Amount, Instant

SQLITE = sqlite.dialect()
amounts = st.decimals(-LARGEST_AMOUNT, LARGEST_AMOUNT, places=DECIMALS)
zones = st.integers(-23 * 3600, 23 * 3600).map(lambda seconds: timezone(timedelta(seconds=seconds)))
times = st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 30), timezones=zones)


@given(amounts)
def test_amount_comes_back_from_a_whole_number(amount: Decimal):
    kept = Amount().process_bind_param(amount, SQLITE)
    assert isinstance(kept, int)
    assert abs(kept) < 2**63
    assert Amount().process_result_value(kept, SQLITE) == amount


@given(times)
def test_instant_comes_back_from_microseconds(time: datetime):
    kept = Instant().process_bind_param(time, SQLITE)
    assert isinstance(kept, int)
    found = Instant().process_result_value(kept, SQLITE)
    assert found == time
    assert found is not None
    assert found.tzinfo is UTC


@given(times, times)
def test_instants_are_kept_in_their_order(one: datetime, other: datetime):
    kept = [Instant().process_bind_param(time, SQLITE) for time in (one, other)]
    assert (kept[0] < kept[1]) == (one < other)


@pytest.mark.parametrize("kind", [Amount(), Instant()])
def test_nothing_stays_nothing(kind: Amount | Instant):
    assert kind.process_bind_param(None, SQLITE) is None
    assert kind.process_result_value(None, SQLITE) is None
