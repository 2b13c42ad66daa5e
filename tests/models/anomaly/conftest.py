from __future__ import annotations

import pytest

from models.anomaly.model import AnomalyModel
from models.store import StoredModel


@pytest.fixture(scope="session")
def model(anomaly_model: StoredModel) -> AnomalyModel:
    return AnomalyModel.load(anomaly_model)
