from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from models.credit_risk.policy import HIGHEST, LOWEST, Policy, score_of


def test_the_score_is_the_map_that_is_documented():
    for odds in (0.5, 1, 2, 10, 20, 40, 80):
        assert score_of(1 / (1 + odds)) == round(600 + 40 * np.log2(odds / 10))


def test_the_score_never_rises_with_the_probability_and_keeps_its_bounds():
    scores = [score_of(each) for each in np.linspace(0, 1, 10_001)]
    assert scores == sorted(scores, reverse=True)
    assert (scores[0], scores[-1]) == (HIGHEST, LOWEST)


@pytest.mark.parametrize(
    ("probability", "band", "decision"),
    [
        (0.0, "A", "approve"),
        (0.029999, "A", "approve"),
        (0.03, "B", "approve"),
        (0.07, "C", "approve"),
        (0.1, "C", "review"),
        (0.15, "D", "review"),
        (0.249999, "D", "review"),
        (0.25, "D", "decline"),
        (0.3, "E", "decline"),
        (1.0, "E", "decline"),
    ],
)
def test_cutoffs_belong_to_what_begins_there(probability: float, band: str, decision: str):
    assert Policy().band(probability) == band
    assert Policy().decision(probability) == decision


def test_cutoffs_are_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ML_CREDIT_BANDS", "0.01, 0.02,0.3,0.4")
    monkeypatch.setenv("ML_CREDIT_DECLINE_FROM", "0.5")
    policy = Policy()
    assert policy.credit_bands == (0.01, 0.02, 0.3, 0.4)
    assert policy.decision(0.4) == "review"
    assert policy.band(0.25) == "C"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ML_CREDIT_BANDS", "0.1,0.2,0.3"),
        ("ML_CREDIT_BANDS", "0.2,0.1,0.3,0.4"),
        ("ML_CREDIT_BANDS", "a,b,c,d"),
        ("ML_CREDIT_REVIEW_FROM", "0.26"),
        ("ML_CREDIT_DECLINE_FROM", "25"),
    ],
)
def test_cutoffs_that_make_no_sense_are_refused(monkeypatch: pytest.MonkeyPatch, variable: str, value: str):
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError):
        Policy()


def test_an_answer_says_what_it_was_made_with(monkeypatch: pytest.MonkeyPatch):
    strict = Policy(credit_review_from=0.02)
    said = strict.cutoffs
    monkeypatch.setenv("ML_CREDIT_REVIEW_FROM", "0.2")
    assert Policy.of(said) == strict
