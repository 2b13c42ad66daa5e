from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models import store
from models.command_line import train
from models.intent.dataset import corpus_digest
from models.intent.model import Decision, IntentModel
from models.intent.train import Options, _queries
from models.store import StoredModel
from models.text import quantise
from tests.models.intent.examples import OTHERS, ROWS, TEST, Row, write_csv

PNG = b"\x89PNG\r\n\x1a\n"


def options(arguments: list[str]) -> Options:
    given = dict(zip(arguments[1::2], arguments[2::2], strict=True))
    return Options(data=Path(given["--data"]), test=Path(given["--test"]), backbone=given["--backbone"])


def with_data(arguments: list[str], file: Path) -> list[str]:
    changed = list(arguments)
    changed[changed.index("--data") + 1] = str(file)
    return changed


def without(arguments: list[str], option: str) -> list[str]:
    at = arguments.index(option)
    return [*arguments[:at], *arguments[at + 2 :]]


def test_the_model_is_in_the_store_with_all_it_needs(tiny_model: StoredModel):
    assert {file.name for file in tiny_model.path.iterdir()} == {
        *("model.yaml", "card.md", "confusion.png", "reliability.png"),
        *("model.int8.onnx", "tokenizer.json", "decision.json", "out_of_scope.npz", "ngrams.json", "ngrams.npz"),
        *("config.json", "model.safetensors", "head.pt", "drift.json"),
    }


@pytest.mark.parametrize("name", ["confusion.png", "reliability.png"])
def test_its_plots_are_pictures(tiny_model: StoredModel, name: str):
    content = (tiny_model.path / name).read_bytes()
    assert content.startswith(PNG)
    assert len(content) > 5000


def test_its_card_names_data_and_figures(tiny_model: StoredModel):
    card = (tiny_model.path / "card.md").read_text(encoding="utf-8")
    assert f"data.csv, SHA-256 {tiny_model.metadata['data_digest']}" in card
    assert "| all | 30 |" in card
    assert [
        label for label in ("balance", "card", "hours", "transfer", "out_of_scope") if f"| {label} |" not in card
    ] == []


def test_its_metadata_names_the_data(tiny_model: StoredModel, tiny_arguments: list[str]):
    queries = _queries(options(tiny_arguments))
    assert tiny_model.metadata["data"] == "data.csv"
    assert tiny_model.metadata["data_digest"] == corpus_digest(queries)
    assert tiny_model.metadata["splits"] == {"train": 106, "validation": 14, "test": 30}


def test_its_metadata_names_how_it_came_to_be(tiny_model: StoredModel):
    assert tiny_model.metadata["backbone"] == "tiny"
    assert tiny_model.metadata["fine_tuning"]["epochs"] == 1
    assert {"torch", "onnxruntime", "transformers", "scikit-learn"} <= set(tiny_model.metadata["libraries"])
    assert tiny_model.metadata["labels"] == ["balance", "card", "hours", "transfer"]


def test_its_metadata_has_the_figures(tiny_model: StoredModel):
    figures = tiny_model.metadata["metrics"]["all"]
    assert figures["n"] == 30
    assert all(0 <= figures[name] <= 1 for name in ("accuracy", "answered", "macro_f1", "ece", "out_of_scope_auroc"))


def test_no_data_of_the_user_is_in_the_store_but_as_pieces(tiny_model: StoredModel):
    texts = [text.encode() for text, _ in (*ROWS, *OTHERS, *TEST)]
    for file in tiny_model.path.iterdir():
        content = file.read_bytes()
        assert [text for text in texts if text in content] == [], file.name


def test_it_answers_its_own_training_data(tiny_model: StoredModel):
    probabilities = IntentModel.load(tiny_model).probabilities([text for text, _ in ROWS])
    decision = Decision.load(tiny_model.path / "decision.json")
    answers = [decision.intents[column] for column in probabilities.intents.argmax(1)]
    assert sum(answer == label for answer, (_, label) in zip(answers, ROWS, strict=True)) > 0.9 * len(ROWS)


def test_the_same_seed_and_data_give_the_same_model(
    tiny_model: StoredModel, tiny_arguments: list[str], own_store: Path
):
    assert train(tiny_arguments) == 0
    again = store.load("intent")
    assert again.version != tiny_model.version
    assert (again.path / "decision.json").read_bytes() == (tiny_model.path / "decision.json").read_bytes()
    assert (again.path / "model.int8.onnx").read_bytes() == (tiny_model.path / "model.int8.onnx").read_bytes()
    assert again.metadata["digest"] == tiny_model.metadata["digest"]


def test_another_seed_gives_another_model(tiny_model: StoredModel, tiny_arguments: list[str], own_store: Path):
    assert train([*tiny_arguments, "--seed", "1"]) == 0
    changed = store.load("intent").path / "model.int8.onnx"
    assert changed.read_bytes() != (tiny_model.path / "model.int8.onnx").read_bytes()


