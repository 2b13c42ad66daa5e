"""`POST /v1/predict/spending`, line by line of the contract."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from typing import Any

import httpx
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from models.spending.months import month_name, month_number
from models.store import StoredModel
from tests.models.spending.histories import START, seasonal
from tests.served import ONE_EACH, Served, ServedFactory

PATH = "/v1/predict/spending"
_USERS = itertools.count()


def months(amounts: Any) -> list[dict[str, Any]]:
    """Return amounts as inline history that ends in December 2025."""
    first = START - len(amounts)
    return [{"month": month_name(first + at), "amount": round(float(each), 2)} for at, each in enumerate(amounts)]


def payments(user: str, amounts: Any, **fields: Any) -> list[dict[str, Any]]:
    """Return transactions, two a month, that spend `amounts` until December 2025."""
    rows = []
    for month in months(amounts):
        for day, share in ((3, 0.5), (21, 0.5)):
            rows.append(
                {
                    "id": f"{user}-{month['month']}-{day}",
                    "user_id": user,
                    "amount": -round(month["amount"] * share, 4),
                    "currency": "EUR",
                    "timestamp": f"{month['month']}-{day:02}T10:00:00Z",
                    **fields,
                }
            )
    return rows


def post(served: Served, **body: Any) -> httpx.Response:
    return served.client.post(PATH, json={"user_id": "ann", **body})


def stored(served: Served, amounts: Any, **fields: Any) -> str:
    """Store payments of a new user and return the user."""
    user = f"spender-{next(_USERS)}-{uuid.uuid4().hex[:6]}"
    response = served.client.post("/v1/transactions", json={"transactions": payments(user, amounts, **fields)})
    assert response.status_code == 200
    return user


def test_answer_is_the_one_of_the_contract(served: Served, spending_model: StoredModel):
    response = post(served, months=4, history=months(seasonal(36)))
    assert response.status_code == 200
    answer = response.json()
    assert answer.keys() == {
        *("prediction_id", "model", "user_id", "currency", "months", "total", "trend", "method"),
        *("history_months", "backtest"),
    }
    assert answer["model"] == {"name": "spending", "version": spending_model.version}
    assert uuid.UUID(answer["prediction_id"]).version == 7
    assert [each["month"] for each in answer["months"]] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert (answer["user_id"], answer["currency"], answer["history_months"]) == ("ann", "EUR", 36)
    assert answer["trend"] in {"rising", "falling", "stable"}
    assert answer["backtest"].keys() == {"mae", "mase", "coverage"}
    specification = served.client.get("/openapi.json").json()
    schema = specification["paths"][PATH]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**specification, **schema}).validate(answer)


def test_both_paths_answer(served: Served):
    body = {"user_id": "ann", "history": months(seasonal(14))}
    assert served.client.post("/predict/spending", json=body).json()["months"] == post(served, **body).json()["months"]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("months", {"months": 37}),
        ("history", {"history": months([1, 2]) + months([3])}),
        ("history.0.amount", {"history": [{"month": "2026-01", "amount": -1}]}),
        ("history.0.month", {"history": [{"month": "2026-1", "amount": 1}]}),
        ("as_of", {"as_of": "yesterday"}),
        ("horizon", {"horizon": 3}),
    ],
)
def test_what_is_wrong_is_refused_by_name(served: Served, field: str, body: dict[str, Any]):
    response = post(served, **body)
    assert response.status_code == 400
    assert [detail["field"] for detail in response.json()["error"]["details"]] == [field]


def test_an_unknown_user_is_not_found(served: Served):
    response = post(served, user_id="nobody-at-all")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_stored_and_inline_months_are_answered_the_same(served: Served):
    amounts = seasonal(30, noise=0.1).round(2)
    user = stored(served, amounts)
    from_store = post(served, user_id=user, as_of="2026-01-01").json()
    inline = post(served, user_id=user, history=months(amounts)).json()
    for answer in (from_store, inline):
        answer.pop("prediction_id")
    assert from_store == inline


def test_a_month_that_has_begun_is_no_collapse(served: Served):
    amounts = seasonal(30)
    user = stored(served, amounts)
    begun = [{**payments(user, [3.0])[0], "id": f"{user}-now", "timestamp": "2026-01-02T10:00:00Z"}]
    assert served.client.post("/v1/transactions", json={"transactions": begun}).status_code == 200
    before, during = (post(served, user_id=user, as_of=day).json() for day in ("2026-01-01", "2026-01-20"))
    assert during["months"] == before["months"]
    assert during["months"][0]["month"] == "2026-01"


def test_a_category_is_forecast_alone(served: Served):
    user = stored(served, seasonal(24, level=900), category="groceries")
    rent = payments(user, [500.0] * 24, category="rent")
    for row in rent:
        row["id"] += "-rent"
    served.client.post("/v1/transactions", json={"transactions": rent})
    answer = post(served, user_id=user, category="rent", as_of="2026-01-01").json()
    assert answer["months"][0]["amount"] == pytest.approx(500.0, rel=0.02)


def test_a_currency_without_a_rate_is_left_out_and_said(served: Served):
    user = stored(served, seasonal(24))
    dollars = payments(user, [90.0], currency="USD", id=f"{user}-usd")[:1]
    assert served.client.post("/v1/transactions", json={"transactions": dollars}).status_code == 200
    answer = post(served, user_id=user, as_of="2026-01-01").json()
    assert answer["currency"] == "EUR"
    assert answer["method"].endswith("left out for want of a rate: USD")


def test_the_second_answer_comes_from_the_cache_with_an_id_of_its_own(served: Served):
    body = {"history": months(seasonal(20, seed=99))}
    first, second = post(served, **body), post(served, **body)
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert first.json()["prediction_id"] != second.json()["prediction_id"]
    assert first.json()["months"] == second.json()["months"]


def test_new_transactions_change_the_answer_at_once(served: Served):
    user = stored(served, [100.0] * 12)
    before = post(served, user_id=user, as_of="2026-01-01").json()["total"]
    more = [{**row, "id": f"{row['id']}-more"} for row in payments(user, [900.0] * 4)]
    assert served.client.post("/v1/transactions", json={"transactions": more}).json()["stored"] == 8
    assert post(served, user_id=user, as_of="2026-01-01").json()["total"] > before


def test_who_is_erased_is_unknown_at_once(served: Served):
    user = stored(served, [100.0] * 12)
    assert post(served, user_id=user).status_code == 200
    assert served.client.post("/v1/users/erase", json={"user_id": user}).json() == {"erased": 24}
    assert post(served, user_id=user).status_code == 404


async def test_eight_callers_at_once_lose_nothing(served: Served):
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as http:

        async def call(number: int) -> list[tuple[int, str]]:
            outcomes = []
            for turn in range(5):
                amounts = seasonal(36, noise=0.2, seed=100 * number + turn)
                body = {"user_id": f"user-{number}-{turn}", "history": months(np.maximum(amounts, 0))}
                response = await http.post(PATH, json=body)
                outcomes.append((response.status_code, response.json().get("user_id")))
            return outcomes

        outcomes = await asyncio.gather(*map(call, range(8)))
    for number, rows in enumerate(outcomes):
        assert rows == [(200, f"user-{number}-{turn}") for turn in range(5)]


def test_no_amount_or_user_is_logged(served: Served):
    post(served, user_id="secret-spender", history=months([4242.42] * 5))
    log = served.log_file.read_text()
    assert "secret-spender" not in log
    assert "4242.42" not in log


def test_rates_of_the_settings_convert(serve: ServedFactory):
    server = serve(ML_CURRENCY_RATES='{"EUR": 1, "USD": 0.5}', **ONE_EACH)
    user = stored(server, [100.0] * 12)
    dollars = [{**row, "id": f"{row['id']}-usd"} for row in payments(user, [40.0] * 12, currency="USD")[1::2]]
    server.client.post("/v1/transactions", json={"transactions": dollars})
    answer = post(server, user_id=user, as_of="2026-01-01").json()
    server.stop()
    assert answer["months"][0]["amount"] == pytest.approx(100 + 20 * 0.5, rel=0.02)
    assert "left out" not in answer["method"]


def test_months_start_where_the_contract_says(served: Served):
    user = stored(served, [100.0] * 12)
    answer = post(served, user_id=user, as_of="2026-03-31", months=1).json()
    assert answer["months"][0]["month"] == "2026-03"
    assert answer["history_months"] == 14  # January and February count, with nothing spent
    assert month_number("2026-03") - START == 2
