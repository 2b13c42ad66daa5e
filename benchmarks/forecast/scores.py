"""The figures of each method, each with its standard error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.forecast.answers import Answer
from benchmarks.forecast.public_series import Floats, Task
from models.spending.series import YEAR

_DRAWS = 500


@dataclass(frozen=True)
class Figure:
    """A figure and its standard error."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.error:.3f}"


@dataclass(frozen=True)
class Score:
    """What was measured of one method; None where it has no interval, or the figure is not of this benchmark."""

    method: str
    smape: Figure | None
    mase: Figure | None
    wape: Figure | None
    coverage: Figure | None


def score_m3(method: str, tasks: Sequence[Task], answers: Sequence[Answer]) -> Score:
    """Return sMAPE (0 to 200, mean over months, then series), MASE by the in-sample seasonal naive, and coverage."""
    pairs = list(zip(tasks, answers, strict=True))
    smape = [
        float((200 * np.abs(task.truth - each.amounts) / (np.abs(task.truth) + np.abs(each.amounts))).mean())
        for task, each in pairs
    ]
    mase = [
        float(np.abs(task.truth - each.amounts).mean() / np.abs(task.history[YEAR:] - task.history[:-YEAR]).mean())
        for task, each in pairs
    ]
    return Score(method, _mean(smape), _mean(mase), None, _coverage(pairs))


def score_berka(method: str, tasks: Sequence[Task], answers: Sequence[Answer]) -> Score:
    """Return WAPE over all points, its standard error by a bootstrap over accounts, and coverage."""
    pairs = list(zip(tasks, answers, strict=True))
    accounts = sorted({task.series for task in tasks})
    errors = np.array(
        [_sum_of(pairs, account, lambda task, each: abs(task.truth - each.amounts)) for account in accounts]
    )
    amounts = np.array([_sum_of(pairs, account, lambda task, each: task.truth) for account in accounts])
    random = np.random.default_rng(0)
    draws = [random.integers(0, len(accounts), len(accounts)) for _ in range(_DRAWS)]
    wape = Figure(
        float(errors.sum() / amounts.sum()), float(np.std([errors[at].sum() / amounts[at].sum() for at in draws]))
    )
    return Score(method, None, None, wape, _coverage(pairs))


def _sum_of(pairs: list[tuple[Task, Answer]], account: str, size: Callable[[Task, Answer], Floats]) -> float:
    return float(sum(size(task, each).sum() for task, each in pairs if task.series == account))


def _coverage(pairs: list[tuple[Task, Answer]]) -> Figure | None:
    inside: dict[str, list[float]] = {}
    for task, each in pairs:
        if each.lower is None or each.upper is None:
            return None
        hits = (task.truth >= each.lower) & (task.truth <= each.upper)
        inside.setdefault(task.series, []).extend(hits.tolist())
    return _mean([float(np.mean(hits)) for hits in inside.values()])


def _mean(values: Sequence[float]) -> Figure:
    return Figure(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values))))
