from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.command_line import evaluate as command
from models.intent.dataset import read_csv
from models.intent.evaluate import evaluate
from models.intent.model import IntentModel
from models.store import StoredModel
from tests.models.intent.examples import ROWS, TEST, Row, write_csv


@pytest.fixture
def store(tiny_model: StoredModel, tiny_home: Path, store_in) -> Iterator[None]:
    """The store that holds `tiny_model`."""
    with store_in(tiny_home):
        yield


def run(tmp_path: Path, rows: list[Row] | tuple[Row, ...], *more: str) -> tuple[int, Path]:
    data = write_csv(tmp_path / "data.csv", rows)
    return command(["intent", "--data", str(data), "--out", str(tmp_path / "out"), *more]), tmp_path / "out"


@pytest.mark.usefixtures("store")
def test_it_writes_a_report_and_its_plots(tmp_path: Path, tiny_model: StoredModel):
    code, out = run(tmp_path, TEST)
    assert code == 0
    assert {file.name for file in out.iterdir()} == {"report.md", "confusion.png", "reliability.png"}
    assert all((out / name).read_bytes().startswith(b"\x89PNG") for name in ("confusion.png", "reliability.png"))
    assert (out / "report.md").read_text(encoding="utf-8").startswith(f"# {tiny_model.tag} on data.csv\n")


@pytest.mark.usefixtures("store")
def test_its_figures_are_those_of_the_model_card(tmp_path: Path, tiny_model: StoredModel):
    _, out = run(tmp_path, TEST)
    report = (out / "report.md").read_text(encoding="utf-8")
    figures = tiny_model.metadata["metrics"]["all"]
    cells = [cell.strip() for cell in next(x for x in report.splitlines() if x.startswith("| data.csv")).split("|")]
    assert cells[2] == "30"
    for cell, name in zip(cells[3:7], ("accuracy", "answered", "macro_f1", "out_of_scope_auroc"), strict=True):
        assert float(cell.split()[0]) == pytest.approx(figures[name], abs=0.0006)


@pytest.mark.usefixtures("store")
def test_labels_that_the_model_does_not_know_are_told(tmp_path: Path):
    _, out = run(tmp_path, [*TEST, ("hello", "greeting"), ("bye", "farewell")])
    assert "Labels the model does not know, so never right: farewell, greeting." in (out / "report.md").read_text()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "rows", [TEST[:1], TEST[-1:], TEST[-2:], [("hello", "unknown")], [*TEST[:1], *TEST[-1:]]], ids=repr
)
def test_a_query_or_two_can_be_evaluated(tmp_path: Path, rows: list[Row]):
    assert run(tmp_path, rows)[0] == 0


@pytest.mark.usefixtures("store")
def test_an_earlier_report_is_replaced(tmp_path: Path):
    run(tmp_path, TEST[:10])
    _, out = run(tmp_path, TEST)
    assert "| data.csv | 30 |" in (out / "report.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--text-column", "query"), "no column 'query'"),
        (("--model", "intent:zzz"), "no model 'intent:zzz' in the model store"),
        (("--model", "intent:latest", "--data", "/no/such/file.csv"), "/no/such/file.csv: cannot be read"),
    ],
)
def test_what_a_user_can_put_right_exits_with_2(
    tmp_path: Path, more: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
):
    code, out = run(tmp_path, TEST, *more)
    assert code == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert not out.exists()


@pytest.mark.usefixtures("store")
def test_a_file_in_the_place_of_the_report_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "out").touch()
    assert run(tmp_path, TEST)[0] == 2
    assert str(tmp_path / "out") in capsys.readouterr().err


def test_figures_agree_with_the_answers(tiny_model: StoredModel, tmp_path: Path):
    model = IntentModel.load(tiny_model)
    queries = read_csv(write_csv(tmp_path / "data.csv", TEST))
    report = evaluate(model, queries, "test")
    assert report.answered.value == pytest.approx(report.correct.mean())
    inside = np.array([query.label != "out_of_scope" for query in queries])
    assert report.accuracy.value == pytest.approx(report.correct[inside].mean())
    assert report.confusion.sum() == report.n == 30
    assert np.trace(report.confusion) == report.correct.sum()
    assert sum(label.support for label in report.per_label) == 30


def test_answers_are_those_of_predict(tiny_model: StoredModel, tmp_path: Path):
    from models.intent.contract import IntentRequest

    model = IntentModel.load(tiny_model)
    queries = read_csv(write_csv(tmp_path / "data.csv", TEST))
    predictions = model.predict([IntentRequest(query=query.text) for query in queries])
    report = evaluate(model, queries, "test")
    right = [prediction.intent == query.label for prediction, query in zip(predictions, queries, strict=True)]
    assert report.correct.tolist() == right
    assert np.allclose(report.confidence, [prediction.confidence for prediction in predictions], atol=1e-5)


def test_without_out_of_scope_queries_there_is_no_auroc(tiny_model: StoredModel, tmp_path: Path):
    queries = read_csv(write_csv(tmp_path / "data.csv", ROWS[:30]))
    report = evaluate(IntentModel.load(tiny_model), queries, "test")
    assert report.out_of_scope_auroc is None
    assert "out_of_scope_auroc" not in report.figures()
