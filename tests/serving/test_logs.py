from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from serving.access import Access
from serving.errors import ErrorShape
from serving.logs import configure_logging
from serving.settings import Settings
from tests.serving.asgi import client

WORDS = ("why was I charged at Dupont's", "4242424242424242", "FR7630006000011234567890189")


class Written(io.StringIO):
    """What reaches stderr once logging is configured."""

    def configure(self, **settings: str) -> None:
        with contextlib.redirect_stderr(self):
            configure_logging(Settings.model_validate({"log_format": "json", "log_level": "debug", **settings}))
        structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})

    def lines(self) -> list[dict[str, Any]]:
        """The lines so far, without those of the test's own client and event loop."""
        written = [json.loads(line) for line in self.getvalue().splitlines()]
        return [line for line in written if line["logger"] != "httpx" and "selector" not in line["msg"]]


@pytest.fixture
def log() -> Iterator[Written]:
    """Logging as a server has it, at debug; undone afterwards."""
    loggers = [logging.getLogger(name) for name in (None, *logging.root.manager.loggerDict)]
    before = [(logger, logger.handlers, logger.propagate, logger.level) for logger in loggers]
    written = Written()
    written.configure()
    yield written
    structlog.reset_defaults()
    for logger, handlers, propagate, level in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_own_line_is_json_with_time_level_and_logger(log: Written):
    structlog.get_logger("own").info("it happened", count=3)
    (line,) = log.lines()
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "logger": "own", "msg": "it happened", "count": 3}


@pytest.mark.parametrize("name", ["bentoml.serve", "uvicorn.error", "asyncio", "circus", "anyone.else"])
def test_line_of_a_framework_has_the_same_form(log: Written, name: str):
    logging.getLogger(name).warning("%d of %s", 3, "them")
    (line,) = log.lines()
    assert (line["logger"], line["level"], line["msg"]) == (name, "warning", "3 of them")


@pytest.mark.parametrize("name", ["bentoml.access", "uvicorn.access"])
def test_access_lines_of_the_frameworks_are_not_written(log: Written, name: str):
    logging.getLogger(name).info("127.0.0.1 - GET /users/secret")
    assert log.lines() == []


def test_exception_is_outlined_by_types_and_places(log: Written):
    try:
        try:
            raise KeyError(WORDS[0])
        except KeyError as cause:
            raise RuntimeError(WORDS[1]) from cause
    except RuntimeError:
        structlog.get_logger("own").exception("it broke")
    (line,) = log.lines()
    assert line["exception"]["type"] == "builtins.RuntimeError"
    assert line["exception"]["cause"]["type"] == "builtins.KeyError"
    assert "test_exception_is_outlined" in line["exception"]["at"][0]


def test_error_number_of_the_system_is_kept(log: Written):
    structlog.get_logger("own").error("no disk", exc_info=OSError(28, "secret"))
    assert log.lines()[0]["exception"] == {"type": "builtins.OSError", "at": [], "errno": 28}


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("logger", ["bentoml.serve", "uvicorn.error", "runners.batch", "asyncio"])
def test_words_of_the_caller_in_an_exception_are_not_written(log: Written, logger: str, words: str):
    try:
        raise ValueError(words) from LookupError(words)
    except ValueError as error:
        logging.getLogger(logger).exception("Exception on %s [%s]", "/v1/predict/intent", "POST")
        logging.getLogger(logger).error("again", exc_info=error)
    written = log.lines()
    assert len(written) == 2
    assert words not in json.dumps(written)


def test_group_of_exceptions_is_not_written_with_its_words(log: Written):
    group = ExceptionGroup(WORDS[0], [ValueError(WORDS[1]), LookupError(WORDS[2])])
    structlog.get_logger("own").error("several", exc_info=group)
    assert not any(words in json.dumps(log.lines()) for words in WORDS)


def test_notes_of_an_exception_are_not_written(log: Written):
    error = ValueError("it")
    error.add_note(WORDS[0])
    logging.getLogger("bentoml.serve").error("noted", exc_info=error)
    assert WORDS[0] not in json.dumps(log.lines())


def test_refused_request_writes_no_line_of_its_own(log: Written):
    class Request(BaseModel):
        query: str

    try:
        Request.model_validate({"query": [WORDS[0]]})
    except ValueError:
        logging.getLogger("bentoml.serve").exception("Exception on %s [%s]", "/v1/predict/intent", "POST")
    assert log.lines() == []


async def test_words_in_an_exception_of_the_application_are_not_written(log: Written):
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError(*WORDS)

    async with client(Access(ErrorShape(fail), routes=("/",))) as http:
        response = await http.post(f"/?query={WORDS[1]}", json={"query": WORDS[0]}, headers={"user-agent": WORDS[2]})
    written = log.lines()
    assert [line["msg"] for line in written] == ["unhandled", "request"]
    assert not any(words in json.dumps(written) + response.text for words in WORDS)


async def test_lines_of_one_request_share_its_ids(log: Written):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        logging.getLogger("bentoml.serve").warning("in between")
        raise RuntimeError

    async with client(Access(ErrorShape(app), routes=())) as http:
        await http.get("/", headers={"x-request-id": "mine"})
    written = log.lines()
    assert len(written) == 3
    assert {line["request_id"] for line in written} == {"mine"}
    assert len({line["trace_id"] for line in written}) == 1


def test_value_json_does_not_know_is_written_as_text(log: Written):
    structlog.get_logger("own").info("odd", path=sys.version_info, what=object)
    assert log.lines()[0]["msg"] == "odd"


@pytest.mark.parametrize(("level", "written"), [("debug", 3), ("info", 2), ("warning", 1), ("error", 0)])
def test_level_is_the_lowest_that_is_written(log: Written, level: str, written: int):
    log.configure(log_level=level)
    logger = logging.getLogger("anyone")
    logger.debug("one")
    logger.info("two")
    logger.warning("three")
    assert len(log.lines()) == written


def test_console_lines_are_for_people(log: Written):
    log.configure(log_format="console")
    structlog.get_logger("own").warning("it happened", count=3)
    assert "it happened" in log.getvalue()
    assert not log.getvalue().startswith("{")


def test_exception_on_the_console_is_outlined_too(log: Written):
    log.configure(log_format="console")
    structlog.get_logger("own").warning("it happened", exc_info=ValueError(WORDS[0]))
    assert "it happened" in log.getvalue()
    assert "ValueError" in log.getvalue()
    assert WORDS[0] not in log.getvalue()
