from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models import store
from models.command_line import train
from models.ner.contract import NerRequest
from models.ner.dataset import Sentence, corpus_digest, read_marked, read_sentences
from models.ner.model import NerModel
from models.ner.train import unseen_names
from models.store import StoredModel
from models.text import quantise
from tests.models.intent.test_train import read_until
from tests.models.ner.examples import LABELS, sentences

PNG = b"\x89PNG\r\n\x1a\n"


def with_option(arguments: list[str], option: str, value: str) -> list[str]:
    changed = list(arguments)
    changed[changed.index(option) + 1] = value
    return changed


def without(arguments: list[str], *options: str) -> list[str]:
    left = list(arguments)
    for option in options:
        at = left.index(option)
        left = [*left[:at], *left[at + 2 :]]
    return left


def conll(file: Path, copies: int) -> Path:
    """Write sentences in a label set of another trade: no label of it is the contract's."""
    lines = []
    for number in range(copies):
        drug, dose = ("aspirin", "ibuprofen", "insulin")[number % 3], ("500", "20", "5")[number // 3 % 3]
        lines += ["take O", f"{drug} B-DRUG", f"{dose} B-DOSE", "mg I-DOSE", f"on O\nday{number} O", ". O", ""]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_the_model_is_in_the_store_with_all_it_needs(tiny_model: StoredModel):
    assert {file.name for file in tiny_model.path.iterdir()} == {
        *("model.yaml", "card.md", "labels.png", "reliability.png"),
        *("model.int8.onnx", "tokenizer.json", "decision.json", "gazetteer.json.gz", "drift.json"),
        *("config.json", "model.safetensors", "head.pt"),
    }


@pytest.mark.parametrize("name", ["labels.png", "reliability.png"])
def test_its_plots_are_pictures(tiny_model: StoredModel, name: str):
    content = (tiny_model.path / name).read_bytes()
    assert content.startswith(PNG)
    assert len(content) > 5000


def test_its_card_names_data_and_figures(tiny_model: StoredModel):
    card = (tiny_model.path / "card.md").read_text(encoding="utf-8")
    assert f"data.jsonl, SHA-256 {tiny_model.metadata['data_digest']}" in card
    assert "| all | 36 | 84 |" in card
    assert [label for label in LABELS if f"| {label} |" not in card] == []
    assert "## Limits" in card


def test_its_metadata_names_how_it_came_to_be(tiny_model: StoredModel, tiny_home: Path):
    data = tiny_model.metadata
    assert (data["data"], data["backbone"], data["labels"]) == ("data.jsonl", "tiny", LABELS)
    assert data["splits"] == {"train": 36, "validation": 36, "test": 36}
    assert data["fine_tuning"]["epochs"] == 40
    assert {"torch", "onnxruntime", "transformers"} <= set(data["libraries"])
    assert data["validation_f1"].keys() == {"int8", "float32"}
    assert data["data_digest"] != corpus_digest(read_sentences(tiny_home / "data.jsonl")), "splits are part of it"


def test_its_metadata_has_the_figures(tiny_model: StoredModel):
    figures = tiny_model.metadata["metrics"]["all"]
    assert (figures["n"], figures["entities"]) == (36, 84)
    assert all(0 <= figures[name] <= 1 for name in ("precision", "recall", "f1", "ece"))
    assert figures["f1"] > 0.9


def test_no_sentence_of_the_user_is_in_the_store(tiny_model: StoredModel):
    texts = [each.text.encode() for each in sentences()]
    for file in tiny_model.path.iterdir():
        content = file.read_bytes()
        assert [text for text in texts if text in content] == [], file.name


def test_the_same_seed_and_data_give_the_same_model(
    tiny_model: StoredModel, tiny_arguments: list[str], own_store: Path
):
    assert train(tiny_arguments) == 0
    again = store.load("ner")
    assert again.version != tiny_model.version
    assert (again.path / "decision.json").read_bytes() == (tiny_model.path / "decision.json").read_bytes()
    assert (again.path / "model.int8.onnx").read_bytes() == (tiny_model.path / "model.int8.onnx").read_bytes()
    assert again.metadata["digest"] == tiny_model.metadata["digest"]


def test_any_label_set_in_conll_is_learnt(own_store: Path, tmp_path: Path, tiny_arguments: list[str]):
    data = conll(tmp_path / "drugs.conll", 72)
    arguments = with_option(without(tiny_arguments, "--validation", "--test"), "--data", str(data))
    assert train(arguments) == 0
    stored = store.load("ner")
    assert stored.metadata["labels"] == ["DOSE", "DRUG"]
    assert stored.metadata["metrics"]["all"]["f1"] > 0.9
    assert stored.metadata["splits"] == {"train": 54, "validation": 9, "test": 9}
    [answer] = NerModel.load(stored).predict([NerRequest(text="take insulin 20 mg on day2 or pay $50 to a@b.org.")])
    assert {each.label for each in answer.entities} <= {"DOSE", "DRUG"}
    assert ("DRUG", "insulin", None) in [(each.label, each.text, each.value) for each in answer.entities]


def test_variants_are_made_when_asked_for(own_store: Path, tiny_arguments: list[str]):
    assert train([*tiny_arguments, "--copies", "3"]) == 0
    assert store.load("ner").metadata["fine_tuning"]["copies"] == 3


def test_trainings_are_averaged_when_asked_for(tiny_model: StoredModel, own_store: Path, tiny_arguments: list[str]):
    assert train(with_option(tiny_arguments, "--runs", "2")) == 0
    stored = store.load("ner")
    assert stored.metadata["fine_tuning"]["runs"] == 2
    assert stored.metadata["metrics"]["all"]["f1"] > 0.9
    assert (stored.path / "model.int8.onnx").read_bytes() != (tiny_model.path / "model.int8.onnx").read_bytes()


def test_labels_that_only_the_test_file_has_are_never_found(
    own_store: Path, tmp_path: Path, tiny_arguments: list[str], capsys: pytest.CaptureFixture[str]
):
    test = conll(tmp_path / "drugs.conll", 25)
    assert train(with_option(with_option(tiny_arguments, "--test", str(test)), "--epochs", "1")) == 0
    stored = store.load("ner")
    assert f"saved {stored.tag}" in capsys.readouterr().out
    assert stored.metadata["metrics"]["all"]["recall"] == 0
    assert "| DRUG |" in (stored.path / "card.md").read_text(encoding="utf-8")


BAD: dict[str, tuple[str, str, str]] = {
    "no sentences": ("bad.jsonl", "", "no sentences"),
    "not JSON": ("bad.jsonl", "hello\n", "line 1: needs"),
    "no tags": ("bad.conll", "hello\n", "line 1: needs a word and a tag"),
    "few": ("bad.jsonl", json.dumps({"text": "a", "entities": []}) + "\n", "fewer than 20 sentences with entities"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_data_exits_with_2_and_is_told_with_file_and_line(
    case: str, own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    name, content, message = BAD[case]
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert train(["ner", "--data", str(tmp_path / name)]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert name in told
    assert message in told
    assert "Traceback" not in told
    assert list(own_store.iterdir()) == []


@pytest.mark.parametrize("option", ["--test", "--validation"])
def test_a_bad_other_file_is_told_before_training(
    option: str, tiny_arguments: list[str], own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert train(with_option(tiny_arguments, option, str(tmp_path / "none.jsonl"))) == 2
    told = capsys.readouterr().err
    assert "none.jsonl" in told
    assert "training" not in told


@pytest.mark.parametrize(
    "option",
    [("--batch-size", "0"), ("--epochs", "-1"), ("--learning-rate", "nan"), ("--seed", "-1"), ("--copies", "0")],
)
def test_senseless_options_exit_with_2(option: tuple[str, str], tiny_arguments: list[str], own_store: Path):
    try:
        code: object = train([*tiny_arguments, *option])
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert list(own_store.iterdir()) == []


def test_an_int8_graph_that_lost_accuracy_is_not_saved(
    tiny_arguments: list[str], own_store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(quantise, "_ALLOWED_LOSS", -1.0)
    assert train(with_option(tiny_arguments, "--epochs", "1")) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "F1 on validation data: int8 " in told
    assert "not saved" in told
    assert list(own_store.iterdir()) == []


def test_ctrl_c_in_mid_training_exits_with_130_and_saves_nothing(tiny_arguments: list[str], tmp_path: Path):
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    scratch.mkdir()
    ours, theirs = pty.openpty()  # a terminal shows each step, where a log would wait ten seconds for its first line
    process = subprocess.Popen(
        [Path(sys.executable).with_name("train"), *with_option(tiny_arguments, "--epochs", "100000")],
        env={**os.environ, "BENTOML_HOME": str(home), "TMPDIR": str(scratch), "TERM": "xterm", "COLUMNS": "200"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        seen = read_until(ours, "loss ", timeout_s=300)
        process.send_signal(signal.SIGINT)
        seen += read_until(ours, "interrupted; nothing was saved", timeout_s=300)
        assert process.wait(60) == 130, seen
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert "Traceback" not in seen
    assert list(home.rglob("model.yaml")) == []
    assert [*scratch.glob("ner-*"), *scratch.glob("bentoml-model-*")] == []


def test_names_that_training_sentences_hold_are_told_from_others():
    new = Sentence(*read_marked("[Paul](PERSON) and [Ines](PERSON) in [Lyon](LOCATION)"), "en", split="test")
    assert unseen_names([*sentences(), new]) == {"PERSON": 0.5, "LOCATION": 1.0}
    assert unseen_names(sentences()) == {}
