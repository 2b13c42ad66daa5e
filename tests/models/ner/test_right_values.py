from __future__ import annotations

from typing import Any

import pytest

from models.ner.right_values import same_value


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"amount": "200", "currency": "EUR"}, {"amount": "200.00", "currency": "EUR"}, True),
        ({"amount": "200", "currency": "EUR"}, {"amount": "200", "currency": None}, False),
        ({"name": "Paul"}, {"name": "paul"}, False),
        ({"phone": None}, None, True),
        (None, None, True),
        (None, {"category": "rent"}, False),
        ({"last4": "4242", "valid": None}, {"last4": "4242", "valid": True}, False),
        ({"percent": "3.5"}, {"amount": "3.5"}, False),
    ],
)
def test_values_are_the_same_where_they_mean_the_same(one: Any, other: Any, same: bool):
    assert same_value(one, other) is same
    assert same_value(other, one) is same
