"""Features to learn and to measure by: of ordinary transactions, and of mischief done to the same accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.anomaly.dataset import join
from models.anomaly.derived import derive
from models.anomaly.features import Features, compute_features
from models.anomaly.ledger import Columns, Ints, Ledger
from models.anomaly.population import Population
from models.anomaly.world.mischief import KINDS, mischief
from models.anomaly.world.rows import columns_of, rows_of

_LONGEST = 400
"""Transactions of an account before the mischief: more change little, and take memory."""
_SHORTEST = 3


@dataclass(frozen=True)
class Sample:
    """Features of m transactions, and of which kind each is; "" is ordinary."""

    features: Features
    kind: npt.NDArray[np.str_]

    @property
    def odd(self) -> npt.NDArray[np.bool_]:
        odd: npt.NDArray[np.bool_] = self.kind != ""
        return odd


def ordinary_rows(ledger: Ledger, each: int, dice: np.random.Generator) -> Ints:
    """Return about `each` rows of every user, a third of them early ones, ascending."""
    begins = np.flatnonzero(np.diff(ledger.user, prepend=-1))
    rows = []
    for begin, end in zip(begins, [*begins[1:], len(ledger)], strict=True):
        early = (dice.random(each // 3) ** 3 * (end - begin)).astype(np.intp)
        rows.append(begin + np.unique(np.concatenate([early, dice.integers(0, end - begin, size=each - each // 3)])))
    return np.concatenate(rows)


def odd_sample(
    accounts: Sequence[Columns],
    population: Population,
    each: int,
    dice: np.random.Generator,
    advance: Callable[[str], None],
) -> Sample:
    """Return the features of mischief, `each` times for every account, of all kinds in turn."""
    kinds = list(KINDS)
    found: list[Features] = []
    names: list[str] = []
    for number, account in enumerate(accounts):
        advance("mischief")
        rows = rows_of(account)
        if len(rows) < _SHORTEST:
            continue
        done: list[Columns] = []
        for turn in range(each):
            kind = kinds[(number * each + turn) % len(kinds)]
            cut = int(_SHORTEST + dice.random() ** 1.5 * (len(rows) - _SHORTEST))
            done.append(columns_of(mischief(rows[max(0, cut - _LONGEST) : cut], kind, dice)))
            names.append(kind)
        ledger = join(done).ledger()
        last = np.flatnonzero(np.diff(ledger.user, append=-1))
        found.append(compute_features(ledger, population, last, derive(ledger)))
    return Sample(together(found), np.array(names))


def together(parts: Sequence[Features]) -> Features:
    """Return features one after the other."""
    names = parts[0].facts
    return Features(
        np.concatenate([part.strange for part in parts]),
        np.concatenate([part.history for part in parts]),
        {name: np.concatenate([part.facts[name] for part in parts]) for name in names},
    )


def pick(features: Features, rows: npt.NDArray[np.bool_]) -> Features:
    """Return the features of some of the transactions."""
    facts = {name: values[rows] for name, values in features.facts.items()}
    return replace(features, strange=features.strange[rows], history=features.history[rows], facts=facts)
