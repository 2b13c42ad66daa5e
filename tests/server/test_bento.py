"""The built Bento answers as the source does, from a folder that has nothing of the source."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from models.store import StoredModel
from tests.conftest import HOME
from tests.served import ONE_FORECASTER, PROJECT, Served

QUERIES = ("What is my balance?", "ma carte a été volée", "tell me a joke about cats", "quel temps fait-il demain")
pytestmark = pytest.mark.skipif(not (PROJECT / "requirements.txt").exists(), reason="no requirements.txt to build with")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, trained_models: list[StoredModel]) -> Path:
    """A BentoML home of this file's own that has the tests' models."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(HOME / "models")
    return home


@pytest.fixture(scope="module")
def bento(home: Path) -> Path:
    """Return the folder of the Bento that `bentoml build` makes."""
    run = subprocess.run(
        [Path(sys.executable).with_name("bentoml"), "build", "--output", "tag"],
        cwd=PROJECT,
        env={**os.environ, "BENTOML_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    name, _, version = run.stdout.strip().splitlines()[-1].removeprefix("__tag__:").partition(":")
    return home / "bentos" / name / version


@pytest.fixture(scope="module")
def packed(bento: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    tag = f"{bento.parent.name}:{bento.name}"
    log, empty = tmp_path_factory.mktemp("log"), tmp_path_factory.mktemp("empty")
    server = Served(log, {"BENTOML_HOME": str(home), **ONE_FORECASTER}, target=tag, cwd=empty)
    server.wait_ready()
    yield server
    server.stop()


def test_bento_holds_the_source_and_nothing_else(bento: Path):
    packed = {str(file.relative_to(bento / "src")) for file in (bento / "src").rglob("*") if file.is_file()}
    rooms = {
        str(file.relative_to(PROJECT))
        for pattern in (
            "models/**/*.py",
            "models/ner/lists/*.tsv",
            "models/credit_risk/features.yaml",
            "runners/*.py",
            "serving/*.py",
            "storage/**/*.py",
            "deploy/image/pack.py",
        )
        for file in PROJECT.glob(pattern)
    }
    assert packed - {"bentofile.yaml"} == rooms | {"service.py", "configuration.yaml", "README.md"}


def test_bento_names_the_models_it_answers_with(bento: Path, trained_models: list[StoredModel]):
    record = yaml.safe_load((bento / "bento.yaml").read_text())
    named = [*record.get("models", []), *(model for one in record["services"] for model in one.get("models", []))]
    assert {model["tag"] for model in named} == {model.tag for model in trained_models}


def test_bento_installs_what_the_lock_says(bento: Path):
    packed = (bento / "env" / "python" / "requirements.txt").read_text()
    assert all(pin in packed for pin in _pins((PROJECT / "requirements.txt").read_text()))


def test_image_finds_its_configuration(bento: Path):
    record = yaml.safe_load((bento / "bento.yaml").read_text())
    assert {"name": "BENTOML_CONFIG", "value": "$BENTO_PATH/src/configuration.yaml"}.items() <= {
        (key, value) for env in record["envs"] for key, value in env.items()
    }


def _pins(requirements: str) -> list[str]:
    return [line for line in requirements.splitlines() if "==" in line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("query", QUERIES)
def test_bento_answers_as_the_source_does(packed: Served, served: Served, query: str):
    answers = [server.ask(query) for server in (packed, served)]
    assert [answer.status_code for answer in answers] == [200, 200]
    bodies = [answer.json() for answer in answers]
    for body in bodies:
        assert body.pop("prediction_id")
    assert bodies[0] == bodies[1]


def test_bento_tells_the_same_of_itself(packed: Served, served: Served):
    assert packed.client.get("/openapi.json").json() == served.client.get("/openapi.json").json()
    assert "SwaggerUIBundle" in packed.client.get("/").text


def test_bento_has_the_configuration(packed: Served):
    assert "x-bentoml-request-id" not in packed.ask("hello").headers
    assert {line["logger"] for line in packed.log() if "/v1/predict" in str(line)} == {"access"}


def test_bento_runs_its_own_source(packed: Served, bento: Path):
    for service in ("ml_services", "spending_runner"):
        # A process that stands in reserve may only just begin, and goes there as its first step.
        deadline = time.monotonic() + 30
        while (found := {Path(worker.cwd()) for worker in packed.workers(service)}) != {bento / "src"}:
            assert time.monotonic() < deadline, found
            time.sleep(0.1)
