from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path

import pytest

from runners import heartbeat as module
from runners.heartbeat import FOLDER, Pulse, heartbeat, last_beat, silence, working


def pulse(at: float, worked: float = 0.0, waited: float = 0.0) -> Pulse:
    return Pulse(at, worked, waited)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setattr(module, "PERIOD_S", 0.01)
    return tmp_path


async def test_event_loop_beats_until_it_is_stuck_and_leaves_nothing_behind(folder: Path):
    with heartbeat():
        await asyncio.sleep(0.05)
        first = last_beat(folder, os.getpid())
        await asyncio.sleep(0.05)
        second = last_beat(folder, os.getpid())
        assert first is not None
        assert second is not None
        assert first.at < second.at
        time.sleep(0.05)  # as a stuck event loop does
        assert last_beat(folder, os.getpid()) == second
    assert list(folder.iterdir()) == []


async def test_call_that_does_not_end_takes_the_heartbeat_away(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "STUCK_S", 0.1)
    end = threading.Event()

    def call() -> None:
        with working():
            end.wait()

    with heartbeat():
        calling = asyncio.create_task(asyncio.to_thread(call))
        await asyncio.sleep(0.3)
        silent = last_beat(folder, os.getpid())
        await asyncio.sleep(0.1)
        assert last_beat(folder, os.getpid()) == silent
        end.set()
        await calling
        await asyncio.sleep(0.1)
        assert last_beat(folder, os.getpid()) != silent


async def test_nothing_is_written_without_a_parent_who_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(FOLDER, raising=False)
    with heartbeat():
        await asyncio.sleep(0)
    assert list(tmp_path.iterdir()) == []


def test_process_that_never_beat_has_no_last_beat(tmp_path: Path):
    assert last_beat(tmp_path, 1) is None


def test_pulse_of_a_process_that_is_gone():
    with pytest.raises(ProcessLookupError):
        Pulse.of(2**22 + 1)


def test_work_is_counted():
    before = Pulse.of()
    deadline = time.thread_time() + 0.05
    while time.thread_time() < deadline:
        pass
    assert Pulse.of().worked - before.worked >= 0.04


@pytest.mark.parametrize(
    ("now", "runnable", "awake_since", "seconds"),
    [
        (pulse(110.0), False, 0.0, 10.0),  # asleep all the time
        (pulse(110.0, waited=9.0), False, 0.0, 1.0),  # it woke up, and was kept waiting for a processor
        (pulse(110.0), True, 0.0, 0.0),  # it waits for one now
        (pulse(110.0, worked=10.0), True, 0.0, 10.0),  # it worked, and never let the event loop go
        (pulse(110.0), False, 108.0, 2.0),  # everyone stood still for a while
    ],
)
def test_silence_is_the_time_in_which_it_could_have_beaten(
    now: Pulse, runnable: bool, awake_since: float, seconds: float
):
    assert silence(pulse(100.0), now, runnable, awake_since) == pytest.approx(seconds)
