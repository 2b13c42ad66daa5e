from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from models.command_line import evaluate, train
from models.options import OptionError
from models.spending.model import SpendingModel
from models.spending.train import Options
from models.store import StoredModel
from tests.models.spending.histories import history, seasonal
from tests.models.spending.users import users_csv


def test_card_and_figures_travel_with_the_model(small_stored: StoredModel):
    card = (small_stored.path / "card.md").read_text(encoding="utf-8")
    assert "| test data | n | MASE |" in card
    assert "fitted weights and backtest (serves)" in card
    assert (small_stored.path / "fans.png").stat().st_size > 10_000
    metrics = small_stored.metadata["metrics"]["all"]
    assert 0.7 < metrics["coverage"] < 0.9
    assert small_stored.metadata["splits"].keys() == {"first", "second", "test"}


def test_the_policy_that_serves_beats_each_method_and_their_mean(small_stored: StoredModel):
    lines = (small_stored.path / "card.md").read_text(encoding="utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("| policy | all |")) + 2
    table = [line.strip("| ").split(" | ") for line in lines[first : lines.index("", first)]]
    errors = {row[0]: float(row[1]) for row in table}
    serves = errors.pop("fitted weights and backtest (serves)")
    assert len(errors) >= 8
    assert serves <= min(errors.values()) + 0.01


def test_users_of_ones_own_teach_a_model(own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = users_csv(tmp_path / "users.csv", users=150, months=40)
    assert train(["spending", "--data", str(file)]) == 0
    model = SpendingModel.load(store.load("spending:latest"))
    [answer] = model.predict([history(seasonal(28))])
    assert answer.months[6].amount > answer.months[1].amount
    assert evaluate(["spending", "--data", str(file), "--out", str(tmp_path / "report")]) == 0
    assert "users.csv" in (tmp_path / "report" / "report.md").read_text()
    assert (tmp_path / "report" / "fans.png").stat().st_size > 10_000


@pytest.mark.parametrize("option", [{"series": 499}, {"seed": -1}])
def test_options_that_make_no_sense_are_refused(option: dict[str, int]):
    with pytest.raises(OptionError):
        Options(**option)  # type: ignore[arg-type]


def test_a_bad_file_is_refused_and_nothing_is_saved(own_store: Path, tmp_path: Path, capsys):
    assert train(["spending", "--data", str(tmp_path / "nowhere.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not store.exists("spending:latest")
