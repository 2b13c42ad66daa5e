"""Progress of long work, on a terminal as a bar and elsewhere as a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_LINE_EVERY_S = 10.0


@contextmanager
def progress_bar(title: str, total: int, done: int = 0) -> Iterator[Callable[[str], None]]:
    """Yield a function that marks one more step done, with a remark; `done` of them are from an earlier time."""
    if sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[remark]}"),
        )
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(title, total=total, completed=done, remark="")
            yield lambda remark: bar.update(task, advance=1, remark=remark)
        return
    started = said = time.monotonic()

    def advance(remark: str) -> None:
        nonlocal done, said
        done += 1
        now = time.monotonic()
        if now - said >= _LINE_EVERY_S or done == total:
            said = now
            print(f"{title}: {done}/{total} after {now - started:.0f} s  {remark}", file=sys.stderr, flush=True)

    yield advance
