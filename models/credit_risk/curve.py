"""A rising curve over log-odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.credit_risk.grid import Floats


@dataclass(frozen=True)
class Curve:
    """Straight between knots, parallel to the diagonal beyond them; without knots the diagonal itself.

    >>> Curve((0.0, 1.0), (0.0, 3.0)).apply(np.array([-1.0, 0.5, 2.0])).tolist()
    [-1.0, 1.5, 4.0]
    """

    given: tuple[float, ...] = ()
    taken: tuple[float, ...] = ()

    def apply(self, log_odds: Floats) -> Floats:
        """Return the calibrated log-odds of (n,) log-odds."""
        if not self.given:
            return log_odds
        beyond = log_odds - np.clip(log_odds, self.given[0], self.given[-1])
        along: Floats = np.interp(log_odds, self.given, self.taken)
        return along + beyond
