"""The default model, and a lender's own, both really trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from models.credit_risk.model import CreditRiskModel
from models.store import StoredModel


@pytest.fixture(scope="session")
def default_model(credit_risk_model: StoredModel) -> CreditRiskModel:
    return CreditRiskModel.load(credit_risk_model)


@pytest.fixture(scope="session")
def shop_home(lender_home: Path) -> Path:
    return lender_home


@pytest.fixture(scope="session")
def shop_model(lender_home: Path, store_in) -> StoredModel:
    with store_in(lender_home):
        return store.load("credit_risk:latest")
