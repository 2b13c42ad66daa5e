"""A file of users of one's own."""

from __future__ import annotations

from pathlib import Path

from models.spending.months import month_name
from tests.models.spending.histories import START, seasonal


def users_csv(file: Path, users: int, months: int) -> Path:
    """Write so many users with so many months each."""
    lines = ["user_id,month,amount"]
    for user in range(users):
        amounts = seasonal(months, level=100.0 + 30 * user, noise=0.05 + 0.01 * (user % 20), seed=user)
        for at, amount in enumerate(amounts):
            lines.append(f"user-{user},{month_name(START - months + at)},{max(amount, 0):.2f}")
    file.write_text("\n".join(lines) + "\n")
    return file
