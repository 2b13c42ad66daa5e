"""A real parent with real children: whichever dies or hangs is replaced, and nobody else is touched."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest

from runners.supervisor import Restarts
from tests.served import PROJECT

PATIENCE_S = 600


class Family:
    """The parent's process, and the pids of its children in the order of their starts."""

    def __init__(self, hung_after_s: float, drain_s: float = 30.0, **ways: str) -> None:
        told = [f"{service}={way}" for service, way in ways.items()]
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "tests.runners.family", str(hung_after_s), str(drain_s), *told],
            cwd=PROJECT,
            env={**os.environ, "BENTOML_CONTAINERIZED": "true"},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._started: queue.Queue[tuple[str, int]] = queue.Queue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def next(self) -> tuple[str, int]:
        """Return service and pid of the child that starts next."""
        return self._started.get(timeout=PATIENCE_S)

    def stop(self) -> int:
        self.parent.send_signal(signal.SIGTERM)
        return self.parent.wait(PATIENCE_S)

    def _listen(self) -> None:
        assert self.parent.stdout is not None
        for line in self.parent.stdout:
            if line.startswith("child "):  # between them are the parent's log lines
                _, service, pid = line.split()
                self._started.put((service, int(pid)))


@pytest.fixture
def family(request: pytest.FixtureRequest) -> Iterator[Family]:
    family = Family(**request.param)
    yield family
    with contextlib.suppress(psutil.NoSuchProcess):
        family.parent.send_signal(signal.SIGSTOP)  # it would replace what is killed
        for child in psutil.Process(family.parent.pid).children(recursive=True):  # in sessions of their own
            child.kill()
    family.parent.kill()
    family.parent.wait()
    family.listener.join()
    assert family.parent.stdout is not None
    family.parent.stdout.close()


@pytest.mark.parametrize("family", [{"hung_after_s": 60, "a": "beat", "b": "mute"}], indirect=True)
def test_killed_child_is_replaced_in_a_container_too_and_its_sibling_stays(family: Family):
    children = dict(family.next() for _ in "ab")
    for _ in range(2):
        os.kill(children["a"], signal.SIGKILL)
        service, pid = family.next()
        assert (service, pid != children["a"]) == ("a", True)
        children["a"] = pid
    assert psutil.pid_exists(children["b"])
    assert family.stop() == 0
    assert [pid for pid in children.values() if psutil.pid_exists(pid)] == []


@pytest.mark.parametrize("family", [{"hung_after_s": 3, "a": "beat", "b": "mute"}], indirect=True)
def test_stopped_child_is_replaced_and_one_that_never_showed_life_is_not(family: Family):
    children = dict(family.next() for _ in "ab")
    psutil.Process(children["a"]).suspend()
    assert family.next()[0] == "a"
    assert not psutil.pid_exists(children["a"])
    assert psutil.pid_exists(children["b"])
    assert family.stop() == 0


@pytest.mark.parametrize("family", [{"hung_after_s": 3, "a": "spin"}], indirect=True)
def test_child_whose_event_loop_is_stuck_at_work_is_replaced(family: Family):
    assert [family.next()[0] for _ in range(2)] == ["a", "a"]


@pytest.mark.parametrize("family", [{"hung_after_s": 60, "a": "beat", "b": "fail"}], indirect=True)
def test_child_that_dies_at_its_start_is_tried_again_and_the_others_go_on(family: Family):
    started = [family.next() for _ in range(4)]
    assert Counter(service for service, _ in started) == {"a": 1, "b": 3}
    assert family.parent.poll() is None
    assert psutil.pid_exists(dict(started)["a"])
    assert family.stop() == 0


def children_of(family: Family, count: int) -> set[int]:
    """Return the pids of the children that live, once there are so many."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        children = psutil.Process(family.parent.pid).children()
        living = {child.pid for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE}
        if len(living) >= count:
            return living
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("family", [{"hung_after_s": 60, "service_a": "queue", "b": "beat"}], indirect=True)
def test_child_at_the_ready_takes_the_place_of_one_that_is_killed_and_gets_a_successor(family: Family):
    first = dict(family.next() for _ in "ab")["service_a"]
    for _ in range(2):
        before = children_of(family, 3)
        os.kill(first, signal.SIGKILL)
        service, second = family.next()
        assert (service, second in before - {first}) == ("service_a", True)
        first = second
    assert family.stop() == 0


@pytest.mark.parametrize("family", [{"hung_after_s": 60, "service_a": "mute", "b": "beat"}], indirect=True)
def test_second_process_of_a_runner_waits_until_the_first_shows_life(family: Family):
    children = dict(family.next() for _ in "ab")
    time.sleep(2)
    assert children_of(family, 2) == set(children.values())
    assert family.stop() == 0


@pytest.mark.parametrize("family", [{"hung_after_s": 60, "a": "beat"}], indirect=True)
def test_nobody_commands_the_parent_over_a_port(family: Family):
    family.next()
    assert psutil.Process(family.parent.pid).net_connections("tcp") == []
    assert family.stop() == 0


@pytest.mark.parametrize("family", [{"hung_after_s": 60, "drain_s": 1, "a": "deaf"}], indirect=True)
def test_child_that_does_not_end_when_it_is_told_is_cut_off(family: Family):
    _, pid = family.next()
    assert family.stop() == 0
    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize(
    "family", [{"hung_after_s": 60, "drain_s": 3, "service_a": "beat", "b": "deaf"}], indirect=True
)
def test_runners_end_after_those_who_may_still_ask_them(family: Family):
    pids = {pid for _, pid in (family.next() for _ in "aab")}
    family.parent.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert {child.pid for child in psutil.Process(family.parent.pid).children()} == pids
    assert family.parent.wait(PATIENCE_S) == 0
    assert not any(map(psutil.pid_exists, pids))


def test_first_restart_is_immediate_and_the_next_ones_wait_longer_and_longer():
    restarts = Restarts()
    pauses = []
    now = 100.0
    for _ in range(6):
        restarts.died(now)
        pauses.append(next(wait for wait in range(20) if restarts.due(now + wait)))
        now += 1
    assert pauses == [0, 1, 4, 9, 10, 10]


def test_deaths_are_forgiven_after_a_minute():
    restarts = Restarts()
    restarts.died(0.0)
    restarts.died(61.0)
    assert restarts.due(61.0)
