"""Ctrl-C in the commands: one line, exit code 130, nothing half done; while they load their libraries, too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.anomaly import score_transactions
from models.credit_risk import score_applications
from models.store import StoredModel
from models.whole_file import whole_file
from tests.models.credit_risk.examples import APPLICATION, write_rows
from tests.served import PROJECT

PRESS = """
import os, signal, sys
from importlib.abc import MetaPathFinder
import commands

class Presser(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {library!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Presser())
sys.argv = {arguments!r}
sys.exit(getattr(commands, sys.argv[0].replace("-", "_"))())
"""


@pytest.mark.parametrize(
    ("arguments", "library"),
    [
        (["train", "intent"], "bentoml"),
        (["train", "intent"], "torch"),
        (["evaluate", "ner"], "numpy"),
        (["forecast-all"], "pyarrow"),
        (["migrate"], "sqlalchemy"),
        (["import-transactions", "file.csv"], "pydantic"),
        (["score-transactions", "file.csv"], "numpy"),
        (["score-applications", "file.csv"], "bentoml"),
        (["explain-decision", "id"], "rich"),
    ],
    ids=lambda each: each if isinstance(each, str) else each[0],
)
def test_while_a_library_is_imported(arguments: list[str], library: str, tmp_path: Path):
    """The program presses Ctrl-C itself, at the moment that it begins to import the library."""
    run = subprocess.run(
        [sys.executable, "-c", PRESS.format(library=library, arguments=arguments)],
        cwd=PROJECT,
        env={**os.environ, "BENTOML_HOME": str(tmp_path), "ML_DATABASE_PATH": str(tmp_path / "store.sqlite")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "interrupted; nothing was begun\n")


def interrupted(*_: Any) -> Iterator[Any]:
    raise KeyboardInterrupt
    yield


def files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_while_applications_are_scored(
    credit_risk_model: StoredModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    write_rows(tmp_path / "new.csv", [{name: str(value) for name, value in APPLICATION.items()}])
    (tmp_path / "scored.csv").write_text("of yesterday")
    before = files(tmp_path)
    monkeypatch.setattr(score_applications, "_results", interrupted)
    assert score_applications.main([str(tmp_path / "new.csv"), "--out", str(tmp_path / "scored.csv")]) == 130
    assert capsys.readouterr().err == "interrupted; nothing was saved\n"
    assert files(tmp_path) == before


def test_while_transactions_are_scored(
    anomaly_model: StoredModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "new.csv").write_text("user_id,amount,currency,timestamp\nann,-5,EUR,2026-01-01T10:00:00Z\n")
    before = files(tmp_path)
    monkeypatch.setattr(score_transactions, "score", interrupted)
    assert score_transactions.main([str(tmp_path / "new.csv"), "--out", str(tmp_path / "scored.csv")]) == 130
    assert capsys.readouterr().err == "interrupted; nothing was saved\n"
    assert files(tmp_path) == before


def test_file_takes_its_place_when_it_is_whole(tmp_path: Path):
    file = tmp_path / "out.csv"
    file.write_text("old")
    with whole_file(file) as out:
        out.write("new")
        assert file.read_text() == "old"
    assert files(tmp_path) == {"out.csv": "new"}


def test_what_is_no_file_is_written_to_as_it_is():
    read, write = os.pipe()
    with whole_file(Path(f"/proc/self/fd/{write}")) as out:
        out.write("through a pipe")
    os.close(write)
    with open(read) as pipe:
        assert pipe.read() == "through a pipe"
