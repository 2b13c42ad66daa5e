from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.anomaly.dataset import join
from models.anomaly.derived import derive
from models.anomaly.features import FEATURES, compute_features
from models.anomaly.model import AnomalyModel
from models.anomaly.scoring import Scorer, threshold
from models.anomaly.world.accounts import accounts

nats = st.lists(st.floats(0, 50), min_size=len(FEATURES), max_size=len(FEATURES))


@given(row=nats, place=st.integers(0, len(FEATURES) - 1), more=st.floats(0, 20), history=st.integers(0, 2000))
@settings(max_examples=200)
def test_a_score_never_falls_as_one_feature_grows(
    model: AnomalyModel, row: list[float], place: int, more: float, history: int
):
    table = np.array([row, row])
    table[1, place] += more
    low, high = model.scorer.score(table, np.array([history, history]))
    assert 0 <= low <= high + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize("rate", [0.0005, 0.005, 0.02, 0.1])
def test_the_threshold_is_exceeded_as_often_as_was_asked(model: AnomalyModel, rate: float):
    """On generated accounts that are not those of the training."""
    ledger = join(list(accounts(40, seed=71))).ledger()
    found = compute_features(ledger, model.population, None, derive(ledger))
    alerts = (model.scorer.score(found.strange, found.history) > threshold(rate)).mean()
    assert rate / 3 < alerts < rate * 3


def test_a_saved_scorer_scores_the_same(model: AnomalyModel, tmp_path: Path):
    model.scorer.save(tmp_path / "scorer.npz")
    dice = np.random.default_rng(0)
    strange, history = dice.exponential(1.0, (50, len(FEATURES))), dice.integers(0, 300, 50)
    again = Scorer.load(tmp_path / "scorer.npz")
    np.testing.assert_array_equal(again.score(strange, history), model.scorer.score(strange, history))
