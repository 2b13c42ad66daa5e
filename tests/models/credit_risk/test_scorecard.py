from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models.credit_risk.reference import Reference
from models.credit_risk.scorecard import ScorecardDesign, fit_scorecard
from models.credit_risk.specification import Feature
from tests.models.credit_risk.examples import feature

FEATURES = (
    feature(name="up", monotone="raises_risk"),
    feature(name="down", monotone="lowers_risk"),
    feature(name="free"),
    feature(name="kind", kind="category", categories=["a", "b", "c"]),
)


def portfolio(features: tuple[Feature, ...] = FEATURES) -> tuple[ScorecardDesign, np.ndarray, np.ndarray]:
    """Return design, values and outcomes; what should raise the risk lowers it, and the other way round."""
    draw = np.random.default_rng(0)
    values = np.column_stack([draw.normal(size=(800, 3)), draw.integers(0, 3, 800)])
    values[draw.random(values.shape) < 0.1] = np.nan
    known = np.nan_to_num(values)
    bad = draw.random(800) < 1 / (1 + np.exp(known[:, 0] - known[:, 1] - known[:, 2] + (known[:, 3] == 1)))
    return ScorecardDesign.of(features, Reference.of(features, values)), values, bad


def test_signs_are_as_the_specification_says():
    design, values, bad = portfolio()
    _, coefficients = fit_scorecard(design, design.matrix(values), bad, 1.0)
    model = design.model(0.0, coefficients)
    assert np.all(np.diff(model.main[0][:-1]) >= 0)
    assert np.all(np.diff(model.main[1][:-1]) <= 0)
    assert np.ptp(model.main[2][:-1]) > 1


def test_unbounded_it_is_scikit_learns_logistic_regression():
    free = tuple(each.model_copy(update={"monotone": "none"}) for each in FEATURES)
    design, values, bad = portfolio(free)
    columns = design.matrix(values)
    intercept, coefficients = fit_scorecard(design, columns, bad, 0.7)
    expected = LogisticRegression(C=0.7, tol=1e-8, max_iter=5000).fit(columns, bad)
    assert coefficients == pytest.approx(expected.coef_[0], abs=2e-3)
    assert intercept == pytest.approx(expected.intercept_[0], abs=2e-3)


def test_its_tables_are_its_weights():
    design, values, bad = portfolio()
    columns = design.matrix(values)
    intercept, coefficients = fit_scorecard(design, columns, bad, 1.0)
    log_odds = design.model(intercept, coefficients).log_odds(values)
    assert log_odds == pytest.approx(intercept + columns @ coefficients, abs=1e-12)
