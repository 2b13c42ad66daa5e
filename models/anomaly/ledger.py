"""Transactions of many users as columns: what features, training and the command line read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.anomaly.currencies import units_per_euro

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Field = Literal["currency", "merchant", "category", "channel", "country"]
FIELDS: tuple[Field, ...] = ("currency", "merchant", "category", "channel", "country")
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
        user, time = np.asarray(self.user, dtype=np.intp), np.asarray(self.time, dtype=np.float64)
        order = np.lexsort((time, user))
        coded = {field: code(getattr(self, field)) for field in FIELDS}
        return Ledger(
            user=user[order],
            time=time[order],
            offset=np.asarray(self.offset, dtype=np.float64)[order],
            amount=np.asarray(self.amount, dtype=np.float64)[order],
            codes={field: codes[order] for field, (codes, _) in coded.items()},
            names={field: names for field, (_, names) in coded.items()},
            order=order,
        )


def code(values: Sequence[str | None]) -> tuple[Ints, tuple[str, ...]]:
    """Return (n,) codes of texts and the texts that they stand for; letter case and outer blanks do not count.

    >>> code(["Shop", None, "shop ", ""])
    (array([ 0, -1,  0, -1]), ('shop',))
    """
    numbers: dict[str, int] = {}
    of: dict[str | None, int] = {None: MISSING}
    for value in dict.fromkeys(values):
        clean = (value or "").strip().casefold()
        of[value] = numbers.setdefault(clean, len(numbers)) if clean else MISSING
    return np.fromiter(map(of.__getitem__, values), np.intp, len(values)), tuple(numbers)
