"""Settings of the runners, read from the environment (`ML_…`) when a runner starts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
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
    placement: dict[Literal["intent", "ner", "credit_risk", "anomaly"], Literal["embedded", "process"]] = Field(
        default_factory=dict,
        description='Where models run, as JSON: `{"ner": "process"}`; else on a CPU `embedded` in each gateway.',
    )
    anomaly_alert_rate: float = Field(
        default=0.005, gt=0, lt=0.5, description="Share of ordinary transactions that may be called anomalies."
    )
    credit_features: Path | None = Field(
        default=None,
        description="Feature specification of a credit risk runner that lives elsewhere; else the stored model's own.",
    )
    threads: int = Field(default=1, ge=1, description="Processor threads one CPU model uses for one batch.")
    forecast_processes: int = Field(
        default=1,
        ge=1,
        description="Processes that forecast in each worker of the runner; each works on one user at a time.",
    )
    forecast_timeout_s: float = Field(
        default=4.0, gt=0, description="Seconds after which a forecast is given up and its process replaced."
    )
    hung_after_s: float = Field(
        default=8.0, gt=2, description="Seconds without a sign of life after which a process is killed and replaced."
    )
    standby: bool = Field(
        default=True,
        description="Keep a second process, loaded and idle, for each runner that has one process beside the gateway.",
    )
    drain_s: float = Field(
        default=14.0, gt=0, description="Seconds that calls in flight may take after SIGTERM before they are cut off."
    )

    def tag(self, model: str) -> str:
        """Return the tag of the BentoML model store that `model` is served from."""
        return self.models.get(model, f"{model}:latest")


@lru_cache(maxsize=1)
def runner_settings() -> RunnerSettings:
    """Return the settings of this process."""
    return RunnerSettings()


def served_tag(service: Any, model: str) -> str:
    """Return the tag to serve: what `ML_MODELS` says, else what the Bento was built with, else the newest.

    BentoML looks `latest` up when a Bento starts, not when it is built, so a Bento could answer from a model that
    came later.
    """
    if model in runner_settings().models or service.bento is None:
        return runner_settings().tag(model)
    packed = (str(info.tag) for info in service.bento.info.all_models if info.tag.name == model)
    return next(packed, runner_settings().tag(model))


def packed_tag(model: str) -> str:
    """Return what `served_tag` will, while the service's module is still being imported and knows of no Bento."""
    record = Path(__file__).parents[2] / "bento.yaml"  # a Bento's source lies in a folder beside it
    if model in runner_settings().models or not record.is_file():
        return runner_settings().tag(model)
    bento = yaml.safe_load(record.read_text(encoding="utf-8"))
    models = [*bento.get("models", []), *(each for one in bento["services"] for each in one.get("models", []))]
    tags = (str(each["tag"]) for each in models)
    return next((tag for tag in tags if tag.partition(":")[0] == model), runner_settings().tag(model))
