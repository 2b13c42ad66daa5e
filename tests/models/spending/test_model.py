"""What is asked of the forecast, history by history."""

from __future__ import annotations

import numpy as np
import pytest

from models.spending.contract import SpendingHistory, SpendingPrediction
from models.spending.methods import METHODS
from models.spending.model import SpendingModel
from models.spending.months import month_name
from tests.models.spending.histories import START, history, seasonal


@pytest.fixture(scope="module")
def ask(small_model: SpendingModel):
    def predict(amounts, **fields) -> SpendingPrediction:
        [answer] = small_model.predict([history(amounts, **fields)])
        return answer

    return predict


def sound(answer: SpendingPrediction, months: int = 12) -> None:
    assert [each.month for each in answer.months] == [month_name(START + step) for step in range(months)]
    for each in answer.months:
        assert 0 <= each.lower <= each.amount <= each.upper
    assert answer.total == pytest.approx(sum(each.amount for each in answer.months), abs=0.01)


@pytest.mark.parametrize("months", [0, 1, 2, 3, 4, 5, 8, 13, 24, 36, 120, 240])
def test_every_length_of_history_is_answered(ask, months: int):
    answer = ask(seasonal(months))
    sound(answer)
    assert answer.history_months == months
    assert answer.months[0].amount > 0


@pytest.mark.parametrize("ahead", [1, 12, 36])
def test_as_many_months_as_asked_for(ask, ahead: int):
    sound(ask(seasonal(40), months=ahead), ahead)


def test_months_ahead_do_not_depend_on_how_many_are_asked_for(ask):
    amounts = seasonal(40)
    assert ask(amounts, months=36).months[:3] == ask(amounts, months=3).months


@pytest.mark.parametrize("months", [0, 1, 2])
def test_fewer_than_three_months_are_answered_from_the_population(ask, months: int):
    answer = ask(seasonal(months))
    assert answer.method == "population profile"
    assert answer.backtest is None
    assert answer.months[0].upper > 1.5 * answer.months[0].lower


def test_wide_intervals_narrow_with_history(ask):
    widths = [sum(each.upper - each.lower for each in ask(seasonal(n)).months) for n in (1, 6, 48)]
    assert widths == sorted(widths, reverse=True)


def test_method_names_the_methods_and_weights_that_answered(ask):
    method = ask(seasonal(40)).method
    assert method.startswith("mean of ")
    named = dict(part.rsplit(" ", 1) for part in method.removeprefix("mean of ").split(", "))
    assert set(named) <= set(METHODS)
    assert "prophet" in named
    assert sum(map(float, named.values())) == pytest.approx(1.0, abs=0.03)


def test_a_season_is_foreseen(ask):
    amounts = [each.amount for each in ask(seasonal(48)).months]
    assert int(np.argmax(amounts)) == 6
    assert amounts[6] / amounts[1] == pytest.approx(1.2 / 0.85, rel=0.15)


@pytest.mark.parametrize(
    ("growth", "trend"), [(0.015, "rising"), (0.0, "stable"), (-0.008, "falling")], ids=["up", "flat", "down"]
)
@pytest.mark.parametrize("months", [24, 48])
def test_trend_is_where_the_coming_year_goes(ask, months: int, growth: float, trend: str):
    amounts = seasonal(months, growth=growth) if growth >= 0 else seasonal(months)[::1] * np.linspace(1.5, 0.9, months)
    assert ask(amounts).trend == trend


def test_season_alone_is_no_trend(ask):
    """In December, with the quiet months ahead, spending does not fall."""
    assert ask(seasonal(36, noise=0.01), months=3).trend == "stable"


def test_one_huge_purchase_changes_little(ask):
    amounts = seasonal(36)
    spoilt = amounts.copy()
    spoilt[30] = 25_000
    assert ask(spoilt).total == pytest.approx(ask(amounts).total, rel=0.1)


def test_a_huge_purchase_last_month_is_not_taken_for_a_new_life(ask):
    amounts = seasonal(36)
    spoilt = amounts.copy()
    spoilt[-1] = 25_000
    assert ask(spoilt).total < 1.4 * ask(amounts).total


def test_months_without_spending_are_part_of_the_history(ask):
    amounts = seasonal(36)
    idle = amounts.copy()
    idle[[3, 9, 16, 22, 27, 33]] = 0
    sound(ask(idle))
    assert ask(idle).total < ask(amounts).total


def test_rare_spending_is_answered_with_a_lower_end_of_nothing(ask):
    answer = ask(np.where(np.arange(36) % 5 == 0, 400.0, 0.0))
    sound(answer)
    assert answer.months[0].lower == 0
    assert answer.months[0].upper > 0


@pytest.mark.parametrize("months", [3, 12, 60, 240])
def test_what_never_changed_is_expected_to_stay(ask, months: int):
    answer = ask([250.0] * months)
    sound(answer)
    for each in answer.months:
        assert each.amount == pytest.approx(250.0, rel=0.01)
    assert answer.months[0].upper < 1.15 * 250
    assert answer.trend == "stable"
    if months > 3:
        assert answer.backtest is not None
        assert answer.backtest.mae == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("months", [3, 12, 240])
def test_of_nothing_comes_nothing(ask, months: int):
    answer = ask([0.0] * months)
    sound(answer)
    assert answer.total == 0
    assert answer.months[-1].upper == 0
    assert answer.method == "no spending so far"
    assert answer.trend == "stable"


@pytest.mark.parametrize("before", [1, 5, 40])
def test_months_before_the_first_spending_change_nothing_but_their_count(ask, before: int):
    amounts = seasonal(20)
    with_idle, without = ask(np.r_[np.zeros(before), amounts]), ask(amounts)
    assert with_idle.months == without.months
    assert with_idle.history_months == before + 20


def test_a_lone_month_after_idle_ones_is_answered(ask):
    sound(ask([0, 0, 0, 0, 900.0]))


def test_backtest_is_of_the_method_that_answers(ask):
    answer = ask(seasonal(60, noise=0.05, seed=2))
    assert answer.backtest is not None
    assert answer.backtest.mae == pytest.approx(0.05 * 1000 * 0.8, rel=0.5)  # the noise, and a little more
    assert answer.backtest.mase < 1.0
    assert 0.5 <= answer.backtest.coverage <= 1.0


def test_currencies_that_are_left_out_are_said(ask):
    assert ask(seasonal(12), left_out=("CHF", "USD")).method.endswith("; left out for want of a rate: CHF, USD")


def test_the_same_history_is_answered_the_same(ask):
    amounts = seasonal(36, noise=0.2)
    assert ask(amounts) == ask(amounts)
    assert ask(amounts, user_id="bob").months == ask(amounts).months


@pytest.mark.parametrize("amount", [0.01, 1e-9, 1e15])
def test_any_size_of_money_is_answered(ask, amount: float):
    sound(ask(amount * seasonal(30)))


def test_a_holiday_country_that_nobody_knows_does_no_harm(ask):
    assert ask(seasonal(36), country="XX").months == ask(seasonal(36)).months


def test_many_users_are_answered_in_their_order(small_model: SpendingModel):
    asked: list[SpendingHistory] = [history(seasonal(n), user_id=f"user-{n}") for n in (5, 30, 0)]
    assert [each.user_id for each in small_model.predict(asked)] == ["user-5", "user-30", "user-0"]
    assert small_model.predict([]) == []
