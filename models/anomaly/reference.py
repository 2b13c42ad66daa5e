"""What live traffic is compared with: ordinary transactions of accounts that nothing was learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import numpy as np

from models.anomaly.contract import AnomalyQuestion
from models.anomaly.dataset import join
from models.anomaly.derived import derive
from models.anomaly.ledger import Columns
from models.anomaly.model import AnomalyModel
from models.anomaly.sample import ordinary_rows
from models.anomaly.watched import WATCHED
from models.drift.profile import ReferenceProfile
from models.transactions import Transaction

_MOST = 3000


def reference(model: AnomalyModel, accounts: Sequence[Columns], dice: np.random.Generator) -> ReferenceProfile:
    """Return the profile of some transactions of the accounts and of what is answered to them."""
    columns = join(accounts)
    ledger = columns.ledger()
    rows = ordinary_rows(ledger, max(3, _MOST // len(accounts)), dice)
    scored = model.score(ledger, rows, derive(ledger))
    predictions = [model.prediction(ledger, row, scored, number) for number, row in enumerate(rows.tolist())]
    questions = [
        AnomalyQuestion.model_construct(user_id="-", transaction=_transaction(columns, place), history="")
        for place in ledger.order[rows].tolist()
    ]
    return ReferenceProfile.fit(WATCHED.all(questions, predictions))


def _transaction(columns: Columns, place: int) -> Transaction:
    zone = timezone(timedelta(seconds=columns.offset[place]))
    return Transaction.model_construct(
        amount=Decimal(str(columns.amount[place])),
        currency=columns.currency[place] or "",
        country=columns.country[place],
        channel=columns.channel[place],
        timestamp=datetime.fromtimestamp(columns.time[place], zone),
    )
