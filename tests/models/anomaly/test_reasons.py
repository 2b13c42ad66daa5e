"""Reasons are true: what each names, made usual, takes the score down, and its numbers are those of the account."""

from __future__ import annotations

import re

import pytest

from models.anomaly.contract import AnomalyPrediction, AnomalyReason
from models.anomaly.model import MOST_REASONS, AnomalyModel
from models.transactions import Transaction
from tests.models.anomaly.examples import ask, payment, regular

HISTORY = regular()
NEXT = 301.0
BISTRO = {"merchant": "bistro", "category": "restaurants"}
BURST = [payment(NEXT, -30, 12 + number / 9) for number in range(8)]
NOON = payment(NEXT, -30, 12)
PAIRS: list[tuple[str, Transaction, Transaction, list[Transaction]]] = [
    # The code, what is odd, the same with that alone as usual, and what came before besides the habit.
    ("amount_", payment(NEXT, -130), payment(NEXT, -30), []),
    ("amount_", payment(NEXT, -61, 19.5, **BISTRO), payment(NEXT, -20, 19.5, **BISTRO), []),
    ("new_merchant", payment(NEXT, -31, 12, merchant="unheard of"), payment(NEXT, -31, 12), []),
    ("new_category", payment(NEXT, -31, 12, category="gambling"), payment(NEXT, -31, 12), []),
    ("new_country", payment(NEXT, -31, 12, country="KP"), payment(NEXT, -31, 12), []),
    ("new_channel", payment(NEXT, -31, 12, channel="cheque"), payment(NEXT, -31, 12), []),
    ("new_currency", payment(NEXT, -36, 12, currency="USD"), payment(NEXT, -31, 12), []),
    ("hour", payment(NEXT, -31, 3.5), payment(NEXT, -31, 12.5), []),
    ("pause", payment(NEXT + 200, -31, 12), payment(NEXT, -31, 12), []),
    (
        "burst_",
        payment(NEXT, -31, 12.9),
        payment(NEXT + 2, -31, 12.9),
        [payment(NEXT, -30, 12 + n / 9) for n in range(8)],
    ),
    ("duplicate", payment(NEXT, -31.4, 12.05), payment(NEXT, -31.5, 12.05), [payment(NEXT, -31.4, 12)]),
    ("round", payment(NEXT, -100), payment(NEXT, -103.7), []),
    ("below_limit", payment(NEXT, -499.5), payment(NEXT, -514.3), []),
    (
        "travel",
        payment(NEXT, -31, 13, country="JP"),
        payment(NEXT + 2, -31, 13, country="JP"),
        [payment(NEXT, -30, 12)],
    ),
]


def named(answer: AnomalyPrediction, code: str) -> AnomalyReason:
    return next(reason for reason in answer.reasons if reason.code.startswith(code))


@pytest.mark.parametrize(("code", "odd", "usual", "before"), PAIRS, ids=[code for code, *_ in PAIRS])
def test_what_a_reason_names_made_usual_takes_the_score_down(
    model: AnomalyModel, code: str, odd: Transaction, usual: Transaction, before: list[Transaction]
):
    history = [*HISTORY, *before]
    strange, plain = ask(model, odd, history), ask(model, usual, history)
    assert named(strange, code).contribution > 0
    assert strange.score > plain.score
    assert not [reason for reason in plain.reasons if reason.code == named(strange, code).code]


def test_many_odd_things_at_once_each_have_their_part(model: AnomalyModel):
    """Although each of them alone would be enough, so that taking one away changes nothing."""
    odd = payment(NEXT, -7777.77, 3.2, country="KP", currency="USD", merchant="unheard of", channel="cheque")
    answer = ask(model, odd, HISTORY)
    assert len(answer.reasons) == MOST_REASONS
    assert {"new_country", "new_currency"} <= {reason.code for reason in answer.reasons}
    parts = [reason.contribution for reason in answer.reasons]
    assert parts == sorted(parts, reverse=True)
    assert all(part > 0.01 for part in parts)
    assert sum(parts) <= answer.score


@pytest.mark.parametrize("history", [[], HISTORY[:1], HISTORY[:5], HISTORY], ids=len)
@pytest.mark.parametrize("amount", [-0.01, -50, -995, -1000, -1e9, 1e9])
@pytest.mark.parametrize("hour", [0, 3.5, 12])
def test_sentences_are_whole(model: AnomalyModel, history: list[Transaction], amount: float, hour: float):
    before = [*history, payment(NEXT, amount, 0)] if history else []
    answer = ask(model, payment(NEXT, amount, hour, country="JP", currency="JPY", merchant="unheard of"), before)
    assert answer.reasons or not answer.is_anomaly
    for reason in answer.reasons:
        assert not re.search(r"\b(nan|inf|None)\b|[{}]|  ", reason.message), reason.message


def test_numbers_are_those_of_the_account(model: AnomalyModel):
    [amount, *_] = ask(model, payment(NEXT, -1240, 19.5, **BISTRO), HISTORY).reasons
    dinners = sorted(-row.amount for row in HISTORY if row.merchant == "bistro")
    usual, payments = dinners[len(dinners) // 2], len([row for row in HISTORY if row.amount < 0])
    at_the_bistro = f"is {1240 / usual:.0f} times your usual {usual:.2f} EUR at bistro"
    assert at_the_bistro in amount.message or f"{payments} payments" in amount.message
    new = named(ask(model, payment(NEXT, -31, 12, country="KP"), HISTORY), "new_country")
    assert new.message == f"country KP is new: your latest {len(HISTORY)} transactions were with 1 country"
    below = named(ask(model, payment(NEXT, -499.5), HISTORY), "below_limit")
    assert below.message.endswith("as 0 of your 10 large ones did")  # the ten salaries
    hour = named(ask(model, payment(NEXT, -31, 3.5), HISTORY), "hour")
    assert hour.message == "03:30 is an unusual time: most of your transactions come from 11:00 to 19:59"
    assert named(ask(model, payment(NEXT, -31, 12.95), [*HISTORY, *BURST]), "burst_").message.startswith(
        "9 transactions within"
    )
