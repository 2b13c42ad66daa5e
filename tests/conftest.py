"""A model store of the tests' own, with a really trained default model in it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
HOME = PROJECT / ".cache" / "tests" / "bentoml"

# Before anything imports bentoml, which reads its home once.
HOME.mkdir(parents=True, exist_ok=True)
os.environ["BENTOML_HOME"] = str(HOME)
os.environ["BENTOML_DO_NOT_TRACK"] = "True"
for name in [name for name in os.environ if name.startswith("ML_")]:
    del os.environ[name]

from models import store
from models.command_line import train
from models.store import StoredModel
from models.train_together import train_together
from tests.models.credit_risk.examples import small_rows, small_specification, write_rows
from tests.served import Served, ServedFactory

MADE_OF = {
    "ner": "*.jsonl",
    "intent": "*.jsonl",
    "credit_risk": "*",
    "spending": "*",
    "anomaly": "*",
}
"""The files that a default model is made of. The text models are made of their corpora alone: who changes their code
trains anew by hand (`make clean`)."""

_asked_for: set[str] = set()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which models the tests of this session need, to train those that are missing together."""
    for item in session.items:
        names = set(getattr(item, "fixturenames", ()))
        _asked_for.update(name for name in MADE_OF if "serve" in names or {f"{name}_model", "trained_models"} & names)


def _sources(name: str) -> str:
    digest = hashlib.sha256()
    for file in sorted((PROJECT / "models" / name).rglob(MADE_OF[name])):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _stale(name: str) -> bool:
    note = HOME / f"{name}.sources"
    return not (store.exists(f"{name}:latest") and note.is_file() and note.read_text() == _sources(name))


def _train_default(name: str) -> int:
    return train([name])


def _trained(name: str) -> StoredModel:
    """Return the default model `name`: trained in full, once for each state of the files it is made of, and kept."""
    with (HOME / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two test runs at once, one trains and the other waits
        if _stale(name):
            stale = [each for each in MADE_OF if each == name or (each in _asked_for and _stale(each))]
            print(f"training default models: {', '.join(stale)}", file=sys.stderr, flush=True)
            assert train_together(stale, _train_default) == 0
            for each in stale:
                (HOME / f"{each}.sources").write_text(_sources(each))
        return store.load(f"{name}:latest")


@pytest.fixture(scope="session")
def intent_model() -> StoredModel:
    return _trained("intent")


@pytest.fixture(scope="session")
def ner_model() -> StoredModel:
    return _trained("ner")


@pytest.fixture(scope="session")
def credit_risk_model() -> StoredModel:
    return _trained("credit_risk")


@pytest.fixture(scope="session")
def spending_model() -> StoredModel:
    return _trained("spending")


@pytest.fixture(scope="session")
def anomaly_model() -> StoredModel:
    return _trained("anomaly")


@pytest.fixture(scope="session")
def trained_models() -> list[StoredModel]:
    """Every default model."""
    return [_trained(name) for name in MADE_OF]


@pytest.fixture(scope="session")
def lender_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BentoML home with a credit risk model of a lender's own: `shop.yaml` specifies it, `loans.csv` trained it."""
    home = tmp_path_factory.mktemp("lender")
    write_rows(home / "loans.csv", small_rows(500))
    write_rows(home / "later.csv", small_rows(200, seed=1))
    features = small_specification(home)
    train = [Path(sys.executable).with_name("train"), "credit_risk", "--data", home / "loans.csv"]
    subprocess.run([*train, "--features", features], env={**os.environ, "BENTOML_HOME": str(home)}, check=True)
    return home


@pytest.fixture(scope="session")
def serve(trained_models: list[StoredModel], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedFactory]:
    """Start real servers: `serve(ML_API_KEYS="…")` returns a running one."""
    started: list[Served] = []

    def start(**environment: str) -> Served:
        folder = tmp_path_factory.mktemp("served")
        # A home of its own: a BentoML server that starts empties its home's folder of metrics, another's too.
        (folder / "models").symlink_to(HOME / "models")
        served = Served(folder, {"BENTOML_HOME": str(folder), **environment})
        started.append(served)
        served.wait_ready()
        return served

    yield start
    for served in started:
        served.stop()


@pytest.fixture(scope="session")
def served(serve: ServedFactory) -> Served:
    """A server with default settings that the whole session shares; leave it as you found it."""
    return serve()
