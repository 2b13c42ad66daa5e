from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from models.credit_risk.specification import SpecificationError, load_specification
from tests.models.credit_risk.examples import SMALL


def written(tmp_path: Path, content: str) -> Path:
    file = tmp_path / "features.yaml"
    file.write_text(content, encoding="utf-8")
    return file


def test_the_default_is_a_consumer_loan_whose_decision_knows_no_age():
    specification = load_specification()
    assert [each.name for each in specification.protected] == ["age"]
    assert {each.name: each.monotone for each in specification.inputs} == {
        "income": "lowers_risk",
        "loan_amount": "raises_risk",
        "term_months": "raises_risk",
        "purpose": "none",
        "employment_years": "lowers_risk",
        "housing": "none",
        "debt_to_income": "raises_risk",
        "existing_loans": "raises_risk",
        "open_credit_lines": "none",
        "revolving_utilisation": "raises_risk",
        "delinquencies_2y": "raises_risk",
        "worst_delinquency_days": "raises_risk",
        "credit_history_years": "lowers_risk",
        "inquiries_6m": "raises_risk",
    }


def test_what_is_left_out_has_a_default(tmp_path: Path):
    trade = load_specification(written(tmp_path, SMALL)).inputs[3]
    assert (trade.column, trade.cause, trade.required) == ("trade", "trade", False)
    assert trade.reason == "Trade counts against the application."


def test_a_name_and_its_column_may_differ(tmp_path: Path):
    assert load_specification(written(tmp_path, SMALL)).inputs[0].column == "Yearly turnover"


def test_words_that_yaml_reads_as_other_things_are_categories(tmp_path: Path):
    content = SMALL.replace("[f, m]", "[yes, 1]")
    assert list(load_specification(written(tmp_path, content)).protected[0].categories) == ["True", "1"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name: late\n", "name: late pay\n"), "feature late pay name"),
        (("name: late\n", "name: model_late\n"), "reserved name"),
        (("name: late\n", "name: user_id\n"), "reserved name"),
        (("name: late\n", "name: class\n"), "reserved name"),
        (("name: late\n", "name: days\n"), "'days' is given twice"),
        (("name: late\n", "name: late\n    column: lost\n"), "'lost' is the target and a feature"),
        (("kind: whole", "kind: integer"), "feature late kind"),
        (("monotone: raises_risk", "monotone: up"), "feature late monotone"),
        (
            ("minimum: 0\n    monotone: lowers", "minimum: 9\n    maximum: 8\n    monotone: lowers"),
            "minimum is not below",
        ),
        (("[poor, fair, good]", "[poor]"), "feature rating: Value error, a grade needs 2 to 200"),
        (
            ("kind: flag", "kind: flag\n    categories: [a, b]"),
            "feature insured: Value error, a flag has no categories",
        ),
        (("kind: flag", "kind: flag\n    colour: red"), "feature insured colour: Extra inputs"),
        (("books: Books}\n", "books: Books}\n    monotone: raises_risk\n"), "make it a grade"),
        (("in_decision: false", "in_decision: false\n    groups: [1]"), "groups are for numbers"),
        (('bad: "yes"', 'bad: "no"'), "good and bad are the same value"),
        (("target: lost", "aim: lost"), "target: Field required"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_feature(tmp_path: Path, change: tuple[str, str], said: str):
    assert change[0] in SMALL
    file = written(tmp_path, SMALL.replace(*change, 1))
    with pytest.raises(SpecificationError) as caught:
        load_specification(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize("content", ["a: [", "\x00", "just words", "", "[1, 2]"])
def test_what_is_no_specification_is_refused(tmp_path: Path, content: str):
    with pytest.raises(SpecificationError):
        load_specification(written(tmp_path, content))


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(SpecificationError, match=r"none\.yaml: cannot be read"):
        load_specification(tmp_path / "none.yaml")


def test_nothing_to_decide_by_is_refused(tmp_path: Path):
    content = yaml.safe_load(SMALL)
    content["features"] = [each | {"in_decision": False} for each in content["features"][-1:]]
    with pytest.raises(SpecificationError, match="no feature may be used"):
        load_specification(written(tmp_path, yaml.safe_dump(content)))
