"""Run with `make bench-anomaly`; writes results/anomaly.md, .json and two plots.

Each part is kept when it is done: `--part tables` measures that one anew and leaves the others as they are.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markdown import Markdown

from benchmarks.anomaly.accounts import MONTHS, run
from benchmarks.anomaly.berka import DATA
from benchmarks.anomaly.families import FAMILIES
from benchmarks.anomaly.mischief import KINDS
from benchmarks.anomaly.numeric import Figures, on_families, on_tables
from benchmarks.anomaly.page import Results, page
from benchmarks.anomaly.plots import kinds_plot, methods_plot
from benchmarks.anomaly.tables import TABLES
from benchmarks.machine import describe_commit
from models import store
from models.anomaly.evaluate import auroc, recall
from models.anomaly.model import AnomalyModel
from models.progress import progress_bar

RESULTS = Path(__file__).parents[1] / "results"
PARTS = {"tables": len(TABLES), "families": len(FAMILIES), "accounts": 1}
"""Steps of each part, for one seed."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anomaly")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the public data sets")
    parser.add_argument("--part", choices=PARTS, action="append", help="measure this part only; may be repeated")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"{asked.data} is not there: this benchmark needs the public data sets", file=sys.stderr)
        return 2
    parts = asked.part or list(PARTS)
    with progress_bar("seeds", asked.seeds * sum(PARTS[part] for part in parts)) as advance:
        for part in parts:
            facts: dict[str, object] = {
                "when": datetime.now(UTC).date().isoformat(),
                "commit": describe_commit(),
                "seeds": asked.seeds,
            }
            if part == "accounts":
                facts["accounts"], facts["kinds"], facts["model"] = _accounts(asked.data, asked.seeds, advance)
            elif part == "tables":
                facts["tables"] = on_tables(asked.data, asked.seeds, advance)
            else:
                facts["families"] = on_families(asked.seeds, advance)
            results = _keep(part, facts)
    Console().print(Markdown(page(results)))
    return 0


def _keep(part: str, facts: dict[str, object]) -> Results:
    """Write what a part found beside what the others did, and the page and plots of all."""
    file = RESULTS / "anomaly.json"
    results: Results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    results[part] = json.loads(json.dumps(facts))
    file.write_text(json.dumps(results, indent=1), encoding="utf-8")
    if set(results) == set(PARTS):
        kinds_plot(results["accounts"]["kinds"], RESULTS / "anomaly_kinds.png")
        methods_plot(results["tables"]["tables"], results["accounts"]["accounts"], RESULTS / "anomaly_methods.png")
    (RESULTS / "anomaly.md").write_text(page(results), encoding="utf-8")
    return results


def _accounts(data: Path, seeds: int, advance: Callable[[str], None]) -> tuple[Figures, Figures, str]:
    model = AnomalyModel.load(store.load("anomaly:latest"))
    found: Figures = defaultdict(lambda: defaultdict(list))
    kinds: Figures = defaultdict(lambda: defaultdict(list))
    for seed in range(seeds):
        outcome = run(model, data, seed)
        for method, odd in outcome.odd.items():
            for which, ordinary in (
                (f"after {MONTHS} months", outcome.ordinary[method][outcome.old]),
                ("from the first day", outcome.ordinary[method]),
            ):
                truth = np.concatenate([np.zeros(len(ordinary)), np.ones(len(odd))]) == 1
                found[method][f"AUROC {which}"].append(auroc(ordinary, odd))
                found[method][f"recall {which}"].append(recall(np.concatenate([ordinary, odd]), truth))
            cut = np.quantile(outcome.ordinary[method][outcome.old], 0.99)
            for kind in KINDS:
                kinds[kind][method].append(float((odd[outcome.kind == kind] > cut).mean()))
        advance(f"accounts, seed {seed}")
    return found, kinds, f"anomaly:{model.version}"


if __name__ == "__main__":
    sys.exit(main())
