"""Really trained models of a small application, each trained once."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from models.command_line import train
from models.ner.model import NerModel
from models.store import StoredModel
from tests.models.ner.examples import sentences, write_jsonl


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BentoML home; `tiny_model` is in its store."""
    return tmp_path_factory.mktemp("tiny-ner")


@pytest.fixture(scope="session")
def tiny_arguments(tiny_backbone: Path, tiny_home: Path) -> list[str]:
    """The command that trained `tiny_model`."""
    data = str(write_jsonl(tiny_home / "data.jsonl", sentences()))
    files = ("--data", data, "--validation", data, "--test", data)
    fitted = ("--epochs", "40", "--learning-rate", "0.01", "--runs", "1")
    return ["ner", *files, "--backbone", str(tiny_backbone), *fitted]


@pytest.fixture(scope="session")
def tiny_model(tiny_home: Path, tiny_arguments: list[str], store_in) -> StoredModel:
    """Trained with the smallest encoder there is on four labels of the contract."""
    with store_in(tiny_home):
        assert train(tiny_arguments) == 0
        return store.load("ner:latest")


@pytest.fixture(scope="session")
def tiny(tiny_model: StoredModel) -> NerModel:
    """The tiny model, loaded."""
    return NerModel.load(tiny_model)
