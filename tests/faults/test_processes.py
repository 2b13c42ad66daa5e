"""Processes that are killed, hang or run out of memory under load."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from runners.standby import LOCK
from tests.faults.conftest import MODELS, healthy, percent, quiet, started_whole, wait_until
from tests.faults.load import PAUSE_S, Outcomes, load
from tests.faults.record import Record
from tests.served import Served, ServedFactory
from tests.server.shape import error_of

pytestmark = pytest.mark.faults

GATEWAY = "ml_services"
SERVICES = [GATEWAY, *(f"{model}_runner" for model in MODELS)]
AFTER_S = 20.0


@dataclass(frozen=True)
class Course:
    """How it went: what callers were told, and when it happened.

    Parameters
    ----------
    dead_after_s: until the process had ended. full_after_s: until as many answered as before. whole_after_s: until one
        was at the ready again, too.
    """

    outcomes: Outcomes
    at: float
    dead_after_s: float
    full_after_s: float
    whole_after_s: float

    @property
    def recovery(self) -> str:
        """Return both in words."""
        if self.full_after_s == self.whole_after_s:
            return f"{self.whole_after_s:.1f} s"
        return f"{self.full_after_s:.1f} s; another one is at the ready after {self.whole_after_s:.1f} s"

    def others(self, model: str) -> int:
        """Return how many calls of the other models got no answer of their own."""
        return sum(what != "200" for at, who, what in self.outcomes.answers if who != model and at >= self.at)


def ordeal(server: Served, service: str, act: object, callers: int = 2) -> Course:
    """Do something to one process of a service under load, and wait until there are as many again and all is well."""
    assert callable(act)
    count = len(server.workers(service))
    victim = at_work(server, service)
    assert victim is not None
    spare = _lock(victim) is not None
    model = service.removesuffix("_runner")
    with load(server.url, MODELS, callers, PAUSE_S) as outcomes:
        wait_until(lambda: all(outcomes.of(model)["200"] >= 20 for model in MODELS))
        at = time.monotonic()
        act(victim)
        wait_until(lambda: not _lives(victim))
        dead_after = time.monotonic() - at
        if spare:
            wait_until(lambda: at_work(server, service) not in (None, victim))
            taken = time.monotonic()
            wait_until(lambda: outcomes.of(model, since=taken)["200"] >= 1)
            full_after = time.monotonic() - at
        wait_until(lambda: whole(server, service, count))
        known = "intent" if service == GATEWAY else model
        back = time.monotonic()
        wait_until(lambda: outcomes.of(known, since=back)["200"] >= 5)
        whole_after = time.monotonic() - at
        time.sleep(max(0.0, AFTER_S - whole_after))
    return Course(outcomes, at, dead_after, full_after if spare else whole_after, whole_after)


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def whole(server: Served, service: str, count: int) -> bool:
    return server.in_service(service) == count and healthy(server)


def _lock(process: psutil.Process) -> str | None:
    """Return the file that the process which answers has locked; None where all of them answer."""
    try:
        return process.environ().get(LOCK)
    except psutil.Error:  # it has just died
        return None


def at_work(server: Served, service: str) -> psutil.Process | None:
    """Return a process of a service that takes calls: not the one that is at the ready."""
    processes = server.workers(service)
    lock = next(filter(None, map(_lock, processes)), None)
    if lock is None:
        return processes[0]
    locked = f":{Path(lock).stat().st_ino} "
    holders = [int(line.split()[4]) for line in Path("/proc/locks").read_text().splitlines() if locked in line]
    return next((process for process in processes if process.pid in holders), None)


@pytest.fixture
def holding(request: pytest.FixtureRequest, service: str) -> Served:
    """The server in which a service has processes of its own."""
    found: Served = request.getfixturevalue("server" if service in (GATEWAY, "spending_runner") else "apart")
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_killed(holding: Served, service: str):
    course = ordeal(holding, service, psutil.Process.kill)
    model = service.removesuffix("_runner")
    told = course.outcomes.of(None if service == GATEWAY else model)
    lost = {what: count for what, count in told.items() if what != "200"}
    if service == GATEWAY:
        seen = "the connection breaks for calls in flight; new ones wait for the next process, or go to another"
    else:
        seen = "nothing: calls are made again with the process at the ready; the other models answer as ever"
    Record(
        10 + SERVICES.index(service),
        f"{service} killed",
        f"`kill -9` under load, {told.total() / (AFTER_S + 5):.0f} calls a second"
        + ("" if service == GATEWAY else " of its model"),
        "; ".join(f"`{what}` {percent(count, told.total())}" for what, count in sorted(lost.items())) or "none",
        course.recovery,
        seen,
    ).keep()
    assert course.outcomes.wrong == []
    if service != GATEWAY:
        assert set(lost) <= {"503 model_unavailable", "504 timeout"}
        assert course.others(model) == 0
        assert sum(lost.values()) <= 0.001 * told.total()
    if quiet():
        assert course.full_after_s <= 20


@pytest.mark.parametrize("service", [GATEWAY, "spending_runner", "intent_runner"])
def test_hung(holding: Served, service: str):
    course = ordeal(holding, service, psutil.Process.suspend)
    model = service.removesuffix("_runner")
    told = course.outcomes.of(None if service == GATEWAY else model)
    lost = {what: count for what, count in told.items() if what != "200"}
    Record(
        20 + SERVICES.index(service),
        f"{service} hangs",
        "`kill -STOP` under load",
        "; ".join(f"`{what}` {percent(count, told.total())}" for what, count in sorted(lost.items())) or "none",
        f"{course.recovery}; of these 8 s until it counts as hung",
        "504 at first, then 503 at once; the other models answer as ever"
        if service != GATEWAY
        else "no answer on connections to this process, until they break; other gateways take the new ones",
    ).keep()
    assert course.outcomes.wrong == []
    if service != GATEWAY:
        assert set(lost) <= {"503 model_unavailable", "504 timeout"}
        assert course.others(model) == 0
    if quiet():
        assert course.full_after_s <= 20


def test_call_that_never_ends(sabotaged: Served):
    """One query keeps the intent model of one process busy for ever."""
    server = sabotaged
    service = next(name for name in ("intent_runner", GATEWAY) if server.workers(name))
    before = {worker.pid for worker in server.workers(service)}
    with load(server.url, MODELS, 2, PAUSE_S) as outcomes:
        wait_until(lambda: all(outcomes.of(model)["200"] >= 20 for model in MODELS))
        at = time.monotonic()
        error_of(server.ask("never end"), 504)
        wait_until(lambda: len(before & {worker.pid for worker in server.workers(service)}) < len(before))
        wait_until(lambda: whole(server, service, len(before)))
        seconds = time.monotonic() - at
        wait_until(lambda: outcomes.of("intent", since=at + seconds)["200"] >= 20)
    told = outcomes.of()
    lost = {what: count for what, count in told.items() if what != "200"}
    Record(
        29,
        "a call that never ends",
        f"keeps the intent model in one {service} busy, under load",
        "; ".join(f"`{what}` {percent(count, told.total())}" for what, count in sorted(lost.items())) or "none",
        f"{seconds:.1f} s, of which 10 s until it counts as hung",
        "504, then 503 for calls of this model to this process, until the process is replaced",
    ).keep()
    assert outcomes.wrong == []
    if quiet():
        assert seconds <= 20


@pytest.fixture
def small_memory() -> Iterator[Path]:
    """A control group with next to no room: what a process has when it comes is not counted, what it takes then is."""
    group = Path("/sys/fs/cgroup/memory/ml-services-faults")
    if not group.parent.is_dir():
        pytest.skip("no control group for memory here")
    try:
        group.mkdir()
    except OSError as problem:
        pytest.skip(f"no control group can be made here: {problem}")
    # Files read and written count too, and are forgotten first: with 1 MiB a gateway may live on for minutes.
    (group / "memory.limit_in_bytes").write_text(str(1 << 16))
    yield group
    wait_until(lambda: not (group / "cgroup.procs").read_text().split())
    group.rmdir()


def test_out_of_memory(server: Served, small_memory: Path):
    """The kernel ends the process that goes over its limit; its successor is not in the group."""
    service = next(name for name in ("intent_runner", GATEWAY) if server.workers(name))

    def squeeze(victim: psutil.Process) -> None:
        (small_memory / "cgroup.procs").write_text(str(victim.pid))
        wait_until(lambda: not _lives(victim))

    course = ordeal(server, service, squeeze)
    told = course.outcomes.of(None if service == GATEWAY else "intent")
    lost = {what: count for what, count in told.items() if what != "200"}
    Record(
        30,
        f"{service} out of memory",
        "a memory control group of 64 KiB around it; the kernel kills it",
        "; ".join(f"`{what}` {percent(count, told.total())}" for what, count in sorted(lost.items())) or "none",
        f"{course.recovery}, of which {course.dead_after_s:.1f} s until the kernel ends it",
        "as when it is killed",
    ).keep()
    assert course.outcomes.wrong == []
    if quiet():
        assert course.full_after_s - course.dead_after_s <= 20


def test_sigterm_under_load(serve: ServedFactory):
    server = started_whole(serve)
    processes = psutil.Process(server.process.pid).children(recursive=True)
    with load(server.url, MODELS, 4) as outcomes:
        wait_until(lambda: all(outcomes.of(model)["200"] >= 20 for model in MODELS))
        at = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(300)
        seconds = time.monotonic() - at
    told = outcomes.of()
    errors = {what: count for what, count in told.items() if what not in ("200", "no answer")}
    Record(
        31,
        "SIGTERM",
        f"under load, {4 * len(MODELS)} callers",
        "; ".join(f"`{what}` {percent(count, told.total())}" for what, count in sorted(errors.items()))
        or "none: each call in flight is answered",
        f"ends after {seconds:.1f} s",
        "the answer to each call in flight, then refused connections",
    ).keep()
    assert code == 0
    assert outcomes.wrong == []
    assert psutil.wait_procs(processes, timeout=30)[1] == []
    if quiet():
        assert seconds <= 15
        assert errors == {}
