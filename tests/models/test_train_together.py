from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from models.progress import progress_bar
from models.train_together import train_together


def train(name: str) -> int:
    """Stand in for a training: its name says what happens."""
    with progress_bar("training", 2) as advance:
        advance("")
        print(f"{name} says {os.environ.get('OMP_NUM_THREADS')}")
        advance("")
    if name == "dies":
        os._exit(9)
    return {"refused": 2, "interrupted": 130}.get(name, 0)


def meet(name: str) -> int:
    """Wait until the other one has begun, too."""
    folder = Path(os.environ["MEETING"])
    (folder / name).touch()
    for _ in range(600):
        if len(list(folder.iterdir())) == 2:
            return 0
        time.sleep(0.1)
    return 1


def test_all_are_trained_and_what_they_say_is_shown(capfd: pytest.CaptureFixture[str]):
    assert train_together(["first", "second", "third"], train) == 0
    told = capfd.readouterr().err
    for name in ("first", "second", "third"):
        assert f"{name} says " in told
        assert f"{name}: training: 2/2 after" in told


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core trains one at a time")
def test_two_run_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MEETING", str(tmp_path))
    assert train_together(["first", "second"], meet) == 0


def test_each_has_its_share_of_the_cores(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    cores = len(os.sched_getaffinity(0))
    assert train_together(["first", "second"], train) == 0
    assert f"first says {max(1, cores // 2)}" in capfd.readouterr().err
    assert "OMP_NUM_THREADS" not in os.environ


def test_the_number_of_threads_that_the_user_chose_stays(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert train_together(["first", "second"], train) == 0
    assert "first says 7" in capfd.readouterr().err


@pytest.mark.parametrize(("name", "status"), [("refused", 2), ("interrupted", 130), ("dies", 1)])
def test_one_that_fails_does_not_stop_the_others_and_its_status_is_told(
    name: str, status: int, capfd: pytest.CaptureFixture[str]
):
    assert train_together([name, "second", "third"], train) == status
    assert "third says " in capfd.readouterr().err


def test_one_alone_is_trained_here():
    assert train_together(["only"], lambda name: len(sys.argv) and 5) == 5


def test_nothing_to_train_is_done():
    assert train_together([], train) == 0
