from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models import store
from models.command_line import train
from models.credit_risk.dataset import read_portfolio
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.specification import load_specification
from models.credit_risk.table import read_table
from models.store import StoredModel
from tests.models.credit_risk.examples import small_rows, write_rows

PNG = b"\x89PNG\r\n\x1a\n"


def test_the_model_is_in_the_store_with_all_it_needs(shop_model: StoredModel, shop_home: Path):
    assert {file.name for file in shop_model.path.iterdir()} == {
        *("model.yaml", "card.md", "calibration.png", "roc.png"),
        *("features.yaml", "served.npz", "scorecard.npz", "output.json", "drift.json"),
    }
    assert (shop_model.path / "features.yaml").read_bytes() == (shop_home / "shop.yaml").read_bytes()


@pytest.mark.parametrize("name", ["calibration.png", "roc.png"])
def test_its_plots_are_pictures(shop_model: StoredModel, name: str):
    content = (shop_model.path / name).read_bytes()
    assert content.startswith(PNG)
    assert len(content) > 5000


def test_its_card_has_data_contenders_and_fairness(shop_model: StoredModel):
    card = (shop_model.path / "card.md").read_text(encoding="utf-8")
    assert f"loans.csv, SHA-256 {shop_model.metadata['data_digest']}" in card
    assert [name for name in ("served", "scorecard", "unconstrained boosting") if f"| {name} | 0." not in card] == []
    assert "By sex: approval rate ratio" in card
    assert "emonstration" not in card


def test_its_metadata_names_how_it_came_to_be(shop_model: StoredModel):
    found = shop_model.metadata
    assert (found["data"], found["demonstration"], found["seed"]) == ("loans.csv", False, 0)
    assert found["rows"] == {"fitted": 375, "tested": 125}
    assert found["validation_log_loss"]["blend"] <= min(found["validation_log_loss"].values()) + 1e-9
    assert 0.6 < found["metrics"]["auc"] < 1


def test_it_ranks_loans_it_never_saw(shop_model: StoredModel, shop_home: Path):
    model = CreditRiskModel.load(shop_model)
    later = read_portfolio(read_table(shop_home / "later.csv"), model.specification, outcomes=True)
    assert roc_auc_score(later.bad, model.log_odds(later.values)) > 0.7


def test_the_same_data_and_seed_give_the_same_model(shop_model: StoredModel, shop_home: Path, own_store: Path):
    data, features = str(shop_home / "loans.csv"), str(shop_home / "shop.yaml")
    assert train(["credit_risk", "--data", data, "--features", features]) == 0
    again = store.load("credit_risk:latest")
    assert again.metadata["digest"] == shop_model.metadata["digest"]


def test_a_test_file_is_kept_apart(shop_home: Path, own_store: Path):
    data, features, test = (str(shop_home / name) for name in ("loans.csv", "shop.yaml", "later.csv"))
    assert train(["credit_risk", "--data", data, "--features", features, "--test", test]) == 0
    assert store.load("credit_risk:latest").metadata["rows"] == {"fitted": 500, "tested": 200}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--features", "{shop}"], "--features and --test need --data"),
        (["--data", "{none}"], "cannot be read"),
        (["--data", "{loans}", "--features", "{none}"], "cannot be read"),
        (["--data", "{loans}"], "no column 'income'"),
        (["--data", "{few}", "--features", "{shop}"], "at least 100 rows are needed"),
        (["--data", "{loans}", "--features", "{shop}", "--test", "{good}"], "all outcomes are the same"),
        (["--seed", "-1"], "--seed must be"),
    ],
)
def test_what_cannot_be_trained_is_told_and_nothing_is_saved(
    shop_home: Path,
    own_store: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
):
    rows = small_rows(80)
    files = {
        "shop": shop_home / "shop.yaml",
        "loans": shop_home / "loans.csv",
        "none": tmp_path / "none",
        "few": write_rows(tmp_path / "few.csv", rows),
        "good": write_rows(tmp_path / "good.csv", [row | {"lost": "no"} for row in rows]),
    }
    assert train(["credit_risk", *(each.format(**files) for each in arguments)]) == 2
    assert said in capsys.readouterr().err
    assert not store.exists("credit_risk:latest")


def test_no_applicant_is_in_the_store(shop_model: StoredModel, shop_home: Path):
    specification = load_specification(shop_home / "shop.yaml")
    turnover = read_portfolio(read_table(shop_home / "loans.csv"), specification, outcomes=True).columns["turnover"]
    with np.load(shop_model.path / "served.npz") as tables:
        knots = tables["knots_0"]
    assert len(knots) <= 48 < len(set(turnover))
