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
    parent: trace.SpanContext = trace.INVALID_SPAN_CONTEXT
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

    `carry` forwards them to the runners.
    """
    given = headers.get("x-request-id", "")
    parent = trace.INVALID_SPAN_CONTEXT
    if "traceparent" in headers:  # looked for first: most callers send none, and OpenTelemetry takes its time
        parent = trace.get_current_span(_PROPAGATOR.extract(headers)).get_span_context()
    info = RequestInfo(
        request_id=given if _REQUEST_ID.fullmatch(given) else str(uuid7()),
        trace_id=trace.format_trace_id(parent.trace_id if parent.is_valid else _IDS.generate_trace_id()),
        span_id=trace.format_span_id(_IDS.generate_span_id()),
        parent=parent,
    )
    _CURRENT.set(info)
    return info


def carry(requests: Iterable[RequestInfo]) -> None:
    """Let the calls that this task makes tell whom they are for, in the trace of the first.

    Both become OpenTelemetry's, which BentoML's client forwards.
    """
    joined = list(requests)
    correlations = [Correlation(each.request_id, each.trace_id, each.span_id) for each in joined]
    context = baggage.set_baggage(BAGGAGE, written(correlations))
    if joined:
        context = trace.set_span_in_context(trace.NonRecordingSpan(_span(joined[0])), context)
    otel_context.attach(context)


def _span(request: RequestInfo) -> trace.SpanContext:
    return trace.SpanContext(
        trace_id=int(request.trace_id, 16),
        span_id=int(request.span_id, 16),
        is_remote=False,
        trace_flags=request.parent.trace_flags,
        trace_state=request.parent.trace_state,
    )


def pseudonym(user_id: str, key: str) -> str:
    """Return the keyed hash under which a user may appear in logs."""
    return hashlib.blake2b(user_id.encode(), key=key.encode()[:64], digest_size=8).hexdigest()
