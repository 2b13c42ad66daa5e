from __future__ import annotations

import numpy as np
import pytest

from models.credit_risk.demonstration import Demonstration, demonstrate
from models.credit_risk.specification import load_specification


@pytest.fixture(scope="module")
def drawn() -> Demonstration:
    return demonstrate(0)


def test_the_default_rate_is_about_12_percent(drawn: Demonstration):
    assert drawn.portfolio.bad.mean() == pytest.approx(0.12, abs=0.01)
    assert drawn.truth.mean() == pytest.approx(0.12, abs=1e-6)


def test_every_answer_is_within_the_bounds_of_the_specification(drawn: Demonstration):
    for feature in load_specification().features:
        known = drawn.portfolio.columns[feature.name]
        known = known[~np.isnan(known)]
        top = len(feature.categories) - 1 if feature.categories else feature.maximum
        assert known.min() >= (feature.minimum or 0)
        assert known.max() <= top
        assert feature.kind == "number" or np.array_equal(known, known.round())


def test_only_optional_answers_are_left_out(drawn: Demonstration):
    silent = {name for name, column in drawn.portfolio.columns.items() if np.isnan(column).any()}
    assert silent == {feature.name for feature in load_specification().features if not feature.required}


def test_silence_says_nothing_of_the_outcome(drawn: Demonstration):
    silent = np.stack([np.isnan(column) for column in drawn.portfolio.columns.values()]).any(0)
    rates = [drawn.portfolio.bad[silent].mean(), drawn.portfolio.bad[~silent].mean()]
    assert rates[0] == pytest.approx(rates[1], abs=0.02)


def test_the_same_seed_draws_the_same_loans():
    assert demonstrate(3, 500).portfolio.digest() == demonstrate(3, 500).portfolio.digest()
    assert demonstrate(3, 500).portfolio.digest() != demonstrate(4, 500).portfolio.digest()
