"""`POST /v1/transactions` and `POST /v1/users/erase`: the contract, and what the server does when the store fails."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.errors import STORE_UNAVAILABLE
from tests.served import ONE_EACH, ONE_FORECASTER, Served, ServedFactory
from tests.server.shape import error_of, fresh_query
from tests.storage import postgresql
from tests.storage.rows import fields
from tests.storage.small_disk import fill, small_disk

PATH = "/v1/transactions"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store") / "store.sqlite"


@pytest.fixture(scope="module")
def server(serve: ServedFactory, file: Path) -> Iterator[Served]:
    server = serve(ML_DATABASE_PATH=str(file), ML_DATABASE_TIMEOUT_S="0.5", **ONE_FORECASTER)
    yield server
    server.stop()


def send(server: Served, *rows: dict[str, Any]) -> httpx.Response:
    return server.client.post(PATH, json={"transactions": rows})


def erase(server: Served, user_id: str) -> httpx.Response:
    return server.client.post("/v1/users/erase", json={"user_id": user_id})


def stored(file: Path, user_id: str) -> int:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        count: int = connection.execute("SELECT count(*) FROM transactions WHERE user_id = ?", [user_id]).fetchone()[0]
        return count


def unavailable(response: httpx.Response) -> None:
    error = error_of(response, 503, STORE_UNAVAILABLE)
    assert error["details"] == []
    assert int(response.headers["retry-after"]) >= 1


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class TestContract:
    def test_new_rows_are_stored_and_sent_again_are_duplicates(self, server: Served):
        rows = [fields(user_id="contract") for _ in range(3)]
        assert send(server, *rows).json() == {"stored": 3, "duplicates": 0}
        assert send(server, *rows).json() == {"stored": 0, "duplicates": 3}
        assert send(server, {**rows[0], "amount": "-1.01"}, *rows[1:]).json() == {"stored": 1, "duplicates": 2}

    def test_ten_thousand_full_rows_are_one_request(self, server: Served, file: Path):
        row = {"merchant": "Café de l’Été", "category": "restaurants", "channel": "card", "country": "FR"}
        rows = [fields(user_id="many", **row, description="x" * 200) for _ in range(10_000)]
        assert send(server, *rows).json() == {"stored": 10_000, "duplicates": 0}
        assert stored(file, "many") == 10_000

    @pytest.mark.parametrize(
        ("field", "value"),
        [("amount", "much"), ("amount", None), ("currency", "ABC"), ("timestamp", "today"), ("id", ""), ("colour", 1)],
    )
    def test_bad_row_is_named_and_nothing_is_stored(self, server: Served, file: Path, field: str, value: object):
        rows = [fields(user_id="bad") for _ in range(200)]
        rows[123][field] = value
        error = error_of(send(server, *rows), 400)
        assert [detail["field"] for detail in error["details"]] == [f"transactions.123.{field}"]
        assert stored(file, "bad") == 0

    def test_missing_field_is_named(self, server: Served):
        rows = [fields(), fields()]
        del rows[1]["currency"]
        assert error_of(send(server, *rows), 400)["details"][0]["field"] == "transactions.1.currency"

    def test_answer_to_ten_thousand_bad_rows_is_short(self, server: Served):
        response = send(server, *(fields(amount="x") for _ in range(10_000)))
        assert len(error_of(response, 400)["details"]) == 20

    @pytest.mark.parametrize("body", [{}, {"transactions": None}, {"transactions": {}}, {"rows": []}, []])
    def test_other_body_is_400(self, server: Served, body: object):
        error_of(server.client.post(PATH, json=body), 400)

    def test_more_rows_than_allowed_are_400(self, server: Served):
        error = error_of(send(server, *[fields()] * 10_001), 400)
        assert [detail["field"] for detail in error["details"]] == ["transactions"]

    def test_erase_answers_how_many_rows_went(self, server: Served, file: Path):
        send(server, *(fields(user_id="gone") for _ in range(7)), fields(user_id="stays"))
        assert erase(server, "gone").json() == {"erased": 7}
        assert erase(server, "gone").json() == {"erased": 0}
        assert (stored(file, "gone"), stored(file, "stays")) == (0, 1)

    @pytest.mark.parametrize("body", [{}, {"user_id": ""}, {"user_id": "a\0"}, {"user_id": 7}, {"user": "a"}])
    def test_erase_without_a_user_is_400(self, server: Served, body: object):
        error_of(server.client.post("/v1/users/erase", json=body), 400)

    @pytest.mark.parametrize("path", ["/transactions", "/users/erase", "/predict/transactions"])
    def test_paths_have_no_alias(self, server: Served, path: str):
        error_of(server.client.post(path, json={}), 404)

    def test_document_describes_both(self, server: Served):
        paths = server.client.get("/openapi.json").json()["paths"]
        assert paths[PATH]["post"]["operationId"] == "storeTransactions"
        assert paths["/v1/users/erase"]["post"]["operationId"] == "eraseUser"

    def test_nothing_of_a_transaction_is_logged(self, server: Served):
        row = fields(user_id="who-is-this", amount=-98765.43, merchant="Sesame Street", description="secret word")
        send(server, row)
        send(server, {**row, "currency": "QQQ"})
        erase(server, "who-is-this")
        log = server.log_file.read_text()
        assert not [word for word in ("who-is-this", "98765", "Sesame", "secret word", "QQQ") if word in log]

    def test_erasure_is_logged_under_a_pseudonym(self, server: Served):
        erase(server, "who-is-this")
        line = next(line for line in reversed(server.log()) if line.get("path") == "/v1/users/erase")
        assert line["user"]

    def test_outcomes_are_counted(self, server: Served):
        send(server, fields())
        assert 'ml_store_calls_total{operation="upsert",outcome="ok"}' in server.client.get("/metrics").text


class TestFaults:
    def test_writers_at_once_lose_and_double_nothing(self, server: Served, file: Path):
        rows = [fields(user_id="writers") for _ in range(2_000)]
        parts = [rows[start : start + 500] for start in range(0, 1_600, 100)]
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda part: send(server, *part), parts))
        assert {answer.status_code for answer in answers} <= {200, 503}
        answers = [send(server, *part) for part in parts]
        assert {answer.status_code for answer in answers} == {200}
        assert stored(file, "writers") == 2_000

    def test_locked_file_is_503_while_the_others_go_on(self, server: Served, file: Path):
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            unavailable(send(server, fields(user_id="locked")))
            unavailable(erase(server, "locked"))
            assert server.ask(fresh_query()).status_code == 200
            assert server.client.get("/readyz").status_code == 200
        finally:
            other.close()
        assert send(server, fields(user_id="locked")).status_code == 200
        assert stored(file, "locked") == 1

    def test_server_killed_in_mid_write_leaves_whole_requests(self, server: Served, file: Path):
        answered = 0
        worker, *_ = server.workers("ml_services")
        for number in range(30):
            if number == 10:
                worker.send_signal(signal.SIGKILL)
            try:
                answered += send(server, *(fields(user_id=f"killed-{number}") for _ in range(300))).status_code == 200
            except httpx.TransportError:
                continue
        until(lambda: ready(server))
        counts = [stored(file, f"killed-{number}") for number in range(30)]
        assert set(counts) <= {0, 300}
        assert counts.count(300) >= answered >= 10
        assert send(server, fields(user_id="after")).status_code == 200


def ready(server: Served) -> bool:
    try:
        return server.client.get("/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_full_disk_is_503_and_over_when_there_is_room(serve: ServedFactory, tmp_path: Path):
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        file = disk / "store.sqlite"
        server = serve(ML_DATABASE_PATH=str(file), **ONE_EACH)
        assert send(server, fields(user_id="first")).status_code == 200
        ballast = fill(disk)
        rows = [fields(user_id="full", description="x" * 1000) for _ in range(2_000)]
        response = send(server, *rows)
        unavailable(response)
        assert int(response.headers["retry-after"]) >= 10
        assert (stored(file, "first"), stored(file, "full")) == (1, 0)
        assert server.ask(fresh_query()).status_code == 200
        ballast.unlink()
        assert send(server, *rows[:500]).status_code == 200
        server.stop()


def test_store_that_cannot_be_opened_takes_no_other_endpoint_with_it(serve: ServedFactory, tmp_path: Path):
    obstacle = tmp_path / "folder"
    obstacle.touch()
    server = serve(ML_DATABASE_PATH=str(obstacle / "store.sqlite"), **ONE_EACH)
    unavailable(send(server, fields()))
    assert server.ask(fresh_query()).status_code == 200
    obstacle.unlink()
    assert send(server, fields()).json() == {"stored": 1, "duplicates": 0}
    server.stop()


def test_postgresql_that_stops_is_503_and_over_when_it_is_back(serve: ServedFactory):
    with postgresql.running() as own, postgresql.database(own, "served") as url:
        server = serve(ML_DATABASE_URL=url, **ONE_EACH)
        unavailable(send(server, fields()))  # nobody has migrated it
        postgresql.migrate(url)
        rows = [fields(user_id="pg") for _ in range(1_000)]
        assert send(server, *rows).json() == {"stored": 1_000, "duplicates": 0}
        own.stop()
        unavailable(send(server, fields(user_id="pg")))
        assert server.ask(fresh_query()).status_code == 200
        own.start()
        own.wait_for_postgres()
        until(lambda: erase(server, "pg").json() == {"erased": 1_000}, seconds=20)  # a 503 asks for another try
        assert "postgresql://" not in json.dumps(server.log())
        server.stop()
