"""The image as it runs in production: read-only, without network, bounded; `make image-test` builds it first."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.served import PROJECT

ENGINE, IMAGE = os.environ.get("ENGINE", ""), os.environ.get("IMAGE", "")
pytestmark = pytest.mark.skipif(not IMAGE, reason="needs an image: `make image-test` builds one and names it")
CLIENT = Path(__file__).with_name("client.py")
MOST_MB = 900
MEMORY_BYTES = 2 * 1024**3


def engine(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ENGINE, *arguments], capture_output=True, text=True, check=True, **options)


class Container:
    """One running container of the image."""

    def __init__(self) -> None:
        writable = ["--tmpfs", "/tmp", "--volume", "/data"]
        bounded = ["--read-only", "--network", "none", "--memory", "2g", "--cap-drop", "all"]
        self.id = engine("run", "--detach", *bounded, *writable, IMAGE).stdout.strip()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + 300
        while "ok" not in self.python(
            "import urllib.request as h; print(h.urlopen('http://127.0.0.1:8000/readyz') and 'ok')"
        ):
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.5)

    def python(self, code: str) -> str:
        run = subprocess.run(
            [ENGINE, "exec", self.id, "python", "-c", code], capture_output=True, text=True, check=False
        )
        return run.stdout

    def client(self, *arguments: str) -> Any:
        source = CLIENT.read_text()
        return json.loads(engine("exec", "-i", self.id, "python", "-", *arguments, input=source).stdout)

    def log(self) -> str:
        run = subprocess.run([ENGINE, "logs", self.id], capture_output=True, text=True, check=False)
        return run.stdout + run.stderr

    def remove(self) -> None:
        subprocess.run([ENGINE, "rm", "-f", "-v", self.id], capture_output=True, check=False)


@pytest.fixture(scope="module")
def container() -> Iterator[Container]:
    container = Container()
    container.wait_ready()
    yield container
    container.remove()


@pytest.fixture(scope="module")
def image() -> dict[str, Any]:
    (found,) = json.loads(engine("image", "inspect", IMAGE).stdout)
    return found


def test_it_is_small(image: dict[str, Any]):
    assert image["Size"] / 1e6 <= MOST_MB


def test_it_says_what_it_is_made_of(image: dict[str, Any]):
    labels = image["Config"]["Labels"]
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert labels["org.opencontainers.image.revision"].removesuffix("-dirty") == commit.stdout.strip()
    assert labels["org.opencontainers.image.version"]
    names = {tag.partition(":")[0] for tag in labels["ml-services.models"].split(",")}
    assert names == {"intent", "ner", "spending", "anomaly", "credit_risk"}


def test_it_looks_after_its_health(image: dict[str, Any]):
    config = image["Config"]
    check = config.get("Healthcheck") or image["Healthcheck"]  # Docker's place, and Podman's
    assert "/readyz" in " ".join(check["Test"])
    assert config["ExposedPorts"] == {"8000/tcp": {}}
    assert config["User"] == "1034:1034"


def test_packages_are_listed_beside_it():
    listed = json.loads((PROJECT / "build" / "image" / "ml_services-cpu.cdx.json").read_text())
    packages = {each["name"]: each["version"] for each in listed["components"]}
    assert packages["bentoml"].startswith("1.4")
    assert not {"torch", "matplotlib", "cyclonedx-bom"} & set(packages)


def test_every_endpoint_answers(container: Container):
    answers = container.client("endpoints")
    assert {path: status for path, (status, _) in answers.items()} == dict.fromkeys(answers, 200)
    assert answers["/v1/predict/intent"][1]["intent"] == "check_balance"
    assert answers["/health"][1]["status"] == "ok"
    assert len(answers["/health"][1]["models"]) == 5


def test_nobody_in_it_is_root_and_nothing_can_be_compiled(container: Container):
    assert container.python("import os; print(os.getuid())").strip() == "1034"
    found = container.python(
        "import shutil; print([shutil.which(tool) for tool in ('cc', 'gcc', 'g++', 'make', 'git')])"
    )
    assert found.strip() == str([None] * 5)
    absent = "import importlib.util as u; print([u.find_spec(name) for name in ('torch', 'transformers', 'pip')])"
    assert container.python(absent).strip() == str([None] * 3)


def test_it_tells_nobody_of_its_use(container: Container):
    assert container.python("import os; print(os.environ['BENTOML_DO_NOT_TRACK'])").strip() == "True"


def test_it_reads_the_database_where_docs_say(container: Container):
    assert container.python("import os; print(os.path.exists('/data/store.sqlite'))").strip() == "True"


def test_memory_holds_under_load(container: Container):
    told = container.client("load", "20", "32")
    statuses = told["statuses"]
    assert set(statuses) <= {"200", "429", "503", "504"}
    assert statuses["200"] > sum(statuses.values()) / 2
    assert 0 < told["peak_bytes"] < MEMORY_BYTES
    print(f"\npeak {told['peak_bytes'] / 1e6:.0f} MB, answers {statuses}")
    inspected = json.loads(engine("inspect", container.id).stdout)[0]["State"]
    assert not inspected.get("OOMKilled")
    assert container.client("endpoints")["/health"][1]["status"] == "ok"


@pytest.mark.parametrize("service", ["ml_services", "spending_runner"])
def test_a_process_that_dies_is_replaced(container: Container, service: str):
    told = container.client("kill", service)
    assert told["processes"] > 0
    assert told["seconds"] < 60
    print(f"\none of {told['processes']} processes of {service} is replaced after {told['seconds']:.1f} s")


def test_sigterm_lets_calls_in_flight_finish_and_ends_within_15_seconds():
    container = Container()
    try:
        container.wait_ready()
        command = [ENGINE, "exec", "-i", container.id, "python", "-", "flight", "24"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as calls:
            assert calls.stdin is not None
            assert calls.stdout is not None
            calls.stdin.write(CLIENT.read_text())
            calls.stdin.close()
            first = calls.stdout.readline()
            started = time.monotonic()
            engine("kill", "--signal", "TERM", container.id)
            statuses = [first, *calls.stdout]
        code = engine("wait", container.id).stdout.strip()
        seconds = time.monotonic() - started
    finally:
        log = container.log()
        container.remove()
    assert [line.strip() for line in statuses] == ["200"] * 24, log
    assert code == "0"
    assert seconds < 15
