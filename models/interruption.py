"""Ctrl-C in a command: one line, exit code 130, and nothing half done."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""The exit code of a command that SIGINT ended, as shells have it."""
_told = threading.Event()


@contextmanager
def loading() -> Iterator[None]:
    """Let Ctrl-C end the process at once while libraries are imported.

    Some of them swallow it, others make another error of it; and nothing has begun yet that could be left half done.
    """
    with _handled_by(_leave):
        yield


@contextmanager
def heeding() -> Iterator[None]:
    """Note Ctrl-C besides raising it: what a library swallows of it, `heed` raises again."""
    with _handled_by(_note):
        try:
            yield
        finally:
            _told.clear()


def heed() -> None:
    """Called now and then by long work.

    Raises
    ------
    KeyboardInterrupt: Ctrl-C was pressed, and the work went on all the same.
    """
    if _told.is_set():
        raise KeyboardInterrupt


@contextmanager
def _handled_by(handler: Callable[..., None]) -> Iterator[None]:
    """Give Ctrl-C to `handler`; a thread other than the first hears no signals, and nothing changes for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _note(*_: object) -> None:
    _told.set()
    raise KeyboardInterrupt


@contextmanager
def starting_children() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: a terminal sends it to all, and each would end with a traceback.

    The parent, who hears of it when the block ends, ends them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # children inherit it
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_more() -> None:
    """Ignore Ctrl-C from now on: the command is over, and what is left is Python's own end."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _leave(*_: object) -> None:
    if multiprocessing.parent_process() is None:  # else the parent tells, once for all
        os.write(2, b"interrupted; nothing was begun\n")
    os._exit(INTERRUPTED)
