"""A bank statement: what a person did, as far as their bank tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.anomaly.currencies import PER_EURO
from models.anomaly.ledger import Columns
from models.anomaly.world.person import DAY, Person
from models.anomaly.world.prices import prices
from models.anomaly.world.story import ABROAD_CURRENCY, Price


@dataclass
class Statement:
    """Transactions being written; amounts in euros until `told` gives them their currency."""

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

    def told(self, number: int, person: Person) -> Columns:
        """Return the transactions as the person's bank tells them, those of user `number`."""
        dice, teller = person.dice, person.teller
        order = np.argsort(self.time, kind="stable")
        kinds = sorted({*self.category})
        tells = {
            name: {kind for kind in kinds if dice.random() < share}
            for name, share in (("merchant", teller.merchant), ("category", teller.category))
        }
        channels, countries = dice.random() < teller.channel, dice.random() < teller.country
        clock = dice.random() < teller.clock
        travels = dice.random() < 0.6  # the bank books what was paid abroad in the currency it was paid in
        times = np.array(self.time)[order]
        booked = [
            ABROAD_CURRENCY.get(at, "EUR") if travels and channel != "online" else person.currency
            for at, channel in zip(self.country, self.channel, strict=True)
        ]
        units = np.array([PER_EURO[currency] for currency in booked])
        amount = prices(dice, np.array(self.euros) * units, np.array(self.price), units)

        def known(values: Sequence[str], where: Callable[[int], bool]) -> list[str | None]:
            return [values[row] if where(row) else None for row in order.tolist()]

        return Columns(
            user=[number] * len(order),
            time=(times if clock else np.floor(times / DAY) * DAY).tolist(),
            offset=[0.0] * len(order),
            amount=amount[order].tolist(),
            currency=known(booked, lambda _: True),
            merchant=known(self.merchant, lambda row: self.category[row] in tells["merchant"]),
            category=known(self.category, lambda row: self.category[row] in tells["category"]),
            channel=known(self.channel, lambda _: channels),
            country=known(self.country, lambda _: countries),
        )
