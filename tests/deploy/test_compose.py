"""deploy/compose.yaml is read by compose itself, and says of each service what an operator counts on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.served import PROJECT

FILE = PROJECT / "deploy" / "compose.yaml"
SECRETS = ("POSTGRES_PASSWORD", "ML_API_KEY", "ML_HASH_KEY", "GRAFANA_PASSWORD")
SERVICES = {"ml-services", "backend", "postgres", "redis", "prometheus", "grafana"}


def compose() -> list[str] | None:
    """Return the compose of this machine."""
    if shutil.which("docker"):
        found = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if found.returncode == 0:
            return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def config(**secrets: str) -> subprocess.CompletedProcess[str]:
    command = compose()
    if command is None:
        pytest.skip("neither `docker compose` nor Debian's package docker-compose is here")
    environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return subprocess.run(
        [*command, "-f", FILE, "config"], env={**environment, **secrets}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    run = config(**{name: f"{name.lower()}0" for name in SECRETS})
    assert run.returncode == 0, run.stderr
    found: dict[str, dict[str, Any]] = yaml.safe_load(run.stdout)["services"]
    return found


def test_compose_accepts_it(services: dict[str, dict[str, Any]]):
    assert set(services) == SERVICES | {"migrations"}


@pytest.mark.parametrize("missing", SECRETS)
def test_it_does_not_start_without_a_secret(missing: str):
    run = config(**{name: "x" for name in SECRETS if name != missing})
    assert run.returncode != 0
    assert f"set {missing}" in run.stderr


def test_no_secret_is_written_down():
    lines = FILE.read_text().splitlines()
    secret = [line for line in lines if re.search(r"^\s+\w*(PASSWORD|KEY|KEYS)\w*:", line)]
    assert len(secret) >= 5
    assert all("${" in line for line in secret)


def test_every_image_is_pinned(services: dict[str, dict[str, Any]]):
    for name, service in services.items():
        own = service["image"].startswith("ml_services")
        assert own or re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", service["image"]), name


def test_every_service_says_whether_it_is_well(services: dict[str, dict[str, Any]]):
    assert {name for name, service in services.items() if "healthcheck" in service} == SERVICES


def test_they_start_in_order(services: dict[str, dict[str, Any]]):
    needs = {
        name: {other: condition["condition"] for other, condition in service.get("depends_on", {}).items()}
        for name, service in services.items()
    }
    assert needs["migrations"] == {"postgres": "service_healthy"}
    assert needs["ml-services"] == {"migrations": "service_completed_successfully", "redis": "service_healthy"}
    assert needs["backend"] == {"ml-services": "service_healthy", "redis": "service_healthy"}
    assert needs["grafana"] == {"prometheus": "service_healthy"}


def test_what_this_project_runs_cannot_write_to_its_root(services: dict[str, dict[str, Any]]):
    for name in ("migrations", "ml-services", "backend"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


def test_what_is_mounted_from_the_repository_is_there():
    mounted = re.findall(r"- (\./\S+?):", FILE.read_text())
    assert len(mounted) == 3
    assert all((FILE.parent / path).exists() for path in mounted)


def test_no_port_is_open_to_other_machines(services: dict[str, dict[str, Any]]):
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all("127.0.0.1" in str(port) for port in ports)
