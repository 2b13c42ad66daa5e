"""Really trained models of a small application, each trained once."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from models.command_line import train
from models.store import StoredModel
from tests.models.intent.examples import OTHERS, ROWS, TEST, write_csv


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BentoML home; `tiny_model` is in its store."""
    return tmp_path_factory.mktemp("tiny")


@pytest.fixture(scope="session")
def tiny_arguments(tiny_backbone: Path, tiny_home: Path) -> list[str]:
    """The command that trained `tiny_model`."""
    data = write_csv(tiny_home / "data.csv", [*ROWS, *OTHERS])
    test = write_csv(tiny_home / "test.csv", TEST)
    return ["intent", *("--data", str(data), "--test", str(test), "--backbone", str(tiny_backbone), "--epochs", "1")]


@pytest.fixture(scope="session")
def tiny_model(tiny_home: Path, tiny_arguments: list[str], store_in) -> StoredModel:
    """Trained for one epoch with the smallest encoder there is, out-of-scope queries among its data."""
    with store_in(tiny_home):
        assert train(tiny_arguments) == 0
        return store.load("intent:latest")
