from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.options import add_options, option, read_options


@dataclass(frozen=True)
class Options:
    data: Path
    test: Path | None = option(None, "another file")
    text_column: str = option("text", "name of a column")
    epochs: float | None = option(None, "passes")
    rate: float = option(2e-4, "learning rate")
    seed: int = option(0, "seed")


def read(*arguments: str) -> Options:
    parser = argparse.ArgumentParser()
    add_options(parser, Options)
    return read_options(parser.parse_args(arguments), Options)


def test_what_is_left_out_has_its_default():
    assert read("--data", "a.csv") == Options(Path("a.csv"))


def test_what_is_given_has_its_type():
    given_all = ("--data", "a", "--test", "b", "--text-column", "q", "--epochs", "3", "--rate", "1e-3", "--seed", "7")
    assert read(*given_all) == Options(Path("a"), Path("b"), "q", 3.0, 0.001, 7)


def test_optional_values_keep_their_type():
    read_back = read("--data", "a", "--epochs", "3", "--test", "b")
    assert isinstance(read_back.epochs, float)
    assert isinstance(read_back.test, Path)


@given(st.integers(), st.floats(allow_nan=False), st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_any_value_is_read_as_it_was_written(seed: int, rate: float, column: str):
    options = read("--data=a", f"--seed={seed}", f"--rate={rate}", f"--text-column={column}")
    assert (options.seed, options.rate, options.text_column) == (seed, rate, column)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "required: --data"),
        (("--data", "a", "--seed", "two"), "--seed: invalid int value: 'two'"),
        (("--data", "a", "--epochs", "many"), "--epochs: invalid float value: 'many'"),
        (("--data", "a", "--text_column", "q"), "unrecognized arguments: --text_column"),
    ],
)
def test_what_cannot_be_read_is_refused(arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        read(*arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_help_tells_defaults(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "120")
    with pytest.raises(SystemExit):
        read("--help")
    told = capsys.readouterr().out
    for line in (
        "--data PATH (required)",
        "--test PATH another file (optional)",
        "--text-column STR name of a column (default: text)",
        "--rate FLOAT learning rate (default: 0.0002)",
        "--seed INT seed (default: 0)",
    ):
        assert line in " ".join(told.split())
