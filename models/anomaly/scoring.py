"""From features to a score: what the person says and what the population says, weighed by the history's size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.anomaly.detector import Detector
from models.anomaly.evidence import Evidence
from models.anomaly.features import FEATURES
from models.anomaly.ledger import Bools, Floats, Ints
from models.anomaly.population import PSEUDO
from models.anomaly.tails import Tail

BASE_RATE = 0.005
"""Share of ordinary transactions that score 0.5 and more."""
HISTORIES = (0, 1, 10, 50, 200)
"""Least histories of the groups whose scores are compared with one another."""
_LEAST_TAIL = 1e-9


@dataclass(frozen=True)
class Scorer:
    """Scores features.

    Attributes
    ----------
    tails: how often each feature of ordinary transactions goes as far; one a feature.
    evidence: how much that speaks for mischief: the person's baseline, for features measure against their own habits.
    detector: how far from those of ordinary transactions the features lie as a whole: the population's model.
    own, common: the tails of evidence and detector over ordinary transactions.
    total: for each group of `HISTORIES`, the tail of both together over ordinary transactions.
    """

    tails: tuple[Tail, ...]
    evidence: Evidence
    detector: Detector
    own: Tail
    common: Tail
    total: tuple[Tail, ...]

    @classmethod
    def fit(cls, strange: Floats, history: Ints, odd: Bools, seed: int) -> Scorer:
        """Learn from features (n, features), of which the odd ones are mischief; they teach the evidence only."""
        ordinary = strange[~odd]
        tails = tuple(Tail.fit(column) for column in ordinary.T)
        evidence = Evidence.fit(_surprises(tails, strange), odd)
        detector = Detector.fit(ordinary, seed)
        own = Tail.fit(evidence.score(_surprises(tails, ordinary)))
        common = Tail.fit(detector.score(ordinary))
        blank = cls(tails, evidence, detector, own, common, ())
        both = blank.strangeness(ordinary, history[~odd])
        group = groups(history[~odd])
        total = tuple(
            Tail.fit(both[group == each] if (group == each).any() else both) for each in range(len(HISTORIES))
        )
        return cls(tails, evidence, detector, own, common, total)

    def surprises(self, strange: Floats) -> Floats:
        """Return minus the logarithm of how often ordinary transactions go as far, by feature."""
        return _surprises(self.tails, strange)

    def strangeness(self, strange: Floats, history: Ints) -> Floats:
        """Return the mean of what the person and the population say (n,), the person's weight growing with history."""
        own = self.own.surprise(self.evidence.score(self.surprises(strange)))
        weight = history / (history + PSEUDO)
        common = self.common.surprise(self.detector.score(strange))
        return weight * own + (1 - weight) * (own + common) / 2

    def score(self, strange: Floats, history: Ints) -> Floats:
        """Return scores (n,) from 0 to 1 of features (n, features).

        With p the share of ordinary transactions, of users with about as much history, that are as strange, the score
        is 0.005 / (0.005 + p): 0.5 for what happens once in 200 ordinary transactions.
        """
        both = self.strangeness(strange, history)
        group = groups(history)
        tail = np.zeros(len(both))
        for each in np.unique(group):
            tail[group == each] = np.exp(-self.total[each].surprise(both[group == each]))
        return BASE_RATE / (BASE_RATE + np.maximum(tail, _LEAST_TAIL))

    def save(self, folder: Path) -> None:
        """Write `detector.npz` and `scorer.npz`."""
        self.detector.save(folder / "detector.npz")
        tails = {"own": self.own, "common": self.common}
        tails |= {f"feature {name}": tail for name, tail in zip(FEATURES, self.tails, strict=True)}
        tails |= {f"history {least}": tail for least, tail in zip(HISTORIES, self.total, strict=True)}
        parts = {name: tail.arrays() for name, tail in tails.items()} | {"evidence": self.evidence.arrays()}
        named: dict[str, Any] = {f"{part}/{name}": each for part, held in parts.items() for name, each in held.items()}
        np.savez_compressed(folder / "scorer.npz", **named)

    @classmethod
    def load(cls, folder: Path) -> Scorer:
        """Read what `save` wrote."""
        with np.load(folder / "scorer.npz", allow_pickle=False) as data:

            def part(name: str) -> dict[str, Floats]:
                return {key.partition("/")[2]: data[key] for key in data.files if key.partition("/")[0] == name}

            return cls(
                tails=tuple(Tail(**part(f"feature {name}")) for name in FEATURES),
                evidence=Evidence(**part("evidence")),
                detector=Detector.load(folder / "detector.npz"),
                own=Tail(**part("own")),
                common=Tail(**part("common")),
                total=tuple(Tail(**part(f"history {least}")) for least in HISTORIES),
            )


def threshold(alert_rate: float) -> float:
    """Return the score that this share of ordinary transactions exceeds.

    >>> threshold(0.005), threshold(0.02)
    (0.5, 0.2)
    """
    return round(BASE_RATE / (BASE_RATE + alert_rate), 6)


def groups(history: Ints) -> Ints:
    """Return the group of `HISTORIES` that each size of history is in."""
    return np.searchsorted(np.array(HISTORIES), history, "right") - 1


def _surprises(tails: tuple[Tail, ...], strange: Floats) -> Floats:
    return np.stack([tail.surprise(column) for tail, column in zip(tails, strange.T, strict=True)], axis=1)
