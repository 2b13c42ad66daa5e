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


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_interrupted_and_run_again_it_forecasts_every_user_once(
    environment: dict[str, str], tmp_path: Path, sent: signal.Signals, code: int
):
    out = tmp_path / "all.parquet"
    told = tmp_path.with_suffix(".log")
    with told.open("w") as log:
        first = subprocess.Popen([*COMMAND, "--out", str(out)], env=environment, stderr=log, start_new_session=True)
    deadline = time.monotonic() + 300
    while not list(tmp_path.glob(".all.parquet.*/*.parquet")) and time.monotonic() < deadline:
        assert first.poll() is None, "it was over before it could be interrupted"
        time.sleep(0.02)
    os.killpg(first.pid, sent)  # as a terminal does, to its children too
    assert first.wait() == code
    said = [line for line in told.read_text().splitlines() if not line.startswith("forecasting: ")]
    again = "interrupted; run the same command again to go on from here"
    assert said == ([again] if sent == signal.SIGINT else [])
    assert not out.exists()
    done = [part.stat().st_mtime_ns for part in tmp_path.glob(".all.parquet.*/*.parquet")]
    assert done

    second = ran(environment, "--out", str(out))
    assert second.returncode == 0, second.stderr
    assert f"{USERS} users" in second.stdout
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
