"""Who used the processors during a measurement: the service, the load generator, or somebody else."""

from __future__ import annotations

import resource
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

_LOOK_S = 0.7
_AT_REST = 0.15
"""Share of a processor that is as good as none: some look about now and then while they wait."""


@dataclass(frozen=True)
class Spent:
    """Processor seconds: of each process of the service, busiest first, of wrk, and of all else on the machine."""

    service: tuple[float, ...]
    wrk: float
    others: float


def settle(pid: int, at_most_s: float = 20.0) -> None:
    """Wait until a service has nothing left to do.

    Some start processes still when the first ones answer. And callers that leave do not take their calls with them:
    what they left in the queue, a second of work and more for a slow service with many callers, would be worked off in
    the next measurement and counted nowhere.
    """
    deadline = time.monotonic() + at_most_s
    worked = _worked_s(pid)
    while time.monotonic() < deadline:
        time.sleep(_LOOK_S)
        before, worked = worked, _worked_s(pid)
        if worked - before < _AT_REST * _LOOK_S:
            return


def _worked_s(pid: int) -> float:
    """Return the processor seconds of all processes that a service has now."""
    parent = psutil.Process(pid)
    seconds = 0.0
    for process in (parent, *parent.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds


class Stopwatch:
    """Counts from its making to `stop`; the service's processes must live as long."""

    def __init__(self, pid: int) -> None:
        parent = psutil.Process(pid)
        self._processes = [parent, *parent.children(recursive=True)]
        self._begin = self._read()

    def stop(self) -> Spent:
        """Return what was spent since."""
        service, wrk, busy = self._read()
        own = sorted((now - then for now, then in zip(service, self._begin[0], strict=True)), reverse=True)
        generator = wrk - self._begin[1]
        others = max(0.0, busy - self._begin[2] - sum(own) - generator)
        # Parents that only watch over workers would fill the record with zeros.
        return Spent(tuple(round(each, 2) for each in own if each >= 0.05), round(generator, 2), round(others, 2))

    def _read(self) -> tuple[list[float], float, float]:
        service = [times.user + times.system for times in (process.cpu_times() for process in self._processes)]
        children = resource.getrusage(
            resource.RUSAGE_CHILDREN
        )  # those that have ended: wrk, and services stopped before
        machine = psutil.cpu_times()
        return service, children.ru_utime + children.ru_stime, sum(machine) - machine.idle - machine.iowait
