"""What every answer of the default model keeps to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from models.credit_risk.contract import DEMONSTRATION
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import Policy, score_of
from models.store import StoredModel
from tests.models.credit_risk.examples import APPLICATION, OPTIONAL, application, random_values

POLICY = Policy()
MANY = 10_000


def place(model: CreditRiskModel, name: str) -> int:
    return [feature.name for feature in model.specification.inputs].index(name)


@pytest.fixture(scope="module")
def values(default_model: CreditRiskModel) -> np.ndarray:
    return random_values(default_model.specification, MANY)


def monotone(model: CreditRiskModel) -> list[tuple[str, int]]:
    return [(feature.name, feature.direction) for feature in model.specification.inputs if feature.direction]


def test_raising_one_answer_moves_the_score_only_where_the_specification_allows(
    default_model: CreditRiskModel, values: np.ndarray
):
    """10,000 random applications, every answer with a direction: income, delinquencies and ten more."""
    draw = np.random.default_rng(1)
    before = default_model.probabilities(values)
    checked = monotone(default_model)
    assert {"income", "delinquencies_2y"} < {name for name, _ in checked}
    for name, direction in checked:
        feature = default_model.specification.inputs[place(default_model, name)]
        raised = values.copy()
        column = raised[:, place(default_model, name)]
        column += np.where(draw.random(MANY) < 0.5, draw.exponential(3, MANY), column * draw.random(MANY))
        if feature.kind == "whole":
            np.ceil(column, out=column)
        moved = direction * (default_model.probabilities(raised) - before)
        known = ~np.isnan(column)
        assert moved[known].min() >= 0, name
        assert (moved[known] > 0).mean() > 0.1, name
        scores = [
            [score_of(p) for p in each] for each in (before.tolist(), default_model.probabilities(raised).tolist())
        ]
        assert np.min(-direction * (np.diff(scores, axis=0)[0][known])) >= 0, name


def test_answers_depend_on_their_own_application_alone(default_model: CreditRiskModel, values: np.ndarray):
    whole = default_model.log_odds(values)
    for size in (1, 3, 100, 4096):
        parts = [default_model.log_odds(values[at : at + size]) for at in range(0, 600 if size < 4 else MANY, size)]
        joined = np.concatenate(parts)
        assert np.array_equal(joined, whole[: len(joined)])
    requests = [application(income=1000.0 * number) for number in range(1, 30)]
    alone = [default_model.predict([each], POLICY)[0] for each in requests]
    assert default_model.predict(requests, POLICY) == alone
    assert default_model.predict(requests[::-1], POLICY) == alone[::-1]


def test_another_process_gives_the_same_digits(credit_risk_model: StoredModel, default_model: CreditRiskModel):
    code = f"""
import json
from models import store
from models.credit_risk.contract import request_type
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import Policy
model = CreditRiskModel.load(store.load({credit_risk_model.tag!r}))
request = request_type(model.specification).model_validate({APPLICATION!r})
print(json.dumps([model.predict([request], Policy())[0].model_dump_json(), float(model.log_odds(
    __import__("models.credit_risk.dataset").credit_risk.dataset.values_of([request], model.specification))[0]).hex()]))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    answer, odds = json.loads(run.stdout.splitlines()[-1])
    from models.credit_risk.dataset import values_of

    assert answer == default_model.predict([application()], POLICY)[0].model_dump_json()
    [mine] = default_model.log_odds(values_of([application()], default_model.specification))
    assert odds == float(mine).hex()


def test_contributions_add_up_to_the_log_odds(default_model: CreditRiskModel, values: np.ndarray):
    additive = default_model.additive
    total = additive.baseline + additive.contributions(values).sum(1)
    assert total == pytest.approx(additive.log_odds(values), abs=1e-10)
    assert default_model.probabilities(values) == pytest.approx(expit(default_model.log_odds(values)), abs=1e-6)


@pytest.mark.parametrize("field", OPTIONAL)
def test_an_answer_left_out_is_no_reason_and_lowers_no_score_by_itself(default_model: CreditRiskModel, field: str):
    [answer] = default_model.predict([application(**{field: None})], POLICY)
    assert field not in {reason.feature for reason in answer.reasons}
    assert 300 <= answer.score <= 850


def test_silence_counts_no_worse_than_the_average_answer(default_model: CreditRiskModel, values: np.ndarray):
    silent = np.isnan(values)
    assert silent.any(0).sum() == len(OPTIONAL) - 1  # all but age, which the model does not see
    assert default_model.additive.contributions(values)[silent].max() <= 0


def test_with_required_answers_alone_there_is_an_answer(default_model: CreditRiskModel):
    only = application(**dict.fromkeys(OPTIONAL))
    [answer] = default_model.predict([only], POLICY)
    assert {reason.feature for reason in answer.reasons} <= {"income", "loan_amount", "term_months"}


def test_what_may_not_be_used_changes_nothing(default_model: CreditRiskModel):
    answers = default_model.predict(
        [application(age=age, user_id=user) for age, user in [(18, "a"), (99, "b")]], POLICY
    )
    assert answers[0] == answers[1]
    assert all(reason.feature != "age" for answer in answers for reason in answer.reasons)


def test_tiny_changes_make_tiny_differences(default_model: CreditRiskModel, values: np.ndarray):
    """Of every number, a millionth more: the log-odds move by next to nothing, and the reasons stay."""
    some = values[:2000]
    numbers = [place(default_model, each.name) for each in default_model.specification.inputs if each.kind == "number"]
    nudged = some.copy()
    nudged[:, numbers] *= 1 + 1e-6
    assert np.abs(default_model.log_odds(nudged) - default_model.log_odds(some)).max() < 1e-3
    before, after = ([[r.code for r in row] for row in default_model.reasons(each)] for each in (some, nudged))
    assert np.mean([one == other for one, other in zip(before, after, strict=True)]) > 0.995


def test_answers_agree_with_themselves(default_model: CreditRiskModel):
    for income in (8_000.0, 20_000.0, 50_000.0, 120_000.0):
        [answer] = default_model.predict([application(income=income)], POLICY)
        assert answer.score == score_of(answer.probability_of_default)
        assert answer.band == POLICY.band(answer.probability_of_default)
        assert answer.decision == POLICY.decision(answer.probability_of_default)
        assert answer.cutoffs == POLICY.cutoffs
        assert [reason.impact for reason in answer.reasons] == sorted((r.impact for r in answer.reasons), reverse=True)


def test_who_is_declined_is_told_why(default_model: CreditRiskModel, values: np.ndarray):
    declined = default_model.probabilities(values) >= POLICY.credit_decline_from
    assert declined.sum() > 100
    assert all(default_model.reasons(values[declined]))


def test_every_answer_of_the_demonstration_says_that_it_is_one(default_model: CreditRiskModel):
    assert default_model.predict([application()], POLICY)[0].notice == DEMONSTRATION
    assert "must be replaced" in DEMONSTRATION


def test_a_lenders_own_model_says_nothing_of_the_kind(shop_model: StoredModel):
    model = CreditRiskModel.load(shop_model)
    assert model.notice is None


def test_no_request_is_no_work(default_model: CreditRiskModel):
    assert default_model.predict([], POLICY) == []


def test_the_card_says_that_it_is_a_demonstration(credit_risk_model: StoredModel):
    card = Path(credit_risk_model.path / "card.md").read_text(encoding="utf-8")
    assert DEMONSTRATION in card
    assert "By age: approval rate ratio" in card
