"""Accounts whose habits are plain to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.anomaly.contract import AnomalyPrediction, AnomalyQuestion, AnomalyRequest
from models.anomaly.history import given_past, question
from models.anomaly.ledger import Columns, Ledger
from models.anomaly.model import AnomalyModel
from models.transactions import Transaction

START = datetime(2025, 1, 1, tzinfo=UTC)


def payment(day: float, amount: float, hour: float = 12.0, **fields: Any) -> Transaction:
    """A transaction so many days after the start, at an hour of the day."""
    usual: dict[str, Any] = {
        "currency": "EUR",
        "merchant": "corner shop",
        "category": "groceries",
        "channel": "card",
        "country": "FR",
    }
    time = START + timedelta(days=int(day), hours=hour + 24 * (day - int(day)))
    return Transaction(amount=Decimal(str(round(amount, 2))), timestamp=time, **{**usual, **fields})


def regular(days: int = 300) -> list[Transaction]:
    """Groceries for about 30 euros at noon every second day, dinner for about 20 each week, a salary each month."""
    rows = [payment(day, -(28 + day % 5)) for day in range(0, days, 2)]
    rows += [
        payment(day, -(18 + day % 4), 19.5, merchant="bistro", category="restaurants") for day in range(5, days, 7)
    ]
    rows += [
        payment(day, 2100, 9, merchant="employer", category="income", channel="transfer") for day in range(1, days, 30)
    ]
    return sorted(rows, key=lambda row: row.timestamp)


def ask(model: AnomalyModel, transaction: Transaction, history: Sequence[Transaction]) -> AnomalyPrediction:
    """Score one transaction as the endpoint does."""
    request = AnomalyRequest(user_id="somebody", transaction=transaction, history=list(history))
    [answer] = model.predict([question(request, given_past(request))])
    return answer


def questions(pairs: Sequence[tuple[Transaction, Sequence[Transaction]]]) -> list[AnomalyQuestion]:
    requests = [AnomalyRequest(user_id="somebody", transaction=one, history=list(history)) for one, history in pairs]
    return [question(request, given_past(request)) for request in requests]


def ledger_of(*accounts: Sequence[Transaction]) -> Ledger:
    """Accounts as a ledger, a user each."""
    rows = [(user, each) for user, account in enumerate(accounts) for each in account]
    return Columns(
        user=[user for user, _ in rows],
        time=[each.timestamp.timestamp() for _, each in rows],
        offset=[0.0 for _ in rows],
        amount=[float(each.amount) for _, each in rows],
        currency=[each.currency for _, each in rows],
        merchant=[each.merchant for _, each in rows],
        category=[each.category for _, each in rows],
        channel=[each.channel for _, each in rows],
        country=[each.country for _, each in rows],
    ).ledger()
