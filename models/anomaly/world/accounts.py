"""Writes the transactions of ordinary accounts, person by person, from the story's numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.anomaly.ledger import Columns
from models.anomaly.world.person import DAY, Person, somebody
from models.anomaly.world.statement import Statement
from models.anomaly.world.story import BILLS, SELLERS, SPENDING, Price, Spending

_PLACES = 3000


def accounts(count: int, seed: int) -> Iterator[Columns]:
    """Yield ordinary accounts, each sorted by time, with its number as user."""
    for number, own in enumerate(np.random.SeedSequence(seed).spawn(count)):
        yield _account(number, np.random.default_rng(own))


def _account(number: int, dice: np.random.Generator) -> Columns:
    person = somebody(dice)
    statement = Statement()
    for category, kind in SPENDING.items():
        _spend(person, statement, category, kind)
    _bills(person, statement)
    _income(person, statement)
    return statement.told(number, person)


def _spend(person: Person, statement: Statement, category: str, kind: Spending) -> None:
    dice = person.dice
    often = kind.monthly * float(dice.gamma(1.6, 1 / 1.6))
    size = kind.median * person.level * float(dice.lognormal(0, 0.35))
    spread = kind.spread * float(dice.uniform(0.75, 1.25))
    regulars = dice.integers(0, _PLACES, size=kind.regulars)
    prices = size * dice.lognormal(0, 0.5, size=3)  # where prices are fixed, a person pays few different ones
    elsewhere = min(0.95, kind.elsewhere * float(dice.uniform(0.3, 2.0)))
    online = min(1.0, kind.online * float(dice.uniform(0.2, 1.8)))
    moved = float(dice.uniform(0, person.days)) if dice.random() < 0.15 else person.days
    times = person.times(dice.poisson(often * person.days / 30.4), kind.hours, kind.weekend)
    count = len(times)
    at = np.full(count, person.home, dtype=object)
    for leave, back, where in person.trips:
        at[(times > leave) & (times < back)] = where
    stays = category in ("cash", "transfers")
    far = (dice.random(count) < online) & (not stays)
    seller = np.where(dice.random(count) < 0.12, dice.choice(SELLERS, size=count), person.home)
    at = np.where(far, seller, at if category != "transfers" else person.home)
    channel = np.where(far, "online", {"cash": "atm", "transfers": "transfer"}.get(category, "card"))
    strange = (at != person.home) | (dice.random(count) < elsewhere)
    rank = np.minimum(dice.exponential(kind.regulars / 3, size=count).astype(int), kind.regulars - 1)
    later = (times - person.begin) / DAY > moved
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
    statement.add(times, -euros[copies], kind.price, merchant[copies], category, channel[copies], at[copies])


def _bills(person: Person, statement: Statement) -> None:
    dice = person.dice
    for category, bill in BILLS.items():
        if dice.random() > bill.share:
            continue
        for _ in range(dice.integers(1, bill.count + 1)):
            euros = bill.median * person.level * float(dice.lognormal(0, bill.spread))
            day, place = float(dice.integers(0, 28)), dice.integers(0, _PLACES)
            begins = float(dice.uniform(0, person.days)) if dice.random() < 0.3 else 0.0
            hour = float(dice.choice([0.5, 2.0, 5.0, 9.0]))  # a bank's machine works at its own hour
            since = day + person.months() + dice.choice([0, 0, 0, 1, 2], size=len(person.months()))
            since = since[(since >= begins) & (since < person.days) & (dice.random(len(since)) > 0.01)]
            count = len(since)
            raised = np.cumprod(np.where(dice.random(count) < 0.02, dice.uniform(0.95, 1.12, size=count), 1.0))
            paid = euros * raised * np.exp(dice.normal(0, bill.wobble, size=count))
            times = person.begin + (np.floor(since) * 24 + hour) * 3600 + dice.uniform(0, 3000, size=count)
            price: Price = "round" if category == "savings" else "cents"
            home = [person.home] * count
            statement.add(times, -paid, price, [f"{category} {place}"] * count, category, [bill.channel] * count, home)


def _income(person: Person, statement: Statement) -> None:
    dice = person.dice
    kind = dice.choice(["salary", "pension", "freelance", "none"], p=[0.65, 0.12, 0.15, 0.08])
    monthly = 1900 * person.level * float(dice.lognormal(0, 0.3))
    if kind in ("salary", "pension"):
        since = float(dice.integers(0, 28)) + person.months() + dice.choice([0, 0, 1, -1], size=len(person.months()))
        since = since[(since >= 0) & (since < person.days)]
        count = len(since)
        raised = np.cumprod(np.where(dice.random(count) < 0.06, 1.02, 1.0))
        extra = np.where(
            dice.random(count) < 0.05, dice.uniform(1.3, 2.1, size=count), dice.normal(1, 0.01, size=count)
        )
        times = person.begin + (np.floor(since) * 24 + 5) * 3600 + dice.uniform(0, 7000, size=count)
        payer = f"employer {dice.integers(0, _PLACES)}"
        transfer, home = ["transfer"] * count, [person.home] * count
        statement.add(times, monthly * raised * extra, "cents", [payer] * count, "income", transfer, home)
    others = {"freelance": 2.5, "none": 1.2}.get(str(kind), 0.5)
    size = monthly * {"freelance": 0.5, "none": 0.3}.get(str(kind), 0.04)
    times = person.times(dice.poisson(others * person.days / 30.4), "office", 0.3)
    count = len(times)
    payers = [f"payer {number}" for number in dice.choice(dice.integers(0, _PLACES, size=5), size=count)]
    euros = size * dice.lognormal(0, 0.8, size=count)
    statement.add(times, euros, "cents", payers, "income", ["transfer"] * count, [person.home] * count)
