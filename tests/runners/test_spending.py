from __future__ import annotations

import json

from models.store import StoredModel
from tests.runners.test_intent import in_a_fresh_process

CALL = """
import asyncio, json
from models.spending.contract import SpendingHistory
from runners.spending import SpendingRunner

if __name__ == "__main__":
    runner = SpendingRunner.inner()
    def history(amounts, user):
        return SpendingHistory(user_id=user, currency="EUR", start=672, amounts=amounts, months=3)
    async def ask():
        {body}
    try:
        print(json.dumps(asyncio.run(ask())))
    finally:
        runner.stop()
"""


def answered(body: str, **environment: str) -> object:
    return in_a_fresh_process(CALL.format(body=body), **environment)


def test_importing_the_runner_loads_no_model_library():
    """The gateway imports it to know its address."""
    names = ("prophet", "statsforecast", "pandas", "numba", "pebble", "matplotlib", "pyarrow")
    code = f"import runners.spending, json, sys\nprint(json.dumps([n for n in {names} if n in sys.modules]))"
    assert in_a_fresh_process(code) == []


def test_every_history_of_a_call_is_answered_in_its_order(spending_model: StoredModel):
    body = """
        outcomes = await runner.predict([history((100.0,) * n, f"user-{n}") for n in (2, 12, 40)])
        return [(each.user_id, len(each.months), each.model.version) for each in outcomes]"""
    version = spending_model.version
    assert answered(body) == [[f"user-{n}", 3, version] for n in (2, 12, 40)]


def test_it_says_which_model_answers(spending_model: StoredModel):
    body = "return (await runner.describe()).model_dump()"
    assert answered(body) == {"name": "spending", "version": spending_model.version, "device": "cpu", "reads": None}


def test_a_forecast_that_breaks_is_refused_alone(spending_model: StoredModel):
    body = """
        broken = SpendingHistory.model_construct(user_id="x", currency="EUR", start=672, amounts=("no",) * 9, months=3,
            category=None, country=None, left_out=())
        outcomes = await runner.predict([history((5.0,) * 9, "a"), broken, history((5.0,) * 9, "b")])
        return [getattr(each, "code", None) for each in outcomes]"""
    assert answered(body) == [None, "internal_error", None]


def test_it_serves_the_version_it_is_told_to(spending_model: StoredModel):
    body = "return (await runner.describe()).version"
    found = answered(body, ML_MODELS=json.dumps({"spending": spending_model.tag}))
    assert found == spending_model.version
