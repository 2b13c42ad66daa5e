from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
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

Lines = Callable[[], list[dict[str, Any]]]
WORDS = ("why was I charged at Dupont's", "4242424242424242", "FR7630006000011234567890189")


def restore(loggers: dict[str, tuple[list[logging.Handler], bool, int]]) -> None:
    for name, (handlers, propagate, level) in loggers.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Logging as a server has it, at debug; the lines written so far, each parsed. Undone afterwards."""
    names = [None, *logging.root.manager.loggerDict]
    loggers = [logging.getLogger(name) for name in names]
    before = {logger.name: (logger.handlers, logger.propagate, logger.level) for logger in loggers}
    configure_logging(Settings(log_format="json", log_level="debug"))
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()
    restore(before)


def test_own_line_is_json_with_time_level_and_logger(lines: Lines):
    structlog.get_logger("own").info("it happened", count=3)
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "logger": "own", "msg": "it happened", "count": 3}


@pytest.mark.parametrize("name", ["bentoml.serve", "uvicorn.error", "asyncio", "circus", "anyone.else"])
def test_line_of_a_framework_has_the_same_form(lines: Lines, name: str):
    logging.getLogger(name).warning("%d of %s", 3, "them")
    (line,) = lines()
    assert (line["logger"], line["level"], line["msg"]) == (name, "warning", "3 of them")


@pytest.mark.parametrize("name", ["bentoml.access", "uvicorn.access"])
def test_access_lines_of_the_frameworks_are_not_written(lines: Lines, name: str):
    logging.getLogger(name).info("127.0.0.1 - GET /users/secret")
    assert lines() == []


def test_exception_is_outlined_by_types_and_places(lines: Lines):
    try:
        try:
            raise KeyError(WORDS[0])
        except KeyError as cause:
            raise RuntimeError(WORDS[1]) from cause
    except RuntimeError:
        structlog.get_logger("own").exception("it broke")
    (line,) = lines()
    assert line["exception"]["type"] == "builtins.RuntimeError"
    assert line["exception"]["cause"]["type"] == "builtins.KeyError"
    assert "test_exception_is_outlined" in line["exception"]["at"][0]


def test_error_number_of_the_system_is_kept(lines: Lines):
    structlog.get_logger("own").error("no disk", exc_info=OSError(28, "secret"))
    assert lines()[0]["exception"] == {"type": "builtins.OSError", "at": [], "errno": 28}


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("logger", ["bentoml.serve", "uvicorn.error", "runners.batch", "asyncio"])
def test_words_of_the_caller_in_an_exception_are_not_written(lines: Lines, logger: str, words: str):
    try:
        raise ValueError(words) from LookupError(words)
    except ValueError as error:
        logging.getLogger(logger).exception("Exception on %s [%s]", "/v1/predict/intent", "POST")
        logging.getLogger(logger).error("again", exc_info=error)
    written = lines()
    assert len(written) == 2
    assert words not in json.dumps(written)


def test_group_of_exceptions_is_not_written_with_its_words(lines: Lines):
    group = ExceptionGroup(WORDS[0], [ValueError(WORDS[1]), LookupError(WORDS[2])])
    structlog.get_logger("own").error("several", exc_info=group)
    assert not any(words in json.dumps(lines()) for words in WORDS)


def test_notes_of_an_exception_are_not_written(lines: Lines):
    error = ValueError("it")
    error.add_note(WORDS[0])
    logging.getLogger("bentoml.serve").error("noted", exc_info=error)
    assert WORDS[0] not in json.dumps(lines())


def test_refused_request_writes_no_line_of_its_own(lines: Lines):
    class Request(BaseModel):
        query: str

    try:
        Request.model_validate({"query": [WORDS[0]]})
    except ValueError:
        logging.getLogger("bentoml.serve").exception("Exception on %s [%s]", "/v1/predict/intent", "POST")
    assert lines() == []


async def test_words_in_an_exception_of_the_application_are_not_written(lines: Lines):
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError(*WORDS)

    async with client(Access(ErrorShape(fail), routes=("/",))) as http:
        response = await http.post(f"/?query={WORDS[1]}", json={"query": WORDS[0]}, headers={"user-agent": WORDS[2]})
    written = lines()
    assert [line["msg"] for line in written] == ["unhandled", "request"]
    assert not any(words in json.dumps(written) + response.text for words in WORDS)


async def test_lines_of_one_request_share_its_ids(lines: Lines):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        logging.getLogger("bentoml.serve").warning("in between")
        raise RuntimeError

    async with client(Access(ErrorShape(app), routes=())) as http:
        await http.get("/", headers={"x-request-id": "mine"})
    written = lines()
    assert len(written) == 3
    assert {line["request_id"] for line in written} == {"mine"}
    assert len({line["trace_id"] for line in written}) == 1


def test_value_json_does_not_know_is_written_as_text(lines: Lines):
    structlog.get_logger("own").info("odd", path=sys.version_info, what={1: object})
    assert lines()[0]["msg"] == "odd"


@pytest.mark.parametrize(("level", "written"), [("debug", 3), ("info", 2), ("warning", 1), ("error", 0)])
def test_level_is_the_lowest_that_is_written(lines: Lines, level: str, written: int):
    configure_logging(Settings.model_validate({"log_format": "json", "log_level": level}))
    logger = logging.getLogger("anyone")
    logger.debug("one")
    logger.info("two")
    logger.warning("three")
    assert len(lines()) == written


@pytest.mark.usefixtures("lines")
def test_console_lines_are_for_people(capsys: pytest.CaptureFixture[str]):
    configure_logging(Settings(log_format="console"))
    structlog.get_logger("own").warning("it happened", exc_info=ValueError(WORDS[0]))
    written = capsys.readouterr().err
    assert "it happened" in written
    assert not written.startswith("{")
    assert WORDS[0] not in written
