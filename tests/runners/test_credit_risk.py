"""The runner, and whose specification types the API's requests: asked in fresh processes, as BentoML does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from models.contract import form_of
from models.store import StoredModel
from tests.models.credit_risk.examples import APPLICATION, DEFAULT_REQUEST, small_specification
from tests.runners.test_intent import in_a_fresh_process, loaded

PROJECT = Path(__file__).parent.parent.parent
FIELDS = """
import json
from runners.credit_risk import CreditRiskRequest
print(json.dumps(list(CreditRiskRequest.model_fields)))"""
DESCRIBE = (
    "from runners.credit_risk import CreditRiskRunner\nprint(CreditRiskRunner.inner().describe().model_dump_json())"
)


def version_in(home: Path) -> str:
    return (home / "models" / "credit_risk" / "latest").read_text().strip()


def test_importing_the_runner_loads_no_model_library():
    assert loaded("import runners.credit_risk\nimport sys\nassert 'models.credit_risk.model' not in sys.modules") == []


def test_serving_loads_nothing_that_only_training_needs(credit_risk_model: StoredModel):
    code = f"""
from runners.credit_risk import CreditRiskRequest, CreditRiskRunner
runner = CreditRiskRunner.inner()
[answer] = runner.predict([CreditRiskRequest.model_validate({APPLICATION!r})])
assert answer.model.version == {credit_risk_model.version!r}
"""
    assert loaded(code) == []


def test_it_says_which_model_answers_and_where(credit_risk_model: StoredModel):
    state = {
        "name": "credit_risk",
        "version": credit_risk_model.version,
        "device": "cpu",
        "reads": form_of(DEFAULT_REQUEST),
    }
    assert in_a_fresh_process(DESCRIBE) == state


def test_requests_have_the_fields_of_the_stored_model(credit_risk_model: StoredModel):
    assert set(in_a_fresh_process(FIELDS)) == {"user_id", *APPLICATION}


def test_with_another_model_in_the_store_they_are_others(lender_home: Path):
    fields = ["user_id", "turnover", "late", "days", "trade", "rating", "insured", "sex"]
    assert in_a_fresh_process(FIELDS, BENTOML_HOME=str(lender_home)) == fields
    assert in_a_fresh_process(DESCRIBE, BENTOML_HOME=str(lender_home))["version"] == version_in(lender_home)


def test_without_a_model_in_the_store_they_are_those_of_the_default(tmp_path: Path):
    assert set(in_a_fresh_process(FIELDS, BENTOML_HOME=str(tmp_path))) == {"user_id", *APPLICATION}


def test_a_damaged_model_keeps_no_other_endpoint_from_starting(lender_home: Path, tmp_path: Path):
    home = tmp_path / "home"
    shutil.copytree(lender_home / "models", home / "models")
    with next((home / "models" / "credit_risk" / version_in(home)).glob("*.json")).open("a") as file:
        file.write(" ")
    assert set(in_a_fresh_process(FIELDS, BENTOML_HOME=str(home))) == {"user_id", *APPLICATION}


def test_a_gateway_far_from_its_runner_is_told_by_a_setting(tmp_path: Path):
    file = small_specification(tmp_path)
    assert "turnover" in in_a_fresh_process(FIELDS, BENTOML_HOME=str(tmp_path), ML_CREDIT_FEATURES=str(file))


def packed(folder: Path, record: dict[str, Any]) -> Path:
    """Return the source of a Bento with this record beside it."""
    source = folder / "bento" / "src"
    shutil.copytree(PROJECT / "runners", source / "runners")
    (source / "models").symlink_to(PROJECT / "models")
    (source.parent / "bento.yaml").write_text(json.dumps(record))
    return source


@pytest.mark.parametrize("where", ["models", "services"])
def test_in_a_bento_they_are_those_of_the_packed_model(
    lender_home: Path, credit_risk_model: StoredModel, tmp_path: Path, where: str
):
    """Even where a newer one with other fields is in the store."""
    home = tmp_path / "home"
    shutil.copytree(lender_home / "models", home / "models")
    shutil.copytree(credit_risk_model.path, home / "models" / "credit_risk" / credit_risk_model.version)
    (home / "models" / "credit_risk" / "latest").write_text(credit_risk_model.version)
    models = [{"tag": f"credit_risk:{version_in(lender_home)}"}]
    source = packed(tmp_path, {"models": [], "services": [{"models": []}]} | {where: _listed(where, models)})
    code = f"import sys\nsys.path.insert(0, {str(source)!r})\n{FIELDS}"
    assert "turnover" in in_a_fresh_process(code, BENTOML_HOME=str(home))
    assert "income" in in_a_fresh_process(FIELDS, BENTOML_HOME=str(home))


def _listed(where: str, models: list[dict[str, str]]) -> list[Any]:
    return models if where == "models" else [{"models": models}]


def test_a_bad_item_fails_alone(credit_risk_model: StoredModel):
    code = f"""
import json
from models.contract import Refusal
from runners.credit_risk import CreditRiskRequest, CreditRiskRunner
runner = CreditRiskRunner.inner()
good = CreditRiskRequest.model_validate({APPLICATION!r})
bad = CreditRiskRequest.model_construct(**{{**dict(good), "income": "much"}})
answers = runner.predict([good, bad, good])
print(json.dumps([isinstance(answer, Refusal) for answer in answers]))
"""
    assert in_a_fresh_process(code) == [False, True, False]
