"""What the requests and answers of every model share. A leaf: imports pydantic and nothing of ours."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["en", "fr"]
Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WholeNumber = Annotated[int, BeforeValidator(_whole)]
"""An integer as JSON knows it: 3.0 is one, "3" and true are not."""


class Request(BaseModel):
    """A request body: unknown fields are refused, and no value is bent into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Record(BaseModel):
    """A part of an answer. Every field is always in it, those with a default too."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class ModelRef(Record):
    """Which model answered."""

    name: str = Field(description="Name of the model in the BentoML model store.")
    version: str = Field(description="Version of its tag there.")


class Answer(Record):
    """What every prediction answers besides the prediction."""

    prediction_id: str = Field(description="UUIDv7, new for each answer, cached ones too.")
    model: ModelRef


class Refusal(Record):
    """One item of a batch that could not be answered; the others are not touched by it."""

    code: str = Field(description="A code of the error table.")
    message: str = Field(description="A sentence without anything of the caller's data.")


class Unavailable(RuntimeError):
    """A part that an answer depends on cannot do its work now, and has changed nothing.

    Attributes
    ----------
    reason: one word for it. retry_after_s: seconds after which to try again.
    """

    reason: str
    retry_after_s: int


class ModelState(Record):
    """What a runner says of itself."""

    name: str
    version: str
    device: Literal["cpu", "cuda"]
    reads: str | None = Field(default=None, description="`form_of` its requests, where the stored model decides them.")


@cache
def form_of(request: type[BaseModel]) -> str:
    """Return a digest of the fields and rules of a request: two that differ do not read each other's.

    Made once of each: each check of a runner's health asks for it, and making it takes a millisecond.
    """
    return hashlib.sha256(json.dumps(request.model_json_schema(), sort_keys=True).encode()).hexdigest()[:16]
