"""Train several models at once, each in a process of its own with its share of the cores."""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import cast

from models.progress import Step, progress_board, show_elsewhere

Train = Callable[[str], int]
"""Trains the model of a name and returns an exit status."""

_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class _Ended:
    """What came of one training."""

    status: int
    said: str


def train_together(names: Sequence[str], train: Train) -> int:
    """Train the models in the order given, as many at once as there are cores; return the first status that is not 0.

    Two at once, each on one core, are done sooner than one after the other on both: small networks hardly gain from
    a second core.
    """
    if len(names) == 1:
        return train(names[0])
    cores = len(os.sched_getaffinity(0))
    at_once = min(cores, len(names))
    waiting = list(names)
    running: dict[Connection, tuple[str, BaseProcess]] = {}
    statuses: list[int] = []
    with progress_board() as show:
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    name = waiting.pop(0)
                    running.update([_start(name, train, max(1, cores // at_once))])
                for ready in cast(list[Connection], wait(list(running))):
                    name, process = running[ready]
                    news = _receive(ready)
                    if isinstance(news, Step):
                        show(replace(news, title=f"{name}: {news.title}"))
                        continue
                    process.join()
                    del running[ready]
                    print(news.said, end="", file=sys.stderr, flush=True)
                    statuses.append(news.status)
        except KeyboardInterrupt:  # the terminal told the others, too
            for _, process in running.values():
                process.join()
            statuses.insert(0, 130)
    return next((status for status in statuses if status), 0)


def _start(name: str, train: Train, threads: int) -> tuple[Connection, tuple[str, BaseProcess]]:
    receiver, sender = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_work, args=(name, train, sender))
    with _threads(threads):
        process.start()
    sender.close()
    return receiver, (name, process)


def _receive(receiver: Connection) -> Step | _Ended:
    try:
        return cast("Step | _Ended", receiver.recv())
    except EOFError:  # it died, and said why itself
        return _Ended(1, "")


def _work(name: str, train: Train, sender: Connection) -> None:
    show_elsewhere(sender.send)
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = train(name)
    sender.send(_Ended(status, said.getvalue()))


@contextmanager
def _threads(threads: int) -> Iterator[None]:
    """Let a process that starts now compute with so many threads, unless the user has said how many."""
    if "OMP_NUM_THREADS" in os.environ:
        yield
        return
    os.environ["OMP_NUM_THREADS"] = str(threads)
    try:
        yield
    finally:
        del os.environ["OMP_NUM_THREADS"]
