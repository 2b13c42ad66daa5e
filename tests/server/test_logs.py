"""What a server at its lowest level writes: one line a request, one of the runner's, and nothing of the caller's."""

from __future__ import annotations

import signal
import time
import uuid
from typing import Any

import httpx
import pytest

from tests.served import Served
from tests.server.shape import PATHS

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
WORDS = "zebrafish aquamarine"
CARD = "4242424242424242"
IBAN = "FR7630006000011234567890189"
USER = "user-grzegorz-4711"
QUERY = f"{WORDS} {CARD} {IBAN}"
PLANTED = (WORDS, "zebrafish", CARD, IBAN, USER, "grzegorz")


def post(server: Served, path: str = PATHS[0], **request: Any) -> tuple[httpx.Response, str]:
    """Send a request with an id of its own; return the answer and the id."""
    request_id = str(uuid.uuid4())
    headers = {"x-request-id": request_id, "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    return server.client.post(path, headers=headers, **request), request_id


def lines_of(server: Served, request_id: str, msg: str | None = None) -> list[dict[str, Any]]:
    """Return the lines of a request, or those that say `msg`; they follow the answer by a moment."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        lines = [line for line in server.log() if line.get("request_id") == request_id]
        asked = [line for line in lines if line["msg"] == (msg or "request")]
        if asked:
            return lines if msg is None else asked
        time.sleep(0.02)
    raise AssertionError(f"no line {msg or 'request'!r} for {request_id}")


def access_lines(server: Served, request_id: str) -> list[dict[str, Any]]:
    return lines_of(server, request_id, "request")


def late(server: Served) -> tuple[httpx.Response, str]:
    (worker,) = server.workers("intent_runner")
    worker.send_signal(signal.SIGSTOP)
    try:
        return post(server, json={"query": f"late {QUERY}", "user_id": USER})
    finally:
        worker.send_signal(signal.SIGCONT)


def unsound(server: Served) -> tuple[httpx.Response, str]:
    response = server.client.get("/x", headers={"x-request-id": WORDS, "user-agent": CARD, "referer": IBAN})
    return response, response.headers["x-request-id"]


CALLS = {
    "good": (200, lambda server: post(server, json={"query": QUERY, "user_id": USER})),
    "cached": (200, lambda server: post(server, json={"query": QUERY, "user_id": USER})),
    "old path": (200, lambda server: post(server, PATHS[1], json={"query": QUERY, "user_id": USER})),
    "unknown field": (400, lambda server: post(server, json={"query": QUERY, WORDS: CARD, "user_id": USER})),
    "wrong type": (400, lambda server: post(server, json={"query": [QUERY], "top_k": IBAN})),
    "no json": (400, lambda server: post(server, content=QUERY.encode())),
    "unknown path": (404, lambda server: post(server, f"/users/{USER}/{IBAN}?card={CARD}")),
    "unsound request id": (404, unsound),
    "sabotaged": (500, lambda server: post(server, json={"query": f"sabotage {QUERY}", "user_id": USER})),
    "late": (504, late),
}


@pytest.mark.parametrize("kind", CALLS)
def test_nothing_of_the_caller_is_written(sabotaged: Served, kind: str):
    status, call = CALLS[kind]
    response, request_id = call(sabotaged)
    assert response.status_code == status
    lines = lines_of(sabotaged, request_id)
    assert [line["status"] for line in lines if line["msg"] == "request"] == [status]
    log = sabotaged.log_file.read_text()
    assert not [planted for planted in PLANTED if planted in log]


def test_access_line_tells_what_an_operator_needs(sabotaged: Served):
    response, request_id = post(sabotaged, json={"query": "hello", "user_id": USER})
    (line,) = access_lines(sabotaged, request_id)
    assert line["duration_ms"] > 0
    assert len(line["span_id"]) == 16
    assert len(line["user"]) == 16
    assert line["model"] == f"intent:{response.json()['model']['version']}"
    assert (line["method"], line["path"], line["status"], line["level"]) == ("POST", PATHS[0], 200, "info")


def test_trace_of_the_caller_is_on_the_line(sabotaged: Served):
    _, request_id = post(sabotaged, json={"query": "hello"})
    assert {line["trace_id"] for line in lines_of(sabotaged, request_id)} == {TRACE}


def test_runner_writes_a_line_under_the_ids_of_the_request(sabotaged: Served):
    _, request_id = post(sabotaged, json={"query": f"nobody asked that before {uuid.uuid4()}"})
    (access,) = access_lines(sabotaged, request_id)
    (runner,) = lines_of(sabotaged, request_id, "answered")
    assert (runner["msg"], runner["model"], runner["trace_id"]) == ("answered", "intent", TRACE)
    assert runner["span_id"] == access["span_id"]


def test_so_does_one_in_the_gateway_s_process_at_this_level(sabotaged: Served):
    _, request_id = post(sabotaged, "/v1/predict/ner", json={"text": f"nobody asked that before {uuid.uuid4()}"})
    (access,) = access_lines(sabotaged, request_id)
    (runner,) = lines_of(sabotaged, request_id, "answered")
    assert (runner["level"], runner["model"], runner["trace_id"]) == ("debug", "ner", TRACE)
    assert runner["span_id"] == access["span_id"]


def test_same_user_has_the_same_pseudonym_and_another_user_has_not(sabotaged: Served):
    seen = []
    for user in (USER, USER, "someone else"):
        _, request_id = post(sabotaged, json={"query": "hello", "user_id": user})
        seen.append(access_lines(sabotaged, request_id)[0]["user"])
    assert seen[0] == seen[1] != seen[2]


def test_broken_item_is_reported_by_the_runner_with_place_and_type(sabotaged: Served):
    post(sabotaged, json={"query": "sabotage for the log"})
    lines = [line for line in sabotaged.log() if line["msg"] == "item refused"]
    assert lines[-1]["exception"]["type"] == "builtins.ValueError"
    assert "sitecustomize.py" in lines[-1]["exception"]["at"][-1]


def test_every_line_is_json_with_time_level_logger_and_sentence(sabotaged: Served):
    for line in sabotaged.log():
        assert {"time", "level", "logger", "msg"} <= line.keys()


def test_debug_level_shows_the_probes(sabotaged: Served):
    sabotaged.client.get("/livez", headers={"x-request-id": "probe-1"})
    assert [line["level"] for line in lines_of(sabotaged, "probe-1")] == ["debug"]


def test_default_level_does_not_show_good_probes(served: Served):
    served.client.get("/livez", headers={"x-request-id": "probe-2"})
    served.client.get("/health", headers={"x-request-id": "no-probe"})
    lines_of(served, "no-probe")
    assert "probe-2" not in served.log_file.read_text()
