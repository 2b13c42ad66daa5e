from __future__ import annotations

import numpy as np
import pytest

from models.credit_risk.reasons import LEAST, Reasons
from tests.models.credit_risk.examples import feature

FEATURES = (
    feature(name="income", reason="Low income."),
    feature(name="late", cause="lateness", reason="Late payments."),
    feature(name="days", cause="lateness", reason="Very late."),
    feature(name="lines", reason={"low": "Few lines.", "high": "Many lines."}),
    feature(name="x1", reason="X1."),
    feature(name="x2", reason="X2."),
    feature(name="x3", reason="X3."),
)
USUAL = np.full(len(FEATURES), 5.0)


def told(*contributions: float, values: float = 5.0) -> list[tuple[str, str, str, float]]:
    rows = np.zeros((1, len(FEATURES)))
    rows[0, : len(contributions)] = contributions
    [reasons] = Reasons(FEATURES, USUAL).of(np.full_like(rows, values), rows)
    return [(each.code, each.feature, each.message, each.impact) for each in reasons]


def test_what_hurts_is_told_worst_first_and_nothing_else():
    assert told(0.2, -0.5, 0, 0.7) == [("lines", "lines", "Many lines.", 0.7), ("income", "income", "Low income.", 0.2)]


def test_nothing_hurts_nothing_is_told():
    assert told(-1, -1, -1, LEAST / 2) == []


def test_one_cause_is_one_reason_told_by_what_weighs_most():
    assert told(0, 0.3, 0.4) == [("lateness", "days", "Very late.", 0.7)]


def test_a_cause_that_helps_more_than_it_hurts_is_none():
    assert told(0, -0.4, 0.3) == []


def test_at_most_four_are_told():
    assert [code for code, *_ in told(0.1, 0.2, 0, 0.3, 0.4, 0.5, 0.6)] == ["x3", "x2", "x1", "lines"]


@pytest.mark.parametrize(("values", "message"), [(4.9, "Few lines."), (5.0, "Many lines."), (9.0, "Many lines.")])
def test_low_and_high_have_a_sentence_each(values: float, message: str):
    assert told(0, 0, 0, 0.3, values=values)[0][2] == message


def test_equal_ones_stay_in_the_order_of_the_specification():
    noise = np.random.default_rng(0).normal(0, 1e-9, (50, 7))
    for row in noise:
        assert [code for code, *_ in told(*(0.3 + row))] == ["lateness", "income", "lines", "x1"]
