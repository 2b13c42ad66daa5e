"""What each fault cost, written down for docs/reliability.md."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "reports" / "faults"


@dataclass(frozen=True)
class Record:
    """One row of the table.

    Parameters
    ----------
    order: rows are sorted by it. fault: what happened. done: how it was done. loss: what it cost. recovery: how long.
    seen: what callers see of it.
    """

    order: int
    fault: str
    done: str
    loss: str
    recovery: str
    seen: str

    def keep(self) -> None:
        """Write the row; `make faults` makes a page of all rows."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{self.order:02}.json").write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def rows() -> list[Record]:
    """Return what was kept, in order."""
    return [Record(**json.loads(file.read_text(encoding="utf-8"))) for file in sorted(FOLDER.glob("*.json"))]
