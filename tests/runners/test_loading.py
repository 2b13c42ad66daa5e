from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from runners import loading as module
from runners.heartbeat import FOLDER
from runners.loading import loading
from tests.served import PROJECT

STAYS = """
import sys
from runners.loading import loading
with loading("echo"):
    print("in", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def another() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", STAYS]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def is_in(process: subprocess.Popen[str]) -> bool:
    assert process.stdout is not None
    return process.stdout.readline() == "in\n"


def test_second_waits_until_the_first_has_loaded():
    with another() as first:
        assert is_in(first)
        with another() as second:
            with pytest.raises(subprocess.TimeoutExpired):
                second.wait(1.0)
            first.communicate("go\n")
            assert is_in(second)
            second.communicate("go\n")
    assert (first.returncode, second.returncode) == (0, 0)


def test_one_that_dies_while_it_loads_is_not_waited_for():
    with another() as first:
        assert is_in(first)
        first.kill()
    with loading("echo"):
        pass


def test_one_that_hangs_while_it_loads_is_waited_for_a_bounded_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_PATIENCE_S", 0.3)
    with another() as first:
        assert is_in(first)
        began = time.monotonic()
        with loading("echo"):
            assert time.monotonic() - began >= 0.3
        first.kill()


def test_other_services_do_not_wait():
    with another() as first:
        assert is_in(first)
        with loading("another"):
            assert first.poll() is None
        first.kill()


def test_without_a_parent_nobody_waits(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(FOLDER)
    with loading("echo"), loading("echo"):
        pass


def test_one_that_is_told_to_end_does_not_wait():
    with another() as first:
        assert is_in(first)
        with loading("echo", lambda: True):
            assert first.poll() is None
        first.kill()
