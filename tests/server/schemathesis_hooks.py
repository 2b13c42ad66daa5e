"""What `schemathesis` checks beyond its own checks; loaded by test_schemathesis.py."""

from __future__ import annotations

import re

import schemathesis

from serving.errors import KINDS


@schemathesis.check
def one_error_shape(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """Every error is `{"error": {code, message, details, request_id}}`, and none is the server's fault."""
    (request_id,) = response.headers["x-request-id"]
    if response.status_code < 400:
        return
    assert response.status_code in {400, 404, 405}
    if case.method == "HEAD":
        return
    (error,) = response.json().values()
    assert list(error) == ["code", "message", "details", "request_id"]
    assert error["code"] == KINDS[response.status_code].code
    assert error["request_id"] == request_id


@schemathesis.hook
def filter_body(ctx: schemathesis.HookContext, body: object) -> bool:
    """JSON Schema calls 5.0 an integer and the contract does not; test_contract_errors.py has that case."""
    top_k = body.get("top_k") if isinstance(body, dict) else None
    return not (isinstance(top_k, float) and top_k.is_integer())


@schemathesis.hook
def map_body(ctx: schemathesis.HookContext, body: object) -> object:
    """JSON Schema cannot bound a time; test_transactions.py has the years that are refused."""
    if isinstance(body, dict):
        return {name: _dated(value) if name == "timestamp" else map_body(ctx, value) for name, value in body.items()}
    return [map_body(ctx, each) for each in body] if isinstance(body, list) else body


def _dated(value: object) -> object:
    """Return a drawn time in a leap year that is taken, and anything else as it is."""
    whole = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value)
    return f"2024{value[4:]}" if whole else value
