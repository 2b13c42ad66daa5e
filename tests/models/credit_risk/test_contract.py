from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.credit_risk.contract import request_type
from models.credit_risk.specification import load_specification
from tests.models.credit_risk.examples import APPLICATION, DEFAULT_REQUEST, OPTIONAL, small_specification


def refused(body: dict[str, Any] | str) -> set[str]:
    """Return the fields that are named when a body is refused."""
    with pytest.raises(ValidationError) as caught:
        DEFAULT_REQUEST.model_validate_json(body if isinstance(body, str) else json.dumps(body))
    return {str(error["loc"][0]) for error in caught.value.errors()}


def test_the_example_of_every_field_makes_an_application():
    specification = load_specification()
    body = {each.name: each.example for each in specification.features}
    assert DEFAULT_REQUEST.model_validate_json(json.dumps(body)).model_dump(exclude={"user_id"}).keys() == body.keys()


@pytest.mark.parametrize("field", ["income", "loan_amount", "term_months"])
def test_a_required_field_is_missed(field: str):
    assert refused({name: value for name, value in APPLICATION.items() if name != field}) == {field}


@pytest.mark.parametrize("field", OPTIONAL)
def test_an_optional_field_may_be_left_out_or_null(field: str):
    without = {name: value for name, value in APPLICATION.items() if name != field}
    left_out, null = (
        DEFAULT_REQUEST.model_validate_json(json.dumps(body)) for body in (without, without | {field: None})
    )
    assert left_out == null
    assert getattr(null, field) is None


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999", '"30000"', "true", "[1]", "{}", "-1"])
@pytest.mark.parametrize("field", ["income", "debt_to_income", "delinquencies_2y", "age"])
def test_what_is_no_sound_number_is_refused_by_name(field: str, literal: str):
    body = json.dumps({**APPLICATION, field: 0}).replace(f'"{field}": 0', f'"{field}": {literal}')
    assert refused(body) == {field}


@pytest.mark.parametrize(
    ("field", "value"),
    [("delinquencies_2y", 0.5), ("purpose", "boat"), ("purpose", 1), ("housing", ""), ("age", 17), ("income", 1e8)],
)
def test_what_is_out_of_bounds_is_refused_by_name(field: str, value: Any):
    assert refused({**APPLICATION, field: value}) == {field}


def test_an_unknown_field_is_refused_by_name():
    assert refused({**APPLICATION, "delinquencies_2Y": 0}) == {"delinquencies_2Y"}


@given(st.floats(min_value=0, max_value=10_000_000))
def test_any_income_within_bounds_is_taken_as_it_is(income: float):
    body = json.dumps({**APPLICATION, "income": income})
    assert DEFAULT_REQUEST.model_validate_json(body).model_dump()["income"] == income


def test_the_schema_says_what_the_specification_says():
    schema = DEFAULT_REQUEST.model_json_schema()
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["income", "loan_amount", "term_months"]
    income, late, age = (schema["properties"][name] for name in ("income", "delinquencies_2y", "age"))
    assert income["description"] == "Net income of the applicant (euros a year)."
    assert (income["type"], income["minimum"], income["maximum"], income["examples"]) == ("number", 0, 1e7, [34000])
    assert late["anyOf"] == [{"type": "integer", "minimum": 0, "maximum": 100}, {"type": "null"}]
    assert age["description"].endswith("Not used in the decision.")


def test_another_specification_is_another_type(tmp_path: Path):
    kind = request_type(load_specification(small_specification(tmp_path)))
    body = {"turnover": 1, "late": 2, "trade": "food", "rating": "fair", "insured": False, "user_id": "u"}
    assert kind.model_validate_json(json.dumps(body)).model_dump() == {**body, "days": None, "sex": None}
    with pytest.raises(ValidationError):
        kind.model_validate_json(json.dumps(APPLICATION))
