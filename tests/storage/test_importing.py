from __future__ import annotations

import csv
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import storage.importing
from models.options import OptionError
from storage.csv_rows import CsvFormat
from storage.import_transactions import main
from storage.importing import BadLines, Imported, import_file
from storage.settings import StorageSettings
from storage.store import Store
from tests.served import PROJECT
from tests.storage.rows import fields

LATER = datetime(2090, 1, 1, tzinfo=UTC)
PLAIN = CsvFormat({}, {})


def write(file: Path, rows: list[dict[str, object]], delimiter: str = ",") -> Path:
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.DictWriter(output, fieldnames=list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.importing, "_LINES_AT_ONCE", 100)


async def test_every_line_is_stored_once_however_often_it_is_imported(store: Store, file: Path):
    write(file, [fields() for _ in range(250)])
    assert await import_file(store, file, PLAIN) == Imported(250, 0, 0)
    assert await import_file(store, file, PLAIN) == Imported(0, 250, 0)
    assert await store.history_size("ann", LATER) == 250


async def test_cells_are_read_as_the_endpoint_reads_json(store: Store, file: Path):
    given = fields(amount="-12.3456", merchant='Café, "Zoé"\nParis', timestamp="2026-03-14T12:00+01:00", description="")
    write(file, [given])
    await import_file(store, file, PLAIN)
    (found,) = await store.recent_transactions("ann", LATER)
    assert (str(found.amount), found.merchant, found.description) == ("-12.3456", given["merchant"], None)
    assert found.timestamp.isoformat() == "2026-03-14T12:00:00+01:00"


async def test_columns_may_have_other_names_and_values_may_be_the_same_for_all(store: Store, file: Path):
    rent: dict[str, object] = {
        "Ref": "1",
        "Montant": "-1 234,56",
        "Date": "14/03/2026",
        "Solde": "7",
        "Libelle": "Loyer",
    }
    write(file, [rent, {**rent, "Ref": "2", "Montant": "1.000"}], delimiter=";")
    form = CsvFormat(
        columns={"id": "Ref", "amount": "Montant", "timestamp": "Date", "description": "Libelle"},
        constants={"user_id": "ann", "currency": "EUR"},
        delimiter=";",
        decimal=",",
        time_format="%d/%m/%Y",
    )
    assert await import_file(store, file, form) == Imported(2, 0, 0)
    first, second = await store.recent_transactions("ann", LATER)
    assert (float(first.amount), float(second.amount)) == (-1234.56, 1000.0)
    assert (first.description, first.timestamp.isoformat()) == ("Loyer", "2026-03-14T00:00:00+00:00")


BAD = {"id": "", "user_id": "", "amount": "12,5", "currency": "EURO", "timestamp": "14/03/2026"}


@pytest.mark.parametrize(("field", "value"), BAD.items())
async def test_bad_cell_stops_and_names_line_and_field_and_no_value(store: Store, file: Path, field: str, value: str):
    write(file, [*(fields() for _ in range(150)), fields(**{field: value}), *(fields() for _ in range(20))])
    with pytest.raises(BadLines) as refusal:
        await import_file(store, file, PLAIN)
    assert str(refusal.value).startswith(f"line 152: {field}: ")
    assert not value or value not in str(refusal.value)
    assert await store.history_size("ann", LATER) == 100


async def test_bad_lines_may_be_put_aside(store: Store, file: Path, tmp_path: Path):
    rows = [fields(amount="x" if number % 50 == 7 else -1) for number in range(200)]
    write(file, rows)
    with file.open("a") as output:
        output.write("short\n")
    rejects = tmp_path / "rejects.csv"
    assert await import_file(store, file, PLAIN, rejects) == Imported(196, 0, 5)
    with rejects.open(newline="") as written:
        _, *lines = csv.reader(written)
    assert [int(line[0]) for line in lines] == [9, 59, 109, 159, 202]
    assert lines[0][1].startswith("amount: ")
    assert lines[0][2:] == [str(value) for value in rows[7].values()]
    assert lines[-1][1] == "fewer cells than the header has"


@pytest.mark.parametrize(
    ("content", "form", "words"),
    [
        (b"", PLAIN, "no column 'id'"),
        (b"id,user_id,amount,timestamp\n", PLAIN, "no column 'currency'"),
        (b"id\n", CsvFormat({"amount": "sum"}, {}), "no column 'sum' for amount; the file has id"),
        (b"id\n", CsvFormat({}, {"colour": "red"}), "colour is no field"),
        (b"id,user_id,amount,currency,timestamp\n\xff\xfe\n", PLAIN, "not UTF-8"),
    ],
)
async def test_file_that_cannot_be_read_is_told(store: Store, file: Path, content: bytes, form: CsvFormat, words: str):
    file.write_bytes(content)
    with pytest.raises(OptionError, match=words):
        await import_file(store, file, form)


def test_command_killed_and_run_again_has_every_line_once(sqlite_settings: StorageSettings, file: Path):
    write(file, [fields() for _ in range(60_000)])
    environment = {**os.environ, "ML_DATABASE_PATH": str(sqlite_settings.database_path)}
    command = [sys.executable, "-m", "storage.import_transactions", str(file)]
    first = subprocess.Popen(command, cwd=PROJECT, env=environment)
    wait_for_rows(sqlite_settings.database_path)
    first.send_signal(signal.SIGKILL)
    first.wait()
    again = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    stored, duplicates, _ = (int(word) for word in again.stdout.split() if word.isdigit())
    assert stored + duplicates == 60_000
    assert duplicates >= 20_000


def test_command_interrupted_says_what_is_stored(sqlite_settings: StorageSettings, file: Path):
    write(file, [fields() for _ in range(60_000)])
    environment = {**os.environ, "ML_DATABASE_PATH": str(sqlite_settings.database_path)}
    command = [sys.executable, "-m", "storage.import_transactions", str(file)]
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=-1, stderr=-1, text=True) as process:
        wait_for_rows(sqlite_settings.database_path)
        process.send_signal(signal.SIGINT)
        told, said = process.communicate(timeout=300)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "interrupted; the same command again stores the rest, and nothing twice"
    rows = _rows(sqlite_settings.database_path)
    assert told == f"{rows} stored, 0 there already, 0 rejected\n"
    assert rows % 20_000 == 0 < rows


def wait_for_rows(file: Path) -> None:
    deadline = time.monotonic() + 300
    while not _rows(file):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _rows(file: Path) -> int:
    """Return how many transactions are stored for good."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            [[rows]] = database.execute("SELECT count(*) FROM transactions")
    except sqlite3.OperationalError:  # the file is only just being made
        return 0
    return int(rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (["{file}", "--columns", "amount"], "not of the form"),
        (["{file}", "--delimiter", ";;"], "one character"),
        (["{file}", "--constants", "currency=EURO"], "line 2: currency"),
    ],
)
def test_command_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sqlite_settings: StorageSettings,
    file: Path,
    arguments: list[str],
    words: str,
):
    monkeypatch.setenv("ML_DATABASE_PATH", str(sqlite_settings.database_path))
    write(file, [fields()])
    assert main([argument.format(file=file) for argument in arguments]) == 2
    assert words in capsys.readouterr().err


def test_command_tells_what_it_did(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_settings: StorageSettings, file: Path
):
    monkeypatch.setenv("ML_DATABASE_PATH", str(sqlite_settings.database_path))
    write(file, [fields(amount="x"), fields()])
    assert main([str(file), "--rejects", str(file.with_suffix(".rejects"))]) == 0
    assert capsys.readouterr().out == "1 stored, 0 there already, 1 rejected\n"
