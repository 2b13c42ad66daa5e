"""The feature specification: the one file that says what an application holds and how each answer may be used.

The request type, the OpenAPI document, the columns of training data, the monotone constraints and the sentences of the
reasons are all read from it. `features.yaml` is the default; README.md documents the format.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from models.contract import Request

DEFAULT = Path(__file__).with_name("features.yaml")
FILE = "features.yaml"
"""Name of the specification inside a stored model."""

Kind = Literal["number", "whole", "flag", "grade", "category"]
Monotone = Literal["raises_risk", "lowers_risk", "none"]
Scalar = bool | int | float | str

_RESERVED = frozenset(dir(Request)) | {"user_id"}
_MOST_CATEGORIES = 200


class SpecificationError(ValueError):
    """A specification is not as it should be; the message names file and field."""


class Part(BaseModel):
    """A part of the file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentences(Part):
    """What to tell when a value below, or above, the usual one counts against the application."""

    low: str = Field(min_length=1)
    high: str = Field(min_length=1)


class Feature(Part):
    """One answer of an application.

    Attributes
    ----------
    name: field of the request. column: column of data files, `name` when left out.
    kind: `number`, `whole` number, `flag` (yes or no), `grade` (categories in order), `category`.
    minimum, maximum: bounds, both allowed. categories: allowed values, each with what it means.
    missing: values that stand for no answer in data files, besides an empty cell.
    monotone: what a higher value does to the risk; `none` leaves it to the data.
    in_decision: whether the model may see it. The others are for the fairness report only; `groups` cuts their numbers.
    cause: features that share one are one reason. reason: the sentence told when it counts against the application.
    """

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")
    kind: Kind
    description: str = Field(min_length=1)
    column: str = ""
    unit: str | None = None
    minimum: float | None = Field(default=None, allow_inf_nan=False)
    maximum: float | None = Field(default=None, allow_inf_nan=False)
    categories: Mapping[str, str] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    required: bool = False
    monotone: Monotone = "none"
    in_decision: bool = True
    groups: tuple[float, ...] = ()
    cause: str = ""
    reason: str | Sentences = ""
    example: Scalar | None = None

    @field_validator("categories", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        # YAML reads `no` as false and `1` as a number; a category is what stands in the data file.
        if isinstance(value, list):
            return {str(each): str(each) for each in value}
        return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else value

    @field_validator("missing", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return tuple(map(str, value)) if isinstance(value, list) else value

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        name = str(value.get("name", ""))
        described = str(value.get("description") or name.replace("_", " "))
        fallback = f"{described[:1].upper()}{described[1:].rstrip('.')} counts against the application."
        return {"column": name, "cause": name, "description": described, "reason": fallback, **value}

    @model_validator(mode="after")
    def _sound(self) -> Feature:
        if self.name in _RESERVED or keyword.iskeyword(self.name) or self.name.startswith("model_"):
            raise ValueError(f"{self.name!r} is a reserved name; give another one and name the data's in `column`")
        if self.kind in ("grade", "category"):
            if not 2 <= len(self.categories) <= _MOST_CATEGORIES:
                raise ValueError(f"a {self.kind} needs 2 to {_MOST_CATEGORIES} categories")
            if self.minimum is not None or self.maximum is not None:
                raise ValueError(f"a {self.kind} has no bounds")
        elif self.categories:
            raise ValueError(f"a {self.kind} has no categories")
        if self.kind == "category" and self.monotone != "none":
            raise ValueError("a category has no order to be monotone in; make it a grade")
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise ValueError("minimum is not below maximum")
        if self.groups and (self.in_decision or self.kind not in ("number", "whole")):
            raise ValueError("groups are for numbers that are not used in the decision")
        if list(self.groups) != sorted(set(self.groups)):
            raise ValueError("groups are not ascending")
        return self

    @property
    def ordered(self) -> bool:
        """Whether its values can be told apart as lower and higher."""
        return self.kind != "category"

    @property
    def direction(self) -> int:
        """1 where the risk may only rise with the value, -1 where it may only fall, 0 where it may do either."""
        return {"raises_risk": 1, "lowers_risk": -1, "none": 0}[self.monotone]


class Specification(Part):
    """A whole file.

    Attributes
    ----------
    title: what is applied for. target: column of training data with the outcome; bad, good: its two values.
    """

    title: str = Field(min_length=1)
    target: str = Field(min_length=1)
    bad: str = "1"
    good: str = "0"
    features: tuple[Feature, ...] = Field(min_length=1)

    @field_validator("bad", "good", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _sound(self) -> Specification:
        for what in ("name", "column"):
            given = [getattr(feature, what) for feature in self.features]
            twice = sorted({each for each in given if given.count(each) > 1})
            if twice:
                raise ValueError(f"{what} {twice[0]!r} is given twice")
        if not self.inputs:
            raise ValueError("no feature may be used in a decision")
        if self.target in {feature.column for feature in self.features}:
            raise ValueError(f"{self.target!r} is the target and a feature")
        if self.good == self.bad:
            raise ValueError("good and bad are the same value")
        return self

    @cached_property
    def inputs(self) -> tuple[Feature, ...]:
        """The features that the model sees."""
        return tuple(feature for feature in self.features if feature.in_decision)

    @cached_property
    def protected(self) -> tuple[Feature, ...]:
        """The features that only the fairness report sees."""
        return tuple(feature for feature in self.features if not feature.in_decision)


def load_specification(file: Path = DEFAULT) -> Specification:
    """Return the specification in a YAML file.

    Raises
    ------
    SpecificationError: naming the file and what is wrong in it.
    """
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Specification.model_validate(content)
    except OSError as error:
        raise SpecificationError(f"{file}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SpecificationError(f"{file}: not YAML ({str(error).splitlines()[0]})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SpecificationError(f"{file}: {_place(first['loc'], content)}: {first['msg']}") from error


def _place(location: tuple[int | str, ...], content: Any) -> str:
    """Return where in the file an error is, a feature by its name."""
    if len(location) >= 2 and location[0] == "features":
        try:
            name = content["features"][location[1]]["name"]
        except (KeyError, TypeError, IndexError):
            name = f"number {location[1]}"
        return " ".join(["feature", str(name), *map(str, location[2:])])
    return " ".join(map(str, location)) or "the file"
