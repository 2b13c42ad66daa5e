"""Fit what turns readings into decisions: blend, out-of-scope method, temperature, threshold. Validation data only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax
from sklearn.metrics import roc_auc_score

from models.calibration import fit_platt, fit_temperature
from models.intent.model import Decision, Reading, blend, decide
from models.intent.out_of_scope import Method, OutOfScope, methods_for

_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_REFUSED_WITHOUT_OUTLIERS = 0.05


@dataclass(frozen=True)
class Fitted:
    """A decision, its detector, and the AUROC of each method on validation data (empty without outliers there)."""

    decision: Decision
    detector: OutOfScope
    compared: dict[Method, float]


def fit_decision(
    labels: tuple[str, ...],
    training: Reading,
    training_labels: npt.NDArray[np.intp],
    validation: Reading,
    validation_labels: npt.NDArray[np.intp],
    outlier: int,
    max_length: int,
) -> Fitted:
    """Choose and calibrate on the validation reading; `training` only places class means and neighbours.

    labels: names of the columns. outlier: column of the out-of-scope class, -1 without one.
    """
    inside = validation_labels != outlier
    share = _best_share(validation, validation_labels)
    blended = blend(validation, share)
    detectors = {
        method: OutOfScope.fit(method, training.embeddings, training_labels, outlier) for method in methods_for(outlier)
    }
    scores = {
        method: detector.score(validation.logits, blended, validation.embeddings)
        for method, detector in detectors.items()
    }
    compared: dict[Method, float] = {}
    if inside.all():
        chosen: Method = "energy"
        slope, intercept = _quantile_rule(scores[chosen])
    else:
        compared = {method: float(roc_auc_score(~inside, score)) for method, score in scores.items()}
        chosen = max(compared, key=lambda method: compared[method])
        slope, intercept = fit_platt(scores[chosen], ~inside)
    known = np.delete(blended, outlier, axis=1) if outlier >= 0 else blended
    targets = validation_labels - (validation_labels > outlier) if outlier >= 0 else validation_labels
    decision = Decision(
        labels=labels,
        blend=share,
        temperature=fit_temperature(known[inside], targets[inside]),
        slope=slope,
        intercept=intercept,
        threshold=0.5,
        max_length=max_length,
    )
    if not inside.all():
        threshold = _best_threshold(decision, detectors[chosen], validation, targets, inside)
        decision = Decision(**{**decision.__dict__, "threshold": threshold})
    return Fitted(decision, detectors[chosen], compared)


def _best_share(reading: Reading, labels: npt.NDArray[np.intp]) -> float:
    """Return the n-gram model's share with the least cross entropy, each share at its own temperature."""
    rows = np.arange(len(labels))

    def loss(share: float) -> float:
        blended = blend(reading, share)
        temperature = fit_temperature(blended, labels)
        return float(-log_softmax(blended / temperature, axis=1)[rows, labels].mean())

    return min(_SHARES, key=loss)


def _best_threshold(
    decision: Decision,
    detector: OutOfScope,
    reading: Reading,
    targets: npt.NDArray[np.intp],
    inside: npt.NDArray[np.bool_],
) -> float:
    """Return the threshold with the most right answers."""
    probabilities = decide(reading, detector, decision)
    right = probabilities.intents.argmax(1) == targets
    grid = np.linspace(0.2, 0.8, 61)
    answered = [
        float(np.where(probabilities.out_of_scope > threshold, ~inside, right & inside).mean()) for threshold in grid
    ]
    best = np.flatnonzero(np.isclose(answered, max(answered)))
    return round(float(grid[best[len(best) // 2]]), 4)


def _quantile_rule(scores: npt.NDArray[np.floating]) -> tuple[float, float]:
    """Return a slope and intercept that refuse 5 % of known queries, where no outlier tells where to cut."""
    middle, edge = np.quantile(scores, [0.5, 1 - _REFUSED_WITHOUT_OUTLIERS])
    slope = 3.0 / max(float(edge - middle), 1e-6)
    return slope, -slope * float(edge)
