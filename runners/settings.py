"""Settings of the runners, read from the environment (`ML_…`) when a runner starts."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.device import DeviceChoice


class RunnerSettings(BaseSettings):
    """Every setting of the runners, with its default."""

    model_config = SettingsConfigDict(env_prefix="ML_", env_ignore_empty=True, frozen=True)

    device: DeviceChoice = Field(
        default="auto", description="`cuda` refuses to start without a GPU; `auto` falls back to the CPU and says so."
    )
    models: dict[str, str] = Field(
        default_factory=dict, description='Versions to serve, as JSON: `{"intent": "intent:abc"}`; else the newest.'
    )
    threads: int = Field(default=1, ge=1, description="Processor threads one CPU model uses for one batch.")

    def tag(self, model: str) -> str:
        """Return the tag of the BentoML model store that `model` is served from."""
        return self.models.get(model, f"{model}:latest")


@lru_cache(maxsize=1)
def runner_settings() -> RunnerSettings:
    """Return the settings of this process."""
    return RunnerSettings()
