"""Every method at work on many examples, on every core."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from models.interruption import starting_children
from models.progress import progress_bar
from models.spending.backtest import SHORTEST, Residuals, backtest
from models.spending.data.examples import Example
from models.spending.methods import forecast_all
from models.spending.series import Floats, Series

_AT_ONCE = 25


@dataclass(frozen=True)
class Tried:
    """One example after every method has been at it: (methods, months) forecasts and the backtest."""

    example: Example
    series: Series
    forecasts: Floats
    residuals: Residuals


def try_out(examples: Sequence[Example], title: str) -> list[Tried]:
    """Return what every method makes of each example that is long enough, in their order."""
    chunks = [examples[first : first + _AT_ONCE] for first in range(0, len(examples), _AT_ONCE)]
    done: list[list[Tried]] = [[] for _ in chunks]
    context = multiprocessing.get_context("spawn")
    with (
        progress_bar(title, len(chunks)) as advance,
        ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool,
    ):
        with starting_children():
            running = {pool.submit(try_each, chunk): number for number, chunk in enumerate(chunks)}
        try:
            for future in as_completed(running):
                done[running[future]] = future.result()
                advance(f"{len(examples)} series")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [tried for chunk in done for tried in chunk]


def try_each(examples: Sequence[Example]) -> list[Tried]:
    """Return what every method makes of each example that is long enough, in this process."""
    tried = []
    for example in examples:
        series = Series.of(example.history, example.start)
        if len(series) >= SHORTEST:
            forecasts = forecast_all(series, len(example.ahead))
            tried.append(Tried(example, series, forecasts, backtest(series)))
    return tried
