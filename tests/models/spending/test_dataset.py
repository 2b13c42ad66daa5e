from __future__ import annotations

from pathlib import Path

import pytest

from models.spending.dataset import DataError, own_examples, read_csv
from models.spending.months import month_number
from tests.models.spending.users import users_csv


def written(folder: Path, *lines: str) -> Path:
    file = folder / "months.csv"
    file.write_text("\n".join(["user_id,month,amount", *lines]) + "\n", encoding="utf-8")
    return file


def test_missing_months_are_nothing(tmp_path: Path):
    found = read_csv(written(tmp_path, "ann,2026-04,7.5", "ann,2026-01,3", "bob,2026-02,1"))
    assert found["ann"][0] == month_number("2026-01")
    assert found["ann"][1].tolist() == [3, 0, 0, 7.5]
    assert found["bob"][1].tolist() == [1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ann,2026-13,1", "line 3: month is not like 2026-03"),
        ("ann,March,1", "line 3: month is not like 2026-03"),
        ("ann,2026-02,-1", "line 3: amount is not a number from 0 up"),
        ("ann,2026-02,many", "line 3: amount is not a number from 0 up"),
        ("ann,2026-02,", "line 3: amount is not a number from 0 up"),
        ("ann,2026-01,1", "line 3: the same user and month as a line before"),
        ("ann,2199-01,1", "the months of one user span more than 600"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(tmp_path: Path, line: str, said: str):
    with pytest.raises(DataError, match=said):
        read_csv(written(tmp_path, "ann,2026-01,5", line))


@pytest.mark.parametrize(
    ("content", "said"),
    [("user_id,month\nann,2026-01\n", "no column 'amount'"), ("user_id,month,amount\n", "no rows"), ("", "no column")],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str, said: str):
    file = tmp_path / "months.csv"
    file.write_text(content)
    with pytest.raises(DataError, match=said):
        read_csv(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="cannot be read"):
        read_csv(tmp_path / "nowhere.csv")


def test_half_of_a_history_at_most_is_what_followed(tmp_path: Path):
    file = users_csv(tmp_path / "users.csv", users=70, months=16)
    made = own_examples(read_csv(file), file)
    assert {len(each.history) for each in made} == {8}
    assert {each.split for each in made} == {"first", "second", "test"}


def test_too_few_users_are_refused(tmp_path: Path):
    file = users_csv(tmp_path / "users.csv", users=20, months=24)
    with pytest.raises(DataError, match="20 users have a year of months; 60 are needed"):
        own_examples(read_csv(file), file)
