from __future__ import annotations

from collections.abc import Iterator

import pytest

import runners.placement
from runners.embedded import Embedded
from runners.placement import embedded, largest_batch, placed
from runners.settings import runner_settings
from tests.runners.echo import EchoRunner


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    runner_settings.cache_clear()
    yield
    runner_settings.cache_clear()


@pytest.fixture
def with_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners.placement, "cuda_visible", lambda: True)


@pytest.fixture
def without_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners.placement, "cuda_visible", lambda: False)


@pytest.mark.usefixtures("without_a_gpu")
@pytest.mark.parametrize("model", ["intent", "ner", "credit_risk", "anomaly"])
def test_on_a_cpu_models_are_embedded(model: str):
    assert embedded(model)


@pytest.mark.usefixtures("with_a_gpu")
def test_beside_a_gpu_those_that_can_use_it_have_their_own_process():
    assert [embedded(model) for model in ("intent", "ner", "credit_risk", "anomaly")] == [False, False, True, True]


@pytest.mark.usefixtures("with_a_gpu")
def test_a_card_is_given_larger_batches(monkeypatch: pytest.MonkeyPatch):
    assert (largest_batch("ner"), largest_batch("anomaly")) == (256, 64)
    monkeypatch.setenv("ML_DEVICE", "cpu")
    runner_settings.cache_clear()
    assert largest_batch("ner") == 64


@pytest.mark.usefixtures("with_a_gpu")
def test_the_cpu_asked_for_embeds_in_spite_of_a_gpu(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ML_DEVICE", "cpu")
    assert embedded("intent")


@pytest.mark.usefixtures("without_a_gpu")
def test_a_gpu_asked_for_is_missed_by_the_runner_not_by_the_gateway(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ML_DEVICE", "cuda")
    assert not embedded("intent")


@pytest.mark.usefixtures("without_a_gpu")
def test_the_setting_decides_for_the_model_that_it_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ML_PLACEMENT", '{"ner": "process"}')
    assert (embedded("ner"), embedded("intent")) == (False, True)


@pytest.mark.usefixtures("without_a_gpu")
def test_bentoml_starts_a_process_only_for_those_that_have_their_own(monkeypatch: pytest.MonkeyPatch):
    import bentoml

    def started(model: str, url: str | None = None) -> bool:
        gateway = bentoml.service(name="g")(type("G", (), {"echo": placed(model, EchoRunner, url)}))
        assert "echo_runner" in gateway.all_services()  # what is built into a Bento
        return "echo_runner" in gateway.all_services(exclude_urls=True)

    monkeypatch.setenv("ML_PLACEMENT", '{"ner": "process"}')
    assert [started("ner"), started("intent"), started("ner", "http://elsewhere")] == [True, False, False]


def test_address_goes_before_everything():
    assert not isinstance(placed("intent", EchoRunner, "http://elsewhere"), Embedded)
