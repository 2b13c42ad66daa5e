"""What is known of a user of whom nothing is known: the level, the season and the spread of everybody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.spending.series import YEAR, Floats

TOTAL = "total"
"""Name of the shape of all categories together; used for categories that the population does not know, too."""


@dataclass(frozen=True)
class Shape:
    """One category of the population.

    Parameters
    ----------
    level: median monthly amount, in the population's currency. season: (12,) January to December, their mean 1.
    unknown: 10 % and 90 % quantiles of a month / level. known: of a month / the mean of one or two months before it.
    """

    level: float
    season: tuple[float, ...]
    unknown: tuple[float, float]
    known: tuple[float, float]


@dataclass(frozen=True)
class Profile:
    """The population's shapes by category."""

    shapes: Mapping[str, Shape]

    def forecast(self, amounts: Floats, start: int, months: int, category: str | None) -> tuple[Floats, Floats, Floats]:
        """Return (months,) amounts, lower and upper ends of 80 % intervals, after 0 to 2 months of history."""
        shape = self.shapes.get(category or TOTAL, self.shapes[TOTAL])
        season = np.array(shape.season)
        before = season[(start - len(amounts) + np.arange(len(amounts))) % YEAR]
        own = float((amounts / before).mean()) if len(amounts) else 0.0
        low, high = shape.known if own > 0 else shape.unknown
        ahead = (own or shape.level) * season[(start + np.arange(months)) % YEAR]
        return ahead, ahead * min(low, 1.0), ahead * max(high, 1.0)

    def save(self, file: Path) -> None:
        file.write_text(json.dumps({name: asdict(each) for name, each in self.shapes.items()}, indent=1))

    @classmethod
    def load(cls, file: Path) -> Profile:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            {
                name: Shape(row["level"], tuple(row["season"]), tuple(row["unknown"]), tuple(row["known"]))
                for name, row in rows.items()
            }
        )


def fit_profile(histories: Mapping[str, list[tuple[int, Floats]]]) -> Profile:
    """Return the profile of (first month, amounts) of many users by category."""
    return Profile({name: _shape(each) for name, each in histories.items()})


def _shape(histories: list[tuple[int, Floats]]) -> Shape:
    ratios: list[list[float]] = [[] for _ in range(YEAR)]
    for start, amounts in histories:
        # Whole years only: a part of one would mix growth into the season.
        for first in range(0, len(amounts) - YEAR + 1, YEAR):
            year = amounts[first : first + YEAR]
            for month, amount in enumerate(year):
                if year.any():
                    ratios[(start + first + month) % YEAR].append(float(amount / year.mean()))
    season = np.maximum([float(np.mean(each)) for each in ratios], 0.05)
    season = season / season.mean()
    adjusted = [amounts / season[(start + np.arange(len(amounts))) % YEAR] for start, amounts in histories]
    level = float(np.median([each.mean() for each in adjusted]))
    months = np.concatenate(adjusted) / level
    known = [
        each[seen:] / each[:seen].mean()
        for each in adjusted
        for seen in (1, 2)
        if len(each) > seen and each[:seen].any()
    ]
    return Shape(
        level, tuple(map(float, season)), _tails(months), _tails(np.concatenate(known) if known else np.ones(1))
    )


def _tails(ratios: Floats) -> tuple[float, float]:
    return float(np.quantile(ratios, 0.1)), float(np.quantile(ratios, 0.9))
