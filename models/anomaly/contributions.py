"""What each strange thing about a transaction adds to its score."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np

from models.anomaly.ledger import Floats, Ints
from models.anomaly.scoring import Scorer

MOST_SHARED = 6
"""Groups among which a score is shared out: each one more doubles the work."""


def contributions(scorer: Scorer, strange: Floats, history: int, groups: Sequence[Ints]) -> Floats:
    """Return the Shapley value (groups,) of each group of features in the score of one transaction.

    strange: (features,). groups: positions of the features that are made usual together, at most `MOST_SHARED` groups.

    The mean of what the score falls by when the group is made usual, over all orders in which the groups can be
    (Shapley, 1953). Of two things that are each enough for an alert, taking one away changes nothing; here both count.
    """
    count = len(groups)
    subsets = np.arange(2**count)
    present = (subsets[:, None] >> np.arange(count)) & 1 == 1
    rows = np.repeat(strange[None], len(subsets), axis=0)
    for place, group in enumerate(groups):
        rows[np.ix_(~present[:, place], group)] = 0.0
    score = scorer.score(rows, np.full(len(subsets), history))
    orders = np.array([factorial(size) * factorial(count - size - 1) for size in range(count)]) / factorial(count)
    found = np.zeros(count)
    for place in range(count):
        without = subsets[~present[:, place]]
        weight = orders[present[without].sum(axis=1)]
        found[place] = (weight * (score[without | (1 << place)] - score[without])).sum()
    return found
