from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from models.credit_risk.dataset import read_portfolio
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import score_of
from models.credit_risk.score_applications import main
from models.credit_risk.table import read_table
from models.store import StoredModel
from tests.models.credit_risk.examples import APPLICATION, small_rows, write_rows


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_file_comes_back_with_what_the_model_says(
    shop_model: StoredModel, shop_home: Path, tmp_path: Path, store_in
):
    out = tmp_path / "scored.csv"
    with store_in(shop_home):
        assert main([str(shop_home / "later.csv"), "--out", str(out), "--reasons"]) == 0
    model = CreditRiskModel.load(shop_model)
    values = read_portfolio(read_table(shop_home / "later.csv"), model.specification, outcomes=False).values
    before, after = rows_of(shop_home / "later.csv"), rows_of(out)
    assert [{name: row[name] for name in before[0]} for row in after] == before
    assert [float(row["probability_of_default"]) for row in after] == model.probabilities(values).tolist()
    assert [int(row["score"]) for row in after] == [score_of(p) for p in model.probabilities(values).tolist()]
    told = [[row[f"reason_{n}"] for n in range(1, 5) if row[f"reason_{n}"]] for row in after]
    assert told == [[reason.message for reason in reasons] for reasons in model.reasons(values)]


def test_without_reasons_to_standard_output(
    shop_model: StoredModel, shop_home: Path, store_in, capsys: pytest.CaptureFixture[str]
):
    with store_in(shop_home):
        assert main([str(shop_home / "later.csv")]) == 0
    said = capsys.readouterr()
    header, *rows = csv.reader(said.out.splitlines())
    assert header[-4:] == ["probability_of_default", "score", "band", "decision"]
    assert len(rows) == 200
    assert "200 applications in" in said.err


def test_outcomes_and_optional_columns_may_lack(shop_model: StoredModel, shop_home: Path, tmp_path: Path, store_in):
    file = write_rows(tmp_path / "a.csv", [{"Yearly turnover": row["Yearly turnover"]} for row in small_rows(20)])
    out = tmp_path / "scored.csv"
    with store_in(shop_home):
        assert main([str(file), "--out", str(out)]) == 0
    assert all(0 < float(row["probability_of_default"]) < 1 for row in rows_of(out))


def test_the_demonstration_says_so(credit_risk_model: StoredModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = write_rows(tmp_path / "a.csv", [{name: str(value) for name, value in APPLICATION.items()}])
    assert main([str(file)]) == 0
    assert "must be replaced" in capsys.readouterr().err


@pytest.mark.parametrize("column", ["Yearly turnover", "late"])
def test_a_bad_cell_is_named_and_nothing_is_written(
    shop_model: StoredModel, shop_home: Path, tmp_path: Path, store_in, capsys: pytest.CaptureFixture[str], column: str
):
    first, second = small_rows(2)
    file = write_rows(tmp_path / "a.csv", [first, second | {column: "-1"}])
    with store_in(shop_home):
        assert main([str(file), "--out", str(tmp_path / "out.csv")]) == 2
    assert f"line 3, {column}: -1 is below 0" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_there_is_no_more_to_a_row_than_the_model_sees(shop_model: StoredModel, shop_home: Path):
    model = CreditRiskModel.load(shop_model)
    portfolio = read_portfolio(read_table(shop_home / "later.csv"), model.specification, outcomes=False)
    assert portfolio.values.shape == (200, 6)
    assert np.isnan(portfolio.values).any()
