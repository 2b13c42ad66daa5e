"""Fit the policy on series whose future is known: weights, scale of errors, conformal intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import lsq_linear, minimize
from scipy.special import softmax

from models.spending.methods import METHODS
from models.spending.policy import (
    CALIBRATED,
    CLASSES,
    HORIZON,
    SOUND,
    Policy,
    Regime,
    level,
    noise_class,
    scale,
    signs,
    weights,
)
from models.spending.series import YEAR, Floats
from models.spending.tryout import Tried

EDGES = (3, 8, 14, 24, 48)
"""Months of history from which each regime holds."""

SHARPNESS = (0.0, 1.0, 2.0, 4.0, 8.0)
_YOUNG = 24
_DRAWN = 0.03
_PRIOR = np.log([0.1 if method == "seasonal_naive" else 1.0 for method in METHODS])
"""Log weights before anything is seen: equal ones, but for the naive, which is there to be beaten."""

_STEPS = ((1, 1), (2, 3), (4, 6), (7, 12), (13, 18), (19, 27), (28, HORIZON))
_FEWEST = 20


def fit_policy(tried: Sequence[Tried]) -> Policy:
    """Return the policy fitted on both halves of `tried`, its intervals by what each half taught about the other.

    Cross-conformal prediction: Vovk, "Cross-conformal predictors", 2015. Regimes without and with a season have one
    table of quantiles each, so that there are enough series in every class of noise.
    """
    halves = [[each for each in tried if each.example.split == split] for split in ("first", "second")]
    whole = _regimes([*halves[0], *halves[1]])
    judged = [(_regimes(other), half) for half, other in (halves, halves[::-1])]
    regimes: list[Regime] = []
    for young in (True, False):
        scores, classes = [], []
        for policy, half in judged:
            for each in half:
                if (len(each.series) < _YOUNG) is young:
                    ahead, size = combined(policy.regime(len(each.series)), each)
                    scores.append((each.example.ahead - ahead) / size)
                    classes.append(noise_class(size, each.series))
        if len(scores) < _FEWEST:  # all histories are of the other kind
            continue
        lower, upper = _tables(np.stack(scores), np.array(classes))
        regimes += [
            replace(each, lower=lower, upper=upper) for each in whole.regimes if (each.months < _YOUNG) is young
        ]
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


def _regimes(tried: Sequence[Tried]) -> Policy:
    """Return the fitted regimes without intervals; one that too few examples reach is as the one before it."""
    regimes: list[Regime] = []
    for edge, end in zip(EDGES, (*EDGES[1:], 10_000), strict=True):
        inside = [each for each in tried if edge <= len(each.series) < end]
        if len(inside) >= _FEWEST:
            regimes.append(_with_spread(_best_weights(edge, inside), inside))
        elif regimes:
            regimes.append(replace(regimes[-1], months=edge))
    return Policy((replace(regimes[0], months=EDGES[0]), *regimes[1:]))


def _best_weights(edge: int, tried: Sequence[Tried]) -> Regime:
    """Return the weights and the sharpness with the least error, the weights drawn a little towards the prior ones."""
    errors = np.stack([relative_errors(each) for each in tried])
    found: list[tuple[float, Regime]] = []
    for sharpness in SHARPNESS:
        blank = Regime(edge, (1.0,) * len(METHODS), sharpness)
        powers = np.stack([weights(blank, each.residuals) for each in tried])

        def loss(logits: Floats, powers: Floats = powers) -> float:
            shares = softmax(logits) * powers
            shares /= shares.sum(axis=1, keepdims=True)
            miss = float(np.nanmean(np.abs(np.einsum("nm,nmh->nh", shares, errors))))
            return miss + _DRAWN * float(np.square(logits - _PRIOR).mean())

        best = minimize(loss, _PRIOR, method="L-BFGS-B")
        found.append((float(best.fun), replace(blank, weights=tuple(map(float, softmax(best.x))))))
    return min(found, key=lambda pair: pair[0])[1]


def _with_spread(regime: Regime, tried: Sequence[Tried]) -> Regime:
    """Return the regime with the powers and the factor that best explain log errors by their signs (least squares)."""
    rows, errors = [], []
    for each in tried:
        shares = weights(regime, each.residuals)
        seen = signs(each.residuals.forecasts @ shares - each.residuals.truth, each.series)
        came = float(np.nanmean(np.abs(each.example.ahead - shares @ each.forecasts)[:YEAR]))
        rows.append([*np.log(seen), 1.0])
        errors.append(np.log(np.clip(came / level(each.series), *SOUND)))
    # Bounded: errors grow with their signs, and not faster than they do.
    found = lsq_linear(np.array(rows), np.array(errors), bounds=([0, 0, -3], [1, 1, 3])).x
    return replace(regime, spread=(float(found[0]), float(found[1]), float(np.exp(found[2]))))


def _tables(scores: Floats, classes: Floats) -> tuple[tuple[tuple[float, ...], ...], tuple[tuple[float, ...], ...]]:
    """Return (classes, 36) lower and upper quantiles of (series, 36) scores.

    By class of noise (Mondrian conformal prediction: Vovk et al., "Algorithmic learning in a random world", 2005); a
    class that too few series are in has the quantiles of all.
    """
    rows = [scores[classes == number] for number in range(CLASSES)]
    lower, upper = zip(*(_quantiles(each if len(each) >= _FEWEST else scores) for each in rows), strict=True)
    return lower, upper


def _quantiles(scores: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return (36,) lower and upper quantiles; months ahead are pooled in groups, and no interval narrows with them."""
    tail = (1.0 - CALIBRATED) / 2
    low, high = [], []
    for first, last in _STEPS:
        group = scores[:, first - 1 : last]
        seen = group[np.isfinite(group)]
        if len(seen) >= _FEWEST:
            low.append(float(np.quantile(seen, tail)))
            high.append(float(np.quantile(seen, 1.0 - tail)))
        else:  # nothing came so late: as wide as for the months before
            low.append(low[-1])
            high.append(high[-1])
    middles = [(first + last) / 2 for first, last in _STEPS]
    steps = np.arange(1, HORIZON + 1)
    lower = np.interp(steps, middles, np.minimum.accumulate(low))
    upper = np.interp(steps, middles, np.maximum.accumulate(high))
    return tuple(map(float, lower)), tuple(map(float, upper))
