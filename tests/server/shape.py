"""What every answer of a running server has in common."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from serving.errors import KINDS, ErrorKind

PATHS = ("/v1/predict/intent", "/predict/intent")
_NUMBERS = itertools.count()


def error_of(response: httpx.Response, status: int | None = None, kind: ErrorKind | None = None) -> dict[str, Any]:
    """Return the error of an answer, after a look that it has the one shape and nothing else."""
    kind = kind or KINDS[response.status_code]
    assert status is None or response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert list(body) == ["error"]
    error: dict[str, Any] = body["error"]
    assert list(error) == ["code", "message", "details", "request_id"]
    assert error["code"] == kind.code
    assert isinstance(error["message"], str)
    assert isinstance(error["details"], list)
    assert error["request_id"] == response.headers["x-request-id"] != ""
    assert ("retry-after" in response.headers) == kind.retry
    assert "x-ml-shaped" not in response.headers
    return error


def fresh_query() -> str:
    """Return a query that no cache has seen."""
    return f"how much did I spend in shop number {next(_NUMBERS)}"
