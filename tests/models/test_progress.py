from __future__ import annotations

import io
import sys

import pytest

from models import progress
from models.progress import progress_bar


def test_a_log_gets_the_last_step_as_a_line(capsys: pytest.CaptureFixture[str]):
    with progress_bar("training", 3) as advance:
        for step in range(3):
            advance(f"loss {step}")
    assert capsys.readouterr().err == "training: 3/3 after 0 s  loss 2\n"


def test_a_log_gets_a_line_when_time_has_passed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    times = iter([0.0, 4.0, 11.0, 12.0, 23.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(times))
    with progress_bar("training", 9) as advance:
        for _ in range(4):
            advance("")
    lines = [line.strip() for line in capsys.readouterr().err.splitlines()]
    assert lines == ["training: 2/9 after 11 s", "training: 4/9 after 23 s"]


def test_nothing_done_is_nothing_said(capsys: pytest.CaptureFixture[str]):
    with progress_bar("training", 3):
        pass
    assert capsys.readouterr().err == ""


def test_an_error_passes(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(KeyboardInterrupt), progress_bar("training", 3):
        raise KeyboardInterrupt


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_with_the_remark(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar("training", 2) as advance:
        advance("loss 1.5")
        advance("loss 0.5")
    last = terminal.getvalue().rsplit("training", 1)[1]
    assert "2/2" in last
    assert "loss 0.5" in last
