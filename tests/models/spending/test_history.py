from __future__ import annotations

from datetime import date

import pytest

from models.spending.contract import SpendingRequest
from models.spending.history import MonthSum, from_request, from_stored, main_currency
from models.spending.months import month_number
from models.spending.settings import SpendingSettings

TODAY = date(2026, 3, 14)


def request(**fields) -> SpendingRequest:
    return SpendingRequest.model_validate({"user_id": "ann", **fields})


def months(**amounts: float) -> list[dict[str, object]]:
    return [{"month": name.strip("m").replace("_", "-"), "amount": amount} for name, amount in amounts.items()]


def sums(currency: str, **amounts: float) -> list[MonthSum]:
    return [
        MonthSum(currency, month_number(name.strip("m").replace("_", "-")), amount, payments=2)
        for name, amount in amounts.items()
    ]


def stored(everything: list[MonthSum], of_category: list[MonthSum] | None = None, rates=None, **fields):
    settings = SpendingSettings(currency="EUR", currency_rates=rates or {})
    chosen = everything if of_category is None else of_category
    return from_stored(request(**fields), TODAY, everything, chosen, "FR", settings)


def test_history_ends_with_its_last_month_and_gaps_are_nothing():
    found = from_request(request(history=months(m2025_12=7, m2025_09=5)), TODAY, "EUR")
    assert found.amounts == (5, 0, 0, 7)
    assert found.start == month_number("2026-01")


def test_an_empty_history_is_forecast_from_today():
    found = from_request(request(history=[]), TODAY, "EUR")
    assert (found.amounts, found.start) == ((), month_number("2026-03"))


def test_the_month_of_as_of_is_not_complete():
    everything = sums("EUR", m2026_01=100, m2026_02=110)
    found = stored(everything, as_of="2026-03-02")
    assert (found.amounts, found.start) == ((100, 110), month_number("2026-03"))


def test_months_since_the_last_payment_count_as_nothing():
    assert stored(sums("EUR", m2025_11=100, m2025_12=110)).amounts == (100, 110, 0, 0)


def test_inline_and_stored_months_are_the_same_history():
    inline = from_request(request(history=months(m2026_01=100, m2026_02=110.25)), TODAY, "EUR")
    assert stored(sums("EUR", m2026_01=100, m2026_02=110.25)).model_copy(update={"country": None}) == inline


def test_currencies_without_a_rate_are_left_out_and_said():
    everything = [*sums("EUR", m2026_01=100, m2026_02=110), *sums("USD", m2026_02=50)]
    found = stored(everything)
    assert (found.currency, found.amounts, found.left_out) == ("EUR", (100, 110), ("USD",))


def test_currencies_with_a_rate_are_converted():
    everything = [*sums("CHF", m2026_01=100, m2026_02=110), *sums("USD", m2026_02=50)]
    found = stored(everything, rates={"EUR": 1.0, "USD": 0.9, "CHF": 1.08})
    assert (found.currency, found.left_out) == ("CHF", ())
    assert found.amounts == pytest.approx((100, 110 + 50 * 0.9 / 1.08))


def test_a_rate_for_one_of_two_currencies_converts_nothing():
    everything = [*sums("CHF", m2026_01=100, m2026_02=110), *sums("USD", m2026_02=50)]
    assert stored(everything, rates={"USD": 0.9}).left_out == ("USD",)


def test_main_currency_is_that_of_most_payments():
    assert main_currency([*sums("USD", m2026_01=9000), *sums("EUR", m2026_01=1, m2026_02=1)]) == "EUR"
    assert main_currency([*sums("USD", m2026_01=9000), *sums("EUR", m2026_01=1)]) == "EUR"
    assert main_currency([]) is None


def test_a_category_is_forecast_in_the_users_main_currency():
    everything = [*sums("EUR", m2026_01=900, m2026_02=900), *sums("USD", m2026_02=50)]
    found = stored(everything, sums("USD", m2026_02=50), category="travel", rates={"EUR": 1, "USD": 0.9})
    assert (found.currency, found.category, found.amounts) == ("EUR", "travel", (45,))


def test_a_category_nothing_was_spent_on_is_a_history_of_nothing():
    found = stored(sums("EUR", m2025_12=900, m2026_02=900), [], category="pets")
    assert found.amounts == (0, 0, 0)


def test_a_user_without_a_complete_month_has_no_history():
    assert stored([]).amounts == ()
    assert stored([]).currency == "EUR"


def test_country_comes_with_what_is_stored():
    assert stored(sums("EUR", m2026_02=900)).country == "FR"


def test_key_tells_apart_all_that_an_answer_depends_on():
    one = stored(sums("EUR", m2026_02=900))
    others = [
        stored(sums("EUR", m2026_02=901)),
        stored(sums("EUR", m2026_02=900), months=3),
        stored(sums("EUR", m2026_02=900), as_of="2026-04-01"),
        stored(sums("EUR", m2026_02=900), category="pets"),
        one.model_copy(update={"country": None}),
        one.model_copy(update={"user_id": "bob"}),
    ]
    assert len({each.key() for each in [one, *others]}) == len(others) + 1
    assert stored(sums("EUR", m2026_02=900), as_of="2026-03-31").key() == one.key()
