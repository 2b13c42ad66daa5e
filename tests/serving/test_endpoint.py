from __future__ import annotations

import asyncio
import json
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import MutableHeaders
from starlette.responses import Response

import serving.endpoint
from models.contract import Answer, ModelRef, ModelState, Record, Refusal, Request
from serving.cache import AnswerCache, owner_key
from serving.endpoint import Endpoint
from serving.errors import ApiError
from serving.health import Health
from serving.request_context import begin
from serving.settings import Settings


class Question(Request):
    text: str
    user_id: str | None = None


class Length(Record):
    length: int
    model: ModelRef


class LengthAnswer(Length, Answer):
    pass


class Runner:
    """Measures texts; counts its calls; refuses or breaks when asked to."""

    def __init__(self) -> None:
        self.asked: list[list[Question]] = []
        self.to_async = self

    async def describe(self) -> ModelState:
        return ModelState(name="length", version="v1", device="cpu")

    async def predict(self, items: list[Question], /) -> list[Length | Refusal]:
        self.asked.append(items)
        if items[0].text == "refuse":
            return [Refusal(code="internal_error", message="This item could not be processed.")]
        if items[0].text == "break":
            raise ConnectionError
        return [Length(length=len(items[0].text), model=ModelRef(name="length", version="v1"))]


class House:
    """One endpoint with all that it needs."""

    def __init__(self, cached: bool = True, owned: bool = False, runner: Runner | None = None) -> None:
        self.runner = runner or Runner()
        self.cache = AnswerCache(10, 60)
        self.recorded: list[tuple[str, LengthAnswer]] = []
        self.observed: list[int] = []
        self.health = Health({"length": self.runner.describe})
        self.endpoint: Endpoint[Question, Length, LengthAnswer] = Endpoint(
            model="length",
            runner=self.runner,
            prediction=Length,
            answer=LengthAnswer,
            health=self.health,
            observe=lambda prediction: self.observed.append(prediction.length),
            cache=self.cache if cached else None,
            key=lambda question: (question.text,),
            owner=(lambda question: str(question.user_id)) if owned else None,
            record=self.record,
        )

    async def record(self, question: Question, answer: LengthAnswer) -> None:
        """Keep an answer; the store of secrets is away."""
        if question.text == "secret":
            raise ApiError(503)
        self.recorded.append((question.text, answer))

    async def ask(self, text: str, **fields: Any) -> tuple[LengthAnswer | Response, MutableHeaders]:
        context: Any = SimpleNamespace(response=SimpleNamespace(headers=MutableHeaders()))
        answer = await self.endpoint.answer(Question(text=text, **fields), context)
        return answer, context.response.headers


@pytest.fixture
async def house() -> House:
    house = House()
    await house.health.check()
    return house


def error_of(answer: LengthAnswer | Response) -> tuple[int, dict[str, Any]]:
    assert isinstance(answer, Response)
    return answer.status_code, json.loads(bytes(answer.body))["error"]


async def test_answer_is_the_prediction_with_an_id(house: House):
    answer, _ = await house.ask("four")
    assert isinstance(answer, LengthAnswer)
    assert (answer.length, answer.model.version) == (4, "v1")
    assert uuid.UUID(answer.prediction_id).version == 7


async def test_cached_answer_has_an_id_of_its_own_and_says_that_it_is_cached(house: House):
    first, first_headers = await house.ask("four")
    second, second_headers = await house.ask("four")
    assert isinstance(first, LengthAnswer)
    assert isinstance(second, LengthAnswer)
    assert first.model_dump(exclude={"prediction_id"}) == second.model_dump(exclude={"prediction_id"})
    assert first.prediction_id < second.prediction_id
    assert (first_headers["x-cache"], second_headers["x-cache"]) == ("miss", "hit")
    assert len(house.runner.asked) == 1


async def test_answers_about_a_user_go_when_the_user_is_forgotten():
    house = House(owned=True)
    await house.health.check()

    async def state(user_id: str) -> str:
        _, headers = await house.ask("four", user_id=user_id)
        return headers["x-cache"]

    assert [await state("ann"), await state("bob"), await state("ann")] == ["miss", "miss", "hit"]
    await house.cache.forget(owner_key("ann"))
    assert [await state("ann"), await state("bob")] == ["miss", "hit"]


async def test_cached_answers_are_observed_too(house: House):
    await house.ask("four")
    await house.ask("four")
    assert house.observed == [4, 4]


