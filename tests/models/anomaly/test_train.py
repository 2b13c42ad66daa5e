from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from models.anomaly.model import AnomalyModel
from models.anomaly.train import Options
from models.command_line import evaluate, train
from models.options import OptionError
from models.store import StoredModel
from tests.models.anomaly.examples import ask, payment, regular
from tests.models.anomaly.files import accounts, cells, write_csv

LEARNT = ("population.json", "scorer.npz")


@pytest.fixture(scope="module")
def own_accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("own") / "own.csv"
    return write_csv(file, [cells(user, row) for user, rows in accounts().items() for row in rows])


def test_the_same_seed_and_data_give_the_same_model(own_store: Path, own_accounts: Path):
    learnt = []
    for seed in ("3", "3", "4"):
        assert train(["anomaly", "--data", str(own_accounts), "--seed", seed]) == 0
        folder = store.load("anomaly:latest").path
        learnt.append([(folder / name).read_bytes() for name in LEARNT])
    assert learnt[0] == learnt[1] != learnt[2]


def test_accounts_of_ones_own_teach_a_model(own_store: Path, own_accounts: Path, tmp_path: Path):
    assert train(["anomaly", "--data", str(own_accounts)]) == 0
    stored = store.load("anomaly:latest")
    assert stored.metadata["data"] == "own.csv"
    model = AnomalyModel.load(stored)
    assert ask(model, payment(301, -1240, country="KP"), regular()).is_anomaly
    assert not ask(model, payment(301, -30), regular()).is_anomaly
    assert evaluate(["anomaly", "--data", str(own_accounts), "--out", str(tmp_path / "report")]) == 0
    assert "| own.csv |" in (tmp_path / "report" / "report.md").read_text()
    assert (tmp_path / "report" / "kinds.png").stat().st_size > 5_000


def test_labelled_transactions_are_measured_by_their_labels(anomaly_model: StoredModel, tmp_path: Path):
    rows = [cells("ann", row) | {"is_anomaly": "0"} for row in regular()]
    rows += [cells("ann", payment(301, -1240, country="KP")) | {"is_anomaly": "1"}]
    file = write_csv(tmp_path / "labelled.csv", rows)
    assert evaluate(["anomaly", "--data", str(file), "--out", str(tmp_path / "report")]) == 0
    assert "| labelled | 1.000 | 1.000 | 1 |" in (tmp_path / "report" / "report.md").read_text()


def test_card_and_figures_travel_with_the_default_model(anomaly_model: StoredModel):
    card = (anomaly_model.path / "card.md").read_text(encoding="utf-8")
    for model in ("isolation forest", "local outlier factor", "ECOD", "gradient boosting", "this model"):
        assert f"| {model}" in card or model in card
    metrics = anomaly_model.metadata["metrics"]
    assert metrics["auroc"] > 0.9
    assert 0.002 < metrics["alert_rate"] < 0.015
    assert anomaly_model.metadata["seed"] == 0
    assert (anomaly_model.path / "scores.png").stat().st_size > 5_000


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_options_that_make_no_sense_are_refused(seed: int):
    with pytest.raises(OptionError):
        Options(seed=seed)


def test_a_bad_file_is_refused_and_nothing_is_saved(own_store: Path, tmp_path: Path, capsys):
    assert train(["anomaly", "--data", str(tmp_path / "nowhere.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not store.exists("anomaly:latest")
