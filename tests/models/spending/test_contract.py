from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from models.spending.contract import LONGEST_SPAN, SpendingRequest
from models.spending.months import month_name, month_number


def refused(**fields: Any) -> str:
    """Return the path of the field that is refused."""
    with pytest.raises(ValidationError) as caught:
        SpendingRequest.model_validate({"user_id": "ann", **fields})
    [error] = caught.value.errors()
    return ".".join(map(str, error["loc"]))


def test_all_that_can_be_left_out_is():
    request = SpendingRequest.model_validate({"user_id": "ann"})
    assert (request.months, request.category, request.as_of, request.history) == (12, None, None, None)


@pytest.mark.parametrize("as_of", ["2026-03-14", date(2026, 3, 14)])
def test_a_day_is_read_from_json_and_from_what_parsed_it(as_of: Any):
    assert SpendingRequest.model_validate({"user_id": "ann", "as_of": as_of}).as_of == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("user_id", {"user_id": ""}),
        ("months", {"months": 0}),
        ("months", {"months": 37}),
        ("months", {"months": "12"}),
        ("category", {"category": ""}),
        ("as_of", {"as_of": "2026-02-30"}),
        ("as_of", {"as_of": "20260214"}),
        ("as_of", {"as_of": 20260214}),
        ("history", {"history": [{"month": "2026-01", "amount": 1}] * 2}),
        ("history.0.month", {"history": [{"month": "2026-13", "amount": 1}]}),
        ("history.0.month", {"history": [{"month": "2026-1", "amount": 1}]}),
        ("history.0.amount", {"history": [{"month": "2026-01", "amount": -1}]}),
        ("history.0.amount", {"history": [{"month": "2026-01", "amount": float("nan")}]}),
        ("history.0.amount", {"history": [{"month": "2026-01", "amount": "1"}]}),
        ("history.0.amount", {"history": [{"month": "2026-01", "amount": 2e15}]}),
        ("history.0.sum", {"history": [{"month": "2026-01", "amount": 1, "sum": 2}]}),
        ("month", {"month": 3}),
    ],
)
def test_what_is_wrong_is_refused_by_name(field: str, fields: dict[str, Any]):
    assert refused(**fields) == field


def test_a_history_of_fifty_years_is_read_and_a_longer_one_is_not():
    first = month_number("1970-01")
    ends = [[{"month": month_name(first + n), "amount": 1} for n in (0, span)] for span in (599, 600)]
    assert SpendingRequest.model_validate({"user_id": "ann", "history": ends[0]}).history
    assert LONGEST_SPAN == 600
    assert refused(history=ends[1]) == "history"
