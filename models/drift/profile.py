"""The reference profile: how each watched feature was distributed at training; saved with the model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.drift.bins import Bins
from models.drift.watched import Observation

FILE = "drift.json"
"""Name of the profile inside a stored model."""


@dataclass(frozen=True)
class Expected:
    """The bins of one feature, and how many reference values fall into each."""

    bins: Bins
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ReferenceProfile:
    """What is expected of each feature."""

    features: Mapping[str, Expected]

    @classmethod
    def fit(cls, observations: Sequence[Observation]) -> ReferenceProfile:
        """Return the profile of observations that all name the same features."""
        features: dict[str, Expected] = {}
        for name in observations[0] if observations else ():
            values = [each[name] for each in observations]
            bins = Bins.fit(values)
            counts = [0] * len(bins)
            for value in values:
                counts[bins.place(value)] += 1
            features[name] = Expected(bins, tuple(counts))
        return cls(features)

    def save(self, folder: Path) -> None:
        """Write `drift.json` into the folder of a model."""
        rows = {
            name: {"edges": each.bins.edges, "categories": each.bins.categories, "counts": each.counts}
            for name, each in self.features.items()
        }
        (folder / FILE).write_text(json.dumps(rows, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ReferenceProfile | None:
        """Return the profile of a model's folder; None for a model saved before there were profiles."""
        file = folder / FILE
        if not file.is_file():
            return None
        rows = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            {
                name: Expected(Bins(tuple(row["edges"]), tuple(row["categories"])), tuple(row["counts"]))
                for name, row in rows.items()
            }
        )
