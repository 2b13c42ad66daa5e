"""The same numbers as SciPy's, to the digit: stored models were calibrated with those."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from models.text import softmax as ours

SCORES = {
    "one text": np.random.default_rng(1).normal(0, 5, (1, 32)).astype(np.float32),
    "many": np.random.default_rng(2).normal(0, 20, (64, 7)),
    "huge": np.array([[1e30, -1e30], [700.0, 710.0]]),
    "none": np.zeros((0, 3), dtype=np.float32),
}


@pytest.mark.parametrize("name", ["logsumexp", "log_softmax", "softmax"])
@pytest.mark.parametrize("scores", SCORES.values(), ids=SCORES)
def test_as_scipy(name: str, scores: ours.Floats):
    made, expected = getattr(ours, name)(scores), getattr(special, name)(scores, axis=1)

    assert made.dtype == expected.dtype
    np.testing.assert_allclose(made, expected, rtol=1e-6, atol=0)
