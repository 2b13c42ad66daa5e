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
from models.intent.dataset import corpus_digest, load_corpus
from models.store import StoredModel
from tests.models.credit_risk.examples import small_rows, small_specification, write_rows
from tests.served import Served, ServedFactory


@pytest.fixture(scope="session")
def intent_model() -> StoredModel:
    """The default intent model: trained in full, once for each corpus, and kept between runs."""
    with (HOME / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two test runs at once, one trains and the other waits
        digest = corpus_digest(load_corpus())
        if store.exists("intent:latest"):
            stored = store.load("intent:latest")
            if stored.metadata["data_digest"] == digest:
                return stored
        from models.intent.train import Options, train

        print("training the default intent model, some minutes", file=sys.stderr, flush=True)
        return train(Options())


@pytest.fixture(scope="session")
def credit_risk_model() -> StoredModel:
    """The default credit risk model: trained in full, once for each state of its sources, and kept between runs."""
    sources = sorted((PROJECT / "models" / "credit_risk").glob("*.*"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()
    note = HOME / "credit_risk.sources"
    with (HOME / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (store.exists("credit_risk:latest") and note.is_file() and note.read_text() == digest):
            from models.credit_risk.train import Options, train

            train(Options())
            note.write_text(digest)
        return store.load("credit_risk:latest")


@pytest.fixture(scope="session")
def anomaly_model() -> StoredModel:
    """The default anomaly model: trained in full, once for each state of its sources, and kept between runs."""
    sources = sorted((PROJECT / "models" / "anomaly").rglob("*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()
    note = HOME / "anomaly.sources"
    with (HOME / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (store.exists("anomaly:latest") and note.is_file() and note.read_text() == digest):
            from models.anomaly.train import Options, train

            train(Options())
            note.write_text(digest)
        return store.load("anomaly:latest")


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
def serve(
    intent_model: StoredModel,
    credit_risk_model: StoredModel,
    anomaly_model: StoredModel,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ServedFactory]:
    """Start real servers: `serve(ML_API_KEYS="…")` returns a running one."""
    started: list[Served] = []

    def start(**environment: str) -> Served:
        served = Served(tmp_path_factory.mktemp("served"), {"BENTOML_HOME": str(HOME), **environment})
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
