"""What a transaction says in words, and when two of them say the same. A leaf."""

from __future__ import annotations

from typing import Literal

Field = Literal["currency", "merchant", "category", "channel", "country"]
FIELDS: tuple[Field, ...] = ("currency", "merchant", "category", "channel", "country")


def clean(value: str | None) -> str:
    """Return a value as it is compared, "" for none: letter case and outer blanks do not count.

    >>> clean(" Shop ")
    'shop'
    """
    return (value or "").strip().casefold()
