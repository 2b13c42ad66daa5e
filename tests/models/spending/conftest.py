"""A really trained model, small: a third of the series that the default is trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from models.command_line import train
from models.spending.model import SpendingModel
from models.store import StoredModel


@pytest.fixture(scope="session")
def small_stored(tmp_path_factory: pytest.TempPathFactory, store_in) -> StoredModel:
    with store_in(tmp_path_factory.mktemp("spending")):
        assert train(["spending", "--series", "500"]) == 0
        return store.load("spending:latest")


@pytest.fixture(scope="session")
def small_model(small_stored: StoredModel) -> SpendingModel:
    return SpendingModel.load(small_stored)


@pytest.fixture(scope="session")
def small_folder(small_stored: StoredModel) -> Path:
    return small_stored.path
