"""The OpenAPI 3.1 document, built from the contracts; BentoML's own `/docs.json` has faults and is not the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from models.contract import Record
from serving.errors import KINDS
from serving.health import ModelStatus, Status

_REF = "#/components/schemas/{model}"
API_VERSION = "1.0.0"


class ErrorDetail(BaseModel):
    """One field that is wrong."""

    model_config = ConfigDict(extra="allow")

    field: str
    message: str
    type: str


class ErrorBody(Record):
    """What went wrong."""

    code: str = Field(description="A code of the error table.")
    message: str
    details: list[ErrorDetail]
    request_id: str


class ErrorAnswer(Record):
    """The one shape of every error."""

    error: ErrorBody


class ModelHealth(Record):
    """One model's state."""

    name: str
    version: str | None
    device: str | None
    state: ModelStatus


class HealthAnswer(Record):
    """The state of the service and of each model."""

    status: Status
    uptime_s: float
    models: list[ModelHealth]


@dataclass(frozen=True)
class Operation:
    """One path of the API."""

    path: str
    method: str
    operation_id: str
    summary: str
    request: type[BaseModel] | None
    answer: type[BaseModel]
    errors: tuple[int, ...]
    aliases: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def document(operations: list[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of `operations`."""
    requests = [(operation.request, "validation") for operation in operations if operation.request is not None]
    answers = [(operation.answer, "serialization") for operation in operations]
    wanted = dict.fromkeys([*requests, *answers, (ErrorAnswer, "serialization")])
    names, definitions = models_json_schema(list(wanted), ref_template=_REF)  # type: ignore[arg-type]
    schemas = _untitled(definitions["$defs"])
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        entry = _entry(operation, names)
        paths.setdefault(operation.path, {})[operation.method] = entry
        for number, alias in enumerate(operation.aliases, start=1):
            name = f"{operation.operation_id}Alias{number}"
            paths.setdefault(alias, {})[operation.method] = {**entry, "operationId": name, "deprecated": True}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ML services for finance",
            "version": API_VERSION,
            "description": "Predictions for a finance application, in English and French.",
            "license": {"name": "Proprietary"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"bearer": []}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
        },
    }


def _entry(operation: Operation, names: Mapping[Any, Any]) -> dict[str, Any]:
    success_headers = {
        "x-request-id": {"schema": {"type": "string"}, "description": "The caller's, or a new one."},
        **{name: {"schema": {"type": "string"}, "description": text} for name, text in operation.headers.items()},
    }
    responses: dict[str, Any] = {
        "200": {
            "description": "The answer.",
            "headers": success_headers,
            "content": {"application/json": {"schema": names[operation.answer, "serialization"]}},
        }
    }
    for status in operation.errors:
        headers = {"x-request-id": success_headers["x-request-id"]}
        if KINDS[status].retry:
            headers["retry-after"] = {"schema": {"type": "string"}, "description": "Seconds to wait."}
        responses[str(status)] = {
            "description": KINDS[status].message,
            "headers": headers,
            "content": {"application/json": {"schema": names[ErrorAnswer, "serialization"]}},
        }
    entry: dict[str, Any] = {
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "responses": responses,
    }
    if operation.request is not None:
        schema = names[operation.request, "validation"]
        entry["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return entry


def _untitled(schema: Any) -> Any:
    """Return `schema` without the titles that pydantic makes of names: they say nothing the name does not."""
    if isinstance(schema, list):
        return [_untitled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key != "title" or not isinstance(value, str)}
    return {key: _untitled(value) for key, value in kept.items()}
