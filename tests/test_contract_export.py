"""The committed contract is the service's, and making it takes neither a server nor a model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

PROJECT = Path(__file__).parent.parent
COMMITTED = PROJECT / "contracts" / "openapi.json"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The document that the code makes, in a process that has an empty model store."""
    target = tmp_path_factory.mktemp("exported") / "openapi.json"
    subprocess.run(
        [sys.executable, PROJECT / "scripts" / "export_contract.py", target],
        cwd=PROJECT,
        env={**os.environ, "BENTOML_HOME": str(tmp_path_factory.mktemp("empty"))},
        check=True,
    )
    return target.read_text(encoding="utf-8")


def test_the_committed_contract_is_what_the_code_makes(exported: str) -> None:
    assert exported == COMMITTED.read_text(encoding="utf-8"), "contracts/openapi.json is stale; run: make types"


def test_it_has_no_titles_that_repeat_a_name(exported: str) -> None:
    assert '"title": "ML services for finance"' in exported
    assert exported.count('"title": "') == 1


def test_answers_always_have_every_field(exported: str) -> None:
    schemas = json.loads(exported)["components"]["schemas"]
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        if name.endswith("Answer"):
            assert set(schema["required"]) == set(schema["properties"]), name
