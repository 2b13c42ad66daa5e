from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from models.anomaly.features import FEATURES, compute_features
from models.anomaly.model import AnomalyModel
from models.anomaly.values import FIELDS
from models.transactions import Transaction
from tests.models.anomaly.examples import ledger_of, payment, regular

HISTORY = regular()
NEXT = 301.0


def surprise(model: AnomalyModel, transaction: Transaction, history: list[Transaction] = HISTORY) -> dict[str, float]:
    """Features of one transaction after a history, by name."""
    ledger = ledger_of([*history, transaction])
    features = compute_features(ledger, model.population, np.array([len(ledger) - 1]))
    return dict(zip(FEATURES, features.strange[0].tolist(), strict=True))


def test_what_is_usual_surprises_little(model: AnomalyModel):
    usual = surprise(model, payment(NEXT, -30))
    assert max(usual.values()) < 3, usual


@pytest.mark.parametrize(
    ("code", "odd"),
    [
        ("amount_overall", payment(NEXT, -900)),
        ("amount_category", payment(NEXT, -95, 19.5, merchant="new bistro", category="restaurants")),
        ("amount_merchant", payment(NEXT, -95, 19.5, merchant="bistro", category="restaurants")),
        ("amount_overall", payment(NEXT, 40_000, 9, merchant="employer", category="income", channel="transfer")),
        ("amount_small", payment(NEXT, -0.5)),
        ("new_merchant", payment(NEXT, -30, merchant="unheard of")),
        ("new_category", payment(NEXT, -30, category="gambling")),
        ("new_country", payment(NEXT, -30, country="KP")),
        ("new_channel", payment(NEXT, -30, channel="cheque")),
        ("new_currency", payment(NEXT, -30, currency="USD")),
        ("hour", payment(NEXT, -30, 3.5)),
        ("pause", payment(NEXT + 200, -30)),
        ("below_limit", payment(NEXT, -995)),
        ("round", payment(NEXT, -500)),
    ],
)
def test_each_feature_sees_what_it_is_for(model: AnomalyModel, code: str, odd: Transaction):
    usual = surprise(model, payment(NEXT, -30))
    assert surprise(model, odd)[code] > max(usual[code] + 1.5, 2.4)


def test_a_burst_is_seen_on_every_scale(model: AnomalyModel):
    within_an_hour = [payment(NEXT, -30, 12 + minute / 60) for minute in range(0, 50, 7)]
    found = surprise(model, payment(NEXT, -30, 12.9), [*HISTORY, *within_an_hour])
    assert found["burst_1h"] > 4
    assert found["burst_24h"] > 3
    week = [payment(NEXT + day / 5, -30) for day in range(25)]
    assert surprise(model, payment(NEXT + 5.2, -30), [*HISTORY, *week])["burst_168h"] > 4


def test_who_pays_hundreds_of_times_a_day_is_in_no_burst(model: AnomalyModel):
    """Of whom the newest 2,000 transactions do not reach back a week, and tell nothing of other weeks."""
    busy = [payment(day / 300, -(20 + day % 30)) for day in range(2600)]
    found = surprise(model, payment(2600 / 300, -30), busy)
    assert found["burst_168h"] == 0
    assert max(found.values()) < 5


def test_the_same_payment_again_within_minutes_is_a_duplicate(model: AnomalyModel):
    first = payment(NEXT, -31.4, 12)
    soon = surprise(model, payment(NEXT, -31.4, 12.05), [*HISTORY, first])["duplicate"]
    later = surprise(model, payment(NEXT, -31.4, 12.8), [*HISTORY, first])["duplicate"]
    other = surprise(model, payment(NEXT, -31.5, 12.05), [*HISTORY, first])["duplicate"]
    assert soon > later > other == 0


def test_who_always_pays_twice_is_not_told_so(model: AnomalyModel):
    habit = [payment(day, -2.1, 8 + minutes / 60) for day in range(200) for minutes in (0, 10)]
    found = surprise(model, payment(NEXT, -2.1, 8.16), [*habit, payment(NEXT, -2.1, 8)])
    assert found["duplicate"] < 3.2


def test_faster_than_travel_allows(model: AnomalyModel):
    at_home = [*HISTORY, payment(NEXT, -30, 12)]
    assert surprise(model, payment(NEXT, -30, 13, country="JP"), at_home)["travel"] > 6
    assert surprise(model, payment(NEXT + 1, -30, 13, country="JP"), at_home)["travel"] == 0
    assert surprise(model, payment(NEXT, -30, 13, country="JP", channel="online"), at_home)["travel"] == 0
    assert surprise(model, payment(NEXT, -30, 13, country="Atlantis"), at_home)["travel"] > 3


