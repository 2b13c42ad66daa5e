"""From a request, or from what is stored about a user, to the plain monthly history that is forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.spending.contract import SpendingHistory, SpendingRequest
from models.spending.months import month_number, month_of
from models.spending.settings import SpendingSettings


@dataclass(frozen=True)
class MonthSum:
    """What was spent in one currency in one month (its number), by how many payments."""

    currency: str
    month: int
    amount: float
    payments: int


def from_request(request: SpendingRequest, today: date, currency: str) -> SpendingHistory:
    """Return the history that the request carries; every month of it is complete."""
    amounts = {month_number(each.month): each.amount for each in request.history or ()}
    start = max(amounts) + 1 if amounts else month_of(request.as_of or today)
    return _history(request, currency, start, amounts)


def from_stored(
    request: SpendingRequest,
    today: date,
    everything: Sequence[MonthSum],
    of_category: Sequence[MonthSum],
    country: str | None,
    settings: SpendingSettings,
) -> SpendingHistory:
    """Return the history of a stored user; the months before that of `as_of` are complete.

    everything: the sums of all categories; of_category: those that the request is about. Currencies beside the main
    one count where the settings have a rate for both, and are left out, which the answer says, where not.
    """
    start = month_of(request.as_of or today)
    main = main_currency(everything) or settings.currency
    rates = settings.currency_rates
    amounts: dict[int, float] = {}
    left_out: set[str] = set()
    for each in of_category:
        if each.currency == main:
            worth = 1.0
        elif each.currency in rates and main in rates:
            worth = rates[each.currency] / rates[main]
        else:
            left_out.add(each.currency)
            continue
        amounts[each.month] = amounts.get(each.month, 0.0) + each.amount * worth
    if not amounts and everything:  # spent on other things only
        amounts[min(each.month for each in everything)] = 0.0
    history = _history(request, main, start, amounts)
    return history.model_copy(update={"country": country, "left_out": tuple(sorted(left_out))})


def main_currency(sums: Sequence[MonthSum]) -> str | None:
    """Return the currency of most payments; of several, the first of the alphabet."""
    payments: dict[str, int] = {}
    for each in sums:
        payments[each.currency] = payments.get(each.currency, 0) + each.payments
    return min(payments, key=lambda code: (-payments[code], code)) if payments else None


def _history(request: SpendingRequest, currency: str, start: int, amounts: Mapping[int, float]) -> SpendingHistory:
    first = min(amounts, default=start)
    return SpendingHistory(
        user_id=request.user_id,
        currency=currency,
        start=start,
        amounts=tuple(amounts.get(month, 0.0) for month in range(first, start)),
        months=request.months,
        category=request.category,
    )
