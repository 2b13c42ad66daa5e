"""How much surprises speak for mischief rather than for ordinary life: learned, and never less for more surprise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from models.anomaly.ledger import Bools, Floats

ODDS = 10.0
"""Ordinary transactions for each odd one, by weight, while learning: few false alarms matter more than every catch."""
_RIDGE = 1e-4


@dataclass(frozen=True)
class Evidence:
    """Log-odds of mischief: log sum_k exp(share_k + steepness * t_k) + sum_k further_k * t_k, for surprises t.

    The first term is the likelihood ratio of a mixture: mischief is odd in one respect or another, each with its own
    frequency, and ordinary life reaches a surprise t with chance exp(-t). So one great surprise is enough, and many
    features without any are no excuse. The second lets surprises in several respects add up.

    Attributes
    ----------
    share, further: (features,), further is not negative. steepness: positive.
    """

    share: Floats
    steepness: Floats
    further: Floats

    @classmethod
    def fit(cls, surprise: Floats, odd: Bools) -> Evidence:
        """Learn from surprises (n, features), and which rows are odd.

        Penalised logistic regression, by L-BFGS-B (Byrd et al., 1995).
        """
        truth = odd.astype(np.float64)
        weights = np.where(odd, 1 / odd.sum(), ODDS / (~odd).sum()) / (1 + ODDS)
        count = surprise.shape[1]

        def loss(parameters: Floats) -> tuple[float, Floats]:
            share, steepness, further = parameters[:count], np.exp(parameters[count]), parameters[count + 1 :]
            each = share + steepness * surprise
            one = logsumexp(each, axis=1)
            log_odds = one + surprise @ further
            part = np.exp(each - one[:, None])
            slope = weights * (expit(log_odds) - truth)
            away = share - share.mean()
            value = (weights * (np.logaddexp(0.0, log_odds) - truth * log_odds)).sum()
            penalty = _RIDGE * ((away**2).sum() + 10 * (further**2).sum())
            gradient = np.concatenate(
                [
                    part.T @ slope + 2 * _RIDGE * away,
                    [steepness * (slope * (part * surprise).sum(axis=1)).sum()],
                    surprise.T @ slope + 20 * _RIDGE * further,
                ]
            )
            return float(value + penalty), gradient

        start = np.concatenate([np.full(count, -8.0), [0.0], np.full(count, 0.05)])
        bounds = [(None, None)] * (count + 1) + [(0.0, None)] * count
        found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500}).x
        return cls(found[:count], np.exp(found[count]), found[count + 1 :])

    def score(self, surprise: Floats) -> Floats:
        """Return log-odds (n,) of surprises (n, features)."""
        one = logsumexp(self.share + self.steepness * surprise, axis=1)
        score: Floats = one + surprise @ self.further
        return score

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields."""
        return asdict(self)
