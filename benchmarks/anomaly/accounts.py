"""The model on the Berka accounts with mischief, beside simpler scores, for one seed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.anomaly.berka import DAY, Row, load_accounts
from benchmarks.anomaly.mischief import KINDS, Impossible, mischief
from benchmarks.anomaly.rivals import ecod, isolation_forest, own_z_scores, raw_columns
from models.anomaly.ledger import Columns, Ledger
from models.anomaly.model import AnomalyModel

MONTHS = 9
_EACH = 3
OURS = "this model"


@dataclass(frozen=True)
class Outcome:
    """Scores of ordinary and of odd transactions by every method.

    Attributes
    ----------
    ordinary, odd: by method, (n,) and (m,). kind: (m,). old: (n,) the account was nine months old by then.
    """

    ordinary: dict[str, npt.NDArray[np.float64]]
    odd: dict[str, npt.NDArray[np.float64]]
    kind: npt.NDArray[np.str_]
    old: npt.NDArray[np.bool_]


def run(model: AnomalyModel, data: Path, seed: int) -> Outcome:
    """Return the scores on all transactions of accounts of nine months and more, and on mischief after nine months."""
    dice = np.random.default_rng(seed)
    accounts = [
        rows
        for rows in load_accounts(data / "berka_a" / "trans.csv.gz", seed).values()
        if rows[-1].time - rows[0].time >= MONTHS * 30.4 * DAY
    ]
    ordinary = _ledger(accounts)
    begins = np.searchsorted(ordinary.user, ordinary.user, "left")
    old = ordinary.time - ordinary.time[begins] >= MONTHS * 30.4 * DAY
    kinds = list(KINDS)
    done: list[list[Row]] = []
    chosen: list[str] = []
    for number, rows in enumerate(accounts):
        late = [place for place, row in enumerate(rows) if row.time - rows[0].time >= MONTHS * 30.4 * DAY]
        for turn in range(_EACH):
            kind = kinds[(number * _EACH + turn + seed) % len(kinds)]
            history = rows[: late[dice.integers(0, len(late))]]
            with suppress(Impossible):
                done.append([*history, *mischief(history, kind, dice)])
                chosen.append(kind)
    odd = _ledger(done)
    last = np.flatnonzero(np.diff(odd.user, append=-1))
    everything = np.arange(len(ordinary))
    return Outcome(
        ordinary=_scores(model, ordinary, everything, ordinary, seed),
        odd=_scores(model, odd, last, ordinary, seed),
        kind=np.array(chosen),
        old=old,
    )


def _scores(
    model: AnomalyModel, ledger: Ledger, rows: npt.NDArray[np.intp], reference: Ledger, seed: int
) -> dict[str, npt.NDArray[np.float64]]:
    features = model.score(ledger, rows).features
    amounts = ledger.amount[rows][:, None]
    usual = raw_columns(reference, np.arange(len(reference)))
    return {
        OURS: model.scorer.surprise(features.strange, features.history),
        "z-score of the amount, per user": own_z_scores(ledger, rows),
        "isolation forest, raw amounts": isolation_forest(amounts, reference.amount[:, None], seed),
        "isolation forest, raw columns": isolation_forest(raw_columns(ledger, rows), usual, seed),
        "ECOD, raw columns": ecod(raw_columns(ledger, rows), usual),
    }


def _ledger(accounts: Sequence[Sequence[Row]]) -> Ledger:
    rows = [(number, row) for number, account in enumerate(accounts) for row in account]
    return Columns(
        user=[number for number, _ in rows],
        time=[row.time for _, row in rows],
        offset=[0.0] * len(rows),
        amount=[row.amount for _, row in rows],
        currency=[row.currency for _, row in rows],
        merchant=[row.merchant for _, row in rows],
        category=[row.category for _, row in rows],
        channel=[row.channel for _, row in rows],
        country=[row.country for _, row in rows],
    ).ledger()
