from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.anomaly.contract import NEWEST, AnomalyRequest
from models.anomaly.history import UNITS, History, given_history, packed, told
from models.transactions import Transaction
from tests.models.anomaly.examples import payment

labels = st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


def newest(rows: list[Transaction], instant: Transaction) -> History:
    return History.unpack(given_history(AnomalyRequest(user_id="ann", transaction=instant, history=rows)))


@given(st.lists(st.tuples(st.decimals(-(10**12), 10**12, places=4), labels), max_size=5))
def test_what_is_packed_comes_back(values):
    rows = [payment(1, -1, merchant=label).model_copy(update={"amount": amount}) for amount, label in values]
    again = History.unpack(History.of(map(told, rows)).pack())
    assert len(again) == len(rows)
    assert [amount / UNITS for amount in again.amount] == [float(row.amount) for row in rows]
    assert list(again.merchant) == [row.merchant for row in rows]


def test_columns_that_are_json_already_are_packed_as_they_are():
    history = History.of([told(payment(1, -45.9, merchant='a "quoted" shop'))])
    columns = ["[1735819200123456]", "[0]", "[-459000]", '["EUR"]', *['["x"]'] * 4]
    assert History.unpack(packed(columns)).time == [1735819200123456]
    assert list(History.unpack(history.pack()).merchant) == ['a "quoted" shop']


def test_only_what_is_dated_before_is_kept_newest_first():
    rows = [payment(day, -1 - day) for day in (5, 1, 3, 2, 4)]
    assert [amount / UNITS for amount in newest(rows, payment(4, -1)).amount] == [-4, -3, -2]


def test_of_rows_of_one_time_the_order_is_that_of_their_ids():
    rows = [payment(1, -1, id=each, merchant=each) for each in ("b", "c", "a")]
    assert list(newest(rows, payment(2, -1)).merchant) == ["c", "b", "a"]


def test_the_newest_2000_are_kept():
    rows = [payment(day / 10, -1) for day in range(NEWEST + 7)]
    found = newest(rows, payment(400, -1))
    assert len(found) == NEWEST
    assert found.time[0] == told(rows[-1]).time


@pytest.mark.parametrize("hours", [0, 5.5, -3])
def test_times_are_whole_microseconds_and_keep_their_clock(hours: float):
    from datetime import timezone

    zone = timezone(timedelta(hours=hours))
    row = payment(1, -1)
    local = row.model_copy(update={"timestamp": row.timestamp.replace(microsecond=123457).astimezone(zone)})
    assert told(local).offset == hours * 3600
    assert told(local).time % 10**6 == 123457
