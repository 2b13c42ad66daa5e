from __future__ import annotations

import asyncio
import json

from prometheus_client import REGISTRY

from models.audit import Audit
from models.contract import ModelRef
from models.intent.contract import IntentAnswer, IntentRequest
from models.intent.watched import WATCHED
from serving import prediction_log
from serving.prediction_log import PredictionLog

REQUEST = IntentRequest(query="where is my refund", user_id="ann", top_k=2)
ANSWER = IntentAnswer(
    prediction_id="p-1",
    intent="refund_status",
    confidence=0.93,
    alternatives=[],
    in_scope=True,
    language="en",
    model=ModelRef(name="intent", version="abc"),
)


class Rows:
    """Keeps what it is given, once `open` is set."""

    def __init__(self) -> None:
        self.kept: list[Audit] = []
        self.open = asyncio.Event()

    async def append(self, rows: list[Audit]) -> None:
        await self.open.wait()
        self.kept.extend(rows)


def offer(log: PredictionLog, times: int = 1) -> None:
    for _ in range(times):
        log.offer(REQUEST, ANSWER, lambda: WATCHED.outputs(ANSWER))


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("ml_prediction_log_total", {"outcome": outcome}) or 0.0


async def test_a_row_says_which_request_got_which_answer():
    rows = Rows()
    rows.open.set()
    log = PredictionLog(rows.append, 1.0)
    offer(log)
    await log.written()
    [row] = rows.kept
    assert (row.prediction_id, row.user_id, row.model) == ("p-1", "ann", "intent:abc")
    assert {name: json.loads(value) for name, value in row.features.items()} == {"query": REQUEST.query, "top_k": 2}
    assert row.output == {"intent": "refund_status", "confidence": 0.93}


async def test_about_the_share_that_was_asked_for_is_kept():
    rows = Rows()
    rows.open.set()
    log = PredictionLog(rows.append, 0.1)
    for _ in range(100):
        offer(log, 50)
        await log.written()
    assert 400 < len(rows.kept) < 600


async def test_no_caller_waits_for_it():
    rows = Rows()
    log = PredictionLog(rows.append, 1.0)
    offer(log, 10)
    await asyncio.sleep(0)
    assert rows.kept == []
    rows.open.set()
    await log.written()
    assert len(rows.kept) == 10


async def test_a_store_that_hangs_costs_rows_and_no_memory():
    rows, before = Rows(), counted("dropped")
    log = PredictionLog(rows.append, 1.0)
    offer(log, prediction_log._MOST_WAITING + 500)
    assert counted("dropped") - before == 500
    rows.open.set()
    await log.written()
    assert len(rows.kept) == prediction_log._MOST_WAITING


async def test_a_store_that_fails_costs_rows_and_no_call():
    async def fail(_: list[Audit]) -> None:
        raise OSError("disk of ann")

    before = counted("lost")
    log = PredictionLog(fail, 1.0)
    offer(log, 3)
    await log.written()
    assert counted("lost") - before == 3
