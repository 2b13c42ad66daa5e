"""The runner of the anomaly model, asked in fresh processes, as BentoML does."""

from __future__ import annotations

import pytest

from models.store import StoredModel
from tests.runners.test_intent import in_a_fresh_process, loaded

DESCRIBE = "from runners.anomaly import AnomalyRunner\nprint(AnomalyRunner.inner().describe().model_dump_json())"
ASK = """
import json
from models.anomaly.contract import AnomalyQuestion
from models.anomaly.history import pack
from models.contract import Refusal
from models.transactions import Transaction
from runners.anomaly import AnomalyRunner
runner = AnomalyRunner.inner()
payment = {"amount": -30000, "currency": "EUR", "timestamp": "2026-03-14T12:00:00Z"}
good = AnomalyQuestion(
    user_id="ann", transaction=Transaction.model_validate(payment), history=pack([])
)
"""


def test_importing_the_runner_loads_no_model_library():
    assert loaded("import runners.anomaly\nimport sys\nassert 'models.anomaly.model' not in sys.modules") == []


def test_serving_loads_nothing_that_only_training_needs(anomaly_model: StoredModel):
    check = f"\n[answer] = runner.predict([good])\nassert answer.model.version == {anomaly_model.version!r}"
    assert loaded(ASK + check) == []


def test_it_says_which_model_answers_and_where(anomaly_model: StoredModel):
    state = {"name": "anomaly", "version": anomaly_model.version, "device": "cpu"}
    assert state.items() <= in_a_fresh_process(DESCRIBE).items()


def test_a_bad_item_fails_alone(anomaly_model: StoredModel):
    code = (
        ASK
        + """
bad = good.model_copy(update={"history": "no history"})
print(json.dumps([isinstance(answer, Refusal) for answer in runner.predict([good, bad, good])]))
"""
    )
    assert in_a_fresh_process(code) == [False, True, False]


@pytest.mark.parametrize(("rate", "threshold"), [("", 0.5), ("0.02", 0.333333333), ("0.0005", 0.759746927)])
def test_the_share_of_alerts_is_a_setting_of_the_deployment(anomaly_model: StoredModel, rate: str, threshold: float):
    code = (
        ASK
        + """
[answer] = runner.predict([good])
print(json.dumps([answer.threshold, answer.is_anomaly == (answer.score > answer.threshold)]))
"""
    )
    assert in_a_fresh_process(code, ML_ANOMALY_ALERT_RATE=rate) == [threshold, True]


@pytest.mark.parametrize("rate", ["0", "0.5", "often"])
def test_a_share_that_makes_no_sense_is_refused(rate: str):
    code = """
import json
from pydantic import ValidationError
from runners.settings import RunnerSettings
try:
    RunnerSettings()
    print(json.dumps(""))
except ValidationError as error:
    print(json.dumps(error.errors()[0]["loc"][0]))
"""
    assert in_a_fresh_process(code, ML_ANOMALY_ALERT_RATE=rate) == "anomaly_alert_rate"
