"""Why an application is not scored higher: what counts against it, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.credit_risk.contract import Reason
from models.credit_risk.grid import Floats
from models.credit_risk.specification import Feature

MOST = 4
LEAST = 0.05
"""Log-odds below which nothing is a reason: about three points of the score."""


class Reasons:
    """Turns contributions into reasons.

    Features with the same cause are one reason, told by the one that weighs most in it. Contributions are continuous in
    every number, and equal ones are told in the specification's order, so a tiny change of an application changes
    nothing but reasons that were equally strong.

    Parameters
    ----------
    features: the model's inputs. usual: the median of each; low and high sentences are told apart by it.
    """

    def __init__(self, features: Sequence[Feature], usual: Floats) -> None:
        self._features = tuple(features)
        self._usual = usual
        causes = list(dict.fromkeys(feature.cause for feature in features))
        self._causes = [
            (cause, [j for j, feature in enumerate(features) if feature.cause == cause]) for cause in causes
        ]

    def of(self, values: Floats, contributions: Floats) -> list[list[Reason]]:
        """Return the reasons of each row; values and contributions are (n, features)."""
        impact = np.stack(
            [np.add.accumulate(contributions[:, members], axis=1)[:, -1] for _, members in self._causes], axis=1
        ).round(4)
        order = np.argsort(-impact, axis=1, kind="stable")[:, :MOST]
        return [
            [
                self._reason(cause, float(impact[row, cause]), values[row], contributions[row])
                for cause in order[row]
                if impact[row, cause] >= LEAST
            ]
            for row in range(len(values))
        ]

    def _reason(self, cause: int, impact: float, values: Floats, contributions: Floats) -> Reason:
        code, members = self._causes[cause]
        worst = members[int(np.argmax(contributions[members].round(4)))]
        feature = self._features[worst]
        told = feature.reason
        if not isinstance(told, str):
            told = told.low if values[worst] < self._usual[worst] else told.high
        return Reason(code=code, feature=feature.name, message=told, impact=impact)
