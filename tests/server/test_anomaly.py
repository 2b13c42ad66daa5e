"""The anomaly endpoint of a running server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.served import Served
from tests.server.shape import error_of

START = datetime(2025, 1, 1, 12, tzinfo=UTC)
PATHS = ("/v1/predict/anomaly", "/predict/anomaly")


def payment(day: float, amount: float, **fields: Any) -> dict[str, Any]:
    time = (START + timedelta(days=day)).isoformat()
    usual = {"amount": amount, "currency": "EUR", "timestamp": time, "merchant": "corner shop", "country": "FR"}
    return {**usual, **fields}


def habit(days: int = 200) -> list[dict[str, Any]]:
    return [payment(day, -(28 + day % 5), category="groceries") for day in range(days)]


def store(served: Served, user: str, rows: list[dict[str, Any]]) -> None:
    numbered = [{**row, "user_id": user, "id": f"{user}-{number}"} for number, row in enumerate(rows)]
    for begin in range(0, len(numbered), 5000):
        body = {"transactions": numbered[begin : begin + 5000]}
        assert served.client.post("/v1/transactions", json=body).status_code == 200


def score(served: Served, user: str, transaction: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"user_id": user, "transaction": transaction, **fields}
    response = served.client.post(PATHS[0], json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.fixture(scope="module")
def known(served: Served) -> str:
    """A user whose habit is stored."""
    store(served, "anomaly-known", habit())
    return "anomaly-known"


@pytest.mark.parametrize("path", PATHS)
def test_the_answer_is_what_the_contract_says(served: Served, known: str, path: str):
    body = {"user_id": known, "transaction": payment(200, -1240, category="groceries")}
    response = served.client.post(path, json=body)
    assert response.status_code == 200
    answer = response.json()
    assert sorted(answer) == sorted(
        ["prediction_id", "model", "is_anomaly", "score", "threshold", "severity", "reasons", "history_size"]
    )
    assert answer["is_anomaly"]
    assert answer["severity"] == "high"
    assert 0 < answer["threshold"] < answer["score"] <= 1
    assert answer["history_size"] == 200
    assert answer["model"]["name"] == "anomaly"
    assert [sorted(reason) for reason in answer["reasons"]] == [["code", "contribution", "message"]] * len(
        answer["reasons"]
    )
    assert "1,240.00 EUR" in answer["reasons"][0]["message"]


def test_stored_and_given_histories_say_the_same(served: Served, known: str):
    for odd in (payment(200, -30), payment(200, -95.5), payment(200, -30, country="KP", merchant="far away")):
        stored, given = score(served, known, odd), score(served, "nobody", odd, history=habit())
        for answer in (stored, given):
            del answer["prediction_id"]
        assert stored == given


def test_what_was_used_more_than_2000_transactions_ago_is_no_news(served: Served):
    once = payment(-1, -30, merchant="Once Upon", country="JP")
    rows = [once, *(payment(day / 10, -(20 + day % 30)) for day in range(2000))]
    store(served, "anomaly-old", rows)
    again, elsewhere = payment(201, -30, merchant="once upon"), payment(201, -30, merchant="elsewhere")
    for odd in (again, elsewhere):
        stored, given = score(served, "anomaly-old", odd), score(served, "nobody", odd, history=rows)
        for answer in (stored, given):
            del answer["prediction_id"]
        assert stored == given
    assert score(served, "anomaly-old", again)["score"] < score(served, "anomaly-old", elsewhere)["score"]


def test_the_transaction_is_not_stored(served: Served, known: str):
    for _ in range(3):
        assert score(served, known, payment(200, -30, id="mine"))["history_size"] == 200


def test_only_what_is_dated_before_counts(served: Served, known: str):
    assert score(served, known, payment(100, -30))["history_size"] == 100
    assert score(served, "nobody", payment(100, -30), history=habit())["history_size"] == 100


def test_an_empty_history_is_a_history(served: Served, known: str):
    assert score(served, known, payment(200, -30), history=[])["history_size"] == 0


def test_an_erased_user_is_unknown(served: Served):
    store(served, "anomaly-gone", habit(20))
    assert score(served, "anomaly-gone", payment(20, -30))["history_size"] == 20
    assert served.client.post("/v1/users/erase", json={"user_id": "anomaly-gone"}).json() == {"erased": 20}
    assert score(served, "anomaly-gone", payment(20, -30))["history_size"] == 0


def test_an_unknown_user_is_scored_against_the_population(served: Served):
    answer = score(served, "nobody at all", payment(0, -30))
    assert (answer["history_size"], answer["is_anomaly"]) == (0, False)
    assert score(served, "nobody at all", payment(0, -5e8))["is_anomaly"]


@pytest.mark.parametrize("amount", [0, 1e12, -1e12, 0.0001])
def test_any_amount_is_answered(served: Served, known: str, amount: float):
    assert 0 <= score(served, known, payment(200, amount))["score"] <= 1


@pytest.mark.parametrize(
    "time", ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z", "2025-07-01", "2025-07-01T10:00+14:00"]
)
def test_any_time_is_answered(served: Served, known: str, time: str):
    assert 0 <= score(served, known, payment(0, -30, timestamp=time))["score"] <= 1


def test_a_currency_without_a_rate_is_answered(served: Served, known: str):
    reasons = score(served, known, payment(200, -30, currency="XXX"))["reasons"]
    assert "new_currency" in [reason["code"] for reason in reasons]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user_id": ""}, "user_id"),
        ({"transaction": payment(0, -1, currency="ZZZ")}, "transaction.currency"),
        ({"transaction": payment(0, -1, currency="eur")}, "transaction.currency"),
        ({"transaction": payment(0, -1, timestamp="1969-12-31T23:59:59Z")}, "transaction.timestamp"),
        ({"transaction": payment(0, -1, timestamp="yesterday")}, "transaction.timestamp"),
        ({"transaction": payment(0, 2e12)}, "transaction.amount"),
        ({"transaction": payment(0, -1, shop="x")}, "transaction.shop"),
        ({"history": [payment(0, -1), payment(1, -1, currency="ZZZ")]}, "history.1.currency"),
        ({"history": [{}] * 10_001}, "history"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_what_breaks_the_contract_is_refused_by_name(served: Served, change: dict[str, Any], field: str):
    body = {"user_id": "somebody", "transaction": payment(0, -1), **change}
    error = error_of(served.client.post(PATHS[0], json=body), 400)
    assert any(detail["field"].endswith(field) for detail in error["details"]), error


def test_a_history_of_100_000_rows_is_refused_inline_and_read_in_part_when_stored(served: Served):
    rows = [payment(day / 300, -(20 + day % 30)) for day in range(100_000)]
    body = {"user_id": "long", "transaction": payment(400, -30), "history": rows}
    assert served.client.post(PATHS[0], json=body).status_code in (400, 413)
    store(served, "long", rows)
    answer = score(served, "long", payment(100_000 / 300, -30))
    assert (answer["history_size"], answer["is_anomaly"]) == (2000, False)


def test_nothing_of_the_transaction_is_logged(served: Served, known: str):
    secret = "very secret shop 4242"
    score(served, known, payment(200, -98765.43, merchant=secret, description=secret))
    log = served.log_file.read_text()
    for private in (secret, "98765", known):
        assert private not in log


def test_scores_are_counted(served: Served, known: str):
    score(served, known, payment(200, -30))
    page = served.client.get("/metrics").text
    assert 'ml_prediction_score_bucket{le="0.05",model="anomaly"}' in page
    assert 'ml_predictions_total{model="anomaly",outcome="ordinary"}' in page
