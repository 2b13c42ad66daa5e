"""The last calls of a model, bin by bin: what is kept of live traffic, of bounded size."""

from __future__ import annotations

from collections import deque

from models.drift.profile import ReferenceProfile
from models.drift.stability import stability_index
from models.drift.watched import Observation

WINDOW = 5000
FEWEST = 500
"""Calls below which chance alone makes an index that looks like a change."""


class Sketch:
    """Counts the last `WINDOW` calls; each call in makes the oldest one leave.

    A row of small numbers a call is kept, and no value itself.
    """

    def __init__(self, profile: ReferenceProfile) -> None:
        self.profile = profile
        self.counts = {name: [0] * len(each.bins) for name, each in profile.features.items()}
        self._watched = [(name, each.bins.place, self.counts[name]) for name, each in profile.features.items()]
        self._rows: deque[list[int]] = deque()

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, observation: Observation) -> None:
        """Count one call; what it says beside the features of the profile is not looked at."""
        row = []
        for name, place, counts in self._watched:
            bin_ = place(observation.get(name))
            counts[bin_] += 1
            row.append(bin_)
        self._rows.append(row)
        if len(self._rows) > WINDOW:
            for (_, _, counts), bin_ in zip(self._watched, self._rows.popleft(), strict=True):
                counts[bin_] -= 1

    def indices(self) -> dict[str, float]:
        """Return the stability index of each feature; of none before there are `FEWEST` calls."""
        if len(self) < FEWEST:
            return {}
        return {name: stability_index(each.counts, self.counts[name]) for name, each in self.profile.features.items()}
