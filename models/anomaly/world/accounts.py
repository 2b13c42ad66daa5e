"""Writes the transactions of ordinary accounts, person by person, from the story's numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.anomaly.currencies import PER_EURO
from models.anomaly.ledger import Columns
from models.anomaly.world.prices import prices
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

    def add(
        self,
        time: npt.NDArray[np.floating],
        euros: npt.NDArray[np.floating],
        price: Price,
        merchant: Sequence[str],
        category: str,
        channel: Sequence[str],
        country: Sequence[str],
    ) -> None:
        self.time.extend(time.tolist())
        self.euros.extend(euros.tolist())
        self.price.extend([price] * len(time))
        self.merchant.extend(merchant)
        self.category.extend([category] * len(time))
        self.channel.extend(channel)
        self.country.extend(country)


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
    count = len(times)
    at = np.full(count, person.home, dtype=object)
    for leave, back, where in person.trips:
        at[(times > leave) & (times < back)] = where
    stays = category in ("cash", "transfers")
    far = (dice.random(count) < online) & (not stays)
    seller = np.where(dice.random(count) < 0.3, dice.choice(SELLERS, size=count), person.home)
    at = np.where(far, seller, at if category != "transfers" else person.home)
    channel = np.where(far, "online", {"cash": "atm", "transfers": "transfer"}.get(category, "card"))
    strange = (at != person.home) | (dice.random(count) < elsewhere)
    rank = np.minimum(dice.exponential(kind.regulars / 3, size=count).astype(int), kind.regulars - 1)
    later = (times - person.begin) / _DAY > moved
    known = np.where(later, dice.integers(0, _PLACES, size=kind.regulars)[rank], regulars[rank])
    place = np.where(strange, dice.integers(0, _PLACES, size=count), known)
    euros = dice.choice(prices, size=count) if kind.price == "fixed" else size * dice.lognormal(0, spread, size=count)
    # Now and then something large: a repair, a sofa, a party.
    euros = euros * np.where(dice.random(count) < 0.012, dice.lognormal(1.5, 0.5, size=count), 1.0)
    merchant = np.array([f"{category} {where} {number}" for where, number in zip(at, place, strict=True)], dtype=object)
    # The same again: a second ticket, a second round.
    again = np.flatnonzero(dice.random(count) < (0.04 if kind.price == "fixed" else 0.002))
    copies = np.concatenate([np.arange(count), again])
    times = np.concatenate([times, times[again] + dice.uniform(30, 3000, size=len(again))])
    rows.add(times, -euros[copies], kind.price, merchant[copies], category, channel[copies], at[copies])


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
            since = day + _months(person) + dice.choice([0, 0, 0, 1, 2], size=len(_months(person)))
            since = since[(since >= begins) & (since < person.days) & (dice.random(len(since)) > 0.01)]
            count = len(since)
            raised = np.cumprod(np.where(dice.random(count) < 0.02, dice.uniform(0.95, 1.12, size=count), 1.0))
            paid = euros * raised * np.exp(dice.normal(0, bill.wobble, size=count))
            times = person.begin + (np.floor(since) * 24 + hour) * 3600 + dice.uniform(0, 3000, size=count)
            price: Price = "round" if category == "savings" else "cents"
            home = [person.home] * count
            rows.add(times, -paid, price, [f"{category} {place}"] * count, category, [bill.channel] * count, home)


def _income(person: _Person, rows: _Rows) -> None:
    dice = person.dice
    kind = dice.choice(["salary", "pension", "freelance", "none"], p=[0.65, 0.12, 0.15, 0.08])
    monthly = 1900 * person.level * float(dice.lognormal(0, 0.3))
    if kind in ("salary", "pension"):
        since = float(dice.integers(0, 28)) + _months(person) + dice.choice([0, 0, 1, -1], size=len(_months(person)))
        since = since[(since >= 0) & (since < person.days)]
        count = len(since)
        raised = np.cumprod(np.where(dice.random(count) < 0.06, 1.02, 1.0))
        extra = np.where(
            dice.random(count) < 0.05, dice.uniform(1.3, 2.1, size=count), dice.normal(1, 0.01, size=count)
        )
        times = person.begin + (np.floor(since) * 24 + 5) * 3600 + dice.uniform(0, 7000, size=count)
        payer = f"employer {dice.integers(0, _PLACES)}"
        transfer, home = ["transfer"] * count, [person.home] * count
        rows.add(times, monthly * raised * extra, "cents", [payer] * count, "income", transfer, home)
    others = {"freelance": 2.5, "none": 1.2}.get(str(kind), 0.5)
    size = monthly * {"freelance": 0.5, "none": 0.3}.get(str(kind), 0.04)
    times = _times(person, dice.poisson(others * person.days / 30.4), "office", 0.3)
    count = len(times)
    payers = [f"payer {number}" for number in dice.choice(dice.integers(0, _PLACES, size=5), size=count)]
    euros = size * dice.lognormal(0, 0.8, size=count)
    rows.add(times, euros, "cents", payers, "income", ["transfer"] * count, [person.home] * count)


def _months(person: _Person) -> Floats:
    """Return the days on which each month of the account begins."""
    return 30.4 * np.arange(int(person.days // 30.4) + 1, dtype=np.float64)


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
    times = np.array(rows.time)[order]
    booked = [
        ABROAD_CURRENCY.get(at, "EUR") if travels and channel != "online" else person.currency
        for at, channel in zip(rows.country, rows.channel, strict=True)
    ]
    units = np.array([PER_EURO[currency] for currency in booked])
    amount = prices(dice, np.array(rows.euros) * units, np.array(rows.price), units)

    def told(values: Sequence[str], known: Callable[[int], bool]) -> list[str | None]:
        return [values[row] if known(row) else None for row in order.tolist()]

    return Columns(
        user=[number] * len(order),
        time=(times if clock else np.floor(times / _DAY) * _DAY).tolist(),
        offset=[0.0] * len(order),
        amount=amount[order].tolist(),
        currency=told(booked, lambda _: True),
        merchant=told(rows.merchant, lambda row: rows.category[row] in tells["merchant"]),
        category=told(rows.category, lambda row: rows.category[row] in tells["category"]),
        channel=told(rows.channel, lambda _: channels),
        country=told(rows.country, lambda _: countries),
    )
