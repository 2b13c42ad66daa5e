from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.spending.profile import TOTAL, Profile, fit_profile
from tests.models.spending.histories import SEASON, START


@pytest.fixture(scope="module")
def profile() -> Profile:
    """The profile of users who all have the season of the tests, each at a level of their own."""
    random = np.random.default_rng(0)
    levels = random.lognormal(6.0, 0.5, 200)
    users = [(START - 24, level * np.tile(SEASON, 2) * random.normal(1, 0.1, 24)) for level in levels]
    return fit_profile({TOTAL: users, "gifts": [(first, amounts / 10) for first, amounts in users]})


def test_season_is_that_of_the_users(profile: Profile):
    assert np.array(profile.shapes[TOTAL].season) == pytest.approx(SEASON / SEASON.mean(), rel=0.05)


def test_nobody_is_the_median_user(profile: Profile):
    amounts, lower, upper = profile.forecast(np.empty(0), START, 12, None)
    assert amounts.mean() == pytest.approx(np.exp(6.0), rel=0.1)
    assert (lower < amounts).all()
    assert (amounts < upper).all()
    assert np.mean(upper / lower) > 2.5  # users differ by a half


def test_one_month_tells_the_level(profile: Profile):
    amounts, lower, upper = profile.forecast(np.array([300 * SEASON[11]]), START, 12, None)
    assert amounts.mean() == pytest.approx(300, rel=0.05)
    assert amounts.argmax() == 6
    assert np.mean(upper / lower) < 2.5


def test_categories_have_their_own_level_and_unknown_ones_the_total(profile: Profile):
    level = {name: profile.forecast(np.empty(0), START, 1, name)[0][0] for name in ("gifts", "falconry")}
    assert level["falconry"] == pytest.approx(10 * level["gifts"], rel=0.01)


def test_months_without_spending_tell_no_level(profile: Profile):
    assert profile.forecast(np.zeros(2), START, 3, None)[0].tolist() == (
        profile.forecast(np.empty(0), START, 3, None)[0].tolist()
    )


def test_it_comes_back_as_it_was_saved(profile: Profile, tmp_path: Path):
    profile.save(tmp_path / "profile.json")
    assert Profile.load(tmp_path / "profile.json") == profile
