"""Writes the transactions of ordinary accounts, person by person, from the story's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.anomaly.currencies import PER_EURO
from models.anomaly.ledger import Columns
from models.anomaly.world.story import (
    ABROAD,
    ABROAD_CURRENCY,
    BILLS,
    HOME,
    HOUR_SHARES,
    SELLERS,
    SPENDING,
    TELLERS,
    Hours,
    Price,
    Spending,
    Teller,
)

_DAY = 86400.0
_FIRST = 1_577_836_800.0  # 2020-01-01
_MONTHS = (2, 36)
_PLACES = 3000
Floats = npt.NDArray[np.float64]


@dataclass
class _Person:
    """Somebody, and what the rest of the file needs to know of them."""

    dice: np.random.Generator
    home: str
    currency: str
    level: float
    begin: float
    days: float
    teller: Teller
    shift: float
    trips: list[tuple[float, float, str]] = field(default_factory=list)


@dataclass
class _Rows:
    """Transactions being written; amounts in euros until `_told` gives them their currency."""

    time: list[float] = field(default_factory=list)
    euros: list[float] = field(default_factory=list)
    price: list[Price] = field(default_factory=list)
    merchant: list[str] = field(default_factory=list)
    category: list[str] = field(default_factory=list)
    channel: list[str] = field(default_factory=list)
    country: list[str] = field(default_factory=list)

    def add(self, time: float, euros: float, price: Price, merchant: str, category: str, channel: str, at: str) -> None:
        self.time.append(time)
        self.euros.append(euros)
        self.price.append(price)
        self.merchant.append(merchant)
        self.category.append(category)
        self.channel.append(channel)
        self.country.append(at)


def accounts(count: int, seed: int) -> Iterator[Columns]:
    """Yield ordinary accounts, each sorted by time, with its number as user."""
    for number, own in enumerate(np.random.SeedSequence(seed).spawn(count)):
        yield _account(number, np.random.default_rng(own))


def _account(number: int, dice: np.random.Generator) -> Columns:
    person = _person(dice)
    rows = _Rows()
    for category, kind in SPENDING.items():
        _spend(person, rows, category, kind)
    _bills(person, rows)
    _income(person, rows)
    return _told(number, person, rows)


def _person(dice: np.random.Generator) -> _Person:
    homes = list(HOME)
    home = homes[dice.choice(len(homes), p=np.array([HOME[name][1] for name in homes]))]
    currency, _, prices = HOME[home]
    months = dice.integers(_MONTHS[0], _MONTHS[1] + 1)
    teller = TELLERS[dice.choice(len(TELLERS), p=[each.share for each in TELLERS])]
    person = _Person(
        dice=dice,
        home=home,
        currency=currency,
        level=prices * float(dice.lognormal(0, 0.45)),
        begin=_FIRST + float(dice.integers(0, 5 * 365)) * _DAY,
        days=float(months * 30.4),
        teller=teller,
        shift=float(dice.choice([0, 0, 0, 1, -1, 8], p=[0.3, 0.2, 0.2, 0.14, 0.12, 0.04])),
    )
    for _ in range(dice.poisson(1.3 * person.days / 365)):
        leave = person.begin + float(dice.uniform(20, max(person.days, 21))) * _DAY
        where = str(dice.choice([name for name in ABROAD if name != home]))
        person.trips.append((leave, leave + float(dice.uniform(2, 15)) * _DAY, where))
    return person


def _spend(person: _Person, rows: _Rows, category: str, kind: Spending) -> None:
    dice = person.dice
    often = kind.monthly * float(dice.gamma(1.6, 1 / 1.6))
    size = kind.median * person.level * float(dice.lognormal(0, 0.35))
    spread = kind.spread * float(dice.uniform(0.75, 1.25))
    regulars = dice.integers(0, _PLACES, size=kind.regulars)
    prices = size * dice.lognormal(0, 0.5, size=3)  # where prices are fixed, a person pays few different ones
    elsewhere = min(0.95, kind.elsewhere * float(dice.uniform(0.3, 2.0)))
    online = min(1.0, kind.online * float(dice.uniform(0.2, 1.8)))
    moved = float(dice.uniform(0, person.days)) if dice.random() < 0.15 else person.days
    times = _times(person, dice.poisson(often * person.days / 30.4), kind.hours, kind.weekend)
    for time in times:
        if (time - person.begin) / _DAY > moved:
            regulars, moved = dice.integers(0, _PLACES, size=kind.regulars), person.days
        trip = next((where for leave, back, where in person.trips if leave < time < back), None)
        at, channel = person.home, "atm" if category == "cash" else "transfer" if category == "transfers" else "card"
        if dice.random() < online and category not in ("cash", "transfers"):
            channel = "online"
            at = str(dice.choice(SELLERS)) if dice.random() < 0.3 else at
        elif trip is not None and channel in ("card", "atm"):
            at = trip
        strange = at != person.home or dice.random() < elsewhere
        rank = min(int(dice.exponential(kind.regulars / 3)), kind.regulars - 1)
        place = dice.integers(0, _PLACES) if strange else regulars[rank]
        euros = float(dice.choice(prices)) if kind.price == "fixed" else size * float(dice.lognormal(0, spread))
        if dice.random() < 0.012:  # now and then something large: a repair, a sofa, a party
            euros *= float(dice.lognormal(1.5, 0.5))
        rows.add(time, -euros, kind.price, f"{category} {at} {place}", category, channel, at)
        if dice.random() < (
            0.04 if kind.price == "fixed" else 0.002
        ):  # the same again: a second ticket, a second round
            again = time + float(dice.uniform(30, 3000))
            rows.add(again, -euros, kind.price, f"{category} {at} {place}", category, channel, at)


def _bills(person: _Person, rows: _Rows) -> None:
    dice = person.dice
    for category, bill in BILLS.items():
        if dice.random() > bill.share:
            continue
        for _ in range(dice.integers(1, bill.count + 1)):
            euros = bill.median * person.level * float(dice.lognormal(0, bill.spread))
            day, place = float(dice.integers(0, 28)), dice.integers(0, _PLACES)
            begins = float(dice.uniform(0, person.days)) if dice.random() < 0.3 else 0.0
            hour = float(dice.choice([0.5, 2.0, 5.0, 9.0]))  # a bank's machine works at its own hour
            for month in range(int(person.days // 30.4) + 1):
                since = day + 30.4 * month + float(dice.choice([0, 0, 0, 1, 2]))
                if not begins <= since < person.days or dice.random() < 0.01:
                    continue
                if dice.random() < 0.02:
                    euros *= float(dice.uniform(0.95, 1.12))
                paid = euros * float(np.exp(dice.normal(0, bill.wobble)))
                time = person.begin + (np.floor(since) * 24 + hour) * 3600 + float(dice.uniform(0, 3000))
                price: Price = "round" if category == "savings" else "cents"
                rows.add(time, -paid, price, f"{category} {place}", category, bill.channel, person.home)


def _income(person: _Person, rows: _Rows) -> None:
    dice = person.dice
    kind = dice.choice(["salary", "pension", "freelance", "none"], p=[0.65, 0.12, 0.15, 0.08])
    monthly = 1900 * person.level * float(dice.lognormal(0, 0.3))
    if kind in ("salary", "pension"):
        day, place = float(dice.integers(0, 28)), dice.integers(0, _PLACES)
        for month in range(int(person.days // 30.4) + 1):
            since = day + 30.4 * month + float(dice.choice([0, 0, 1, -1]))
            monthly *= 1.02 if dice.random() < 0.06 else 1.0
            paid = monthly * (float(dice.uniform(1.3, 2.1)) if dice.random() < 0.05 else float(dice.normal(1, 0.01)))
            if 0 <= since < person.days:
                time = person.begin + (np.floor(since) * 24 + 5) * 3600 + float(dice.uniform(0, 7000))
                rows.add(time, abs(paid), "cents", f"employer {place}", "income", "transfer", person.home)
    others = {"freelance": 2.5, "none": 1.2}.get(str(kind), 0.5)
    size = monthly * {"freelance": 0.5, "none": 0.3}.get(str(kind), 0.04)
    payers = dice.integers(0, _PLACES, size=5)
    for time in _times(person, dice.poisson(others * person.days / 30.4), "office", 0.3):
        euros = size * float(dice.lognormal(0, 0.8))
        rows.add(time, euros, "cents", f"payer {dice.choice(payers)}", "income", "transfer", person.home)


def _times(person: _Person, count: int, hours: Hours, weekend: float) -> Floats:
    """Return local times, more on weekends where the story says so, and at the hours of the kind."""
    dice = person.dice
    days = np.floor(dice.uniform(0, person.days, size=2 * count + 4))
    weekday = ((person.begin // _DAY) + days + 3) % 7
    keep = dice.random(len(days)) < np.where(weekday >= 5, weekend, 1.0) / max(weekend, 1.0)
    days = np.sort(days[keep][:count])
    shares = np.array(HOUR_SHARES[hours])
    hour = dice.choice(24, size=len(days), p=shares / shares.sum()) + dice.random(len(days)) + person.shift
    times: Floats = np.sort(person.begin + days * _DAY + (hour % 24) * 3600)
    return times


def _told(number: int, person: _Person, rows: _Rows) -> Columns:
    """Return the rows as the person's bank tells them."""
    dice, teller = person.dice, person.teller
    order = np.argsort(rows.time, kind="stable")
    kinds = sorted({*rows.category})
    tells = {
        name: {kind for kind in kinds if dice.random() < share}
        for name, share in (("merchant", teller.merchant), ("category", teller.category))
    }
    channels, countries = dice.random() < teller.channel, dice.random() < teller.country
    clock = dice.random() < teller.clock
    travels = dice.random() < 0.6  # the bank books what was paid abroad in the currency it was paid in
    whole: dict[str, list[str | None]] = {"currency": [], "merchant": [], "category": [], "channel": [], "country": []}
    amount: list[float] = []
    for row in order.tolist():
        category, at = rows.category[row], rows.country[row]
        currency = ABROAD_CURRENCY.get(at, "EUR") if travels and rows.channel[row] != "online" else person.currency
        amount.append(_price(dice, rows.euros[row] * PER_EURO[currency], rows.price[row], PER_EURO[currency]))
        whole["currency"].append(currency)
        whole["merchant"].append(rows.merchant[row] if category in tells["merchant"] else None)
        whole["category"].append(category if category in tells["category"] else None)
        whole["channel"].append(rows.channel[row] if channels else None)
        whole["country"].append(at if countries else None)
    times = np.array(rows.time)[order]
    times = times if clock else np.floor(times / _DAY) * _DAY
    keep = np.diff(times, append=np.inf) >= 0
    assert keep.all()
    return Columns(user=[number] * len(amount), time=times.tolist(), offset=[0.0] * len(amount), amount=amount, **whole)


def _price(dice: np.random.Generator, amount: float, price: Price, unit: float) -> float:
    """Return an amount as it is written on a bill; `unit` is how many units of the currency a euro has."""
    size, sign = abs(amount), 1.0 if amount > 0 else -1.0
    small = 0.01 if unit < 30 else 1.0
    if price == "round":
        step = 10.0 ** np.floor(np.log10(max(size, small * 10))) / (2 if size > 20 * unit else 1)
        size = max(step, round(size / step) * step)
    elif price == "price" and dice.random() < 0.6:
        whole = 1.0 if unit < 30 else 10.0 ** np.floor(np.log10(unit))
        size = max(whole, np.ceil(size / whole) * whole) - (small if dice.random() < 0.5 else 0.0)
    return sign * max(small, round(round(size / small) * small, 2))
