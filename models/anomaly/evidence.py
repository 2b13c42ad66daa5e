"""How much surprises speak for mischief rather than for ordinary life: learned, and never less for more surprise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.anomaly.ledger import Bools, Floats
from models.sigmoid import sigmoid

ODDS = 10.0
"""Ordinary transactions for each odd one, by weight, while learning: few false alarms matter more than every catch."""
KNOTS = (0.0, 2.0, 4.0, 6.0)
_RIDGE = 2e-4

Bounds = Sequence[tuple[float | None, float | None]]


@dataclass(frozen=True)
class OneOddThing:
    """Log-odds of mischief that is odd in one respect: log sum_k exp(share_k + steepness * t_k), for surprises t.

    The likelihood ratio of a mixture: each respect has its own frequency among mischief, and ordinary life reaches a
    surprise t with chance exp(-t). So one great surprise is enough, and many features without any are no excuse.

    Attributes
    ----------
    share: (features,). steepness: positive.
    """

    share: Floats
    steepness: Floats

    @classmethod
    def fit(cls, surprise: Floats, odd: Bools) -> OneOddThing:
        """Learn from surprises (n, features), and which rows are odd."""
        count = surprise.shape[1]

        def score(parameters: Floats) -> tuple[Floats, Callable[[Floats], Floats]]:
            steepness = np.exp(parameters[count])
            each = parameters[:count] + steepness * surprise
            total = _log_sum_exp(each)
            part = np.exp(each - total[:, None])

            def gradient(slope: Floats) -> Floats:
                return np.append(part.T @ slope, steepness * (slope * (part * surprise).sum(axis=1)).sum())

            return total, gradient

        def away(parameters: Floats) -> Floats:
            return np.append(parameters[:count] - parameters[:count].mean(), 0.0)

        start = np.append(np.full(count, -8.0), 0.0)
        found = _fit(odd, start, score, away, [(None, None)] * (count + 1))
        return cls(found[:count], np.array(np.exp(found[count])))

    def score(self, surprise: Floats) -> Floats:
        """Return log-odds (n,) of surprises (n, features)."""
        return _log_sum_exp(self.share + self.steepness * surprise)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)


@dataclass(frozen=True)
class ManyOddThings:
    """Log-odds of mischief to which every surprise adds: a generalised additive model (Hastie & Tibshirani, 1990).

    Attributes
    ----------
    slopes: (features, knots) by how much a feature's curve is steeper from each of `KNOTS` on; none is negative.
    """

    slopes: Floats

    @classmethod
    def fit(cls, surprise: Floats, odd: Bools) -> ManyOddThings:
        """Learn from surprises (n, features), and which rows are odd."""
        basis = _hinges(surprise).reshape(len(surprise), -1)

        def score(parameters: Floats) -> tuple[Floats, Callable[[Floats], Floats]]:
            return parameters[0] + basis @ parameters[1:], lambda slope: np.append(slope.sum(), basis.T @ slope)

        def away(parameters: Floats) -> Floats:
            return np.append(0.0, parameters[1:])

        start = np.append(-2.0, np.full(basis.shape[1], 0.05))
        found = _fit(odd, start, score, away, [(None, None), *[(0.0, None)] * basis.shape[1]])
        return cls(found[1:].reshape(surprise.shape[1], len(KNOTS)))

    def score(self, surprise: Floats) -> Floats:
        """Return log-odds (n,) of surprises (n, features), but for a constant."""
        score: Floats = np.einsum("nfk,fk->n", _hinges(surprise), self.slopes)
        return score

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)


def _log_sum_exp(rows: Floats) -> Floats:
    """Return the logarithm of the sum of exponentials of each row (n,): as scipy's, in a quarter of its time."""
    most = rows.max(axis=1, keepdims=True)
    largest = rows == most
    ties = largest.sum(axis=1)
    rest = np.exp(np.where(largest, -np.inf, rows - most)).sum(axis=1)
    total: Floats = np.log1p(rest / ties) + np.log(ties) + most[:, 0]
    return total


def _hinges(surprise: Floats) -> Floats:
    """Return how far each surprise is above each knot, (n, features, knots)."""
    hinges: Floats = np.maximum(surprise[:, :, None] - np.array(KNOTS), 0.0)
    return hinges


def _fit(
    odd: Bools,
    start: Floats,
    score: Callable[[Floats], tuple[Floats, Callable[[Floats], Floats]]],
    away: Callable[[Floats], Floats],
    bounds: Bounds,
) -> Floats:
    """Return the parameters of least penalised logistic loss, by L-BFGS-B (Byrd et al., 1995).

    score: gives log-odds, and what turns their gradient into that of the parameters. away: what the ridge draws to 0.
    """
    from scipy.optimize import minimize

    truth = odd.astype(np.float64)
    weights = np.where(odd, 1 / odd.sum(), ODDS / (~odd).sum()) / (1 + ODDS)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        log_odds, gradient = score(parameters)
        drawn = away(parameters)
        value = (weights * (np.logaddexp(0.0, log_odds) - truth * log_odds)).sum() + _RIDGE * (drawn**2).sum()
        return float(value), gradient(weights * (sigmoid(log_odds) - truth)) + 2 * _RIDGE * drawn

    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(found.x, dtype=np.float64)
