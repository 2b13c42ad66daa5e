"""Probabilities that mean what they say, and how far they are from it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.sigmoid import sigmoid

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.integer]


def fit_temperature(logits: Floats, labels: Ints) -> float:
    """Return the temperature that minimises the cross entropy of `softmax(logits / temperature)`.

    logits: (n, classes). labels: (n,) class indices. Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        return float(-log_softmax(logits / np.exp(log_temperature), axis=1)[rows, labels].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))


def fit_platt(scores: Floats, positive: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return (slope, intercept) with P(positive) = sigmoid(slope * score + intercept). Platt, 1999.

    The targets are softened as Platt did, so that separable scores do not make certainties.
    """
    from sklearn.linear_model import LogisticRegression

    above, below = int(positive.sum()), int((~positive).sum())
    soft = np.where(positive, (above + 1) / (above + 2), 1 / (below + 2))
    # A soft target is the mixture of a positive and a negative with these weights.
    model = LogisticRegression(C=1e6).fit(
        np.tile(scores, 2)[:, None], np.repeat([1, 0], len(scores)), sample_weight=np.concatenate([soft, 1 - soft])
    )
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def platt(scores: Floats, slope: float, intercept: float) -> Floats:
    """Return P(positive) for `scores`."""
    result: Floats = sigmoid(slope * scores + intercept)
    return result


def expected_calibration_error(confidence: Floats, correct: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """Return the mean distance between confidence and accuracy over bins of equal size. Nixon et al., 2019."""
    order = np.argsort(confidence, kind="stable")
    gaps = [
        len(part) * abs(float(confidence[part].mean()) - float(correct[part].mean()))
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return sum(gaps) / len(confidence)
