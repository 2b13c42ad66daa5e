from __future__ import annotations

import contextvars

import pytest
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from serving.request_context import begin, carry, current, pseudonym

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_no_request_is_current_outside_one():
    assert contextvars.Context().run(current) is None


def test_begun_request_is_current():
    def one() -> bool:
        return begin({"x-request-id": "mine"}) is current()

    assert contextvars.Context().run(one)


def test_new_ids_are_new_each_time():
    one, other = (contextvars.Context().run(begin, {}) for _ in range(2))
    assert one.request_id != other.request_id
    assert one.trace_id != other.trace_id


def test_trace_of_the_caller_is_what_runners_receive():
    def forwarded() -> dict[str, str]:
        carry([begin({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "tracestate": "vendor=1"})])
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier)
        return carrier

    carrier = contextvars.Context().run(forwarded)
    version, trace, span, flags = carrier["traceparent"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert span != "00f067aa0ba902b7"
    assert carrier["tracestate"] == "vendor=1"


def test_pseudonym_is_stable_under_one_key_and_differs_under_another():
    assert pseudonym("user-1", "key") == pseudonym("user-1", "key")
    assert pseudonym("user-1", "key") != pseudonym("user-1", "other")
    assert pseudonym("user-1", "key") != pseudonym("user-2", "key")


@pytest.mark.parametrize("key", ["", "k" * 200, "é" * 40])
def test_pseudonym_takes_a_key_of_any_length(key: str):
    assert len(pseudonym("user-1", key)) == 16
