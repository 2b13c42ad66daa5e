"""The batch commands on a Ray cluster of two nodes give what they give in one process, to the byte."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.credit_risk.score_applications import main as score_applications
from models.engine import mapped
from models.spending.cluster import ClusterForecasts
from models.spending.forecasts import Forecasts
from models.store import StoredModel
from tests.models.credit_risk.examples import APPLICATION, write_rows
from tests.models.spending.histories import history, seasonal

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'ml-services[ray]'")
pytestmark = pytest.mark.cluster
PARTS = [list(range(first, first + 3)) for first in range(0, 24, 3)]


def doubling() -> Callable[[list[int]], tuple[str, list[int]]]:
    node = ray.get_runtime_context().get_node_id()
    return lambda part: (node, [2 * item for item in part])


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Two nodes of one core each, with a raylet, an object store and workers of their own."""
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    patience = {"health_check_timeout_ms": 60_000, "health_check_failure_threshold": 20}  # of a busy machine
    head = {"num_cpus": 1, "include_dashboard": False, "_system_config": patience}
    nodes = Cluster(initialize_head=True, head_node_args=head)
    nodes.add_node(num_cpus=1)
    ray.init(address=nodes.address, log_to_driver=False, logging_level="ERROR")
    assert len([node for node in ray.nodes() if node["Alive"]]) == 2
    yield
    ray.shutdown()
    nodes.shutdown()


def test_local_keeps_the_order_and_makes_once():
    made: list[int] = []

    def make() -> Callable[[list[int]], int]:
        made.append(1)
        return sum

    assert list(mapped("local", PARTS, make)) == [sum(part) for part in PARTS]
    assert made == [1]


def test_nothing_to_do_needs_no_cluster():
    assert list(mapped("ray", [], doubling)) == []


@pytest.mark.usefixtures("cluster")
class TestTwoNodes:
    def test_parts_come_back_in_order(self, monkeypatch: pytest.MonkeyPatch):
        # Else the worker that starts first may have done all of them before there is another.
        monkeypatch.setattr(ray.data.DataContext.get_current(), "wait_for_min_actors_s", 300)
        done = list(mapped("ray", PARTS, doubling))
        assert [items for _, items in done] == [[2 * item for item in part] for part in PARTS]
        assert len({node for node, _ in done}) == 2

    def test_applications_score_the_same(self, credit_risk_model: StoredModel, tmp_path: Path):
        rows = [
            {**{name: str(value) for name, value in APPLICATION.items()}, "income": str(9000 + 7 * number)}
            for number in range(9000)  # three parts
        ]
        file = write_rows(tmp_path / "new.csv", rows)
        for engine in ("local", "ray"):
            out = tmp_path / f"{engine}.csv"
            assert score_applications([str(file), "--reasons", "--engine", engine, "--out", str(out)]) == 0
        assert (tmp_path / "local.csv").read_bytes() == (tmp_path / "ray.csv").read_bytes()

    def test_users_are_forecast_the_same(self, spending_model: StoredModel):
        histories = [history(seasonal(2 + number), user_id=f"user-{number}") for number in range(24)]
        with Forecasts(spending_model, 1) as local, ClusterForecasts(spending_model.tag) as cluster:
            assert cluster.of(histories) == local.of(histories)
