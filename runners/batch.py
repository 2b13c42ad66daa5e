"""What every runner does with a batch: count it, answer it, and let a bad item fail alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from prometheus_client import Counter, Histogram

from models.contract import Refusal
from runners.heartbeat import working
from runners.watch import Watch

log = logging.getLogger(__name__)

ItemT = TypeVar("ItemT")
PredictionT = TypeVar("PredictionT")

BATCH_SIZE = Histogram("ml_batch_size", "Items in a batch.", ["model"], buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256))
REFUSED = Counter("ml_batch_items_refused_total", "Items that failed inside a batch.", ["model"])


@working()
def answer_batch(
    model: str,
    items: Sequence[ItemT],
    predict: Callable[[Sequence[ItemT]], list[PredictionT]],
    watch: Watch[ItemT, PredictionT] | None = None,
) -> list[PredictionT | Refusal]:
    """Return one prediction or refusal for each of `items`, in their order; `watch` sees them all."""
    BATCH_SIZE.labels(model).observe(len(items))
    answers = _answers(model, items, predict)
    if watch is not None:
        watch.add(items, answers)
    return answers


def _answers(
    model: str, items: Sequence[ItemT], predict: Callable[[Sequence[ItemT]], list[PredictionT]]
) -> list[PredictionT | Refusal]:
    answers: list[PredictionT | Refusal] = []
    try:
        answers.extend(predict(items))
    except Exception as error:
        if len(items) == 1:
            return [refuse(model, error)]
        # Someone in the batch is bad; asked one by one, the others are answered.
        for item in items:
            try:
                answers.extend(predict([item]))
            except Exception as own:
                answers.append(refuse(model, own))
    return answers


def refuse(
    model: str,
    error: Exception,
    code: str = "internal_error",
    message: str = "This item could not be processed.",
) -> Refusal:
    """Return the refusal of one item, counted and logged."""
    REFUSED.labels(model).inc()
    log.error("item refused", exc_info=error)
    return Refusal(code=code, message=message)
