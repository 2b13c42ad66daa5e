"""Transactions of many users as columns: what features, training and the command line read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.anomaly.currencies import units_per_euro
from models.anomaly.values import FIELDS, Field, clean

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
MISSING = -1


@dataclass(frozen=True)
class Ledger:
    """n transactions, sorted by user and within a user by time.

    Attributes
    ----------
    user: (n,) whose account it is, as a number.
    time: (n,) seconds since 1970 in UTC. offset: (n,) seconds that the local clock is ahead of UTC.
    amount: (n,) in its own currency; spending is negative.
    codes: for each field, (n,) positions in `names`, `MISSING` where the transaction does not say.
    names: for each field, its values in lower case.
    order: (n,) where each transaction stood before it was sorted.
    """

    user: Ints
    time: Floats
    offset: Floats
    amount: Floats
    codes: Mapping[Field, Ints]
    names: Mapping[Field, tuple[str, ...]]
    order: Ints

    def __len__(self) -> int:
        return len(self.user)

    @property
    def euros(self) -> Floats:
        """Amounts without their sign, roughly in euros."""
        rates = np.append(units_per_euro([name.upper() for name in self.names["currency"]]), 1.0)
        euros: Floats = np.abs(self.amount) / rates[self.codes["currency"]]
        return euros

    def name(self, field: Field, row: int) -> str | None:
        """Return the value of `field` in a row, in lower case."""
        code = self.codes[field][row]
        return None if code == MISSING else self.names[field][code]


@dataclass(frozen=True)
class Columns:
    """Transactions as they come, unsorted; each field has one element a transaction."""

    user: Sequence[int] | Ints
    time: Sequence[float] | Floats
    offset: Sequence[float] | Floats
    amount: Sequence[float] | Floats
    currency: Sequence[str | None]
    merchant: Sequence[str | None]
    category: Sequence[str | None]
    channel: Sequence[str | None]
    country: Sequence[str | None]

    def ledger(self) -> Ledger:
        """Return them sorted and coded."""
        coded = {field: code(getattr(self, field)) for field in FIELDS}
        return sorted_ledger(
            np.asarray(self.user, dtype=np.intp),
            np.asarray(self.time, dtype=np.float64),
            np.asarray(self.offset, dtype=np.float64),
            np.asarray(self.amount, dtype=np.float64),
            coded,
        )


Coded = tuple[Ints, tuple[str, ...]]
"""Codes of texts, and the texts that they stand for."""


def sorted_ledger(user: Ints, time: Floats, offset: Floats, amount: Floats, coded: Mapping[Field, Coded]) -> Ledger:
    """Return transactions that come in any order as a ledger."""
    order = np.lexsort((time, user))
    return Ledger(
        user=user[order],
        time=time[order],
        offset=offset[order],
        amount=amount[order],
        codes={field: codes[order] for field, (codes, _) in coded.items()},
        names={field: names for field, (_, names) in coded.items()},
        order=order,
    )


def code(values: Sequence[str | None]) -> Coded:
    """Return (n,) codes of texts, and the texts that they stand for as they are compared.

    >>> code(["Shop", None, "shop ", ""])
    (array([ 0, -1,  0, -1]), ('shop',))
    """
    numbers: dict[str, int] = {}
    of: dict[str | None, int] = {None: MISSING}
    for value in dict.fromkeys(values):
        name = clean(value)
        of[value] = numbers.setdefault(name, len(numbers)) if name else MISSING
    return np.fromiter(map(of.__getitem__, values), np.intp, len(values)), tuple(numbers)
