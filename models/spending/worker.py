"""The model in a process that does nothing else: loaded once, asked for one history at a time."""

from __future__ import annotations

from pathlib import Path

from models.spending.contract import SpendingHistory, SpendingPrediction
from models.spending.model import SpendingModel

_loaded: list[SpendingModel] = []


def start(folder: str, version: str) -> None:
    """Load the model of a stored folder into this process."""
    _loaded[:] = [SpendingModel.open(Path(folder), version)]


def forecast(history: SpendingHistory) -> SpendingPrediction:
    """Return the prediction for one history."""
    return _loaded[0].predict([history])[0]
