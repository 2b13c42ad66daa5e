"""The pieces of a CSV file, read by a process of its own while this one stores those before: each has a processor."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from storage.csv_rows import Chunk, CsvFormat, read_chunks

_chunks: list[Iterator[Chunk]] = []
"""Of the process that reads: what it reads."""


async def read_ahead(file: Path, form: CsvFormat, size: int) -> AsyncGenerator[Chunk]:
    """Yield what `read_chunks` yields, or raise what it raises; the next chunk is read meanwhile."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, _open, (file, form, size)) as reader:
        loop = asyncio.get_running_loop()
        following = loop.run_in_executor(reader, _next)
        while (chunk := await following) is not None:
            following = loop.run_in_executor(reader, _next)
            yield chunk


def _open(file: Path, form: CsvFormat, size: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both, and the other one sees to it
    _chunks[:] = [read_chunks(file, form, size)]


def _next() -> Chunk | None:
    return next(_chunks[0], None)
