"""Series that are no household: levels that wander, trends that bend, seasons of all sizes, noise of all kinds.

A policy fitted on the story alone would believe that every series is told by it.
"""

from __future__ import annotations

import numpy as np

from models.spending.series import YEAR, Floats

_QUIET = 0.05
"""What hardly jitters mostly wanders: statistics of whole economies, not of one purse."""


def process(random: np.random.Generator, months: int) -> Floats:
    """Return (months,) positive amounts of a random process."""
    noise = random.choice([0.01, 0.03, 0.08, 0.2, 0.45]) * random.uniform(0.6, 1.6)
    level = _level(random, months, noise)
    season = _season(random, months)
    amounts = np.exp(level + season + _noise(random, months, noise))
    if random.random() < 0.1:  # idle months
        amounts = np.where(random.random(months) < random.uniform(0.05, 0.3), 0.0, amounts)
    scaled: Floats = 10.0 ** random.uniform(1.5, 4.5) * amounts
    return scaled


def _level(random: np.random.Generator, months: int, noise: float) -> Floats:
    """Return (months,) log levels: growth, a slope that comes and goes, wandering, now and then a jump."""
    wander = noise * random.choice([0.0, 0.1, 0.3, 0.8] if noise > _QUIET else [0.1, 0.5, 1.0, 2.0])
    growth = random.choice([0.0, random.normal(0.002, 0.005)])
    slope, damping = 0.0, random.uniform(0.8, 0.98)
    bend = 0.15 * wander
    level = np.zeros(months)
    for at in range(1, months):
        slope = damping * slope + bend * random.normal()
        jump = random.normal(0.0, 0.3) if random.random() < 0.004 else 0.0
        level[at] = level[at - 1] + growth + slope + wander * random.normal() + jump
    return level


def _season(random: np.random.Generator, months: int) -> Floats:
    """Return (months,) log season: none for a third, else a smooth or a jagged year that may change slowly."""
    if random.random() < 0.35:
        return np.zeros(months)
    size = random.gamma(1.5, 0.08)
    if random.random() < 0.5:
        angles = 2 * np.pi * np.arange(YEAR) / YEAR
        year = sum(random.normal() * np.cos(order * angles + random.uniform(0, 6.3)) / order for order in (1, 2, 3))
    else:
        year = random.normal(size=YEAR)
    drift = random.normal(0.0, 0.01, (months // YEAR + 1, YEAR)).cumsum(0)
    values: Floats = (size * (np.asarray(year) - np.mean(year)) + drift).reshape(-1)[:months]
    return values


def _noise(random: np.random.Generator, months: int, noise: float) -> Floats:
    """Return (months,) log noise: bell-shaped or heavy-tailed, independent or with some memory."""
    shocks = random.normal(size=months) if random.random() < 0.6 else random.standard_t(4, months) / np.sqrt(2)
    memory = random.choice([0.0, 0.0, 0.4])
    values = np.zeros(months)
    before = 0.0
    for at in range(months):
        before = memory * before + shocks[at]
        values[at] = before
    return values * noise
