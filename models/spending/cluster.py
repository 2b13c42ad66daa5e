"""Forecasts of many users on a Ray cluster, by the same predictor as in one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType

from models import store
from models.engine import mapped
from models.spending.contract import SpendingHistory, SpendingPrediction
from models.spending.model import SpendingModel

_AT_ONCE = 10


class ClusterForecasts:
    """What `Forecasts` is on one machine; each worker loads the model of `tag` from the model store it sees."""

    def __init__(self, tag: str) -> None:
        self._make = partial(_predict, tag)

    def __enter__(self) -> ClusterForecasts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the cluster as it is: others may be using it."""

    def of(self, histories: Sequence[SpendingHistory]) -> list[SpendingPrediction]:
        """Return one prediction for each history, in their order."""
        parts = [histories[first : first + _AT_ONCE] for first in range(0, len(histories), _AT_ONCE)]
        return [prediction for part in mapped("ray", parts, self._make) for prediction in part]


def _predict(tag: str) -> Callable[[Sequence[SpendingHistory]], list[SpendingPrediction]]:
    stored = store.load(tag)
    return SpendingModel.open(stored.path, stored.version).predict
