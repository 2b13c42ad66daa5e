"""The rules, their tests, the runbook and the dashboard are of one piece."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parent.parent
PROMETHEUS = PROJECT / "deploy" / "prometheus"
GRAFANA = PROJECT / "deploy" / "grafana"
GROUPS = yaml.safe_load((PROMETHEUS / "rules.yaml").read_text())["groups"]
RULES: dict[str, dict[str, Any]] = {
    rule["alert"]: rule for group in GROUPS for rule in group["rules"] if "alert" in rule
}
CASES = [
    case
    for test in yaml.safe_load((PROMETHEUS / "rules_test.yaml").read_text())["tests"]
    for case in test["alert_rule_test"]
]
RUNBOOK = (PROJECT / "docs" / "runbook.md").read_text()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
@pytest.mark.parametrize(
    "command",
    [["check", "rules", "rules.yaml"], ["check", "config", "prometheus.yml"], ["test", "rules", "rules_test.yaml"]],
)
def test_promtool_says_that_all_is_well(command: list[str]) -> None:
    run = subprocess.run(["promtool", *command], cwd=PROMETHEUS, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_fires_in_one_test_and_stays_silent_in_another(alert: str) -> None:
    assert {bool(case["exp_alerts"]) for case in CASES if case["alertname"] == alert} == {True, False}


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_links_its_paragraph_of_the_runbook(alert: str) -> None:
    assert RULES[alert]["annotations"]["runbook_url"] == f"docs/runbook.md#{alert.lower()}"
    paragraph = re.search(rf"^## {alert}\n\n\*(page|ticket)\.\* (.+?)(?=\n## |\Z)", RUNBOOK, re.DOTALL | re.MULTILINE)
    assert paragraph is not None
    assert paragraph.group(1) == RULES[alert]["labels"]["severity"]
    assert len(paragraph.group(2).split()) >= 20


def test_the_runbook_has_no_paragraph_for_an_alert_that_is_gone() -> None:
    assert re.findall(r"^## (\w+)", RUNBOOK, re.MULTILINE) == list(RULES)
