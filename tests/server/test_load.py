from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from tests.served import ONE_FORECASTER, Served, ServedFactory
from tests.server.shape import error_of, fresh_query


async def load(server: Served, queries: list[str], callers: int) -> list[httpx.Response]:
    """Ask all `queries`, `callers` at a time."""
    places = asyncio.Semaphore(callers)
    limits = httpx.Limits(max_connections=callers)
    async with httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits) as http:

        async def ask(query: str) -> httpx.Response:
            async with places:
                return await http.post("/v1/predict/intent", json={"query": query})

        return await asyncio.gather(*(ask(query) for query in queries))


@pytest.fixture(scope="module")
def narrow(serve: ServedFactory) -> Iterator[Served]:
    server = serve(ML_MAX_CONCURRENCY="4", **ONE_FORECASTER)
    yield server
    server.stop()


async def test_thousand_calls_at_once_are_all_answered(served: Served):
    queries = [fresh_query() for _ in range(900)] + ["What is my balance?"] * 100
    responses = await load(served, queries, callers=64)
    assert Counter(response.status_code for response in responses) == {200: 1000}
    assert len({response.json()["prediction_id"] for response in responses}) == 1000


async def test_each_caller_gets_the_answer_to_its_own_query(served: Served):
    expected = {
        query: served.ask(query, top_k=1).json()["intent"]
        for query in ("What is my balance?", "close my account", "block my stolen card", "tell me a joke", "bonjour")
    }
    queries = [f"{query}{' ' * blanks}" for blanks in range(20) for query in expected]
    responses = await load(served, queries, callers=32)
    for query, response in zip(queries, responses, strict=True):
        assert response.json()["intent"] == expected[query.rstrip()]


async def test_call_over_the_limit_is_429_while_others_are_answered(narrow: Served):
    responses = await load(narrow, [fresh_query() for _ in range(200)], callers=32)
    counted = Counter(response.status_code for response in responses)
    assert set(counted) == {200, 429}
    for response in responses:
        if response.status_code == 429:
            error_of(response, 429)
            assert int(response.headers["retry-after"]) >= 1


async def test_probes_and_health_are_answered_when_full(narrow: Served):
    async with asyncio.TaskGroup() as group, httpx.AsyncClient(base_url=narrow.url, timeout=30) as http:
        loading = group.create_task(load(narrow, [fresh_query() for _ in range(150)], callers=32))
        while not loading.done():
            for path in ("/livez", "/health", "/metrics"):
                assert (await http.get(path)).status_code == 200
    assert 429 in {response.status_code for response in loading.result()}


def test_every_place_is_free_again_afterwards(narrow: Served):
    assert [narrow.ask(fresh_query()).status_code for _ in range(8)] == [200] * 8
