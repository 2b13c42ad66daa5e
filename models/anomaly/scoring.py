"""From features to a score: what the person says and what the population says, weighed by the history's size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.anomaly.arrays import Part, load_parts, save_parts
from models.anomaly.detector import Detector, Even
from models.anomaly.evidence import ManyOddThings, OneOddThing
from models.anomaly.ledger import Bools, Floats, Ints
from models.anomaly.tails import ColumnTails, Tail

BASE_RATE = 0.005
"""Share of ordinary transactions that score 0.5 and more."""
HISTORIES = (0, 1, 10, 50, 200)
"""Least histories of the groups whose scores are compared with one another."""
_WEIGHT = 10.0
"""Earlier transactions that make the person's word weigh as much as the population's."""


@dataclass(frozen=True)
class Scorer:
    """Scores features.

    Attributes
    ----------
    detector: how far the features are out among those of ordinary transactions, untaught.
    many: how much many small oddities of ordinary people's transactions speak for mischief. With the detector, it is
        what the population says.
    one: how much one great oddity does, by the person's own habits: what the person says.
    ranks: the tails of all three over ordinary transactions.
    total: for each group of `HISTORIES`, the tail of the whole over ordinary transactions.
    """

    detector: Detector
    many: ManyOddThings
    one: OneOddThing
    ranks: tuple[Tail, ...]
    total: tuple[Tail, ...]

    @classmethod
    def fit(cls, strange: Floats, history: Ints, odd: Bools, seed: int = 0) -> Scorer:
        """Learn from features (n, features); those of odd rows teach what speaks for mischief, and no more."""
        ordinary = strange[~odd]
        detector = Detector.fit(ordinary, seed, upward=True)
        blank = cls(detector, *_taught(detector, strange, odd), (), ())
        ranks = tuple(Tail.fit(voice) for voice in blank.voices(ordinary))
        ranked = cls(detector, blank.many, blank.one, ranks, ())
        both, group = ranked.strangeness(ordinary, history[~odd]), groups(history[~odd])
        some = [group == each if (group == each).any() else group >= 0 for each in range(len(HISTORIES))]
        return cls(detector, blank.many, blank.one, ranks, tuple(Tail.fit(both[rows]) for rows in some))

    def voices(self, strange: Floats) -> tuple[Floats, Floats, Floats]:
        """Return what the detector, many oddities and one oddity say (n,), each on its own scale."""
        surprises = self.surprises(strange)
        far = self.detector.combined({"tails": surprises.sum(axis=1)})  # the only view of surprises
        return far, self.many.score(surprises), self.one.score((surprises + strange) / 2)

    def surprises(self, strange: Floats) -> Floats:
        """Return minus the logarithm of how often ordinary transactions go as far, by feature (n, features)."""
        return self.detector.tails.high(strange)

    def strangeness(self, strange: Floats, history: Ints) -> Floats:
        """Return the mean of what the person and the population say (n,), the person's weight growing with history."""
        far, many, one = (rank.surprise(voice) for rank, voice in zip(self.ranks, self.voices(strange), strict=True))
        weight = history / (history + _WEIGHT)
        both: Floats = weight * one + (1 - weight) * (far + many) / 2
        return both

    def surprise(self, strange: Floats, history: Ints) -> Floats:
        """Return minus the logarithm of how many ordinary transactions are as strange (n,).

        Those of users with about as much history: who is known better is surprising less often.
        """
        both, group = self.strangeness(strange, history), groups(history)
        surprise = np.zeros(len(both))
        for each in np.unique(group):
            surprise[group == each] = self.total[each].surprise(both[group == each])
        return surprise

    def score(self, strange: Floats, history: Ints) -> Floats:
        """Return scores (n,) from 0 to 1 of features (n, features).

        With p the share of ordinary transactions that are as strange, the score is 1 / (1 + sqrt(p / 0.005)): 0.5 for
        what happens once in 200 ordinary transactions. The root leaves room above: what is strange in two ways is
        told from what is so in one, however strange each is.
        """
        root: Floats = np.exp(-self.surprise(strange, history) / 2) / np.sqrt(BASE_RATE)
        return 1 / (1 + root)

    def save(self, file: Path) -> None:
        """Write to an `.npz` file."""
        ranks = {f"rank {place}": rank for place, rank in enumerate(self.ranks)}
        total = {f"history {least}": tail for least, tail in zip(HISTORIES, self.total, strict=True)}
        learnt: dict[str, Part] = {"even": self.detector.even, "tails": self.detector.tails}
        learnt |= {"tails rank": self.detector.ranks["tails"], "many": self.many, "one": self.one}
        save_parts(file, {**learnt, **ranks, **total})

    @classmethod
    def load(cls, file: Path) -> Scorer:
        """Read what `save` wrote."""
        parts = load_parts(file)
        return cls(
            detector=Detector(
                Even(**parts["even"]), ColumnTails(**parts["tails"]), None, {"tails": Tail(**parts["tails rank"])}
            ),
            many=ManyOddThings(**parts["many"]),
            one=OneOddThing(**parts["one"]),
            ranks=tuple(Tail(**parts[f"rank {place}"]) for place in range(3)),
            total=tuple(Tail(**parts[f"history {least}"]) for least in HISTORIES),
        )


def threshold(alert_rate: float) -> float:
    """Return the score that this share of ordinary transactions exceeds.

    >>> threshold(0.005), threshold(0.02)
    (0.5, 0.333333333)
    """
    return rounded(1 / (1 + float(np.sqrt(alert_rate / BASE_RATE))))


def rounded(score: float) -> float:
    """Return a score, or a part of one, as it is told: what is behind the ninth digit is noise."""
    return round(min(1.0, max(0.0, float(score))), 9)


def groups(history: Ints) -> Ints:
    """Return the group of `HISTORIES` that each size of history is in."""
    return np.searchsorted(np.array(HISTORIES), history, "right") - 1


def _taught(detector: Detector, strange: Floats, odd: Bools) -> tuple[ManyOddThings, OneOddThing]:
    surprises = detector.tails.high(strange)
    return ManyOddThings.fit(surprises, odd), OneOddThing.fit((surprises + strange) / 2, odd)
