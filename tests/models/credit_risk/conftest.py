"""A lender's own model, really trained once, and the default one."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from models.command_line import train
from models.credit_risk.model import CreditRiskModel
from models.store import StoredModel
from tests.models.credit_risk.examples import small_rows, small_specification, write_rows


@pytest.fixture(scope="session")
def default_model(credit_risk_model: StoredModel) -> CreditRiskModel:
    return CreditRiskModel.load(credit_risk_model)


@pytest.fixture(scope="session")
def shop_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BentoML home; `shop_model` is in its store, its data are in `loans.csv`, its specification in `shop.yaml`."""
    home = tmp_path_factory.mktemp("shop")
    write_rows(home / "loans.csv", small_rows(500))
    write_rows(home / "later.csv", small_rows(200, seed=1))
    small_specification(home)
    return home


@pytest.fixture(scope="session")
def shop_model(shop_home: Path, store_in) -> StoredModel:
    with store_in(shop_home):
        data, features = str(shop_home / "loans.csv"), str(shop_home / "shop.yaml")
        assert train(["credit_risk", "--data", data, "--features", features]) == 0
        return store.load("credit_risk:latest")
