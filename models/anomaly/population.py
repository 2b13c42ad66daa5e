"""What is usual among all people: where a person's own history is short, it stands in.

Each figure of a person is drawn towards the population's by a number of pseudo-observations, as the posterior mean of
a conjugate prior is (Gelman et al., Bayesian Data Analysis, 2013, section 2.4): with no history the population
decides, with years of history the person does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.anomaly.derived import Derived
from models.anomaly.ledger import MISSING, Bools, Floats, Ints, Ledger
from models.anomaly.values import FIELDS, Field

QUARTILES = 2.197
"""Distance of the quartiles of the standard logistic distribution, 2 log 3."""
PSEUDO = 8.0
"""Transactions that the population's word weighs as much as."""
_RARE = 200
_ENOUGH = 10_000
_CONCENTRATIONS = np.geomspace(0.01, 50, 38)
_DISCOUNTS = np.linspace(0, 0.8, 9)


@dataclass(frozen=True)
class Usual:
    """Location and spread of log(1 + euros), as of a logistic distribution."""

    location: float
    spread: float


@dataclass(frozen=True)
class NewValues:
    """How often a new value of a field turns up: the two parameters of a Pitman-Yor process (1997)."""

    concentration: float
    discount: float


@dataclass(frozen=True)
class Population:
    """What is usual among ordinary accounts.

    Attributes
    ----------
    amounts: (spending, income). categories: the same for each category that is frequent enough.
    hours, weekdays: shares of transactions by local hour (24) and weekday (7).
    gap: log(1 + seconds) between transactions. bursts: of 2 sqrt(count + 3/8) for each span of `derived.SPANS_H`.
    new: for each field.
    round, below_limit, repeated, hurried: shares of the transactions that could be so; round_categories by category.
    """

    amounts: tuple[Usual, Usual]
    categories: Mapping[str, tuple[Usual, Usual]]
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    gap: Usual
    bursts: tuple[Usual, ...]
    new: Mapping[Field, NewValues]
    round: float
    round_categories: Mapping[str, float]
    below_limit: float
    repeated: float
    hurried: float

    @classmethod
    def fit(cls, ledger: Ledger, derived: Derived) -> Population:
        """Learn from ordinary accounts."""
        income = derived.income == 1
        amounts = (_usual(derived.size[~income]), _usual(derived.size[income]))
        categories: dict[str, tuple[Usual, Usual]] = {}
        round_categories: dict[str, float] = {}
        for code, name in enumerate(ledger.names["category"]):
            inside = ledger.codes["category"] == code
            if inside.sum() >= _RARE:
                categories[name] = (
                    _usual(derived.size[inside & ~income], amounts[0]),
                    _usual(derived.size[inside & income], amounts[1]),
                )
                round_categories[name] = _share(derived.round, inside & derived.rounded)
        known = ~derived.date_only
        hours = np.bincount(derived.hour[known], minlength=24) + 1.0
        weekdays = np.bincount(derived.weekday, minlength=7) + 1.0
        return cls(
            amounts=amounts,
            categories=categories,
            hours=tuple((hours / hours.sum()).tolist()),
            weekdays=tuple((weekdays / weekdays.sum()).tolist()),
            gap=_usual(np.log1p(derived.gap[~np.isnan(derived.gap)])),
            bursts=tuple(_usual(counts) for counts in anscombe(derived.bursts)),
            new={field: _new_values(ledger, field) for field in FIELDS},
            round=_share(derived.round, derived.rounded),
            round_categories=round_categories,
            below_limit=_share(derived.below_limit, derived.limited),
            repeated=_share(derived.repeated, np.ones(len(ledger), dtype=np.bool_)),
            hurried=_share(derived.hurried, derived.present),
        )

    def amount_table(self, names: tuple[str, ...]) -> tuple[Floats, Floats]:
        """Return locations and spreads (categories + 1, 2) by category code and sign; the last row is for none."""
        found = [self.categories.get(name, self.amounts) for name in (*names, "")]
        return (
            np.array([[usual.location for usual in pair] for pair in found]),
            np.array([[usual.spread for usual in pair] for pair in found]),
        )

    def round_table(self, names: tuple[str, ...]) -> Floats:
        """Return shares of round amounts (categories + 1,) by category code; the last is for none."""
        return np.array([self.round_categories.get(name, self.round) for name in (*names, "")])

    def save(self, file: Path) -> None:
        """Write as JSON."""
        file.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Population:
        """Read what `save` wrote."""
        read = json.loads(file.read_text(encoding="utf-8"))

        def pair(of: list[dict[str, float]]) -> tuple[Usual, Usual]:
            return Usual(**of[0]), Usual(**of[1])

        return cls(
            **{
                **read,
                "amounts": pair(read["amounts"]),
                "categories": {name: pair(each) for name, each in read["categories"].items()},
                "bursts": tuple(Usual(**each) for each in read["bursts"]),
                "gap": Usual(**read["gap"]),
                "new": {field: NewValues(**each) for field, each in read["new"].items()},
                **{name: tuple(read[name]) for name in ("hours", "weekdays")},
            }
        )


def anscombe(counts: Ints | Floats) -> Floats:
    """Return 2 sqrt(count + 3/8): a Poisson count so taken has a variance of about 1 (Anscombe, 1948)."""
    return 2 * np.sqrt(counts + 0.375)


def _share(flags: Bools, inside: Bools) -> float:
    """Return the share of flags inside, as if one more had been seen without."""
    return float(max((flags & inside).sum(), 1) / (inside.sum() + 1))


def _usual(sizes: Floats, otherwise: Usual | None = None) -> Usual:
    if len(sizes) < _RARE:
        return otherwise or Usual(3.0, 1.5)
    low, middle, high = np.quantile(sizes, [0.25, 0.5, 0.75])
    return Usual(float(middle), max(float(high - low) / QUARTILES, 0.2))


def _new_values(ledger: Ledger, field: Field) -> NewValues:
    """Return the parameters under which what was new, and what was not, is most likely."""
    codes = ledger.codes[field]
    told = np.flatnonzero(codes != MISSING)
    user, value = ledger.user[told], codes[told]
    if len(told) == 0:
        return NewValues(1.0, 0.0)
    new = first_of(user, value)
    begins = np.searchsorted(user, user, "left")
    before = np.arange(len(told)) - begins
    seen = np.concatenate([[0], np.cumsum(new)])
    distinct = seen[:-1] - seen[begins]
    counted = np.flatnonzero(before > 0)
    counted = counted[:: max(1, len(counted) // _ENOUGH)]

    def likelihood(concentration: float, discount: float) -> float:
        chance = chance_of_new(before[counted], distinct[counted], concentration, discount)
        return float(np.log(np.where(new[counted], chance, np.maximum(1 - chance, 1e-9))).mean())

    best = max(((c, d) for c in _CONCENTRATIONS for d in _DISCOUNTS), key=lambda pair: likelihood(pair[0], pair[1]))
    return NewValues(float(best[0]), float(best[1]))


def first_of(user: Ints, value: Ints) -> Bools:
    """Say which rows are the first with their value of their user; rows are sorted by user and time."""
    _, first = np.unique(np.stack([user, value]), axis=1, return_index=True)
    new = np.zeros(len(user), dtype=np.bool_)
    new[first] = True
    return new


def chance_of_new(
    count: Floats | Ints, distinct: Floats | Ints, concentration: float | Floats, discount: float | Floats
) -> Floats:
    """Return the chance that the next value is one never seen, after `count` with `distinct` different ones."""
    return np.minimum(1.0, (concentration + discount * distinct) / (count + concentration))
