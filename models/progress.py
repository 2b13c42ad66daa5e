"""Progress of long work, on a terminal as bars and elsewhere as a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from models.interruption import heed

_LINE_EVERY_S = 10.0


@dataclass(frozen=True)
class Step:
    """How far a piece of work is."""

    title: str
    done: int
    total: int
    remark: str = ""


_elsewhere: Callable[[Step], None] | None = None


def show_elsewhere(show: Callable[[Step], None]) -> None:
    """Give all progress of this process to `show`: another process has the terminal."""
    global _elsewhere
    _elsewhere = show


@contextmanager
def progress_bar(title: str, total: int, done: int = 0) -> Iterator[Callable[[str], None]]:
    """Yield a function that marks one more step done, with a remark; `done` of them are from an earlier time."""
    with progress_board() as show:
        show(Step(title, done, total))

        def advance(remark: str) -> None:
            nonlocal done
            heed()
            done += 1
            show(Step(title, done, total, remark))

        yield advance


@contextmanager
def progress_board() -> Iterator[Callable[[Step], None]]:
    """Yield a function that shows steps of several pieces of work at once, told apart by their titles."""
    if _elsewhere is not None:
        yield _elsewhere
    elif sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[remark]}"),
        )
        with Progress(*columns, console=Console(stderr=True)) as bars:
            yield _on(bars)
    else:
        yield _lines()


def _on(bars: Progress) -> Callable[[Step], None]:
    tasks: dict[str, TaskID] = {}

    def show(step: Step) -> None:
        if step.title not in tasks:
            tasks[step.title] = bars.add_task(step.title, total=step.total, remark="")
        bars.update(tasks[step.title], completed=step.done, total=step.total, remark=step.remark)

    return show


def _lines() -> Callable[[Step], None]:
    begun: dict[str, float] = {}
    said: dict[str, float] = {}

    def show(step: Step) -> None:
        now = time.monotonic()
        if step.title not in begun:
            begun[step.title] = said[step.title] = now
        if step.done and (now - said[step.title] >= _LINE_EVERY_S or step.done == step.total):
            said[step.title] = now
            after = f"after {now - begun[step.title]:.0f} s"
            print(f"{step.title}: {step.done}/{step.total} {after}  {step.remark}", file=sys.stderr, flush=True)

    return show
