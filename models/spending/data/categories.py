"""The kinds of spending of the story: how much, when in the year, how evenly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rhythm = Literal["fixed", "steady", "lumpy", "rare"]
"""fixed: a bill, the same until it is raised. steady: many purchases. lumpy: a few. rare: in some months none."""


@dataclass(frozen=True)
class Category:
    """One kind of spending.

    Parameters
    ----------
    share: of a household's spending, on average. holders: share of households that have it. season: size of
    January to December against the year's mean, in percent above or below.
    """

    name: str
    share: float
    holders: float
    rhythm: Rhythm
    season: tuple[int, ...]


CATEGORIES: tuple[Category, ...] = (
    Category("rent", 0.27, 0.70, "fixed", (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    Category("groceries", 0.17, 1.00, "steady", (-4, -6, 0, 1, 0, -1, -3, -5, 0, 1, 1, 16)),
    Category("utilities", 0.07, 0.90, "fixed", (35, 30, 15, 0, -18, -28, -30, -28, -20, -2, 16, 30)),
    Category("transport", 0.05, 0.80, "steady", (-2, 0, 3, 2, 3, 1, -6, -14, 6, 5, 3, -1)),
    Category("fuel", 0.05, 0.60, "steady", (-7, -8, -2, 2, 3, 4, 12, 10, 0, -1, -5, -8)),
    Category("restaurants", 0.07, 0.95, "steady", (-12, -8, -3, 1, 4, 6, 9, 2, -1, -3, -4, 9)),
    Category("travel", 0.06, 0.65, "rare", (-30, -10, -5, 5, 10, 35, 55, 30, -15, -20, -35, -20)),
    Category("health", 0.04, 0.85, "lumpy", (8, 5, 3, 0, 0, -3, -8, -15, 2, 4, 4, 0)),
    Category("insurance", 0.04, 0.80, "fixed", (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    Category("entertainment", 0.03, 0.90, "lumpy", (-8, -6, -2, -1, 0, 4, 8, 4, -4, -2, -3, 10)),
    Category("subscriptions", 0.02, 0.95, "fixed", (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    Category("clothing", 0.04, 0.90, "lumpy", (8, -18, -3, 3, 2, 4, 3, -10, 6, 3, 4, -2)),
    Category("education", 0.02, 0.25, "rare", (-5, -15, -15, -15, -15, -10, -10, 10, 90, 20, -15, -20)),
    Category("gifts", 0.02, 0.85, "lumpy", (-35, -15, -15, -10, 10, -5, -20, -22, -18, -10, 25, 115)),
    Category("household", 0.03, 0.90, "lumpy", (-5, -8, 3, 8, 8, 4, 0, -6, 0, -1, 0, -3)),
    Category("electronics", 0.02, 0.60, "rare", (-5, -18, -12, -10, -8, -5, -5, -5, 4, 4, 32, 28)),
    Category("childcare", 0.04, 0.20, "fixed", (5, 4, 4, 4, 4, 2, -28, -32, 12, 10, 8, 7)),
    Category("sports", 0.01, 0.45, "lumpy", (22, 5, 2, 0, -2, -5, -12, -16, 22, 2, -6, -12)),
    Category("pets", 0.01, 0.35, "lumpy", (0, 0, 0, 2, 2, 2, 2, -2, 0, -2, -2, -2)),
    Category("cash", 0.05, 0.80, "lumpy", (-6, -6, -2, 0, 1, 3, 8, 4, -2, -2, -3, 5)),
)
