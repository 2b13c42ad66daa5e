"""What is known about the request in hand: its id, its trace, its user under a keyed hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry import baggage, trace
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from uuid_utils import uuid7

from models.correlation import BAGGAGE, Correlation, written

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
_PROPAGATOR = TraceContextTextMapPropagator()
_IDS = RandomIdGenerator()


@dataclass
class RequestInfo:
    """Filled in as the request goes through; written to the access line at its end."""

    request_id: str
    trace_id: str
    span_id: str
    user: str | None = None
    model: str | None = None


_CURRENT: ContextVar[RequestInfo | None] = ContextVar("request_info", default=None)


def current() -> RequestInfo | None:
    """Return the request in hand, if any."""
    return _CURRENT.get()


def request_id() -> str:
    """Return the id of the request in hand."""
    info = current()
    return info.request_id if info else str(uuid7())


def begin(headers: Mapping[str, str]) -> RequestInfo:
    """Make a request current: the caller's id and trace where they are sound, new ones where not.

    The trace also becomes OpenTelemetry's current span, which BentoML's client forwards to the runners.
    """
    given = headers.get("x-request-id", "")
    parent = trace.get_current_span(_PROPAGATOR.extract(headers)).get_span_context()
    span = trace.SpanContext(
        trace_id=parent.trace_id if parent.is_valid else _IDS.generate_trace_id(),
        span_id=_IDS.generate_span_id(),
        is_remote=False,
        trace_flags=parent.trace_flags,
        trace_state=parent.trace_state,
    )
    otel_context.attach(trace.set_span_in_context(trace.NonRecordingSpan(span)))
    info = RequestInfo(
        request_id=given if _REQUEST_ID.fullmatch(given) else str(uuid7()),
        trace_id=trace.format_trace_id(span.trace_id),
        span_id=trace.format_span_id(span.span_id),
    )
    _CURRENT.set(info)
    return info


def carry(requests: Iterable[RequestInfo]) -> None:
    """Let the calls that this task makes tell whom they are for."""
    correlations = [Correlation(each.request_id, each.trace_id, each.span_id) for each in requests]
    otel_context.attach(baggage.set_baggage(BAGGAGE, written(correlations)))


def pseudonym(user_id: str, key: str) -> str:
    """Return the keyed hash under which a user may appear in logs."""
    return hashlib.blake2b(user_id.encode(), key=key.encode()[:64], digest_size=8).hexdigest()
