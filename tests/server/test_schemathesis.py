"""Requests drawn from the published document, good and bad, against the running server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.served import PROJECT, Served

COMMAND = (
    "run --checks all --max-examples 60 --generation-deterministic --no-color "
    # A schema cannot say that a month stands once in a history, or that a currency is one of ISO 4217's.
    "--exclude-checks positive_data_acceptance"
)


def test_drawn_requests_are_answered_as_the_document_says(served: Served, tmp_path: Path):
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.server.schemathesis_hooks", "PYTHONPATH": str(PROJECT)}
    run = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), *COMMAND.split(), f"{served.url}/openapi.json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    tested = re.search(r"Test cases:\s+(\d+) generated", run.stdout)
    assert tested is not None, run.stdout
    assert int(tested.group(1)) > 300
    assert served.client.get("/readyz").status_code == 200
