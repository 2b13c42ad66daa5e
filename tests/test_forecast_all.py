"""The command `forecast-all`, on a store with users in it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from models.spending.months import month_name
from models.store import StoredModel
from models.transactions import UserTransaction
from storage.settings import StorageSettings
from storage.store import Store
from tests.models.spending.histories import START, seasonal

COMMAND = [str(Path(sys.executable).with_name("forecast-all")), "--as-of", "2026-01-15", "--months", "3"]
USERS = 1200
"""More than two parts hold."""


def payments(user: str, months: int) -> list[UserTransaction]:
    return [
        UserTransaction.model_validate(
            {
                "id": f"{user}-{at}",
                "user_id": user,
                "amount": -round(float(amount), 2),
                "currency": "EUR",
                "timestamp": f"{month_name(START - months + at)}-10T10:00:00Z",
            }
        )
        for at, amount in enumerate(seasonal(months, seed=months))
    ]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with users of three to six months."""
    file = tmp_path_factory.mktemp("stored") / "store.sqlite"

    async def fill() -> None:
        store = Store(StorageSettings(database_path=file))
        rows = [row for user in range(USERS) for row in payments(f"user-{user:04}", 3 + user % 4)]
        await store.upsert(rows)
        await store.close()

    asyncio.run(fill())
    return file


@pytest.fixture
def environment(database: Path, spending_model: StoredModel) -> dict[str, str]:
    return {**os.environ, "ML_DATABASE_PATH": str(database)}


def ran(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False)


def stopped(environment: dict[str, str], out: Path, parts: int, how: signal.Signals) -> tuple[int, str]:
    """Run until so many parts are there, stop it as a terminal would, and return the exit status and what was said."""
    # What a shell starts in the background, tests too, would ignore Ctrl-C.
    command = ["env", "--default-signal=INT", *COMMAND, "--out", str(out)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 300
    while len(list(out.parent.glob(".all.parquet.*/*.parquet"))) < parts and time.monotonic() < deadline:
        assert process.poll() is None, "it was over before it could be stopped"
        time.sleep(0.02)
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=300)
    assert not out.exists()
    assert list(out.parent.glob(".all.parquet.*/*.parquet"))
    return process.returncode, said


def test_stopped_twice_and_run_again_it_forecasts_every_user_once(environment: dict[str, str], tmp_path: Path):
    out = tmp_path / "all.parquet"
    status, said = stopped(environment, out, 1, signal.SIGINT)
    assert status == 130
    assert said.splitlines()[-1] == "interrupted; run the same command again to go on from here"
    assert "Traceback" not in said
    stopped(environment, out, 2, signal.SIGKILL)

    last = ran(environment, "--out", str(out))
    assert last.returncode == 0, last.stderr
    assert f"{USERS} users" in last.stdout
    table = pq.read_table(out)
    assert table.num_rows == 3 * USERS
    assert sorted(set(table["user_id"].to_pylist())) == [f"user-{user:04}" for user in range(USERS)]
    assert set(table["month"].to_pylist()) == {"2026-01", "2026-02", "2026-03"}
    assert set(table["history_months"].to_pylist()) == {3, 4, 5, 6}
    for row in table.slice(0, 30).to_pylist():
        assert 0 <= row["lower"] <= row["amount"] <= row["upper"]
    assert [file.name for file in tmp_path.iterdir()] == ["all.parquet"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--months", "37"), "--months must be 1 to 36"),
        (("--as-of", "yesterday"), "--as-of must be a day like 2026-03-14"),
        (("--out", "nowhere/all.parquet"), "there is no folder"),
        (("--model", "spending:none"), "no model 'spending:none'"),
    ],
)
def test_what_makes_no_sense_is_refused(environment: dict[str, str], arguments: tuple[str, ...], said: str):
    run = ran(environment, *arguments)
    assert run.returncode == 2
    assert said in run.stderr


def test_a_store_without_users_is_an_empty_file(environment: dict[str, str], tmp_path: Path):
    run = ran(
        {**environment, "ML_DATABASE_PATH": str(tmp_path / "empty.sqlite")}, "--out", str(tmp_path / "all.parquet")
    )
    assert run.returncode == 0, run.stderr
    assert pq.read_table(tmp_path / "all.parquet").num_rows == 0
