"""Numbers as people write them: 1,200.50 or 1 200,50 or 1.200,50 or 1'200.50 or 1,00,000."""

from __future__ import annotations

import re
from decimal import Decimal

_GROUPING = re.compile(r"[\s'\u2019_]")
NUMBER = r"\d++(?:(?:[.,'\u2019]|[ \u00a0\u2009\u202f](?=\d{3}(?!\d)))\d++)*+"
"""Regular expression of a number, a space being part of it only before a group of three digits. A number is taken
whole or not at all, so that long runs of digits cost no second look."""


def read_number(written: str, money: bool = True) -> Decimal | None:
    """Return the number that `written` stands for, None where it is none.

    A single comma or point before exactly three digits groups thousands where `money` is counted, and is the
    decimal sign elsewhere.

    >>> [str(read_number(each)) for each in ("1 200,50", "1,200.50", "1.200", "0.125", "1,00,000", "12,5")]
    ['1200.50', '1200.50', '1200', '0.125', '100000', '12.5']
    """
    compact = _GROUPING.sub("", written)
    marks = [each for each in compact if each in ".,"]
    if not marks:
        return _decimal(compact)
    last = marks[-1]
    whole, _, fraction = compact.rpartition(last)
    if len(set(marks)) == 1 and (len(marks) > 1 or (money and _groups_thousands(whole, fraction))):
        return _decimal(whole.replace(last, "") + fraction)
    return _decimal(f"{re.sub('[.,]', '', whole) or '0'}.{fraction}")


def plain_decimal(value: Decimal) -> str:
    """Return `value` without an exponent.

    >>> plain_decimal(Decimal("1E+3"))
    '1000'
    """
    return format(value, "f")


def _groups_thousands(whole: str, fraction: str) -> bool:
    return len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")


def _decimal(digits: str) -> Decimal | None:
    return Decimal(digits) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", digits) else None
