"""Somebody who has an account: where and how they live, and when they do things."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.anomaly.world.story import ABROAD, HOME, HOUR_SHARES, TELLERS, Hours, Teller

DAY = 86400.0
_FIRST = 1_577_836_800.0  # 2020-01-01
_MONTHS = (2, 36)
Floats = npt.NDArray[np.float64]


@dataclass
class Person:
    """A person.

    Attributes
    ----------
    dice: what all of their life is drawn with. home: country. currency: of the account. level: of what they spend,
        beside others. begin: of the account, seconds since 1970. days: that it is long. teller: what their bank tells.
    shift: hours that their day is ahead or behind. trips: when they leave, when they come back, and where they are.
    """

    dice: np.random.Generator
    home: str
    currency: str
    level: float
    begin: float
    days: float
    teller: Teller
    shift: float
    trips: list[tuple[float, float, str]] = field(default_factory=list)

    def months(self) -> Floats:
        """Return the days on which each month of the account begins."""
        return 30.4 * np.arange(int(self.days // 30.4) + 1, dtype=np.float64)

    def times(self, count: int, hours: Hours, weekend: float) -> Floats:
        """Return local times, more on weekends where the story says so, and at the hours of the kind."""
        dice = self.dice
        days = np.floor(dice.uniform(0, self.days, size=2 * count + 4))
        weekday = ((self.begin // DAY) + days + 3) % 7
        keep = dice.random(len(days)) < np.where(weekday >= 5, weekend, 1.0) / max(weekend, 1.0)
        days = np.sort(days[keep][:count])
        shares = np.array(HOUR_SHARES[hours])
        hour = dice.choice(24, size=len(days), p=shares / shares.sum()) + dice.random(len(days)) + self.shift
        times: Floats = np.sort(self.begin + days * DAY + (hour % 24) * 3600)
        return times


def somebody(dice: np.random.Generator) -> Person:
    """Draw a person."""
    homes = list(HOME)
    home = homes[dice.choice(len(homes), p=np.array([HOME[name][1] for name in homes]))]
    currency, _, prices = HOME[home]
    months = dice.integers(_MONTHS[0], _MONTHS[1] + 1)
    teller = TELLERS[dice.choice(len(TELLERS), p=[each.share for each in TELLERS])]
    person = Person(
        dice=dice,
        home=home,
        currency=currency,
        level=prices * float(dice.lognormal(0, 0.45)),
        begin=_FIRST + float(dice.integers(0, 5 * 365)) * DAY,
        days=float(months * 30.4),
        teller=teller,
        shift=float(dice.choice([0, 0, 0, 1, -1, 8], p=[0.3, 0.2, 0.2, 0.14, 0.12, 0.04])),
    )
    for _ in range(dice.poisson(0.9 * person.days / 365)):
        leave = person.begin + float(dice.uniform(20, max(person.days, 21))) * DAY
        where = str(dice.choice([name for name in ABROAD if name != home]))
        person.trips.append((leave, leave + float(dice.uniform(2, 15)) * DAY, where))
    return person
