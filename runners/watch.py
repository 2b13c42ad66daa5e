"""What a runner tells of itself on `/metrics`: that it lives, how old its model is, how far its traffic has drifted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from prometheus_client import Gauge

from models.contract import Refusal
from models.drift.profile import ReferenceProfile
from models.drift.sketch import Sketch
from models.drift.watched import Watched

if TYPE_CHECKING:
    from models.store import StoredModel

RequestT = TypeVar("RequestT")
PredictionT = TypeVar("PredictionT")

WORKERS = Gauge("ml_runner_workers", "Processes that answer with a model.", ["model"], multiprocess_mode="livesum")
SAVED = Gauge("ml_model_saved_timestamp_seconds", "When the model was trained.", ["model"], multiprocess_mode="livemax")
OBSERVED = Gauge(
    "ml_drift_observed",
    "How many of the last calls fall into a bin.",
    ["model", "feature", "bin"],
    multiprocess_mode="livesum",
)
EXPECTED = Gauge(
    "ml_drift_expected",
    "How many calls of the reference profile fall into a bin.",
    ["model", "feature", "bin"],
    multiprocess_mode="livemax",
)

_TOLD_EVERY_S = 5.0


class Watch(Generic[RequestT, PredictionT]):
    """Watches the calls that a runner answers; what a cache answered is not among them.

    A call costs some microseconds. What all have come to is written at most every 5 s, by the call that is due; the
    stability index follows from the sum over all processes, where metrics are read. The bins are those of the
    reference profile, so no label is from a caller.
    """

    def __init__(self, stored: StoredModel, watched: Watched[RequestT, PredictionT]) -> None:
        self._watched = watched
        WORKERS.labels(stored.name).set(1)
        SAVED.labels(stored.name).set(stored.saved.timestamp())
        profile = ReferenceProfile.load(stored.path)
        self._sketch = None if profile is None else Sketch(profile)
        self._told = 0.0
        self._observed: list[tuple[Gauge, list[int], int]] = []
        if self._sketch is not None:
            for feature, expected in self._sketch.profile.features.items():
                for place, (name, count) in enumerate(zip(expected.bins.names, expected.counts, strict=True)):
                    labels = (stored.name, feature, f"{place:02} {name}")
                    EXPECTED.labels(*labels).set(count)
                    self._observed.append((OBSERVED.labels(*labels), self._sketch.counts[feature], place))

    def add(self, requests: Sequence[RequestT], answers: Sequence[PredictionT | Refusal]) -> None:
        """Count the calls of a batch that were answered."""
        if self._sketch is None:
            return
        for request, answer in zip(requests, answers, strict=True):
            if not isinstance(answer, Refusal):
                self._sketch.add(self._watched(request, answer))
        if time.monotonic() - self._told >= _TOLD_EVERY_S:
            self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        for gauge, counts, place in self._observed:
            gauge.set(counts[place])
