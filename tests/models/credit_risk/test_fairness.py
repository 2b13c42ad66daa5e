from __future__ import annotations

import numpy as np
import pytest

from models.credit_risk.dataset import Portfolio
from models.credit_risk.fairness import fairness
from models.credit_risk.policy import Policy
from models.credit_risk.specification import Specification
from tests.models.credit_risk.examples import feature

SPECIFICATION = Specification(
    title="Loans",
    target="bad",
    features=(
        feature(name="income"),
        feature(name="age", kind="whole", in_decision=False, groups=[30]),
        feature(name="sex", kind="category", categories={"f": "woman", "m": "man"}, in_decision=False),
    ),
)
AGE = np.array([20.0] * 40 + [30.0] * 40 + [np.nan] * 20)
SEX = np.array([0.0, 1.0] * 50)


def portfolio(bad: np.ndarray) -> Portfolio:
    return Portfolio(SPECIFICATION, {"income": np.ones(100), "age": AGE, "sex": SEX}, bad)


def test_groups_are_counted_and_measured():
    probabilities = np.where(AGE == 20, 0.2, 0.05)
    probabilities[:10] = 0.05
    bad = np.arange(100) % 4 == 0
    by_age, by_sex = fairness(portfolio(bad), probabilities, Policy())
    young, old = by_age.groups
    assert (young.name, young.n, old.name, old.n) == ("below 30", 40, "from 30", 40)
    assert (young.approved, old.approved) == (0.25, 1.0)
    assert young.refused_good == pytest.approx((~bad[10:40]).sum() / (~bad[:40]).sum())
    assert old.refused_good == 0
    assert (young.predicted, young.observed) == (pytest.approx(0.1625), 0.25)
    assert by_age.approval_ratio == 0.25
    assert by_age.refusal_gap == young.refused_good
    assert [group.name for group in by_sex.groups] == ["f (woman)", "m (man)"]


def test_alike_is_alike():
    for each in fairness(portfolio(np.zeros(100, dtype=bool)), np.full(100, 0.05), Policy()):
        assert (each.approval_ratio, each.refusal_gap) == (1, 0)


def test_when_nobody_is_approved_or_nobody_repaid_there_is_still_an_answer():
    for each in fairness(portfolio(np.ones(100, dtype=bool)), np.full(100, 0.9), Policy()):
        assert (each.approval_ratio, each.refusal_gap) == (1, 0)
        assert {group.refused_good for group in each.groups} == {None}


def test_small_groups_are_left_out():
    ages = np.where(np.arange(100) < 19, 20.0, 40.0)
    loans = Portfolio(SPECIFICATION, {"income": np.ones(100), "age": ages, "sex": SEX}, np.zeros(100, dtype=bool))
    assert [group.name for group in next(fairness(loans, np.zeros(100), Policy())).groups] == ["from 30"]
