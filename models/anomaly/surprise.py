"""Surprise in nats: minus the logarithm of the chance that an ordinary transaction of this person goes as far.

A person's own history speaks with the weight of its size, what is above it (a category above a merchant, the person
above a category, the population above all) with the weight of `PSEUDO` transactions.

Several kinds of value are judged at once, each beside earlier ones of its own kind: of 1,000 numbers, the calls cost
more than what is done in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.anomaly.ledger import Bools, Floats, Ints
from models.anomaly.population import PSEUDO, Usual

_TOP = 0.1
_SHARES = np.array([_TOP, 0.5, 1 - _TOP])
_TAIL_PSEUDO = 3.0


@dataclass(frozen=True)
class Level:
    """What one level says of m values of k kinds.

    Attributes
    ----------
    surprise: (k, m). scale: (k, m) of the exponential tail past the upper tenth. count, low, median, high: (k, m) of
        the values it rests on; a quantile of none is NaN.
    """

    surprise: Floats
    scale: Floats
    count: Floats
    low: Floats
    median: Floats
    high: Floats


def of_population(values: Floats, location: Floats, spread: Floats) -> Level:
    """Return what the population says of values (k, m): a logistic distribution.

    On the logarithm of amounts its tail is Pareto's, as that of spending is.
    """
    none, unknown = np.zeros(values.shape), np.full(values.shape, np.nan)
    surprise: Floats = np.logaddexp(0.0, (values - location) / spread)
    return Level(surprise, spread + none, none, unknown, unknown, unknown)


def usual_level(values: Floats, usual: tuple[Usual, ...]) -> Level:
    """Return what the population says where it says the same to all: something of each kind."""
    location = np.array([[each.location] for each in usual])
    return of_population(values, location, np.array([[each.spread] for each in usual]))


@dataclass(frozen=True)
class Standing:
    """How m values of each of k kinds stand among earlier ones; each is (k, m).

    Attributes
    ----------
    values: themselves. count: how many earlier ones there are. low, median, high: quantiles of those.
    reached: how many are as large. beyond: how many are in the upper tenth, and excess: by how much in all.
    """

    values: Floats
    count: Floats
    low: Floats
    median: Floats
    high: Floats
    reached: Ints
    beyond: Ints
    excess: Floats

    def __getitem__(self, kinds: slice) -> Standing:
        """Return some of the kinds."""
        return Standing(*(each[kinds] for each in vars(self).values()))


def standing(values: Floats, inside: Bools, earlier: Floats) -> Standing:
    """Return how new values (k, m) stand among earlier ones.

    inside: (k, m, w) which of the earlier ones count. earlier: (k, w), each kind ascending.
    """
    so_far = _so_far(inside)
    count = so_far[..., -1]
    low, median, high = _quantiles(so_far, earlier)
    edge = np.where(count > 0, high, 0.0)
    past_edge, reached_from = _places(earlier, edge, "right"), _places(earlier, values - 1e-9, "left")
    beyond = count - _at(so_far, past_edge)
    top = inside & (np.arange(earlier.shape[1]) >= past_edge[..., None])
    excess = np.where(top, earlier[:, None, :], 0.0).sum(axis=-1) - beyond * edge
    reached = count - _at(so_far, reached_from)
    return Standing(values, count.astype(np.float64), low, median, high, reached, beyond, excess)


def of_history(found: Standing, above: Level, least: float | Floats) -> Level:
    """Return what earlier values say of new ones, drawn towards the level above; least: smallest scale of the tail.

    Up to the upper tenth the share that went as far is counted; from there on the tail is exponential, with the mean
    excess as its scale (Hill, 1975, on logarithms), so that one record more is no alarm and ten times the record is.
    """
    values, count = found.values, found.count
    some = count > 0
    edge = np.where(some, found.high, 0.0)
    scale = np.maximum((found.excess + _TAIL_PSEUDO * above.scale) / (_TOP * count + _TAIL_PSEUDO), least)
    body = -np.log((found.reached + 1) / (count + 1))
    tail = -np.log((found.beyond + 1) / (count + 1)) + (values - edge) / scale
    own = np.where(values > edge, np.maximum(tail, 0.0), body)
    surprise = (count * np.where(some, own, 0.0) + PSEUDO * above.surprise) / (count + PSEUDO)
    return Level(surprise, np.where(some, scale, above.scale), count, found.low, found.median, found.high)


def _so_far(inside: Bools) -> Ints:
    """Return how many count among the first 0, 1, … w earlier values (k, m, w + 1)."""
    kinds, rows, width = inside.shape
    so_far = np.zeros((kinds, rows, width + 1), dtype=np.intp)
    np.cumsum(inside, axis=-1, out=so_far[..., 1:])
    return so_far


def _quantiles(so_far: Ints, earlier: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the quantiles (k, m) for `_SHARES` of the values that count."""
    kinds, rows, width = so_far.shape
    groups = np.arange(kinds * rows).reshape(kinds, rows)
    # One ascending line of all counts, each row's above the one's before, so that one search finds every rank.
    line = (so_far + groups[..., None] * width).ravel()
    ranks = np.maximum(np.ceil(_SHARES[:, None, None] * so_far[..., -1]).astype(np.intp), 1) + groups * width
    found = np.searchsorted(line, ranks.ravel(), "left").reshape(ranks.shape) - groups * width
    if width == 1:
        unknown = np.full((kinds, rows), np.nan)
        return unknown, unknown, unknown
    places = np.clip(found - 1, 0, width - 2)
    low, median, high = np.where(so_far[..., -1] > 0, earlier[np.arange(kinds)[:, None], places], np.nan)
    return low, median, high


def _places(earlier: Floats, values: Floats, side: Literal["left", "right"]) -> Ints:
    """Return where values (k, m) would stand among the earlier ones of their kind."""
    return np.stack([np.searchsorted(own, some, side) for own, some in zip(earlier, values, strict=True)])


def _at(so_far: Ints, places: Ints) -> Ints:
    kinds, rows, _ = so_far.shape
    at: Ints = so_far[np.arange(kinds)[:, None], np.arange(rows), places]
    return at