def test_a_date_without_a_time_says_nothing_of_the_hour(model: AnomalyModel):
    dated = [row.model_copy(update={"timestamp": row.timestamp.replace(hour=0, minute=0)}) for row in HISTORY]
    assert surprise(model, payment(NEXT, -30, 0), dated)["hour"] == 0
    assert surprise(model, payment(NEXT, -30, 0), HISTORY)["hour"] > 2


def test_no_history_no_habits(model: AnomalyModel):
    first = surprise(model, payment(0, -30), [])
    assert all(
        first[name] == 0 for name in FEATURES if name.startswith(("new_", "burst_", "travel", "duplicate", "pause"))
    )
    assert surprise(model, payment(0, -30_000), [])["amount_overall"] > 3


def test_what_comes_later_changes_nothing(model: AnomalyModel):
    odd = payment(150.2, -300, 3, merchant="unheard of")
    before = [row for row in HISTORY if row.timestamp < odd.timestamp]
    after = [row for row in HISTORY if row.timestamp >= odd.timestamp]
    at_once = odd.model_copy(update={"amount": -odd.amount})
    alone = ledger_of([*before, odd])
    beside = ledger_of([*before, odd, at_once, *after])
    row = np.array([len(before)])
    one = compute_features(alone, model.population, row)
    other = compute_features(beside, model.population, row)
    np.testing.assert_array_equal(one.strange, other.strange)
    assert one.history == other.history == len(before)


def test_files_and_requests_get_the_same_features(model: AnomalyModel):
    """All rows of three accounts at once, as files are read, and each by itself, as requests are."""
    accounts = [HISTORY, regular(60), [row.model_copy(update={"merchant": None}) for row in regular(90)]]
    whole = compute_features(ledger_of(*accounts), model.population)
    done = 0
    for account in accounts:
        for place in range(0, len(account), 17):
            before = [row for row in account[:place] if row.timestamp < account[place].timestamp]
            alone = ledger_of([*before, account[place]])
            one = compute_features(alone, model.population, np.array([len(before)]))
            np.testing.assert_allclose(one.strange[0], whole.strange[done + place], rtol=1e-9, atol=1e-9)
        done += len(account)


def test_of_a_long_history_the_newest_2000_count_the_same_way_in_files_and_requests(model: AnomalyModel):
    dice = np.random.default_rng(0)
    time, rows = 0.0, []
    for _ in range(2600):
        time += float(dice.exponential(0.2))
        rows.append(payment(0, -float(dice.lognormal(3, 1)), 0, merchant=f"shop {dice.integers(300)}"))
        rows[-1] = rows[-1].model_copy(update={"timestamp": rows[-1].timestamp + timedelta(days=time)})
    whole = compute_features(ledger_of(rows), model.population)
    for place in (1999, 2000, 2001, 2300, 2599):
        before = rows[max(0, place - 2000) : place]
        one = compute_features(ledger_of([*before, rows[place]]), model.population, np.array([len(before)]))
        np.testing.assert_allclose(one.strange[0], whole.strange[place], rtol=1e-9, atol=1e-9)
        assert whole.history[place] == min(place, 2000)


def test_what_was_used_once_is_never_new_again(model: AnomalyModel):
    """In a file, which tells all, and in a request, of which the newest 2,000 and what is familiar are told."""
    old = payment(0, -20, merchant="Once Upon", country="JP", category="toys")
    rows = [old, *(payment(10 + day / 10, -(20 + day % 30)) for day in range(2000))]
    again = payment(300, -20, merchant="once upon", country="JP", category="books")
    whole = compute_features(ledger_of([*rows, again]), model.population, np.array([2001]))
    newest = ledger_of([*rows[1:], again])
    familiar = np.array([[field in ("merchant", "country") for field in FIELDS]])
    told = compute_features(newest, model.population, np.array([2000]), familiar=familiar)
    untold = compute_features(newest, model.population, np.array([2000]))
    np.testing.assert_allclose(told.strange, whole.strange, rtol=1e-9, atol=1e-9)
    for field, new in (("merchant", False), ("country", False), ("category", True)):
        assert (whole.column(f"new_{field}")[0] > 0) == new
        assert untold.column(f"new_{field}")[0] > 0
    assert whole.history[0] == 2000


def test_the_same_value_at_the_same_moment_is_no_earlier_use(model: AnomalyModel):
    twice = [payment(NEXT, -20, merchant="new shop"), payment(NEXT, -25, merchant="new shop")]
    found = compute_features(ledger_of([*HISTORY, *twice]), model.population, len(HISTORY) + np.arange(2))
    assert (found.column("new_merchant") > 0).all()


def test_nothing_overflows(model: AnomalyModel):
    rows = [payment(day, amount) for day, amount in enumerate([0, 1e12, -1e12, 0, -0.0001, 1e-4, 0])]
    found = compute_features(ledger_of(rows), model.population)
    assert np.isfinite(found.strange).all()
    assert (found.strange >= 0).all()
