from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from models.credit_risk.dataset import Portfolio, check_trainable, read_portfolio, values_of
from models.credit_risk.specification import Specification, load_specification
from models.credit_risk.table import read_table
from models.data_file import DataError
from tests.models.credit_risk.examples import application, small_rows, small_specification, write_rows


@pytest.fixture
def shop(tmp_path: Path) -> Specification:
    return load_specification(small_specification(tmp_path))


def read(tmp_path: Path, shop: Specification, **changes: str) -> Portfolio:
    """Read two rows, the second with changes."""
    first, second = small_rows(2)
    return read_portfolio(
        read_table(write_rows(tmp_path / "loans.csv", [first, second | changes])), shop, outcomes=True
    )


def test_cells_become_numbers(tmp_path: Path, shop: Specification):
    row = {"Yearly turnover": "1e5", "late": "3", "days": " 40 ", "trade": "books", "rating": "fair", "insured": "Yes"}
    portfolio = read(tmp_path, shop, **row, sex="m", lost="yes")
    assert [float(column[1]) for column in portfolio.columns.values()] == [100_000, 3, 40, 2, 1, 1, 1]
    assert portfolio.bad[1]
    assert portfolio.values.shape == (2, 6)


@pytest.mark.parametrize(
    ("column", "cell"), [("late", ""), ("late", "  "), ("days", "-1"), ("days", " -1"), ("trade", "")]
)
def test_empty_cells_and_what_stands_for_them_are_missing(tmp_path: Path, shop: Specification, column: str, cell: str):
    assert np.isnan(read(tmp_path, shop, **{column: cell}).columns[column][1])


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("Yearly turnover", "", "empty, and it is required"),
        ("Yearly turnover", "-5", "-5 is below 0"),
        ("Yearly turnover", "nan", "'nan' is not a finite number"),
        ("Yearly turnover", "much", "'much' is not a number"),
        ("late", "1.5", "1.5 is not a whole number"),
        ("late", "-1", "-1 is below 0"),
        ("trade", "boats", "'boats' is not one of food, tools, books"),
        ("insured", "perhaps", "'perhaps' is neither yes nor no"),
        ("lost", "maybe", "'maybe' is neither 'yes' (bad) nor 'no' (good)"),
    ],
)
def test_a_bad_cell_is_told_with_file_line_and_column(
    tmp_path: Path, shop: Specification, column: str, cell: str, said: str
):
    with pytest.raises(DataError) as caught:
        read(tmp_path, shop, **{column: cell})
    assert str(caught.value) == f"{tmp_path / 'loans.csv'}, line 3, {column}: {said}"


def test_a_missing_column_is_told(tmp_path: Path, shop: Specification):
    rows = [{name: cell for name, cell in row.items() if name != "trade"} for row in small_rows(2)]
    table = read_table(write_rows(tmp_path / "loans.csv", rows))
    with pytest.raises(DataError, match="line 1: no column 'trade'"):
        read_portfolio(table, shop, outcomes=True)
    assert np.isnan(read_portfolio(table, shop, outcomes=False).columns["trade"]).all()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no rows"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2\n1,2,3\n", "line 3: 3 fields where the header has 2"),
        (b"a,b\n1,\xff\n", "line 2: not UTF-8"),
        (b'a,b\n1,"2\n', "line 3"),
        (b"a,a\n1,2\n", "line 1: two columns are called 'a'"),
    ],
)
def test_what_is_no_table_is_told_with_its_line(tmp_path: Path, content: bytes, said: str):
    file = tmp_path / "loans.csv"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_table(file)
    assert said in str(caught.value)


def test_gzip_and_a_byte_order_mark_are_read(tmp_path: Path):
    file = tmp_path / "loans.csv.gz"
    file.write_bytes(gzip.compress("\ufeffa,b\n1,2\n".encode()))
    assert read_table(file).columns == {"a": ("1",), "b": ("2",)}


def test_a_request_and_its_row_are_the_same_numbers(tmp_path: Path):
    request = application(employment_years=None, housing="other")
    fields = request.model_dump(exclude={"user_id"})
    row = {name: "" if value is None else str(value) for name, value in fields.items()}
    specification = load_specification()
    portfolio = read_portfolio(read_table(write_rows(tmp_path / "a.csv", [row])), specification, outcomes=False)
    assert np.array_equal(portfolio.values, values_of([request], specification), equal_nan=True)


@pytest.mark.parametrize(("rows", "defaults"), [(99, 50), (500, 19), (500, 481)])
def test_too_little_to_learn_from_is_told(shop: Specification, rows: int, defaults: int):
    portfolio = Portfolio(shop, {"turnover": np.ones(rows)}, np.arange(rows) < defaults)
    with pytest.raises(DataError, match=f"{defaults} defaults in {rows} rows"):
        check_trainable(portfolio, Path("loans.csv"))


def test_the_digest_tells_portfolios_apart(shop: Specification):
    one = Portfolio(shop, {"turnover": np.ones(3)}, np.array([True, False, False]))
    other = Portfolio(shop, {"turnover": np.ones(3)}, np.array([True, True, False]))
    assert one.digest() == one.take(np.arange(3)).digest() != other.digest()