def test_the_default_encoder_learns_four_labels_and_what_is_none_of_them(
    own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """End to end as a user with a file runs it: no out-of-scope rows, so that the background is taken."""
    data = write_csv(tmp_path / "mine.csv", ROWS, ("query", "intent"))
    test = write_csv(tmp_path / "test.csv", TEST, ("query", "intent"))
    columns = ("--text-column", "query", "--label-column", "intent")
    assert train(["intent", "--data", str(data), "--test", str(test), *columns, "--epochs", "1"]) == 0
    stored = store.load("intent")
    assert f"saved {stored.tag}" in capsys.readouterr().out
    assert stored.metadata["metrics"]["all"]["accuracy"] >= 0.6
    assert stored.metadata["metrics"]["all"]["out_of_scope_auroc"] >= 0.8
    assert len(stored.metadata["out_of_scope"]) == 5
    assert stored.metadata["labels"] == ["balance", "card", "hours", "transfer"]


def test_a_part_of_the_data_is_reported_on_where_no_test_file_is_given(tiny_arguments: list[str], own_store: Path):
    assert train(without(tiny_arguments, "--test")) == 0
    assert store.load("intent").metadata["metrics"]["all"]["n"] == 14  # 3 of each 25, 2 of 20


@pytest.mark.parametrize(
    "rows",
    [
        [*ROWS[:4], *ROWS[25:29]],
        [*ROWS[:4], *ROWS[25:29], *OTHERS[:4]],
        [*ROWS[:10], *ROWS[25:35]],
    ],
    ids=["eight rows", "eight rows and four out of scope", "twenty rows"],
)
def test_little_data_is_trained_on_or_refused_in_a_sentence(
    rows: list[Row], tiny_arguments: list[str], own_store: Path, tmp_path: Path
):
    data = write_csv(tmp_path / "few.csv", rows)
    code = train(with_data(without(tiny_arguments, "--test"), data))
    assert (code, store.exists("intent")) in {(0, True), (2, False)}


def test_labels_that_only_the_test_file_has_are_never_right(tiny_arguments: list[str], own_store: Path, tmp_path: Path):
    data = write_csv(tmp_path / "two.csv", [row for row in (*ROWS, *OTHERS) if row[1] in {"balance", "card", "oos"}])
    assert train(with_data(tiny_arguments, data)) == 0
    stored = store.load("intent")
    assert stored.metadata["labels"] == ["balance", "card"]
    assert stored.metadata["metrics"]["all"]["accuracy"] <= 0.5


BAD: dict[str, tuple[bytes, str]] = {
    "column": (b"query,label\nhello,x\n", "line 1: no column 'text'"),
    "text": (b"text,label\nhello,x\n ,x\n", "line 3: empty text"),
    "encoding": (b"text,label\nhello,x\nd\xe9bit,x\n", "line 3: not UTF-8"),
    "labels": (b"text,label\n" + b"hello,x\n" * 9, "needs at least two labels besides out_of_scope"),
    "rare": (b"text,label\n" + b"hello,x\nbye,y\n" * 3, "fewer than 4 rows for x, y"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_data_exits_with_2_and_is_told_with_file_and_line(
    case: str, own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    content, message = BAD[case]
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    assert train(["intent", "--data", str(file)]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "bad.csv" in told
    assert message in told
    assert "Traceback" not in told
    assert list(own_store.iterdir()) == []


def test_a_bad_test_file_is_told_before_training(
    tiny_arguments: list[str], own_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert train([*without(tiny_arguments, "--test"), "--test", str(tmp_path / "none.csv")]) == 2
    told = capsys.readouterr().err
    assert "none.csv" in told
    assert "training" not in told


@pytest.mark.parametrize(
    "option", [("--batch-size", "0"), ("--epochs", "-1"), ("--learning-rate", "nan"), ("--seed", "-1")]
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
    assert train(tiny_arguments) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "accuracy on validation data: int8 " in told
    assert "not saved" in told
    assert list(own_store.iterdir()) == []


def test_ctrl_c_in_mid_training_exits_with_130_and_saves_nothing(tiny_arguments: list[str], tmp_path: Path):
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    scratch.mkdir()
    ours, theirs = pty.openpty()  # a terminal shows each step, where a log would wait ten seconds for its first line
    process = subprocess.Popen(
        [Path(sys.executable).with_name("train"), *tiny_arguments, "--epochs", "100000"],
        env={**os.environ, "BENTOML_HOME": str(home), "TMPDIR": str(scratch), "TERM": "xterm", "COLUMNS": "200"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        seen = read_until(ours, "loss ", timeout_s=120)
        process.send_signal(signal.SIGINT)
        seen += read_until(ours, "interrupted; nothing was saved", timeout_s=120)
        assert process.wait(120) == 130, seen
    finally:
        process.kill()
        os.close(ours)
    assert "Traceback" not in seen
    assert list(home.rglob("model.yaml")) == []
    assert [*scratch.glob("intent-*"), *scratch.glob("bentoml-model-*")] == []


def read_until(terminal: int, text: str, timeout_s: float) -> str:
    """Return what the terminal shows up to `text`."""
    seen = b""
    deadline = time.monotonic() + timeout_s
    while text.encode() not in seen:
        assert time.monotonic() < deadline, seen.decode(errors="replace")
        try:
            seen += os.read(terminal, 4096)
        except OSError as closed:  # the other side has gone
            raise AssertionError(seen.decode(errors="replace")) from closed
    return seen.decode(errors="replace")
