"""Settings of the HTTP edge, read once from the environment (`ML_…`) when the service starts."""

from __future__ import annotations

import os
import secrets
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "ML_"


class Settings(BaseSettings):
    """Every setting of the edge, with its default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Comma-separated keys; with none set, every caller is let in."
    )
    max_body_bytes: int = Field(default=8_388_608, ge=1024, description="Larger request bodies are answered 413.")
    max_concurrency: int = Field(
        default=512, ge=1, description="Calls in flight in one gateway process; one more is answered 429."
    )
    timeout_s: float = Field(default=5.0, gt=0, description="Seconds after which a call is answered 504.")
    cache_enabled: bool = Field(default=True, description="Keep intent answers.")
    cache_ttl_s: float = Field(default=3600.0, gt=0, description="Seconds an answer is kept.")
    cache_size: int = Field(default=10_000, ge=1, description="Answers kept in each gateway process.")
    redis_url: SecretStr | None = Field(
        default=None, description="Share the cache through Redis; one that goes away fails no call."
    )
    runner_urls: dict[str, str] = Field(
        default_factory=dict, description='Runners that live elsewhere, as JSON: `{"intent": "http://host:port"}`.'
    )
    decision_log: bool = Field(
        default=True, description="Append every credit decision to the store, for `explain-decision`."
    )
    prediction_log_sample: float = Field(
        default=0.01, ge=0, le=1, description="Share of predictions that are logged for audits, without what was asked."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="`auto` is readable in a terminal, JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged."
    )
    hash_key: SecretStr = Field(
        default_factory=lambda: SecretStr(secrets.token_hex(16)),
        description="Key of the hash under which user ids are logged; drawn at start when unset.",
    )

    @field_validator("api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        keys = tuple(key.strip() for key in value.split(",") if key.strip())
        if not keys:
            raise ValueError("holds no key; leave it unset to let everyone in")
        return keys


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    read = Settings()
    # Workers inherit the environment: the key drawn by the first process is everyone's.
    os.environ.setdefault(f"{PREFIX}HASH_KEY", read.hash_key.get_secret_value())
    return read


def unknown_settings(known: set[str], environment: dict[str, str] | None = None) -> list[str]:
    """Return a sentence for each `ML_…` variable that no setting reads; most are misspelt."""
    names = {f"{PREFIX}{field}".upper() for field in known}
    sentences: list[str] = []
    for variable in sorted(environment if environment is not None else os.environ):
        if variable.startswith(PREFIX) and variable not in names:
            near = get_close_matches(variable, names, n=1)
            sentences.append(f"{variable} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))
    return sentences
