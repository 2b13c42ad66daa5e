from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ner.values.numbers import NUMBER, plain_decimal, read_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", "0"),
        ("1,200", "1200"),
        ("1.200", "1200"),
        ("1 200", "1200"),
        ("1'200", "1200"),
        ("1\u2019200.50", "1200.50"),
        ("1_200", "1200"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("12,34,567.8", "1234567.8"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("12.5", "12.5"),
        ("12,50", "12.50"),
        ("1234,567", "1234.567"),
    ],
)
def test_marks_of_both_languages_are_told_apart(written: str, number: str):
    assert read_number(written) == Decimal(number)


def test_three_decimals_are_thousands_of_money_only():
    assert read_number("1.250") == 1250
    assert read_number("1.250", money=False) == Decimal("1.250")


@pytest.mark.parametrize("written", ["", "abc", ".", ",", "1a", "\u0665", "\u00b2", "1.2.3,4,5x"])
def test_what_is_no_number_is_none(written: str):
    assert read_number(written) is None


@given(st.text("0123456789.,' \u00a0", max_size=20))
def test_any_marks_and_digits_are_read_or_none(written: str):
    number = read_number(written)
    assert number is None or number >= 0


@given(st.text(max_size=30))
def test_what_the_expression_takes_is_a_number_or_foreign_digits(text: str):
    for found in re.finditer(NUMBER, text):
        assert read_number(found.group()) is not None or not found.group().isascii()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 200 50", ["1 200", "50"]),
        ("12 200 5000", ["12 200", "5000"]),
        ("1,5 et 2", ["1,5", "2"]),
        ("3.", ["3"]),
        ("10 000 000,00 EUR", ["10 000 000,00"]),
    ],
)
def test_a_space_is_part_of_a_number_before_three_digits_only(text: str, numbers: list[str]):
    assert re.findall(NUMBER, text) == numbers


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=Decimal("1e30")))
def test_a_number_is_written_without_an_exponent(value: Decimal):
    assert "E" not in plain_decimal(value)
    assert Decimal(plain_decimal(value)) == value
