"""Histories to fit the policy by and to measure it by, each with the months that followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.spending.data.households import household
from models.spending.data.processes import process
from models.spending.series import YEAR, Floats

AHEAD = 36
Split = Literal["first", "second", "test"]
"""Two halves to learn from, each calibrated by what the other taught, and a part that nothing is learned from."""

Kind = Literal["household", "category", "process"]

_YOUNG: tuple[Kind, ...] = ("household", "process", "household", "category", "household")
_OLD: tuple[Kind, ...] = ("household", "process", "process", "category", "process")
"""Whoever has few months is a household; of longer series, more are statistics of something larger."""

_LENGTHS = (3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 21, 24, 28, 32, 36, 42, 48, 60, 72, 90)


@dataclass(frozen=True)
class Example:
    """A history of n months before month `start`, and the `AHEAD` months from there on."""

    kind: Kind
    split: Split
    history: Floats
    ahead: Floats
    start: int


def examples(n: int, seed: int) -> list[Example]:
    """Return n examples; a household, with all its categories, is in one split only."""
    made = []
    for number in range(n):
        random = np.random.default_rng([seed, number])
        length = int(_LENGTHS[number % len(_LENGTHS)])
        split: Split = ("first", "first", "second", "second", "test")[(number // len(_LENGTHS)) % 5]
        kind = (_YOUNG if length < 2 * YEAR else _OLD)[number % 5]
        if kind == "process":
            start, amounts = int(random.integers(480, 660)), process(random, length + AHEAD)
        else:
            home = household(random, length + AHEAD)
            names = sorted(home.spent)
            start = home.start
            amounts = home.total if kind == "household" else home.spent[names[int(random.integers(len(names)))]]
        if not amounts[:length].any():
            continue
        made.append(Example(kind, split, amounts[:length], amounts[length:], start + length))
    return made
