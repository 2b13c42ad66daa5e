from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runners.standby import LOCK, turn
from tests.served import PROJECT

DEAF = """
import asyncio, signal
from runners.standby import turn
signal.signal(signal.SIGTERM, lambda *_: None)  # as a server that has not started yet
print("started", flush=True)
asyncio.run(turn())
"""


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(LOCK, str(tmp_path / "lock"))
    return tmp_path / "lock"


async def test_without_a_lock_it_is_everyones_turn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(LOCK, raising=False)
    assert await turn() is None


async def test_second_waits_until_the_first_lets_go(lock: Path):
    handler = signal.getsignal(signal.SIGTERM)
    first = await turn()
    assert first is not None
    waiting = asyncio.create_task(turn())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    os.close(first)  # as the kernel does when a process dies
    second = await asyncio.wait_for(waiting, 60)
    assert second is not None
    os.close(second)
    assert signal.getsignal(signal.SIGTERM) == handler


def test_who_waits_ends_when_it_is_told(lock: Path):
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = subprocess.Popen([sys.executable, "-c", DEAF], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert waiting.stdout is not None
        lines = [waiting.stdout.readline() for _ in range(2)]
        assert "at the ready" in lines[1]
        code = None
        while code is None:  # the handler is set a moment after the line is written
            waiting.terminate()
            try:
                code = waiting.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
        waiting.stdout.close()
    assert code == 0
