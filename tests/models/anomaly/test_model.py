from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.anomaly.contract import AnomalyPrediction
from models.anomaly.history import pack, told
from models.anomaly.model import AnomalyModel
from models.store import StoredModel
from models.transactions import Transaction
from tests.models.anomaly.examples import ask, payment, questions, regular

HISTORY = regular()
NEXT = 301.0


def code(answer: AnomalyPrediction) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_the_usual_is_no_anomaly(model: AnomalyModel):
    answer = ask(model, payment(NEXT, -30), HISTORY)
    assert (answer.is_anomaly, answer.severity, answer.reasons) == (False, "none", [])
    assert answer.history_size == len(HISTORY)
    assert answer.threshold == 0.5
    assert (answer.model.name, answer.model.version) == ("anomaly", model.version)


@pytest.mark.parametrize(
    ("odd", "usual", "leading"),
    [
        (payment(NEXT, -1240), payment(NEXT, -30), {"amount_overall", "amount_category", "amount_merchant"}),
        (
            payment(NEXT, -1240, 19.5, merchant="bistro", category="restaurants"),
            payment(NEXT, -21, 19.5, merchant="bistro", category="restaurants"),
            {"amount_overall", "amount_category", "amount_merchant"},
        ),
        (payment(NEXT, -30, country="KP"), payment(NEXT, -30), {"new_country"}),
        (payment(NEXT, -30, currency="USD"), payment(NEXT, -30), {"new_currency"}),
        (payment(NEXT, -30, channel="cheque"), payment(NEXT, -30), {"new_channel"}),
        (payment(NEXT + 300, -30), payment(NEXT, -30), {"pause"}),
    ],
)
def test_reasons_are_true(model: AnomalyModel, odd: Transaction, usual: Transaction, leading: set[str]):
    """What a reason names, made usual, takes the score down."""
    strange, plain = ask(model, odd, HISTORY), ask(model, usual, HISTORY)
    assert strange.is_anomaly
    assert strange.reasons[0].code in leading
    assert strange.score > plain.score + 0.3
    contributions = [reason.contribution for reason in strange.reasons]
    assert contributions == sorted(contributions, reverse=True)
    assert all(0 < each <= strange.score for each in contributions)


def test_a_duplicate_and_a_journey_have_their_reasons(model: AnomalyModel):
    before = [*HISTORY, payment(NEXT, -31.4, 12)]
    again = ask(model, payment(NEXT, -31.4, 12.05), before)
    assert again.is_anomaly
    assert code(again)[0] == "duplicate"
    assert "corner shop was paid already 3 minutes before" in again.reasons[0].message
    away = ask(model, payment(NEXT, -31, 13, country="JP"), before)
    assert away.is_anomaly
    assert "travel" in code(away)
    message = next(reason.message for reason in away.reasons if reason.code == "travel")
    assert message == "in JP 60 minutes after a transaction in FR, about 9,800 km away, is faster than travel allows"


def test_a_message_names_the_number_and_the_usual_range(model: AnomalyModel):
    [reason, *_] = ask(model, payment(NEXT, -1240, 19.5, merchant="bistro", category="restaurants"), HISTORY).reasons
    assert reason.message.startswith("amount 1,240.00 EUR is ")
    assert "times your usual" in reason.message
    assert "(mostly 1" in reason.message


def test_the_score_never_falls_as_the_amount_grows(model: AnomalyModel):
    # Digits that are neither round nor just below a limit.
    amounts = [digits * 10.0**power for power in range(1, 11) for digits in (2.237, 3.337, 6.137, 7.337)]
    scores = [ask(model, payment(NEXT, -amount), HISTORY).score for amount in amounts if amount > 30]
    assert scores == sorted(scores)
    assert scores[-1] > 0.99


