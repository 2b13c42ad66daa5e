from __future__ import annotations

from pathlib import Path

import pytest

from models import command_line, store
from models.command_line import evaluate, model_names, train
from models.intent import train as intent_train

pytestmark = pytest.mark.usefixtures("own_store")


def run_with(monkeypatch: pytest.MonkeyPatch, error: BaseException | None) -> list[object]:
    """Put `error`, or nothing, in the place of a training; returns what was asked for."""
    asked: list[object] = []

    def run(options: object) -> None:
        asked.append(options)
        if error is not None:
            raise error

    monkeypatch.setattr(intent_train, "run", run)
    monkeypatch.setattr(command_line, "model_names", lambda: ["intent"])
    return asked


def test_a_model_is_a_folder_with_a_training():
    assert "intent" in model_names()
    assert model_names() == sorted(model_names())


@pytest.mark.parametrize("command", [train, evaluate])
@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["intent", "--nonsense", "1"]])
def test_what_is_not_understood_exits_with_2_and_usage(command, arguments, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        command(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith(f"usage: {command.__name__}")


@pytest.mark.parametrize("command", [train, evaluate])
def test_help_names_the_models(command, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        command(["--help"])
    assert caught.value.code == 0
    assert "intent" in capsys.readouterr().out


@pytest.mark.parametrize("command", [train, evaluate])
def test_help_of_a_model_names_its_options(command, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        command(["intent", "--help"])
    assert caught.value.code == 0
    assert "--data PATH" in capsys.readouterr().out


def test_arguments_come_from_the_command_line_where_none_are_given(monkeypatch: pytest.MonkeyPatch):
    asked = run_with(monkeypatch, None)
    monkeypatch.setattr(command_line.sys, "argv", ["train", "intent", "--seed", "7"])
    assert train() == 0
    assert asked == [intent_train.Options(seed=7)]


def test_a_value_may_be_named_like_a_model(monkeypatch: pytest.MonkeyPatch):
    asked = run_with(monkeypatch, None)
    assert train(["intent", "--text-column", "intent"]) == 0
    assert asked == [intent_train.Options(text_column="intent")]


def test_an_interruption_exits_with_130_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    run_with(monkeypatch, KeyboardInterrupt())
    assert train(["intent"]) == 130
    assert capsys.readouterr().err == "interrupted; nothing was saved\n"


def test_a_bug_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch):
    run_with(monkeypatch, ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError):
        train(["intent"])


@pytest.mark.parametrize("name", ["no such file.csv", "[red]no[/red].csv", f"{'long-' * 30}name.csv"])
def test_a_refusal_exits_with_2_and_names_the_file_on_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert train(["intent", "--data", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err == f"{tmp_path / name}: cannot be read (No such file or directory)\n"


def test_a_missing_backbone_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = tmp_path / "data.csv"
    data.write_text("text,label\n" + "".join(f"word{n} one,a\nword{n} two,b\n" for n in range(8)))
    assert train(["intent", "--data", str(data), "--backbone", str(tmp_path / "nowhere")]) == 2
    assert str(tmp_path / "nowhere") in capsys.readouterr().err


def test_evaluating_without_a_model_exits_with_2_and_says_what_makes_one(capsys: pytest.CaptureFixture[str]):
    assert evaluate(["intent"]) == 2
    told = capsys.readouterr().err
    assert told == "no model 'intent:latest' in the model store; `make models` or `train intent` makes one\n"


@pytest.mark.parametrize("tag", ["two words", "a:b:c", "intent:", "../intent"])
def test_what_is_no_tag_exits_with_2(tag: str, capsys: pytest.CaptureFixture[str]):
    assert evaluate(["intent", "--model", tag]) == 2
    assert tag in capsys.readouterr().err


def test_missing_trains_a_model_that_is_not_there(monkeypatch: pytest.MonkeyPatch):
    asked = run_with(monkeypatch, None)
    assert train(["--missing"]) == 0
    assert asked == [intent_train.Options()]


def test_missing_leaves_a_model_that_is_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    asked = run_with(monkeypatch, None)
    saved = store.save("intent", lambda folder: (folder / "a").touch(), {})
    assert train(["--missing"]) == 0
    assert asked == []
    assert f"{saved.tag} is in the model store" in capsys.readouterr().err


def test_missing_trains_a_model_that_is_damaged(monkeypatch: pytest.MonkeyPatch):
    asked = run_with(monkeypatch, None)
    saved = store.save("intent", lambda folder: (folder / "a").touch(), {})
    (saved.path / "a").unlink()
    assert train(["--missing"]) == 0
    assert asked == [intent_train.Options()]


def test_missing_passes_on_what_went_wrong(monkeypatch: pytest.MonkeyPatch):
    run_with(monkeypatch, intent_train.REFUSALS[0]("no"))
    assert train(["--missing"]) == 2
