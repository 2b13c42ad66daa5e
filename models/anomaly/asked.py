"""Questions as a ledger: each a user of its own, whose last row is the transaction to score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import orjson

from models.anomaly.contract import AnomalyQuestion
from models.anomaly.history import MICROSECONDS, UNITS, Kind, told
from models.anomaly.ledger import Bools, Ledger, code, sorted_ledger
from models.anomaly.values import FIELDS


@dataclass(frozen=True)
class History:
    """n transactions, newest first.

    Attributes
    ----------
    time, amount: (n,) as in `Told`. kind: (n,) positions in `kinds`, which are all different.
    """

    time: npt.NDArray[np.int64]
    amount: npt.NDArray[np.int64]
    kind: npt.NDArray[np.intp]
    kinds: Sequence[Kind]

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def unpack(cls, text: str) -> History:
        """Return what `models.anomaly.history` packed."""
        times, amounts, *told = text.split("\n")
        places = {each: place for place, each in enumerate(dict.fromkeys(told))}
        kind = np.fromiter(map(places.__getitem__, told), np.intp, len(told))
        kinds = [Kind._make(orjson.loads(each)) for each in places]
        return cls(np.array(orjson.loads(times), np.int64), np.array(orjson.loads(amounts), np.int64), kind, kinds)


def ledger_of(questions: Sequence[AnomalyQuestion]) -> Ledger:
    """Return questions, and the history of each, as a ledger."""
    histories = [History.unpack(each.history) for each in questions]
    asked = [told(each.transaction) for each in questions]
    kinds = [*chain.from_iterable(history.kinds for history in histories), *(each.kind for each in asked)]
    begins = np.cumsum([0, *(len(history.kinds) for history in histories)])
    of_row = np.concatenate(
        [
            *(history.kind + begin for history, begin in zip(histories, begins[:-1], strict=True)),
            begins[-1] + np.arange(len(asked)),
        ]
    )
    users = np.arange(len(questions))
    offset, *names = zip(*kinds, strict=True)
    coded = {field: code(values) for field, values in zip(FIELDS, names, strict=True)}
    return sorted_ledger(
        np.concatenate([np.repeat(users, [len(history) for history in histories]), users]),
        np.concatenate([*(each.time for each in histories), [each.time for each in asked]]) / MICROSECONDS,
        np.array(offset, dtype=np.float64)[of_row],
        np.concatenate([*(each.amount for each in histories), [each.amount for each in asked]]) / UNITS,
        {field: (codes[of_row], values) for field, (codes, values) in coded.items()},
    )


def familiar_to(questions: Sequence[AnomalyQuestion]) -> Bools:
    """Return which values of the transactions their users had before, as the questions say (questions, fields)."""
    return np.array([[field in each.familiar for field in FIELDS] for each in questions])
