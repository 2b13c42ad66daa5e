"""A query that breaks the model fails alone."""

from __future__ import annotations

import asyncio

import httpx

from tests.served import Served
from tests.server.shape import error_of, fresh_query


def test_query_that_breaks_the_model_is_500_without_internals(sabotaged: Served):
    error = error_of(sabotaged.ask("sabotage"), 500)
    assert error["message"] == "This item could not be processed."


async def test_others_of_the_same_batch_are_answered(sabotaged: Served):
    async with httpx.AsyncClient(base_url=sabotaged.url, timeout=30) as http:

        async def ask(query: str) -> httpx.Response:
            return await http.post("/v1/predict/intent", json={"query": query})

        queries = [f"sabotage {number}" if number % 10 == 0 else fresh_query() for number in range(60)]
        responses = await asyncio.gather(*(ask(query) for query in queries))
    for query, response in zip(queries, responses, strict=True):
        assert response.status_code == (500 if "sabotage" in query else 200)


def test_failure_is_not_kept(sabotaged: Served):
    responses = [sabotaged.ask("sabotage again") for _ in range(2)]
    assert [response.status_code for response in responses] == [500, 500]
