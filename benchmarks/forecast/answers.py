"""What every method answers to every task, worked out on every core."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.forecast.public_series import Floats, Task
from benchmarks.forecast.rivals import OF_SEASONAL, OF_SHORT
from models import store
from models.progress import progress_bar
from models.spending.methods import METHODS, forecast_all
from models.spending.model import SpendingModel
from models.spending.series import Series

OURS = "served"


@dataclass(frozen=True)
class Answer:
    """One method's forecast of one task; no interval where the method has none."""

    amounts: Floats
    lower: Floats | None
    upper: Floats | None


def answer_all(tasks: Sequence[Task], seasonal: bool, tag: str, title: str) -> dict[str, list[Answer]]:
    """Return the answers of each method to `tasks`; ours is that of the stored model."""
    context = multiprocessing.get_context("spawn")
    rows: list[dict[str, Answer]] = []
    with (
        ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool,
        progress_bar(title, len(tasks)) as advance,
    ):
        for row in pool.map(partial(_answers, seasonal=seasonal, tag=tag), tasks, chunksize=4):
            rows.append(row)
            advance("")
    return {name: [row[name] for row in rows] for name in rows[0]}


_model: list[SpendingModel] = []


def _answers(task: Task, seasonal: bool, tag: str) -> dict[str, Answer]:
    if not _model:
        _model.append(SpendingModel.load(store.load(tag)))
    ahead = len(task.truth)
    rivals = OF_SEASONAL if seasonal else OF_SHORT
    answers = {name: Answer(*rival(task, ahead)) for name, rival in rivals.items()}
    series = Series.of(task.history, task.start)
    if len(series) < 3:
        series = Series.whole(task.history, task.start)
    for name, amounts in zip(METHODS, forecast_all(series, ahead), strict=True):
        answers[f"ours: {name.replace('_', ' ')}"] = Answer(amounts, None, None)
    answers["ours: mean of all methods"] = Answer(np.mean(forecast_all(series, ahead), axis=0), None, None)
    found = _model[0].outlook(task.history, task.start, ahead)
    answers[OURS] = Answer(found.amounts, found.lower, found.upper)
    return answers
