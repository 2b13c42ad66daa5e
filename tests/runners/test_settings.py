from __future__ import annotations

import pytest
from pydantic import ValidationError

from runners.settings import RunnerSettings, runner_settings


def test_defaults():
    settings = RunnerSettings()
    assert (settings.device, settings.models, settings.threads) == ("auto", {}, 1)


def test_without_a_version_the_newest_is_served():
    assert RunnerSettings().tag("intent") == "intent:latest"


def test_the_environment_chooses_versions(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ML_MODELS", '{"intent": "intent:abc"}')
    assert RunnerSettings().tag("intent") == "intent:abc"
    assert RunnerSettings().tag("other") == "other:latest"


def test_empty_variables_are_as_none(monkeypatch: pytest.MonkeyPatch):
    for name in ("ML_DEVICE", "ML_MODELS", "ML_THREADS"):
        monkeypatch.setenv(name, "")
    assert RunnerSettings() == RunnerSettings.model_construct()


@pytest.mark.parametrize(
    ("name", "value"), [("ML_DEVICE", "gpu"), ("ML_THREADS", "0"), ("ML_THREADS", "many"), ("ML_MODELS", '{"a": 1}')]
)
def test_senseless_values_are_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.removeprefix("ML_").lower()):
        RunnerSettings()


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch):
    runner_settings.cache_clear()
    first = runner_settings()
    monkeypatch.setenv("ML_THREADS", "7")
    assert runner_settings() is first
    runner_settings.cache_clear()
