from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.command_line import evaluate as command
from models.ner.dataset import Sentence, read_marked
from models.ner.evaluate import Found, find_entities, micro_f1, report, report_groups
from models.ner.merge import Scored
from models.ner.model import NerModel
from models.ner.tagging import Span
from models.store import StoredModel
from tests.models.ner.examples import CONLL, sentences, write_jsonl

PNG = b"\x89PNG"


def found(marked: str, *answered: tuple[int, int, str], **fields: Any) -> Found:
    sentence = Sentence(*read_marked(marked), "en", **fields)
    return Found(sentence, tuple(Scored(Span(*each), 0.8) for each in answered))


def test_an_entity_is_right_where_start_end_and_label_are():
    one = found("[Paul](PERSON) at [Amazon](MERCHANT)", (0, 4, "PERSON"), (8, 14, "PERSON"))
    assert one.hits == 1
    assert found("[Paul](PERSON)", (0, 3, "PERSON")).hits == 0


def test_figures_are_those_of_a_hand_count():
    """3 true, 4 answered, 2 right."""
    answers = [
        found("[Paul](PERSON) at [Amazon](MERCHANT)", (0, 4, "PERSON"), (8, 13, "MERCHANT")),
        found("in [Paris](LOCATION) now", (3, 8, "LOCATION"), (9, 12, "DATE")),
        found("nothing here"),
    ]
    measured = report(answers, "mine")
    assert (measured.n, measured.entities) == (3, 3)
    assert measured.precision.value == pytest.approx(2 / 4)
    assert measured.recall.value == pytest.approx(2 / 3)
    assert measured.f1.value == pytest.approx(4 / 7) == pytest.approx(micro_f1(answers))
    assert [(each.label, each.f1, each.support) for each in measured.per_label] == [
        *(("DATE", 0, 0), ("LOCATION", 1, 1), ("MERCHANT", 0, 1), ("PERSON", 1, 1))
    ]
    assert measured.correct.tolist() == [True, False, True, False]
    assert measured.values is None
    assert "value_accuracy" not in measured.figures()


def test_values_are_counted_among_right_spans_only():
    reference = dt.date(2026, 3, 18)
    right, wrong = {"amount": "50.00", "currency": "EUR"}, {"start": "2026-03-18", "end": "2026-03-18"}
    one = found(
        "[50 euros](AMOUNT) [yesterday](DATE) to [Paul](PERSON)",
        *((0, 8, "AMOUNT"), (9, 18, "DATE"), (22, 25, "PERSON")),
        reference=reference,
        values=(right, wrong, {"name": "Paul"}),
    )
    measured = report([one], "mine")
    assert measured.values is not None
    assert measured.values.value == pytest.approx(1 / 2)
    assert {each.label: each.value for each in measured.per_label} == {"AMOUNT": 1, "DATE": 0, "PERSON": None}


@pytest.mark.parametrize("answers", [[found("nothing")], [found("[a](X)")], [found("a", (0, 1, "X"))]])
def test_nothing_true_or_nothing_answered_has_figures_too(answers: list[Found]):
    measured = report(answers, "mine")
    assert measured.f1.value == 0
    assert np.isfinite(list(measured.figures().values())).all()


def test_languages_are_reported_apart_where_there_are_enough():
    english = [found("[Paul](PERSON)", (0, 4, "PERSON"))] * 20
    french = [Found(Sentence("Paul", (Span(0, 4, "PERSON"),), "fr"), ())] * 30
    groups = {each.name: each for each in report_groups([*english, *french])}
    assert groups.keys() == {"all", "en", "fr"}
    assert (groups["en"].f1.value, groups["fr"].f1.value) == (1, 0)
    assert [each.name for each in report_groups([*english, *french[:19]])] == ["all", "en"]


def test_entities_are_those_of_predict(tiny: NerModel):
    from models.ner.contract import NerRequest

    answers = tiny.predict([NerRequest(text=each.text, language=each.language) for each in sentences()])
    for one, answer in zip(find_entities(tiny, sentences()), answers, strict=True):
        assert [each.span for each in one.spans] == [Span(e.start, e.end, e.label) for e in answer.entities]


@pytest.fixture
def store(tiny_model: StoredModel, tiny_home: Path, store_in) -> Iterator[None]:
    """The store that holds `tiny_model`."""
    with store_in(tiny_home):
        yield


def run(tmp_path: Path, data: Path, *more: str) -> tuple[int, Path]:
    return command(["ner", "--data", str(data), "--out", str(tmp_path / "out"), *more]), tmp_path / "out"


@pytest.mark.usefixtures("store")
def test_the_command_writes_a_report_and_its_plots(tmp_path: Path, tiny_model: StoredModel):
    code, out = run(tmp_path, write_jsonl(tmp_path / "data.jsonl", sentences()))
    assert code == 0
    assert {file.name for file in out.iterdir()} == {"report.md", "labels.png", "reliability.png"}
    assert all((out / name).read_bytes().startswith(PNG) for name in ("labels.png", "reliability.png"))
    told = (out / "report.md").read_text(encoding="utf-8")
    assert told.startswith(f"# {tiny_model.tag} on data.jsonl\n")
    row = next(line for line in told.splitlines() if line.startswith("| data.jsonl"))
    figures = tiny_model.metadata["metrics"]["all"]
    cells = [cell.strip() for cell in row.split("|")]
    assert cells[2:4] == ["36", "84"]
    for cell, name in zip(cells[4:7], ("precision", "recall", "f1"), strict=True):
        assert float(cell.split()[0]) == pytest.approx(figures[name], abs=0.0006)


@pytest.mark.usefixtures("store")
def test_labels_that_the_model_does_not_know_are_told(tmp_path: Path):
    data = tmp_path / "data.conll"
    data.write_text(CONLL, encoding="utf-8")
    code, out = run(tmp_path, data)
    assert code == 0
    assert "Labels the model does not know, so never found: LOC, MISC, ORG, PER." in (out / "report.md").read_text()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--model", "ner:zzz"), "no model 'ner:zzz' in the model store"),
        (("--data", "/no/such/file.jsonl"), "/no/such/file.jsonl: cannot be read"),
    ],
)
def test_what_a_user_can_put_right_exits_with_2(
    tmp_path: Path, more: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
):
    code, out = run(tmp_path, write_jsonl(tmp_path / "data.jsonl", sentences()), *more)
    assert code == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert not out.exists()


@pytest.mark.usefixtures("store")
def test_a_file_in_the_place_of_the_report_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "out").touch()
    assert run(tmp_path, write_jsonl(tmp_path / "data.jsonl", sentences()))[0] == 2
    assert str(tmp_path / "out") in capsys.readouterr().err
