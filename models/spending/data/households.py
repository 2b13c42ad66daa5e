"""Households of the story, month by month and category by category."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.spending.data.categories import CATEGORIES, Category
from models.spending.series import YEAR, Floats

LEVEL = 1900.0
"""Median monthly spending of the story's households, in the population's currency (EUR)."""

CURRENCY = "EUR"


@dataclass(frozen=True)
class Household:
    """What one household spent. months: number of the first month. spent: (months,) by category."""

    start: int
    spent: dict[str, Floats]

    @property
    def total(self) -> Floats:
        result: Floats = np.sum(list(self.spent.values()), axis=0)
        return result


def household(random: np.random.Generator, months: int) -> Household:
    """Return one household that was watched for `months` months."""
    start = int(random.integers(480, 660))
    level = LEVEL * random.lognormal(0.0, 0.55)
    prices = np.exp(random.normal(0.025, 0.012) / YEAR * np.arange(months))
    means = _life(random, months)
    held = [each for each in CATEGORIES if random.random() < each.holders]
    if random.random() < 0.3:  # an account beside the main one: a few kinds of spending only
        held = [held[index] for index in random.permutation(len(held))[: int(random.integers(2, 6))]]
    handling = _handling(random, months)
    spent: dict[str, Floats] = {}
    for category in held:
        own = level * category.share * random.lognormal(0.0, 0.45)
        base = own * prices * means * handling * _taste(random, months)
        spent[category.name] = _RHYTHMS[category.rhythm](random, base, _season(random, category, start, months))
    if random.random() < 0.35:
        first = next(iter(spent))
        spent[first] = spent[first] + _one_offs(random, months, level)
    if random.random() < 0.25:
        _opening(random, spent)
    rounded: dict[str, Floats] = {name: np.maximum(each, 0.0).round(2) for name, each in spent.items()}
    return Household(start, rounded)


def _season(random: np.random.Generator, category: Category, start: int, months: int) -> Floats:
    """Return (months,) factors: the category's season, stronger in some households than in others."""
    strength = random.gamma(4.0, 0.25)
    year = 1.0 + strength * np.array(category.season) / 100 + random.normal(0.0, 0.03, YEAR)
    factors: Floats = np.maximum(year, 0.05)[(start + np.arange(months)) % YEAR]
    return factors


def _life(random: np.random.Generator, months: int) -> Floats:
    """Return (months,) factors of the events that move all spending: a new job, a move, a child, a job lost."""
    factors = np.ones(months)
    for _ in range(random.poisson(months / 40)):
        at = int(random.integers(0, months))
        change = random.lognormal(0.05, 0.25)
        if random.random() < 0.3:  # for a while only
            factors[at : at + int(random.integers(2, 9))] *= change
        else:
            factors[at:] *= change
    return factors


def _handling(random: np.random.Generator, months: int) -> Floats:
    """Return (months,) factors of how money leaves the account: as it is spent, or ahead of it, in uneven sums."""
    if random.random() < 0.35:
        return np.ones(months)
    spread = random.uniform(0.1, 0.8)
    drawn: Floats = random.gamma(spread**-2, spread**2, months)  # mean 1; unlike a lognormal, now and then next to none
    return drawn


def _taste(random: np.random.Generator, months: int) -> Floats:
    """Return (months,) factors that wander: habits change slowly."""
    steps = random.normal(0.0, 0.03 * random.gamma(2.0, 0.5), months)
    factors: Floats = np.exp(np.cumsum(steps) - steps[0])
    return factors


def _opening(random: np.random.Generator, spent: dict[str, Floats]) -> None:
    """Let an account come into use over its first months."""
    ramp = int(random.integers(1, 5))
    for name, each in spent.items():
        used = np.ones(len(each))
        used[:ramp] = np.sort(random.random(ramp))[: len(each)] * random.choice([0.2, 0.6, 1.0])
        spent[name] = each * used


def _one_offs(random: np.random.Generator, months: int, level: float) -> Floats:
    """Return (months,) amounts of a car, a roof, a wedding: once or twice in all, one to eight months' spending."""
    extra = np.zeros(months)
    at = random.integers(0, months, int(random.integers(1, 3)))
    extra[at] = level * random.uniform(1.0, 8.0, len(at))
    return extra


def _fixed(random: np.random.Generator, base: Floats, season: Floats) -> Floats:
    """Bills: paid every month, or with a whole year's or quarter's season in one; raised once a year."""
    every = int(random.choice([1, 1, 1, 3, 12]))
    if every == 1:
        return np.repeat(base[::YEAR], YEAR)[: len(base)] * season * random.normal(1.0, 0.01, len(base))
    due = (np.arange(len(base)) + int(random.integers(0, every))) % every == 0
    return np.where(due, base * every, 0.0)


def _steady(random: np.random.Generator, base: Floats, season: Floats) -> Floats:
    return base * season * random.lognormal(0.0, 0.05 + 0.15 * random.random(), len(base))


def _lumpy(random: np.random.Generator, base: Floats, season: Floats) -> Floats:
    spread = 0.3 + 0.5 * random.random()
    return base * season * random.lognormal(-(spread**2) / 2, spread, len(base))


def _rare(random: np.random.Generator, base: Floats, season: Floats) -> Floats:
    rate = random.uniform(0.1, 0.7)
    counts = random.poisson(rate * season)
    return base / rate * np.where(counts > 0, random.gamma(2.0 * np.maximum(counts, 1), 0.5), 0.0)


_RHYTHMS: dict[str, Callable[[np.random.Generator, Floats, Floats], Floats]] = {
    "fixed": _fixed,
    "steady": _steady,
    "lumpy": _lumpy,
    "rare": _rare,
}
