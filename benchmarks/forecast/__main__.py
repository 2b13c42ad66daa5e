"""`python -m benchmarks.forecast`: every method on public series, with standard errors, and fans of a few series."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from benchmarks.forecast.answers import OURS, Answer, answer_all
from benchmarks.forecast.public_series import Task, berka, m3_monthly
from benchmarks.forecast.scores import Score, score_berka, score_m3
from benchmarks.machine import describe_commit
from models import store
from models.plots import Fan, fan_plot
from models.spending.contract import NAME

RESULTS = Path(__file__).parents[1] / "results"
_SHOWN = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the public data sets")
    parser.add_argument("--model", default=f"{NAME}:latest", help="tag in the BentoML model store")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the tables and plots")
    options = parser.parse_args(arguments)
    try:
        tag = store.load(options.model).tag
    except (store.ModelMissing, store.ModelDamaged) as error:
        print(error, file=sys.stderr)
        return 1
    facts = {"when": datetime.now(UTC).isoformat(timespec="seconds"), "commit": describe_commit(), "model": tag}
    scores: dict[str, list[Score]] = {}
    for name, read, score in (
        ("m3_monthly_a", m3_monthly, score_m3),
        ("berka_a", berka, score_berka),
    ):
        folder = options.data / name
        if not folder.is_dir():
            print(f"{folder} is not there: skipped", file=sys.stderr)
            continue
        tasks = read(folder)
        answers = answer_all(tasks, name.startswith("m3"), tag, name)
        scores[name] = [score(method, tasks, each) for method, each in answers.items()]
        _fans(tasks, answers[OURS], options.out / f"forecast_{name}.png")
    if not scores:
        return 1
    page = _page(facts, scores)
    (options.out / "forecast.md").write_text(page, encoding="utf-8")
    record = {**facts, "scores": {name: [asdict(each) for each in rows] for name, rows in scores.items()}}
    (options.out / "forecast.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    Console(highlight=False).print(Markdown(page))
    print(f"written to {options.out}")
    return 0


def _fans(tasks: Sequence[Task], answers: Sequence[Answer], file: Path) -> None:
    panels = [
        Fan(tasks[at].series, tasks[at].history, tasks[at].truth, each.amounts, each.lower, each.upper)
        for at, each in enumerate(answers)
        if at % max(1, len(tasks) // _SHOWN) == 0 and each.lower is not None and each.upper is not None
    ]
    fan_plot(panels[:_SHOWN], file)


def _page(facts: dict[str, str], scores: dict[str, list[Score]]) -> str:
    lines = [
        "# The spending forecast on public series",
        "",
        f"Measured {facts['when']}, commit `{facts['commit']}`, model `{facts['model']}`.",
        "± is one standard error over series. Nothing was fitted on these series; `served` is the endpoint.",
    ]
    titles = {
        "m3_monthly_a": "M3 monthly, half A: 150 series, 18 months ahead",
        "berka_a": "Berka bank accounts, half A: outflow one month ahead, the last three months of 139 accounts",
    }
    for name, rows in scores.items():
        columns = [field for field in ("smape", "mase", "wape", "coverage") if any(getattr(row, field) for row in rows)]
        shown = {"smape": "sMAPE", "mase": "MASE", "wape": "WAPE", "coverage": "coverage of the 80 % interval"}
        lines += ["", f"## {titles[name]}", ""]
        lines += [f"| method | {' | '.join(shown[field] for field in columns)} |", f"|---|{'---|' * len(columns)}"]
        lines += [
            f"| {row.method} | {' | '.join(str(getattr(row, field) or '-') for field in columns)} |" for row in rows
        ]
        lines += ["", f"![fans](forecast_{name}.png)"]
    return "\n".join([*lines, "", "Again: `make bench-forecast`.", ""])


if __name__ == "__main__":
    sys.exit(main())
