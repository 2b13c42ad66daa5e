"""What the spending runner's processes do; the runner names it without loading the libraries that it needs."""

from __future__ import annotations

from models.spending.contract import SpendingHistory, SpendingPrediction
from runners.collection import nothing_collected


def start(folder: str, version: str) -> None:
    """Load the model of a stored folder into this process."""
    with nothing_collected():
        from models.spending import worker

        worker.start(folder, version)


def forecast(history: SpendingHistory) -> SpendingPrediction:
    """Return the prediction for one history."""
    from models.spending import worker

    return worker.forecast(history)
