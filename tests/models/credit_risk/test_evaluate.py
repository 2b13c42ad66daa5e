from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.command_line import evaluate
from models.credit_risk.evaluate import contender, table
from models.store import StoredModel
from tests.models.credit_risk.examples import small_rows, write_rows

LOG_ODDS = np.array([-2.0, -1.0, 0.0, 1.0] * 50)
BAD = np.array([False, False, True, True] * 50)


def test_a_model_that_knows_all_is_perfect():
    found = contender("oracle", LOG_ODDS, BAD)
    assert (found.auc.value, found.ks.value) == (1, 1)


def test_a_model_that_knows_nothing_is_told_so():
    found = contender("coin", np.zeros(200), BAD)
    assert (found.auc.value, found.ks.value, found.brier.value) == (0.5, 0, 0.25)
    assert found.log_loss == pytest.approx(np.log(2))


def test_the_table_has_a_line_each():
    lines = table([contender("one", LOG_ODDS, BAD), contender("two", -LOG_ODDS, BAD)])
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| one", "| two"]


def test_the_report_has_model_challenger_and_fairness(
    shop_model: StoredModel, shop_home: Path, tmp_path: Path, store_in
):
    with store_in(shop_home):
        assert evaluate(["credit_risk", "--data", str(shop_home / "later.csv"), "--out", str(tmp_path / "out")]) == 0
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert f"credit_risk:{shop_model.version} on later.csv" in report
    assert "| served | 0." in report
    assert "| scorecard | 0." in report
    assert "By sex" in report
    assert (tmp_path / "out" / "calibration.png").stat().st_size > 5000


def test_data_without_both_outcomes_is_refused(
    shop_model: StoredModel, shop_home: Path, tmp_path: Path, store_in, capsys: pytest.CaptureFixture[str]
):
    file = write_rows(tmp_path / "good.csv", [row | {"lost": "no"} for row in small_rows(30)])
    with store_in(shop_home):
        assert evaluate(["credit_risk", "--data", str(file), "--out", str(tmp_path)]) == 2
    assert "all outcomes are the same" in capsys.readouterr().err
