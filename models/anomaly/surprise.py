"""Surprise in nats: minus the logarithm of the chance that an ordinary transaction of this person goes as far.

A person's own history speaks with the weight of its size, what is above it (a category above a merchant, the person
above a category, the population above all) with the weight of `PSEUDO` transactions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.anomaly.ledger import Bools, Floats
from models.anomaly.population import PSEUDO, Usual
from models.anomaly.window import quantiles

_TOP = 0.1
_TAIL_PSEUDO = 3.0


@dataclass(frozen=True)
class Level:
    """What one level says of m values.

    Attributes
    ----------
    surprise: (m,). scale: (m,) of the exponential tail past the upper tenth. count, median: (m,) of the values it
        rests on; a median of none is NaN.
    """

    surprise: Floats
    scale: Floats
    count: Floats
    low: Floats
    median: Floats
    high: Floats


def of_population(values: Floats, location: Floats, spread: Floats) -> Level:
    """Return what the population says: a logistic distribution.

    On the logarithm of amounts its tail is Pareto's, as that of spending is.
    """
    none, unknown = np.zeros(len(values)), np.full(len(values), np.nan)
    surprise: Floats = np.logaddexp(0.0, (values - location) / spread)
    return Level(surprise, spread + none, none, unknown, unknown, unknown)


def usual_level(values: Floats, usual: Usual) -> Level:
    """Return what the population says where it says the same to all."""
    return of_population(values, np.array(usual.location), np.array(usual.spread))


def of_history(values: Floats, inside: Bools, earlier: Floats, above: Level, least: float) -> Level:
    """Return what earlier values say of m new ones, drawn towards the level above.

    inside: (m, w) which of the earlier ones count. earlier: (w,), ascending. least: smallest scale of the tail.

    Up to the upper tenth the share that went as far is counted; from there on the tail is exponential, with the mean
    excess as its scale (Hill, 1975, on logarithms), so that one record more is no alarm and ten times the record is.
    """
    count, (low, median, high) = quantiles(inside, earlier, (_TOP, 0.5, 1 - _TOP))
    some = count > 0
    edge = np.where(some, high, 0.0)
    top = inside & (earlier > edge[:, None])
    excess = np.where(top, earlier, 0.0).sum(axis=1) - top.sum(axis=1) * edge
    scale = (excess + _TAIL_PSEUDO * above.scale) / (_TOP * count + _TAIL_PSEUDO)
    scale = np.maximum(scale, least)
    reached = (inside & (earlier >= values[:, None] - 1e-9)).sum(axis=1)
    body = -np.log((reached + 1) / (count + 1))
    tail = -np.log((top.sum(axis=1) + 1) / (count + 1)) + (values - edge) / scale
    own = np.where(values > edge, np.maximum(tail, 0.0), body)
    surprise = (count * np.where(some, own, 0.0) + PSEUDO * above.surprise) / (count + PSEUDO)
    return Level(surprise, np.where(some, scale, above.scale), count, low, median, high)
