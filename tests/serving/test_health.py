from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prometheus_client import REGISTRY

import serving.health
from models.contract import ModelState, Request, form_of
from serving.health import Health, fitting
from serving.openapi import HealthAnswer


class Model:
    """A model that answers, fails or hangs, as told."""

    def __init__(self, name: str, version: str = "v1") -> None:
        self.state = ModelState(name=name, version=version, device="cpu")
        self.fails = False
        self.hangs = False

    async def describe(self) -> ModelState:
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise ConnectionError("not there")
        return self.state


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving.health, "_PATIENCE_S", 0.02)
    monkeypatch.setattr(serving.health, "_PERIOD_S", 0.01)


def watch(*models: Model) -> Health:
    return Health({model.state.name: model.describe for model in models})


def states(health: Health) -> list[str]:
    return [model["state"] for model in health.report()["models"]]


async def check_until_down(health: Health) -> None:
    """Check as often as a model may miss before it counts as down."""
    for _ in range(serving.health._MISSES):
        await health.check()


async def test_nothing_is_ready_before_the_first_check():
    health = watch(Model("a"))
    assert (health.ready, health.status, states(health), health.version("a")) == (False, "down", ["starting"], None)
    assert not health.available("a")


async def test_all_models_answering_is_ok_and_ready():
    health = watch(Model("a"), Model("b"))
    await health.check()
    assert (health.ready, health.status, states(health)) == (True, "ok", ["ready", "ready"])
    assert health.available("a")


async def test_ready_only_after_every_model_answered_once():
    a, b = Model("a"), Model("b")
    b.fails = True
    health = watch(a, b)
    await check_until_down(health)
    assert (health.ready, states(health)) == (False, ["ready", "starting"])
    b.fails, a.fails = False, True
    await check_until_down(health)
    assert (health.ready, states(health)) == (True, ["down", "ready"])


async def test_one_model_down_is_degraded_and_still_ready():
    a, b = Model("a"), Model("b")
    health = watch(a, b)
    await health.check()
    a.fails = True
    await check_until_down(health)
    assert (health.ready, health.status, states(health)) == (True, "degraded", ["down", "ready"])
    assert not health.available("a")
    assert health.available("b")


async def test_no_model_answering_is_down_and_not_ready():
    a, b = Model("a"), Model("b")
    health = watch(a, b)
    await health.check()
    a.fails = b.fails = True
    await check_until_down(health)
    assert (health.ready, health.status) == (False, "down")


async def test_one_missed_check_is_forgiven():
    model = Model("a")
    health = watch(model)
    await health.check()
    model.hangs = True
    await health.check()
    assert (health.ready, health.status) == (True, "ok")


async def test_misses_do_not_add_up_over_time():
    model = Model("a")
    health = watch(model)
    for fails in (False, True, False, True, False, True):
        model.fails = fails
        await health.check()
    assert health.status == "ok"


async def test_model_that_comes_back_is_ready_at_its_first_answer():
    model = Model("a")
    health = watch(model)
    await health.check()
    model.fails = True
    await check_until_down(health)
    model.fails = False
    await health.check()
    assert (health.ready, health.status, states(health)) == (True, "ok", ["ready"])


async def test_model_that_hangs_counts_as_down_and_holds_up_nobody():
    a, b = Model("a"), Model("b")
    health = watch(a, b)
    await health.check()
    a.hangs = True
    await asyncio.wait_for(check_until_down(health), 5)
    assert states(health) == ["down", "ready"]


async def test_version_is_that_of_the_last_answer():
    model = Model("a")
    health = watch(model)
    await health.check()
    model.fails = True
    await check_until_down(health)
    assert health.version("a") == "v1"
    model.fails, model.state = False, ModelState(name="a", version="v2", device="cuda")
    await health.check()
    assert health.version("a") == "v2"


async def test_report_is_the_body_that_the_openapi_document_promises():
    model = Model("a")
    health = watch(model)
    HealthAnswer.model_validate(health.report(), strict=True)
    await health.check()
    report: dict[str, Any] = health.report()
    HealthAnswer.model_validate(report, strict=True)
    assert report["models"] == [{"name": "a", "version": "v1", "device": "cpu", "state": "ready"}]


async def test_prediction_is_a_sign_of_life_of_a_model_that_is_late_with_its_state():
    model = Model("a")
    health = watch(model)
    await health.check()
    model.hangs = True
    for _ in range(2 * serving.health._MISSES):
        checking = asyncio.create_task(health.check())
        await asyncio.sleep(0)
        health.answered("a")
        await checking
    assert (states(health), health.available("a")) == (["ready"], True)
    await check_until_down(health)
    assert states(health) == ["down"]


class Asked(Request):
    text: str


class AskedElsewhere(Asked):
    language: str


@pytest.mark.parametrize(("reads", "state"), [(None, "ready"), (Asked, "ready"), (AskedElsewhere, "down")])
async def test_runner_that_reads_other_requests_is_not_asked(reads: type[Request] | None, state: str):
    model, other = Model("a"), Model("b")
    model.state = model.state.model_copy(update={"reads": reads and form_of(reads)})
    health = Health({"a": lambda: fitting(model.describe(), Asked, "give it the same file"), "b": other.describe})
    await health.check()
    await health.check()
    assert (states(health), health.version("a"), health.ready) == ([state, "ready"], "v1", True)


async def test_it_settles_when_every_model_that_is_late_has_answered():
    a, b = Model("a"), Model("b")
    b.hangs = True
    health = watch(a, b)
    settling = asyncio.create_task(health.settle())
    while not health.available("a"):
        await asyncio.sleep(0.01)
    assert not settling.done()
    b.hangs = False
    await asyncio.wait_for(settling, 5)
    assert health.ready


async def test_it_settles_without_a_model_that_fails():
    a, b = Model("a"), Model("b")
    b.fails = True
    health = watch(a, b)
    await asyncio.wait_for(health.settle(), 5)
    assert states(health) == ["ready", "starting"]


async def test_it_settles_without_a_model_that_is_late_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serving.health, "_SETTLE_S", 0.2)
    model = Model("a")
    model.hangs = True
    health = watch(model)
    await asyncio.wait_for(health.settle(), 5)
    assert states(health) == ["starting"]


async def test_metrics_follow_the_state_and_the_version():
    def sample(name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, labels)

    model = Model("metered")
    health = watch(model)
    await health.check()
    assert sample("ml_model_ready", model="metered") == 1
    assert sample("ml_model_info", model="metered", version="v1", device="cpu") == 1
    model.fails = True
    await check_until_down(health)
    assert sample("ml_model_ready", model="metered") == 0
    model.fails, model.state = False, ModelState(name="metered", version="v2", device="cpu")
    await health.check()
    assert sample("ml_model_ready", model="metered") == 1
    assert sample("ml_model_info", model="metered", version="v1", device="cpu") == 0
    assert sample("ml_model_info", model="metered", version="v2", device="cpu") == 1


async def test_watching_goes_on_until_it_is_stopped():
    model = Model("a")
    health = watch(model)
    health.start()
    health.start()

    async def until(ready: bool) -> None:
        while health.ready is not ready:
            await asyncio.sleep(0.005)

    await asyncio.wait_for(until(True), 5)
    model.fails = True
    await asyncio.wait_for(until(False), 5)
    model.fails = False
    await asyncio.wait_for(until(True), 5)
    await health.stop()
    await health.stop()
    assert len(asyncio.all_tasks()) == 1
