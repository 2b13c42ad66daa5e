"""Settings of the store, read from the environment (`ML_…`) when a process opens it."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class StorageSettings(BaseSettings):
    """Every setting of the store, with its default."""

    model_config = SettingsConfigDict(env_prefix="ML_", env_ignore_empty=True, frozen=True)

    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL to store in, `postgresql://user:password@host/name`; else the SQLite file.",
    )
    database_path: Path = Field(
        default=Path("~/.local/share/ml-services/store.sqlite"), description="The SQLite file, made at first start."
    )
    prediction_log_days: float = Field(default=90.0, gt=0, description="Days that logged predictions are kept.")
    prediction_log_rows: int = Field(default=1_000_000, ge=1, description="Logged predictions that are kept at most.")
    database_timeout_s: float = Field(
        default=2.0, gt=0, description="Seconds to wait for a busy database before a call is answered 503."
    )
