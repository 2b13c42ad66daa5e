"""Fit the policy: weights on training series, intervals on calibration series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

from models.spending.methods import METHODS
from models.spending.policy import HORIZON, LEVEL, Policy, Regime, level, scale, weights
from models.spending.series import YEAR, Floats
from models.spending.tryout import Tried

EDGES = (3, 8, 14, 24, 48)
"""Months of history from which each regime holds."""

SHARPNESS = (0.0, 1.0, 2.0, 4.0, 8.0)
_TOWARDS_EQUAL = 0.01
_STEPS = ((1, 1), (2, 3), (4, 6), (7, 12), (13, 18), (19, 27), (28, HORIZON))
_FEWEST_SCORES = 20


def fit_policy(tried: Sequence[Tried]) -> Policy:
    """Return the policy fitted on the training and calibration examples among `tried`.

    A regime that too few examples reach takes over the one before it.
    """
    regimes: list[Regime] = []
    for edge, end in zip(EDGES, (*EDGES[1:], 10_000), strict=True):
        inside = [each for each in tried if edge <= len(each.series) < end]
        training = [each for each in inside if each.example.split == "train"]
        calibration = [each for each in inside if each.example.split == "calibration"]
        if min(len(training), len(calibration)) >= _FEWEST_SCORES:
            regimes.append(_calibrated(_best_weights(edge, training), calibration))
        elif regimes:
            regimes.append(replace(regimes[-1], months=edge))
    return Policy((replace(regimes[0], months=EDGES[0]), *regimes[1:]))


def combined(regime: Regime, each: Tried) -> tuple[Floats, float]:
    """Return the (months,) combined forecast of one example and its scale."""
    shares = weights(regime, each.residuals)
    errors = each.residuals.forecasts @ shares - each.residuals.truth
    return shares @ each.forecasts, scale(regime, errors, each.series)


def relative_errors(each: Tried) -> Floats:
    """Return (methods, 12) errors of the first year in units of the mean over methods: no series outweighs another."""
    errors = each.example.ahead[:YEAR] - each.forecasts[:, :YEAR]
    size = float(np.nanmean(np.abs(errors)))
    return errors / size if size > 0 else errors


def _best_weights(edge: int, training: Sequence[Tried]) -> Regime:
    """Return the weights and the sharpness with the least error, the weights drawn a little towards equal ones."""
    errors = np.stack([relative_errors(each) for each in training])
    noise = float(np.median([_own_noise(each) for each in training]))
    found: list[tuple[float, Regime]] = []
    for sharpness in SHARPNESS:
        blank = Regime(edge, (1.0,) * len(METHODS), sharpness, noise)
        powers = np.stack([weights(blank, each.residuals) for each in training])

        def loss(logits: Floats, powers: Floats = powers) -> float:
            shares = softmax(logits) * powers
            shares /= shares.sum(axis=1, keepdims=True)
            miss = float(np.nanmean(np.abs(np.einsum("nm,nmh->nh", shares, errors))))
            return miss + _TOWARDS_EQUAL * float(np.square(logits - logits.mean()).mean())

        best = minimize(loss, np.zeros(len(METHODS)), method="L-BFGS-B")
        found.append((float(best.fun), replace(blank, weights=tuple(map(float, softmax(best.x))))))
    return min(found, key=lambda pair: pair[0])[1]


def _own_noise(each: Tried) -> float:
    """Return the mean absolute backtest error of the methods' mean, as share of the level."""
    errors = np.abs(each.residuals.forecasts.mean(axis=1) - each.residuals.truth)
    return float(errors.mean()) / level(each.series) if len(errors) else 0.3


def _calibrated(regime: Regime, calibration: Sequence[Tried]) -> Regime:
    """Return the regime with split conformal quantiles: the errors of series that took no part in fitting the weights.

    Months ahead are pooled in groups, and an interval never narrows with distance. Angelopoulos & Bates, "A gentle
    introduction to conformal prediction", 2021, section 1.
    """
    scores = np.stack([_scores(regime, each) for each in calibration])
    tail = (1.0 - LEVEL) / 2
    low, high = [], []
    for first, last in _STEPS:
        group = scores[:, first - 1 : last]
        seen = group[np.isfinite(group)]
        if len(seen) >= _FEWEST_SCORES:
            low.append(float(np.quantile(seen, tail)))
            high.append(float(np.quantile(seen, 1.0 - tail)))
        else:
            low.append(low[-1])
            high.append(high[-1])
    middles = [(first + last) / 2 for first, last in _STEPS]
    steps = np.arange(1, HORIZON + 1)
    lower = np.interp(steps, middles, np.minimum.accumulate(low))
    upper = np.interp(steps, middles, np.maximum.accumulate(high))
    return replace(regime, lower=tuple(map(float, lower)), upper=tuple(map(float, upper)))


def _scores(regime: Regime, each: Tried) -> Floats:
    ahead, size = combined(regime, each)
    errors: Floats = each.example.ahead - ahead
    return errors / size if size > 0 else np.full(len(errors), np.nan)
