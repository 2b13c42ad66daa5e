from __future__ import annotations

import pytest
from pydantic import ValidationError

from runners.settings import RunnerSettings
from serving.settings import Settings, settings, unknown_settings

KNOWN = {*Settings.model_fields, *RunnerSettings.model_fields}


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_defaults_stand_without_any_environment():
    read = Settings()
    assert (read.max_body_bytes, read.max_concurrency, read.timeout_s, read.redis_url) == (8_388_608, 512, 5.0, None)


def test_each_setting_is_read_with_the_prefix_and_without_it_not(monkeypatch: pytest.MonkeyPatch):
    assert read(monkeypatch, ML_MAX_CONCURRENCY="7", MAX_BODY_BYTES="2048").max_concurrency == 7
    assert Settings().max_body_bytes == 8_388_608


def test_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch):
    assert read(monkeypatch, ML_TIMEOUT_S="", ML_REDIS_URL="").timeout_s == 5.0


@pytest.mark.parametrize(
    ("written", "keys"),
    [("one", ["one"]), ("one,two", ["one", "two"]), (" one , two ,", ["one", "two"]), ('["a"]', ['["a"]'])],
)
def test_keys_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch, written: str, keys: list[str]):
    assert [key.get_secret_value() for key in read(monkeypatch, ML_API_KEYS=written).api_keys] == keys


def test_runner_urls_are_json(monkeypatch: pytest.MonkeyPatch):
    assert read(monkeypatch, ML_RUNNER_URLS='{"intent": "http://host:1"}').runner_urls == {"intent": "http://host:1"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ML_MAX_CONCURRENCY", "0"),
        ("ML_MAX_CONCURRENCY", "many"),
        ("ML_TIMEOUT_S", "-1"),
        ("ML_MAX_BODY_BYTES", "1"),
        ("ML_LOG_LEVEL", "loud"),
        ("ML_LOG_FORMAT", "xml"),
        ("ML_CACHE_ENABLED", "perhaps"),
        ("ML_API_KEYS", " , "),
    ],
)
def test_value_outside_its_range_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    with pytest.raises(ValidationError):
        read(monkeypatch, **{name: value})


def test_secrets_are_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch):
    shown = read(monkeypatch, ML_API_KEYS="secret-1", ML_REDIS_URL="redis://:secret-2@host/0", ML_HASH_KEY="secret-3")
    assert "secret-" not in repr(shown) + str(shown) + shown.model_dump_json()


def test_settings_are_not_changed_after_start():
    with pytest.raises(ValidationError):
        Settings().timeout_s = 1.0  # type: ignore[misc]


def test_misspelt_setting_is_named_with_what_was_meant():
    assert unknown_settings(KNOWN, {"ML_API_KEY": "x"}) == ["ML_API_KEY is not a setting; did you mean ML_API_KEYS?"]


def test_setting_like_no_other_is_named_alone():
    assert unknown_settings(KNOWN, {"ML_ZZZZZZZZ": "x"}) == ["ML_ZZZZZZZZ is not a setting"]


def test_value_of_an_unknown_setting_is_not_told():
    assert "hunter2" not in str(unknown_settings(KNOWN, {"ML_API_KEY": "hunter2"}))


def test_known_settings_and_other_variables_raise_no_word():
    assert unknown_settings(KNOWN, {"ML_API_KEYS": "x", "ML_DEVICE": "cpu", "HOME": "/", "HTML_DIR": "x"}) == []


def test_workers_share_the_hash_key_of_the_first_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ML_HASH_KEY", raising=False)
    settings.cache_clear()
    try:
        first = settings()
        monkeypatch.setenv("ML_HASH_KEY", first.hash_key.get_secret_value())
        assert Settings().hash_key == first.hash_key
    finally:
        settings.cache_clear()
