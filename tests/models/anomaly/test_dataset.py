from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from models.anomaly.dataset import DataError, accounts_of, check_trainable, join, read_csv
from tests.models.anomaly.examples import payment
from tests.models.anomaly.files import accounts, cells, write_csv

GOOD = "user_id,amount,currency,timestamp\nann,-1.50,EUR,2026-03-14\n"


def read(tmp_path: Path, text: str | bytes):
    file = tmp_path / "rows.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(file)


def test_columns_are_read_by_name_and_others_let_be(tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [{"note": "x", **cells("ann", payment(1, -45.9)), "is_anomaly": "TRUE"}])
    table = read_csv(file)
    assert (list(table.columns.amount), list(table.columns.merchant)) == ([-45.9], ["corner shop"])
    assert table.columns.time[0] == payment(1, -45.9).timestamp.timestamp()
    assert table.labelled
    assert table.anomaly.tolist() == [True]


def test_gzip_a_byte_order_mark_and_empty_lines_are_read_over(tmp_path: Path):
    file = tmp_path / "rows.csv.gz"
    file.write_bytes(gzip.compress(b"\xef\xbb\xbf" + GOOD.encode() + b"\n\n"))
    table = read_csv(file)
    assert (len(table.cells), table.labelled) == (1, False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: no column 'user_id'; the header has nothing"),
        ("user_id,amount,currency\n", "line 1: no column 'timestamp'"),
        ("user_id,amount,currency,timestamp\n", "no rows"),
        (GOOD + "ann,-1,EUR\n", "line 3: 3 fields where the header has 4"),
        (GOOD + 'ann,-1,EUR,"2026\n', "line 3"),
        (GOOD.encode() + b"ann,-1,EUR,\xff\n", "line 3: not UTF-8"),
        (GOOD + "ann,1e13,EUR,2026-03-14\n", "line 3, column amount"),
        (GOOD + "ann,1,EUR,1969-12-31\n", "line 3, column timestamp"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str | bytes, problem: str):
    with pytest.raises(DataError, match=r"rows\.csv") as refused:
        read(tmp_path, text)
    assert problem in str(refused.value)


def test_a_file_that_is_not_there_or_no_gzip_is_told(tmp_path: Path):
    with pytest.raises(DataError, match="cannot be read"):
        read_csv(tmp_path / "nowhere.csv")
    (tmp_path / "a.csv.gz").write_bytes(b"plain")
    with pytest.raises(DataError, match="cannot be read"):
        read_csv(tmp_path / "a.csv.gz")


def test_too_little_to_learn_from_is_told(tmp_path: Path):
    few = write_csv(tmp_path / "few.csv", [cells("ann", payment(1, -1))])
    with pytest.raises(DataError, match="at least 1000"):
        check_trainable(read_csv(few), few)
    one = write_csv(tmp_path / "one.csv", [cells("ann", row) for rows in accounts().values() for row in rows])
    with pytest.raises(DataError, match="at least 10"):
        check_trainable(read_csv(one), one)


def test_accounts_come_apart_and_together(tmp_path: Path):
    rows = [cells(user, row) for user in ("ann", "bob") for row in (payment(2, -2), payment(1, -1))]
    table = read_csv(write_csv(tmp_path / "a.csv", rows))
    apart = accounts_of(table.columns)
    assert [list(each.amount) for each in apart] == [[-1, -2], [-1, -2]]
    assert join(apart).user == [0, 0, 1, 1]
    kept = accounts_of(table.columns, np.array([True, False, False, False]))
    assert [list(each.amount) for each in kept] == [[-2]]
