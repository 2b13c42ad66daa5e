"""The generated series are what their README says."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from models.spending.data.categories import CATEGORIES
from models.spending.data.examples import AHEAD, examples
from models.spending.data.households import LEVEL, household
from models.spending.data.processes import process
from models.spending.dataset import digest


def test_the_same_seed_gives_the_same_series():
    assert digest(examples(60, 3)) == digest(examples(60, 3))
    assert digest(examples(60, 3)) != digest(examples(60, 4))


def test_examples_have_a_future_and_every_kind_is_in_every_split():
    made = examples(600, 0)
    assert all(len(each.ahead) == AHEAD and each.history.any() for each in made)
    assert len(Counter((each.kind, each.split) for each in made)) == 9
    assert {len(each.history) for each in made} >= {3, 12, 36, 90}


def test_shares_of_spending_are_about_all_of_it():
    assert sum(each.share * each.holders for each in CATEGORIES) == pytest.approx(0.9, abs=0.1)
    for each in CATEGORIES:
        assert len(each.season) == 12
        assert abs(sum(each.season)) <= 12, each.name  # the mean month is the mean month


def test_households_spend_as_much_as_the_story_says_and_most_in_december():
    homes = [household(np.random.default_rng(number), 24) for number in range(300)]
    assert np.median([home.total.mean() for home in homes]) == pytest.approx(0.85 * LEVEL, rel=0.3)
    by_month = np.zeros(12)
    for home in homes:
        np.add.at(by_month, (home.start + np.arange(24)) % 12, home.total / home.total.mean())
    assert by_month.argmax() == 11


def test_amounts_are_cents_from_nothing_up():
    for number in range(50):
        for amounts in household(np.random.default_rng(number), 30).spent.values():
            assert (amounts >= 0).all()
            assert amounts == pytest.approx(amounts.round(2))


def test_processes_are_positive_and_of_all_noises():
    made = [process(np.random.default_rng(number), 60) for number in range(200)]
    steps = [float(np.abs(np.diff(each)).mean() / each.mean()) for each in made]
    assert all((each >= 0).all() and np.isfinite(each).all() for each in made)
    assert min(steps) < 0.05
    assert max(steps) > 0.4
