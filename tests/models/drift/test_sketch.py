"""Sketches of a hundred thousand calls, and the threshold of the alert that people are woken by."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from models.drift.profile import ReferenceProfile
from models.drift.sketch import FEWEST, WINDOW, Sketch
from models.drift.watched import Observation

RULES = Path(__file__).parents[3] / "deploy" / "prometheus" / "rules.yaml"


def threshold() -> float:
    """Return the index above which the rule alerts."""
    rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    expression = next(rule["expr"] for rule in rules if rule.get("alert") == "MLDrift")
    return float(re.search(r"> ([\d.]+)", expression).group(1))  # type: ignore[union-attr]


def calls(count: int, seed: int, richer: float = 1.0, german: float = 0.0) -> list[Observation]:
    """Return calls of a model with a number, a name and a score that is often missing."""
    dice = np.random.default_rng(seed)
    income = dice.lognormal(10, 0.6, count) * richer
    language = dice.choice(["en", "fr", "de"], count, p=[0.7 - german, 0.3, german])
    score = np.where(dice.random(count) < 0.2, np.nan, dice.beta(2, 5, count))
    return [
        {"income": amount, "language": name, "score": None if np.isnan(value) else value}
        for amount, name, value in zip(income.tolist(), language.tolist(), score.tolist(), strict=True)
    ]


@pytest.fixture(scope="module")
def profile() -> ReferenceProfile:
    return ReferenceProfile.fit(calls(4000, seed=1))


def fed(profile: ReferenceProfile, observations: list[Observation]) -> Sketch:
    sketch = Sketch(profile)
    for observation in observations:
        sketch.add(observation)
    return sketch


def test_a_hundred_thousand_calls_like_those_before_raise_no_alert(profile: ReferenceProfile):
    sketch, worst = Sketch(profile), 0.0
    for number, observation in enumerate(calls(100_000, seed=2)):
        sketch.add(observation)
        if number % 50 == 0:
            worst = max([worst, *sketch.indices().values()])
    assert 0 < worst < threshold() / 2


@pytest.mark.parametrize(
    ("shift", "feature"), [({"richer": 1.6}, "income"), ({"german": 0.3}, "language")], ids=["number", "name"]
)
def test_shifted_calls_raise_it_for_what_shifted_alone(
    profile: ReferenceProfile, shift: dict[str, float], feature: str
):
    sketch = fed(profile, calls(WINDOW, seed=3) + calls(WINDOW, seed=4, **shift))
    indices = sketch.indices()
    assert indices.pop(feature) > threshold()
    assert max(indices.values()) < threshold() / 2


def test_the_alert_ends_when_the_shift_does(profile: ReferenceProfile):
    sketch = fed(profile, calls(WINDOW, seed=5, richer=3) + calls(WINDOW, seed=6))
    assert max(sketch.indices().values()) < threshold()


def test_answers_that_are_missing_now_are_a_shift(profile: ReferenceProfile):
    without = [{**each, "score": None} for each in calls(FEWEST, seed=7)]
    assert fed(profile, without).indices()["score"] > threshold()


def test_few_calls_say_nothing(profile: ReferenceProfile):
    assert fed(profile, calls(FEWEST - 1, seed=8, richer=5)).indices() == {}


def test_it_counts_the_last_calls_and_no_more(profile: ReferenceProfile):
    observations = calls(WINDOW + 700, seed=9)
    sketch = fed(profile, observations)
    assert len(sketch) == WINDOW
    assert sketch.counts == fed(profile, observations[-WINDOW:]).counts
    assert {sum(counts) for counts in sketch.counts.values()} == {WINDOW}


def test_what_is_not_in_the_profile_is_not_looked_at(profile: ReferenceProfile):
    observations: list[Observation] = [{**each, "user_id": "ann"} for each in calls(10, seed=10)]
    assert fed(profile, observations).counts == fed(profile, calls(10, seed=10)).counts


def test_a_profile_is_read_as_it_was_written(profile: ReferenceProfile, tmp_path: Path):
    profile.save(tmp_path)
    assert ReferenceProfile.load(tmp_path) == profile


def test_a_model_saved_before_there_were_profiles_has_none(tmp_path: Path):
    assert ReferenceProfile.load(tmp_path) is None
