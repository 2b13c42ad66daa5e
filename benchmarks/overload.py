"""`python -m benchmarks.overload`: as many callers as there is room for, then more; and memory over many requests."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil

from benchmarks.callers import Call, call_for, milliseconds
from benchmarks.contenders import CACHED, OURS
from benchmarks.load import QUERIES, Load, send
from benchmarks.machine import describe_commit
from benchmarks.started import Started, started
from benchmarks.subject import SUBJECTS

RESULTS = Path(__file__).with_name("results")
SUBJECT = SUBJECTS["intent"]
ROOM = 512
ASIDE = 50
"""Callers in a process of their own: thousands in one wait for each other, and cannot tell how long an answer takes."""


@dataclass(frozen=True)
class Memory:
    """Proportional memory (MiB) of each process of a service, at a time (s) since the first load began."""

    at: float
    processes: list[float]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="length of each load (%(default)s)")
    parser.add_argument("--requests", type=int, default=500_000, help="over which memory is watched (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as logs:
        shared = {"ML_DATABASE_PATH": f"{logs}/store.sqlite"}
        with started(OURS, SUBJECT, shared, Path(logs) / "full.log") as service:
            ready_s = round(service.ready_s, 1)
            full = [_statuses(service, callers, options.seconds) for callers in (64, 256, ROOM)]
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
                aside = other.submit(_statuses, service, ASIDE, options.seconds)
                over = _statuses(service, 2 * ROOM * len(os.sched_getaffinity(0)) - ASIDE, options.seconds)
            memory_mib = round(sum(_memory_mib(service)), 1)
        with started(CACHED, SUBJECT, shared, Path(logs) / "long.log") as service:
            watched, loads = _watched(service, options.requests)
    requests = sum(load.requests for load in loads)
    record = {
        "commit": describe_commit(),
        "ready_s": ready_s,
        "memory_mib": memory_mib,
        "with_room": full,
        "without_room": over,
        "aside": aside.result(),
        "requests": requests,
        "failed": sum(load.errors for load in loads),
        "slowest_ms": [load.max_ms for load in loads],
        "memory": [asdict(each) for each in watched],
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "overload.json").write_text(json.dumps(record) + "\n", encoding="utf-8")
    _plot(watched, requests, options.out / "memory.png")
    print(json.dumps({key: value for key, value in record.items() if key != "memory"}, indent=1))


def _statuses(service: Started, callers: int, seconds: int) -> dict[str, Any]:
    texts = QUERIES.read_text(encoding="utf-8").splitlines()
    call = Call("intent", SUBJECT.route, [{"query": text} for text in texts])
    url = service.url.removesuffix(SUBJECT.route)
    answered = asyncio.run(call_for(url, [call], callers, seconds, ramp_s=callers / 1000))
    refused = [each for each in answered if each.status == 429]
    return {
        "callers": callers,
        "statuses": Counter(str(each.status) for each in answered),
        "p99_ms": milliseconds([each for each in answered if each.status == 200], 99),
        "refused_p50_ms": milliseconds(refused, 50),
        "refused_p99_ms": milliseconds(refused, 99),
        "refused_without_retry_after": sum(each.retry_after is None for each in refused),
    }


def _memory_mib(service: Started) -> list[float]:
    """Return the proportional memory of each process of a service (MiB)."""
    parent = psutil.Process(service.pid)
    processes = [parent, *parent.children(recursive=True)]
    return [round(each.memory_full_info().pss / 2**20, 1) for each in processes]


def _watched(service: Started, requests: int) -> tuple[list[Memory], list[Load]]:
    """Return what memory did while at least `requests` were answered; kept answers, for they go by most quickly.

    It is looked at between the loads: the kernel holds a process up for some 10 ms to count its pages.
    """
    send(service.url, 64, 5)
    began = time.monotonic()
    memory = [Memory(0.0, _memory_mib(service))]
    loads: list[Load] = []
    while sum(load.requests for load in loads) < requests:
        loads.append(send(service.url, 64, 5))
        memory.append(Memory(round(time.monotonic() - began, 1), _memory_mib(service)))
    return memory, loads


def _plot(memory: Sequence[Memory], requests: int, file: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    times = [each.at for each in memory]
    for process in zip(*(each.processes for each in memory), strict=True):
        axes.plot(times, process, marker=".")
    axes.set(xlabel=f"seconds, {requests} requests in all", ylabel="MiB (PSS)", ylim=(0, None))
    axes.set_title("Memory of each process under load")
    figure.savefig(file, dpi=120)


if __name__ == "__main__":
    main()
