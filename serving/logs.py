"""Structured logs: JSON lines in production, readable in a terminal, and nothing of the caller's data in either."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from functools import partial
from typing import Any, TextIO

import orjson
import structlog
from pydantic import ValidationError
from structlog.typing import EventDict, Processor, WrappedLogger

from serving.request_context import current
from serving.settings import Settings

_FRAMEWORK = (
    "asyncio",
    "bentoml",
    "bentoml.access",
    "bentoml.serve",
    "circus",
    "uvicorn",
    "uvicorn.access",
    "uvicorn.error",
)


def configure_logging(settings: Settings) -> None:
    """Send every logger of this process, the frameworks' included, through one formatter to stderr."""
    readable = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    render: Processor = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(_dumps)
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _identify,
        _outline_exception,
        structlog.processors.EventRenamer("msg"),
    ]
    structlog.configure(
        # Past the standard library: through it a request's line costs several times as much.
        processors=[*shared, _fix_event_key(readable), render],
        logger_factory=partial(_Lines, sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _fix_event_key(readable), render],
        )
    )
    handler.addFilter(_not_a_refused_request)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _FRAMEWORK:
        framework = logging.getLogger(name)
        framework.handlers = []
        framework.propagate = True
        framework.setLevel(logging.NOTSET)
    # One access line per request is ours (serving/access.py); the frameworks' own would be a second one.
    for name in ("bentoml.access", "uvicorn.access"):
        logging.getLogger(name).propagate = False


class _Lines(structlog.WriteLogger):
    """Writes to `stream`; has the name that its lines tell."""

    def __init__(self, stream: TextIO, name: str | None = None) -> None:
        super().__init__(stream)
        self.name = name


def _identify(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    info = current()
    if info is not None:
        event.setdefault("request_id", info.request_id)
        event.setdefault("trace_id", info.trace_id)
    return event


def _outline_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its types and places; its message may hold the caller's words."""
    exc_info = event.pop("exc_info", None)
    if not exc_info:
        return event
    error: BaseException | None
    if isinstance(exc_info, BaseException):
        error = exc_info
    else:
        error = exc_info[1] if isinstance(exc_info, tuple) else sys.exc_info()[1]
    if error is not None:
        event["exception"] = _outline(error)
    return event


def _outline(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    outline: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename.rsplit('site-packages/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, OSError) and error.errno is not None:
        outline["errno"] = error.errno
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        outline["cause"] = _outline(cause)
    return outline


def _not_a_refused_request(record: logging.LogRecord) -> bool:
    """Drop BentoML's traceback for each body that breaks the contract: the access line says 400."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, ValidationError)


def _fix_event_key(readable: bool) -> Processor:
    """The console renderer wants the sentence under `event`."""

    def rename(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        if readable and "msg" in event:
            event["event"] = event.pop("msg")
        if readable and "exception" in event:
            event["exception"] = json.dumps(event["exception"])
        return event

    return rename


def _dumps(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()
