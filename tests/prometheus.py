"""A really started Prometheus that scrapes what it is given, with the rules of `deploy/`."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.served import PROJECT, free_port

RULES = PROJECT / "deploy" / "prometheus" / "rules.yaml"
INTERVAL = "5s"
"""What Grafana puts for `$__rate_interval` where scrapes are a second apart."""


class Prometheus:
    """Scrapes each second, and evaluates the rules as often."""

    def __init__(self, folder: Path, targets: dict[str, str]) -> None:
        rules = yaml.safe_load(RULES.read_text())
        (folder / "rules.yaml").write_text(yaml.safe_dump(rules))
        jobs = [{"job_name": job, "static_configs": [{"targets": [address]}]} for job, address in targets.items()]
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(folder / "rules.yaml")],
            "scrape_configs": jobs,
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        address = f"127.0.0.1:{free_port()}"
        self.client = httpx.Client(base_url=f"http://{address}", timeout=30)
        self.log = (folder / "prometheus.log").open("wb")
        self.process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={address}",
            ],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    @staticmethod
    def missing() -> bool:
        """Say whether there is none on this machine."""
        return shutil.which("prometheus") is None

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the series that an expression has now, those without a number aside."""
        try:
            answer = self.client.get("/api/v1/query", params={"query": expression})
        except httpx.TransportError:  # it has just been started
            return []
        if answer.status_code == 503:
            return []
        body = answer.json()
        assert body["status"] == "success", body
        return [series for series in body["data"]["result"] if series["value"][1] != "NaN"]

    def wait(self, expression: str, timeout_s: float = 120.0) -> list[dict[str, Any]]:
        """Return the series of an expression once it has any; an empty list when it never does."""
        deadline = time.monotonic() + timeout_s
        while not (found := self.query(expression)) and time.monotonic() < deadline:
            time.sleep(0.5)
        return found

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
