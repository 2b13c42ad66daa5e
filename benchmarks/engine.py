"""Applications scored a second by engine and workers: `make bench-engine` prints the table of docs/deployment.md.

Every run scores the same rows, and its answers are compared with those of the first.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import ray
from ray.cluster_utils import Cluster

from models import store
from models.credit_risk.model import CreditRiskModel
from models.credit_risk.policy import policy
from models.credit_risk.score_applications import scorer
from models.engine import Engine, mapped

ROWS_A_PART = 4096
WORKERS = (1, 2, 4)

Parts = Sequence[npt.NDArray[np.float64]]


def main(arguments: Sequence[str]) -> None:
    """Print the table; `arguments` may hold the number of rows."""
    rows = int(arguments[0]) if arguments else 500_000
    stored = store.load("credit_risk:latest")
    features = len(CreditRiskModel.load(stored).specification.features)
    values = np.random.default_rng(0).integers(0, 2, (rows, features)).astype(np.float64)  # codes every column knows
    parts = [values[first : first + ROWS_A_PART] for first in range(0, rows, ROWS_A_PART)]
    make = partial(scorer, stored.tag, policy(), False)

    print("| engine | workers | seconds | rows a second |\n|---|---|---|---|")
    expected, seconds = run("local", parts, make)
    print(f"| local | 1 | {seconds:.1f} | {rows / seconds:,.0f} |")
    for workers in WORKERS:
        nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": workers - workers // 2})
        if workers > 1:
            nodes.add_node(num_cpus=workers // 2)
        ray.init(address=nodes.address, log_to_driver=False, logging_level="ERROR")
        run("ray", parts[:workers], make)  # the first use of a cluster starts its workers
        found, seconds = run("ray", parts, make)
        assert found == expected
        print(f"| ray, {len(ray.nodes())} nodes | {workers} | {seconds:.1f} | {rows / seconds:,.0f} |", flush=True)
        ray.shutdown()
        nodes.shutdown()


def run(
    engine: Engine, parts: Parts, make: Callable[[], Callable[[npt.NDArray[np.float64]], list[list[object]]]]
) -> tuple[list[object], float]:
    started = time.perf_counter()
    found = [row for part in mapped(engine, parts, make) for row in part]
    return found, time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1:])