def test_the_person_decides_once_known_and_the_population_before(model: AnomalyModel):
    large = payment(NEXT, -801.5, merchant="gallery", category="art")
    collector = [payment(day, -(700 + 13 * (day % 17)), merchant="gallery", category="art") for day in range(0, 300, 3)]
    unknown, thrifty, known = ask(model, large, []), ask(model, large, HISTORY), ask(model, large, collector)
    assert thrifty.score > unknown.score > known.score
    assert not known.is_anomaly
    assert unknown.history_size == 0


def test_a_first_transaction_may_be_strange_for_anyone(model: AnomalyModel):
    first, huge = ask(model, payment(0, -20), []), ask(model, payment(0, -5e8), [])
    assert not first.is_anomaly
    assert huge.is_anomaly
    assert "no payments yet" in huge.reasons[0].message


@pytest.mark.parametrize("amount", [0, 1e12, -1e12, 0.0001, -0.0001])
@pytest.mark.parametrize("history", [[], HISTORY], ids=["new", "known"])
def test_any_amount_is_answered(model: AnomalyModel, amount: float, history: list[Transaction]):
    answer = ask(model, payment(NEXT, -1).model_copy(update={"amount": payment(0, amount).amount}), history)
    assert 0 <= answer.score <= 1


@pytest.mark.parametrize("year", [1970, 2099])
def test_any_time_is_answered(model: AnomalyModel, year: int):
    then = payment(0, -30).model_copy(update={"timestamp": datetime(year, 1, 1, tzinfo=UTC)})
    answer = ask(model, then, HISTORY)
    assert answer.history_size == (len(HISTORY) if year > 2000 else 0)


@pytest.mark.parametrize("currency", ["XXX", "XAU", "XTS", "ZWG"])
def test_currencies_without_a_rate_are_answered(model: AnomalyModel, currency: str):
    odd = ask(model, payment(NEXT, -30, currency=currency), HISTORY)
    assert "new_currency" in code(odd)
    ask(model, payment(NEXT, -30, currency=currency), [])


def test_a_transaction_that_says_least_is_answered(model: AnomalyModel):
    bare = payment(NEXT, -30, merchant=None, category=None, channel=None, country=None)
    history = [payment(day, -30, merchant=None, category=None, channel=None, country=None) for day in range(300)]
    assert not ask(model, bare, history).is_anomaly


def test_together_and_alone_the_answers_are_the_same(model: AnomalyModel):
    asked = questions(
        [
            (payment(NEXT, -30), HISTORY),
            (payment(NEXT, -3000, country="KP"), HISTORY[:7]),
            (payment(NEXT, -3000, country="KP"), []),
            (payment(20, -30), regular(40)),
        ]
    )
    assert model.predict(asked) == [model.predict([each])[0] for each in asked]
    assert model.predict([]) == []


def test_a_hundred_thousand_rows_are_the_newest_2000(model: AnomalyModel):
    long = [payment(day / 400, -(20 + day % 30)) for day in range(100_000)]
    [asked] = questions([(payment(251, -30), [])])
    whole, newest = (pack(map(told, rows)) for rows in (long[::-1], long[:-2001:-1]))
    answers = [model.predict([asked.model_copy(update={"history": text})])[0] for text in (whole, newest)]
    assert answers[0].history_size == 2000
    assert answers[0] == answers[1]


def test_the_alert_rate_moves_the_threshold_and_not_the_score(anomaly_model: StoredModel):
    strict, loose = AnomalyModel.load(anomaly_model, 0.0005), AnomalyModel.load(anomaly_model, 0.05)
    odd = payment(NEXT, -120)
    assert ask(strict, odd, HISTORY).score == ask(loose, odd, HISTORY).score
    assert strict.threshold > 0.5 > loose.threshold
    assert ask(loose, odd, HISTORY).is_anomaly


def test_severity_grows_with_the_score(model: AnomalyModel):
    grades = ["none", "low", "medium", "high"]
    found = [ask(model, payment(NEXT, -(33.37 * 1.2**step)), HISTORY).severity for step in range(40)]
    assert [grades.index(each) for each in found] == sorted(grades.index(each) for each in found)
    assert found[0] == "none"
    assert found[-1] == "high"
