"""Forecasts of many users: on every core, into a Parquet file that is written part by part."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from models.interruption import starting_children
from models.spending import worker
from models.spending.contract import SpendingHistory, SpendingPrediction
from models.store import StoredModel

COLUMNS = pa.schema(
    [
        ("user_id", pa.string()),
        ("currency", pa.string()),
        ("month", pa.string()),
        ("amount", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("trend", pa.string()),
        ("method", pa.string()),
        ("history_months", pa.int32()),
        ("model_version", pa.string()),
    ]
)
_AT_ONCE = 10
_LAST_USER = b"last_user"


class Forecasts:
    """Processes that forecast; a context, at whose end they are gone."""

    def __init__(self, model: StoredModel, processes: int) -> None:
        self._pool = ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=worker.start,
            initargs=(str(model.path), model.version),
        )

    def __enter__(self) -> Forecasts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=error is None, cancel_futures=True)

    def of(self, histories: Sequence[SpendingHistory]) -> list[SpendingPrediction]:
        """Return one prediction for each history, in their order."""
        with starting_children():
            predictions = self._pool.map(worker.forecast, histories, chunksize=_AT_ONCE)
        return list(predictions)


@dataclass(frozen=True)
class Run:
    """One run over all users, and what is done of it: parts beside the file, each whole or not there.

    Another day, model or number of months is another run, with parts of its own.
    """

    out: Path
    day: date
    months: int
    model: str

    @property
    def folder(self) -> Path:
        name = hashlib.sha256(f"{self.day} {self.months} {self.model}".encode()).hexdigest()[:12]
        return self.out.with_name(f".{self.out.name}.{name}")

    def last_user(self) -> str:
        """Return the last user that is done, in the order of ids; an empty text before the first."""
        parts = self._parts()
        return pq.read_metadata(parts[-1]).metadata[_LAST_USER].decode() if parts else ""

    def write_part(self, last_user: str, predictions: Sequence[SpendingPrediction]) -> None:
        """Write one more part, of the users up to `last_user`."""
        self.folder.mkdir(exist_ok=True)
        table = pa.Table.from_pylist(list(_rows(predictions)), schema=COLUMNS)
        unfinished = self.folder / "unfinished"
        pq.write_table(table.replace_schema_metadata({_LAST_USER: last_user}), unfinished)
        unfinished.replace(self.folder / f"{len(self._parts()):08d}.parquet")

    def merge(self) -> int:
        """Make one file of all parts, remove them, and return how many users are in it."""
        unfinished = self.out.with_name(f".{self.out.name}.unfinished")
        users = 0
        with pq.ParquetWriter(unfinished, COLUMNS) as writer:
            for part in self._parts():
                table = pq.read_table(part)
                users += len(table["user_id"].unique())
                writer.write_table(table.replace_schema_metadata(None))
        unfinished.replace(self.out)
        for file in self._parts():
            file.unlink()
        if self.folder.is_dir():
            self.folder.rmdir()
        return users

    def _parts(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))


def _rows(predictions: Sequence[SpendingPrediction]) -> Iterator[dict[str, str | float | int]]:
    for prediction in predictions:
        for month in prediction.months:
            yield {
                "user_id": prediction.user_id,
                "currency": prediction.currency,
                "month": month.month,
                "amount": month.amount,
                "lower": month.lower,
                "upper": month.upper,
                "trend": prediction.trend,
                "method": prediction.method,
                "history_months": prediction.history_months,
                "model_version": prediction.model.version,
            }
