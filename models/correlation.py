"""Whom the items of a batch are for: goes beside it from the gateway to the runner, for the runner's log lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

BAGGAGE = "requests"
"""Key of the W3C baggage that carries it."""


@dataclass(frozen=True)
class Correlation:
    """What the log lines of one request share."""

    request_id: str
    trace_id: str
    span_id: str


def written(correlations: Sequence[Correlation]) -> str:
    """Return one text for all; none of the ids holds `~` or a comma.

    >>> written([Correlation("a", "t", "s"), Correlation("b", "u", "v")])
    'a~t~s,b~u~v'
    """
    return ",".join(f"{each.request_id}~{each.trace_id}~{each.span_id}" for each in correlations)


def read(baggage: str) -> list[Correlation]:
    """Return what a `baggage` header carries; what is no text of `written` is left out.

    >>> read("other=1, requests=a~t~s%2Cb~u~v;note=1")
    [Correlation(request_id='a', trace_id='t', span_id='s'), Correlation(request_id='b', trace_id='u', span_id='v')]
    """
    members = (member.strip().partition(";")[0].partition("=") for member in baggage.split(","))
    texts = [unquote(value) for key, _, value in members if key == BAGGAGE]
    return [correlation for text in texts for correlation in parsed(text)]


def parsed(text: str) -> list[Correlation]:
    """Return what `written` made one text of.

    >>> parsed("a~t~s,nonsense")
    [Correlation(request_id='a', trace_id='t', span_id='s')]
    """
    ids = [item.split("~") for item in text.split(",")]
    return [Correlation(*parts) for parts in ids if len(parts) == 3]
