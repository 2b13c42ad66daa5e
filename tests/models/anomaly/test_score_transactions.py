from __future__ import annotations

import csv
from pathlib import Path

import pytest

from models.anomaly.model import AnomalyModel
from models.anomaly.score_transactions import main
from models.transactions import Transaction
from tests.models.anomaly.examples import ask, payment, regular
from tests.models.anomaly.files import cells, read_csv_rows, write_csv

RESULTS = ["score", "is_anomaly", "severity", "history_size", "reasons"]
ODD = payment(301, -1240, 3.5, country="KP")


def rows() -> list[tuple[str, Transaction]]:
    """Two accounts mixed, not in the order of time."""
    first, second = [*regular(), ODD], regular(60)
    return [("ann", first[-1]), *(("bob", row) for row in second), *(("ann", row) for row in first[-2::-1])]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "rows.csv", [cells(user, row) | {"note": "as it was"} for user, row in rows()])


def test_each_row_gets_what_the_endpoint_answers_in_the_order_of_the_file(
    model: AnomalyModel, file: Path, tmp_path: Path
):
    out = tmp_path / "scored.csv"
    assert main([str(file), "--out", str(out)]) == 0
    before, after = read_csv_rows(file), read_csv_rows(out)
    assert [{name: row[name] for name in before[0]} for row in after] == before
    for place in (0, 1, 20, 40, 60, 200):
        user, transaction = rows()[place]
        own = [each for owner, each in rows() if owner == user and each.timestamp < transaction.timestamp]
        answer = ask(model, transaction, own)
        got = after[place]
        assert float(got["score"]) == pytest.approx(answer.score, abs=2e-9)
        assert got["is_anomaly"] == str(int(answer.is_anomaly))
        assert (got["severity"], got["history_size"]) == (answer.severity, str(answer.history_size))
        assert got["reasons"] == "; ".join(reason.message for reason in answer.reasons if answer.is_anomaly)
    assert after[0]["severity"] == "high"
    assert "country KP is new" in after[0]["reasons"]


@pytest.mark.usefixtures("anomaly_model")
def test_to_standard_output_with_how_fast_it_was(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(file), "--alert-rate", "0.0001"]) == 0
    said = capsys.readouterr()
    header, *scored = csv.reader(said.out.splitlines())
    assert header[-6:] == ["note", *RESULTS]
    assert len(scored) == len(rows())
    assert f"{len(rows())} transactions in" in said.err
    assert "scoring: 1/1" in said.err


@pytest.mark.usefixtures("anomaly_model")
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"amount": "much"}, "line 3, column amount: Input should be a number"),
        ({"currency": "ZZZ"}, "line 3, column currency"),
        ({"timestamp": "yesterday"}, "line 3, column timestamp"),
        ({"user_id": " "}, "line 3: empty user_id"),
        ({"is_anomaly": "perhaps"}, "line 3, column is_anomaly: neither 1 nor 0"),
    ],
)
def test_a_bad_cell_is_named_with_file_and_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], problem: str
):
    good = cells("ann", payment(1, -1)) | {"is_anomaly": ""}
    file = write_csv(tmp_path / "bad.csv", [good, good | change])
    assert main([str(file), "--out", str(tmp_path / "out.csv")]) == 2
    assert f"bad.csv, {problem}" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "asked", [["--alert-rate", "0.7"], ["--alert-rate", "0"], ["--out", "nowhere/at/all.csv"]], ids=" ".join
)
def test_options_that_make_no_sense_are_refused(file: Path, asked: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as refused:
        main([str(file), *asked])
    assert refused.value.code == 2
    assert asked[0] in capsys.readouterr().err


def test_without_a_model_or_a_file_it_says_so(own_store: Path, file: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(file)]) == 2
    assert "train anomaly" in capsys.readouterr().err