async def test_without_a_cache_every_call_asks_the_runner():
    house = House(cached=False)
    await house.health.check()
    _, headers = await house.ask("four")
    await house.ask("four")
    assert "x-cache" not in headers
    assert len(house.runner.asked) == 2


async def test_refusal_of_the_item_is_the_error_of_its_code(house: House):
    answer, headers = await house.ask("refuse")
    status, error = error_of(answer)
    assert (status, error["code"]) == (500, "internal_error")
    assert "x-cache" not in headers


async def test_status_of_an_error_stands_in_the_context_too(house: House):
    """BentoML puts the context's status over that of a response that is returned."""
    context: Any = SimpleNamespace(response=SimpleNamespace(headers=MutableHeaders(), status_code=200))
    await house.endpoint.answer(Question(text="refuse"), context)
    assert context.response.status_code == 500


async def test_an_answer_is_recorded_as_it_is_given(house: House):
    answers = [(await house.ask("four"))[0] for _ in range(2)]
    assert house.recorded == [("four", answer) for answer in answers]


async def test_an_answer_that_cannot_be_recorded_is_not_given(house: House):
    answer, _ = await house.ask("secret")
    assert error_of(answer)[0] == 503
    assert house.observed == []


async def test_an_error_is_no_answer_to_record(house: House):
    await house.ask("refuse")
    assert house.recorded == []


async def test_refusal_is_not_kept(house: House):
    await house.ask("refuse")
    await house.ask("refuse")
    assert len(house.runner.asked) == 2


async def test_runner_that_breaks_is_503(house: House):
    status, error = error_of((await house.ask("break"))[0])
    assert (status, error["code"]) == (503, "model_unavailable")


class Hung(Runner):
    """Takes a call and never answers it."""

    async def predict(self, items: list[Question], /) -> list[Length | Refusal]:
        self.asked.append(items)
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


@pytest.mark.parametrize("cached", [False, True])
async def test_what_waits_behind_a_hung_runner_is_504_in_time_and_leaves_the_queue(
    cached: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(serving.endpoint, "settings", lambda: Settings(timeout_s=0.2))
    house = House(cached=cached, runner=Hung())
    await house.health.check()
    answers = await asyncio.gather(*(house.ask(f"text {number}") for number in range(200)))
    assert [error_of(answer)[0] for answer, _ in answers] == [504] * 200
    waiting = house.endpoint._calls._waiting
    assert [asked for asked in waiting if not asked.future.done()] == []


async def test_answer_is_a_sign_of_life(house: House, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    monkeypatch.setattr(house.health, "answered", told.append)
    await house.ask("four")
    await house.ask("four")  # kept: nobody was asked
    await house.ask("break")
    assert told == ["length"]


async def test_model_that_never_answered_is_503_and_not_asked():
    house = House()
    assert error_of((await house.ask("four"))[0])[0] == 503
    assert house.runner.asked == []


async def test_what_is_kept_is_answered_while_the_model_is_down(house: House, monkeypatch: pytest.MonkeyPatch):
    await house.ask("four")
    monkeypatch.setattr(house.health, "available", lambda model: False)
    assert isinstance((await house.ask("four"))[0], LengthAnswer)
    assert error_of((await house.ask("other"))[0])[0] == 503


async def test_model_and_user_are_noted_for_the_access_line(house: House):
    info = begin({})
    await house.ask("four", user_id="user-4711")
    assert info.model == "length:v1"
    assert info.user is not None
    assert "4711" not in info.user


async def test_same_user_has_the_same_pseudonym(house: House):
    seen = []
    for user_id in ("one", "one", "two"):
        info = begin({})
        await house.ask("four", user_id=user_id)
        seen.append(info.user)
    assert seen[0] == seen[1] != seen[2]


async def test_request_without_a_user_notes_none(house: House):
    info = begin({})
    await house.ask("four")
    assert info.user is None


@pytest.mark.parametrize("kept", [b"no JSON", b'{"length": 4}', b'{"size": 4, "model": {"name": "a", "version": "b"}}'])
async def test_kept_answer_of_another_form_is_computed_anew(house: House, kept: bytes):
    """A Redis outlives a deployment that changes the form of an answer."""

    async def found(*_: object) -> tuple[bytes, bool]:
        return kept, True

    house.endpoint._cache.get_or_compute = found  # type: ignore[union-attr, method-assign]
    answer, _ = await house.ask("four")
    assert isinstance(answer, LengthAnswer)
