from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.anomaly.asked import History
from models.anomaly.contract import NEWEST, AnomalyRequest
from models.anomaly.history import UNITS, Kind, given_past, pack, packed, told
from models.transactions import Transaction
from tests.models.anomaly.examples import payment

labels = st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


def newest(rows: list[Transaction], instant: Transaction) -> History:
    return History.unpack(given_past(AnomalyRequest(user_id="ann", transaction=instant, history=rows)).history)


def familiar(rows: list[Transaction], instant: Transaction) -> set[str]:
    return set(given_past(AnomalyRequest(user_id="ann", transaction=instant, history=rows)).familiar)


def kinds(history: History) -> list[Kind]:
    return [history.kinds[place] for place in history.kind]


@given(st.lists(st.tuples(st.decimals(-(10**12), 10**12, places=4), labels), max_size=5))
def test_what_is_packed_comes_back(values):
    rows = [payment(1, -1, merchant=label).model_copy(update={"amount": amount}) for amount, label in values]
    again = History.unpack(pack(map(told, rows)))
    assert len(again) == len(rows)
    assert [amount / UNITS for amount in again.amount.tolist()] == [float(row.amount) for row in rows]
    assert [kind.merchant for kind in kinds(again)] == [row.merchant for row in rows]


def test_columns_that_are_json_already_are_packed_as_they_are():
    kind = '[0, "EUR", "a \\"quoted\\"\\nshop", null, null, null]'
    history = History.unpack(packed("[1735819200123456, 1]", "[-459000, -1]", f"{kind}\n{kind}"))
    assert history.time.tolist() == [1735819200123456, 1]
    assert history.kinds == [Kind(0, "EUR", 'a "quoted"\nshop', None, None, None)]
    assert len(History.unpack(packed("[]", "[]", None))) == 0


def test_only_what_is_dated_before_is_kept_newest_first():
    rows = [payment(day, -1 - day) for day in (5, 1, 3, 2, 4)]
    assert [amount / UNITS for amount in newest(rows, payment(4, -1)).amount] == [-4, -3, -2]


def test_of_rows_of_one_time_the_order_is_that_of_their_ids():
    rows = [payment(1, -1, id=each, merchant=each) for each in ("b", "c", "a")]
    assert [kind.merchant for kind in kinds(newest(rows, payment(2, -1)))] == ["c", "b", "a"]


def test_the_newest_2000_are_kept():
    rows = [payment(day / 10, -1) for day in range(NEWEST + 7)]
    found = newest(rows, payment(400, -1))
    assert len(found) == NEWEST
    assert found.time[0] == told(rows[-1]).time


def test_what_only_older_ones_say_is_familiar():
    old = [payment(0, -1, merchant="Old Shop ", country="JP"), payment(500, -1, merchant="later", channel="cheque")]
    rows = old + [payment(1 + day / 10, -1) for day in range(NEWEST)]
    instant = payment(400, -1, merchant="old shop", country="JP", channel="cheque", category=None)
    assert familiar(rows, instant) == {"currency", "merchant", "country"}
    assert familiar(rows, payment(400, -1, merchant="later", country="IT")) == {"currency", "category", "channel"}


@pytest.mark.parametrize("hours", [0, 5.5, -3])
def test_times_are_whole_microseconds_and_keep_their_clock(hours: float):
    from datetime import timezone

    zone = timezone(timedelta(hours=hours))
    row = payment(1, -1)
    local = row.model_copy(update={"timestamp": row.timestamp.replace(microsecond=123457).astimezone(zone)})
    assert told(local).kind.offset == hours * 3600
    assert told(local).time % 10**6 == 123457
