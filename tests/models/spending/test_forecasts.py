from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from models.spending.forecasts import COLUMNS, Forecasts, Run
from models.spending.model import SpendingModel
from models.store import StoredModel
from tests.models.spending.histories import history, seasonal


def predictions(model: SpendingModel, *users: str):
    return model.predict([history(seasonal(20), user_id=user, months=2) for user in users])


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path / "all.parquet", date(2026, 1, 1), 2, "spending:one")


def test_parts_become_one_file_and_go(run: Run, small_model: SpendingModel):
    run.write_part("bob", predictions(small_model, "ann", "bob"))
    run.write_part("cid", predictions(small_model, "cid"))
    assert run.merge() == 3
    table = pq.read_table(run.out)
    assert table.schema.equals(COLUMNS)
    assert table["user_id"].to_pylist() == ["ann", "ann", "bob", "bob", "cid", "cid"]
    assert [file.name for file in run.out.parent.iterdir()] == ["all.parquet"]


def test_the_last_user_is_where_the_next_run_goes_on(run: Run, small_model: SpendingModel):
    assert run.last_user() == ""
    run.write_part("bob", predictions(small_model, "ann", "bob"))
    assert run.last_user() == "bob"
    run.write_part("zoe", [])  # all of them erased in the meantime
    assert run.last_user() == "zoe"
    assert run.merge() == 2


def test_another_day_model_or_horizon_is_another_run(run: Run, small_model: SpendingModel):
    run.write_part("bob", predictions(small_model, "bob"))
    for other in (replace(run, day=date(2026, 2, 1)), replace(run, model="spending:two"), replace(run, months=3)):
        assert other.last_user() == ""


def test_a_part_that_was_being_written_does_not_count(run: Run, small_model: SpendingModel):
    run.write_part("bob", predictions(small_model, "bob"))
    (run.folder / "unfinished").write_bytes(b"half of a part")
    assert run.last_user() == "bob"


def test_nobody_is_an_empty_file(run: Run):
    assert run.merge() == 0
    assert pq.read_table(run.out).num_rows == 0


def test_processes_answer_as_the_model_does(small_stored: StoredModel, small_model: SpendingModel):
    asked = [history(seasonal(n), user_id=f"user-{n}") for n in (2, 12, 30)]
    with Forecasts(small_stored, 2) as forecasts:
        assert forecasts.of(asked) == small_model.predict(asked)
