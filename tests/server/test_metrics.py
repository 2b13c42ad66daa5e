"""`/metrics` of a server of its own, for BentoML empties its folder of figures, one a model store, at each start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.store import StoredModel
from tests.served import ONE_FORECASTER, Served, ServedFactory
from tests.server.shape import PATHS, fresh_query

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def metered(serve: ServedFactory) -> Iterator[Served]:
    server = serve(**ONE_FORECASTER)
    yield server
    server.stop()


def samples(server: Served) -> Samples:
    text = server.client.get("/metrics").raise_for_status().text
    families = text_string_to_metric_families(text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(server: Served, name: str, **labels: str) -> float:
    return samples(server).get((name, frozenset(labels.items())), 0.0)


def test_prediction_is_counted_everywhere(metered: Served, intent_model: StoredModel):
    metered.ask(fresh_query())
    names = {name for name, _ in samples(metered)}
    assert {
        "ml_http_requests_total",
        "ml_http_request_duration_seconds_bucket",
        "ml_http_requests_in_flight",
        "ml_prediction_confidence_bucket",
        "ml_predictions_total",
        "ml_cache_events_total",
        "ml_runner_calls_total",
        "ml_model_info",
        "ml_model_ready",
    } <= names
    assert value(metered, "ml_model_ready", model="intent") == 1
    assert value(metered, "ml_model_info", model="intent", version=intent_model.version, device="cpu") == 1


def test_batches_are_counted_in_the_runner_s_process(metered: Served):
    before = value(metered, "ml_batch_size_count", model="intent")
    metered.ask(fresh_query())
    assert value(metered, "ml_batch_size_count", model="intent") == before + 1


def test_requests_are_counted_by_path_method_and_status(metered: Served):
    def counted(path: str, status: str) -> float:
        return value(metered, "ml_http_requests_total", route=path, method="POST", status=status)

    before = [counted(path, status) for path in PATHS for status in ("200", "400")]
    for path in PATHS:
        metered.client.post(path, json={"query": "hello"})
        metered.client.post(path, json={})
    after = [counted(path, status) for path in PATHS for status in ("200", "400")]
    assert after == [count + 1 for count in before]


def test_cache_hits_and_misses_are_counted(metered: Served):
    before = [value(metered, "ml_cache_events_total", model="intent", event=event) for event in ("hit", "miss")]
    query = fresh_query()
    for _ in range(3):
        metered.ask(query)
    after = [value(metered, "ml_cache_events_total", model="intent", event=event) for event in ("hit", "miss")]
    assert after == [before[0] + 2, before[1] + 1]


def test_cached_answers_are_predictions_too(metered: Served):
    def predicted() -> float:
        return sum(count for (name, _), count in samples(metered).items() if name == "ml_predictions_total")

    before, query = predicted(), fresh_query()
    metered.ask(query)
    metered.ask(query)
    assert predicted() == before + 2


def test_the_asking_itself_is_all_that_is_in_flight(metered: Served):
    assert value(metered, "ml_http_requests_in_flight") == 1


def test_random_paths_methods_and_ids_make_no_series(metered: Served):
    metered.client.get("/nowhere")
    metered.client.request("BREW", "/nowhere")
    before = samples(metered).keys()
    for number in range(1000):
        metered.client.get(f"/random/{number}", headers={"x-request-id": f"id-{number}"})
    assert samples(metered).keys() == before


def test_no_label_holds_what_a_caller_sent(metered: Served):
    metered.ask("zebrafish aquamarine", user_id="user-4711")
    metered.client.get("/zebrafish")
    text = metered.client.get("/metrics").text
    assert "zebrafish" not in text
    assert "user-4711" not in text


def test_framework_s_own_series_by_raw_path_are_off_in_the_gateway(metered: Served):
    metered.client.get("/nowhere")
    assert "/nowhere" not in metered.client.get("/metrics").text
