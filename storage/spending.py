"""From what is stored about a user to the monthly history that is forecast."""

from __future__ import annotations

from datetime import date

from models.spending.contract import SpendingHistory, SpendingRequest
from models.spending.history import MonthSum, from_stored
from models.spending.months import month_number
from models.spending.settings import SpendingSettings
from storage.history import MonthlySpending
from storage.store import Store


async def stored_history(
    store: Store, request: SpendingRequest, today: date, settings: SpendingSettings
) -> SpendingHistory | None:
    """Return the history of the user's complete months; None for a user of whom nothing is stored.

    Raises `StoreUnavailable` when the database cannot be read now.
    """
    before = request.as_of or today
    everything = await store.monthly_spending(request.user_id, None, before)
    if not everything and not await store.knows(request.user_id):
        return None
    of_category = everything
    if request.category is not None:
        of_category = await store.monthly_spending(request.user_id, request.category, before)
    country = await store.main_country(request.user_id)
    return from_stored(request, today, _sums(everything), _sums(of_category), country, settings)


def _sums(months: list[MonthlySpending]) -> list[MonthSum]:
    return [MonthSum(each.currency, month_number(each.month), float(each.amount), each.payments) for each in months]
