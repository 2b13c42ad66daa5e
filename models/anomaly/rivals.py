"""Other population models over the same features, fitted and tested on the same samples: what the card compares."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest
from sklearn.neighbors import LocalOutlierFactor

from models.anomaly.detector import Detector
from models.anomaly.features import FEATURES
from models.anomaly.ledger import Floats
from models.anomaly.sample import Sample

_REFERENCE = 5000


def rivals(fitted: Sample, tested: Sample, seed: int) -> dict[str, Floats]:
    """Return the scores of each on the tested transactions; only boosting is shown mischief while it is fitted."""
    ordinary, rows = fitted.features.strange[~fitted.odd], tested.features.strange
    some = ordinary[np.random.default_rng(seed).permutation(len(ordinary))[:_REFERENCE]]
    boosting = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.1, max_leaf_nodes=15, monotonic_cst=[1] * len(FEATURES), random_state=seed
    )
    return {
        "isolation forest": -IsolationForest(random_state=seed).fit(some).score_samples(rows),
        "local outlier factor": -LocalOutlierFactor(50, novelty=True).fit(np.unique(some, axis=0)).score_samples(rows),
        "empirical tails (ECOD)": Detector.fit(ordinary, upward=True).score(rows),
        "detector core, both directions": Detector.fit(some, seed).score(rows),
        "gradient boosting, monotone": boosting.fit(fitted.features.strange, fitted.odd).decision_function(rows),
    }
