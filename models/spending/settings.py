"""Settings about currencies, read from the environment (`ML_…`)."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SpendingSettings(BaseSettings):
    """Every setting of histories, with its default."""

    model_config = SettingsConfigDict(env_prefix="ML_", env_ignore_empty=True, frozen=True)

    currency: str = Field(
        default="EUR", pattern="^[A-Z]{3}$", description="Currency of histories that come without one."
    )
    currency_rates: dict[str, float] = Field(
        default_factory=dict,
        description='What one unit of each currency is worth, all in one unit, as JSON: `{"EUR": 1, "USD": 0.9}`.',
    )
