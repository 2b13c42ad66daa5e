"""The README is true: its settings, its commands, its example."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from models.credit_risk.policy import Policy
from models.spending.settings import SpendingSettings
from runners.settings import RunnerSettings
from serving.settings import Settings
from storage.settings import StorageSettings
from tests.served import Served

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def rows(kind: type[BaseSettings]) -> list[str]:
    """Return the README's row for each setting."""
    found = []
    for name, field in kind.model_fields.items():
        default = "drawn at start" if name == "hash_key" else _shown(field.get_default(call_default_factory=True))
        found.append(f"| `ML_{name.upper()}` | {default} | {field.description} |")
    return found


def _shown(value: Any) -> str:
    if value is None or value in ((), {}):
        return "-"
    if isinstance(value, tuple):
        return f"`{','.join(map(str, value))}`"
    if isinstance(value, SecretStr):
        return "-"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


SECTIONS = (Settings, RunnerSettings, Policy, SpendingSettings, StorageSettings)


@pytest.mark.parametrize("row", [row for section in SECTIONS for row in rows(section)])
def test_the_settings_table_has_every_setting_as_it_is(row: str) -> None:
    assert row in README


def test_the_settings_table_has_no_other_setting() -> None:
    named = set(re.findall(r"^\| `(ML_[A-Z_]+)` \|", README, flags=re.MULTILINE))
    assert named == {f"ML_{name.upper()}" for kind in SECTIONS for name in kind.model_fields}


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z-]+)", README)) <= targets


def test_its_example_gets_an_answer_of_the_shape_it_shows(served: Served) -> None:
    request = json.loads(re.search(r"-d '(\{.*?\})'", README).group(1))  # type: ignore[union-attr]
    shown = json.loads(re.search(r"```json\n(.*?)```", README, flags=re.DOTALL).group(1))  # type: ignore[union-attr]
    answer = served.ask(**request).json()
    assert answer.keys() == shown.keys()
    assert answer["intent"] == shown["intent"]
    assert answer["in_scope"] is shown["in_scope"]
    assert answer["confidence"] == pytest.approx(shown["confidence"], abs=0.05)
