"""The story in numbers: what people pay for, when, how much, and what their banks tell about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Hours = Literal["shop", "meals", "commute", "evening", "office", "any", "night"]
Price = Literal["cents", "price", "round", "fixed"]


@dataclass(frozen=True)
class Spending:
    """One kind of everyday spending.

    Attributes
    ----------
    monthly: times a month. median: euros. spread: of the logarithm. regulars: places a person comes back to.
    elsewhere: share of visits to other places. weekend: how much more often on Saturday and Sunday.
    online: share paid at a distance.
    """

    monthly: float
    median: float
    spread: float
    regulars: int
    elsewhere: float
    hours: Hours
    weekend: float
    online: float
    price: Price


SPENDING: dict[str, Spending] = {
    "groceries": Spending(9.0, 27, 0.75, 4, 0.06, "shop", 1.3, 0.05, "cents"),
    "restaurants": Spending(5.5, 21, 0.60, 7, 0.35, "meals", 1.5, 0.15, "price"),
    "transport": Spending(6.0, 3.2, 0.70, 3, 0.08, "commute", 0.5, 0.30, "fixed"),
    "fuel": Spending(2.0, 52, 0.30, 3, 0.15, "shop", 1.2, 0.0, "cents"),
    "cash": Spending(1.8, 75, 0.65, 3, 0.20, "shop", 1.1, 0.0, "round"),
    "clothing": Spending(1.1, 52, 0.75, 6, 0.50, "shop", 1.6, 0.40, "price"),
    "entertainment": Spending(1.8, 17, 0.70, 6, 0.40, "evening", 1.7, 0.45, "price"),
    "health": Spending(1.1, 28, 0.85, 4, 0.30, "office", 0.3, 0.05, "cents"),
    "household": Spending(1.0, 46, 0.90, 5, 0.45, "shop", 1.5, 0.30, "price"),
    "electronics": Spending(0.25, 170, 1.00, 3, 0.60, "shop", 1.3, 0.60, "price"),
    "gifts": Spending(0.5, 38, 0.70, 4, 0.70, "shop", 1.3, 0.50, "price"),
    "sports": Spending(0.7, 26, 0.70, 3, 0.25, "evening", 1.2, 0.25, "price"),
    "pets": Spending(0.4, 35, 0.60, 2, 0.20, "shop", 1.2, 0.30, "cents"),
    "education": Spending(0.2, 90, 0.90, 2, 0.50, "office", 0.3, 0.60, "round"),
    "fees": Spending(0.5, 6, 0.70, 1, 0.05, "office", 0.3, 0.0, "fixed"),
    "taxes": Spending(0.12, 380, 1.00, 1, 0.05, "office", 0.2, 1.0, "cents"),
    "travel": Spending(0.3, 210, 0.90, 3, 0.60, "evening", 1.0, 0.85, "cents"),
    "transfers": Spending(1.2, 60, 1.10, 5, 0.30, "any", 1.0, 1.0, "round"),
    "other": Spending(0.8, 30, 1.00, 4, 0.60, "any", 1.0, 0.3, "cents"),
}


@dataclass(frozen=True)
class Bill:
    """What is paid once a month: `share` of people have it, `count` of them, at a median of so many euros."""

    share: float
    count: int
    median: float
    spread: float
    wobble: float
    channel: str


BILLS: dict[str, Bill] = {
    "rent": Bill(0.7, 1, 760, 0.40, 0.0, "standing order"),
    "utilities": Bill(0.8, 2, 62, 0.45, 0.12, "direct debit"),
    "insurance": Bill(0.75, 2, 38, 0.60, 0.0, "direct debit"),
    "subscriptions": Bill(0.85, 3, 11, 0.50, 0.0, "online"),
    "childcare": Bill(0.12, 1, 320, 0.50, 0.05, "direct debit"),
    "savings": Bill(0.45, 1, 150, 0.80, 0.0, "standing order"),
}

HOME: dict[str, tuple[str, float, float]] = {
    # country: currency, share of the accounts, price level beside the euro countries
    "FR": ("EUR", 0.22, 1.0),
    "DE": ("EUR", 0.12, 1.0),
    "ES": ("EUR", 0.07, 0.8),
    "BE": ("EUR", 0.05, 1.0),
    "GB": ("GBP", 0.10, 1.1),
    "US": ("USD", 0.12, 1.2),
    "CA": ("CAD", 0.06, 1.1),
    "CH": ("CHF", 0.04, 1.6),
    "SE": ("SEK", 0.03, 1.1),
    "PL": ("PLN", 0.04, 0.55),
    "CZ": ("CZK", 0.04, 0.6),
    "JP": ("JPY", 0.03, 0.9),
    "IN": ("INR", 0.03, 0.25),
    "MA": ("MAD", 0.03, 0.35),
    "SN": ("XOF", 0.02, 0.3),
}
ABROAD = ("FR", "ES", "IT", "DE", "GB", "US", "PT", "GR", "MA", "TR", "TH", "NL", "BE", "CH", "JP", "MX", "HR")
ABROAD_CURRENCY = {
    **{country: currency for country, (currency, _, _) in HOME.items()},
    **{"IT": "EUR", "PT": "EUR", "GR": "EUR", "NL": "EUR", "HR": "EUR", "TR": "TRY", "TH": "THB", "MX": "MXN"},
}
SELLERS = ("US", "IE", "LU", "DE", "GB", "CN", "NL")
"""Countries of shops at a distance, beside the home country."""


@dataclass(frozen=True)
class Teller:
    """What a bank tells about a transaction: shares of accounts, and what is left out."""

    share: float
    merchant: float
    category: float
    channel: float
    country: float
    clock: float


TELLERS = (
    Teller(0.45, 1.0, 1.0, 1.0, 1.0, 1.0),
    Teller(0.15, 0.9, 0.0, 1.0, 1.0, 1.0),
    Teller(0.15, 1.0, 1.0, 0.0, 0.0, 0.7),
    Teller(0.25, 0.3, 0.4, 0.8, 0.1, 0.0),
)
"""Everything; no categories; no channels and countries; a bare account statement with dates alone.

Merchant, category, channel, country: share of the kinds of spending of which the bank tells it. Clock: share of the
accounts whose transactions have a time of day.
"""

HOUR_SHARES: dict[Hours, tuple[float, ...]] = {
    # Weights of the hours 0 to 23.
    "shop": (0, 0, 0, 0, 0, 0, 0.2, 1, 3, 5, 7, 7, 6, 5, 5, 6, 8, 10, 9, 6, 2.5, 1, 0.3, 0.1),
    "meals": (0.3, 0.1, 0, 0, 0, 0, 0.3, 1.5, 2, 1, 1.5, 4, 11, 9, 3, 1.5, 1.5, 2.5, 5, 10, 9, 5, 2, 0.8),
    "commute": (0.2, 0.1, 0, 0, 0.2, 1, 4, 10, 9, 4, 2, 2, 3, 3, 2.5, 3, 6, 9, 8, 4, 2, 1.5, 1, 0.5),
    "evening": (0.5, 0.2, 0.1, 0, 0, 0, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 3, 4, 4, 5, 6, 8, 10, 9, 6, 3, 1.2),
    "office": (0, 0, 0, 0, 0, 0, 0.5, 1, 5, 9, 10, 9, 6, 6, 8, 8, 6, 3, 1, 0.3, 0.1, 0, 0, 0),
    "any": (0.3, 0.1, 0.1, 0, 0, 0.2, 1, 2, 4, 5, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 5, 3, 1.2),
    "night": (1, 0.5, 0.3, 0.2, 0.5, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
}
