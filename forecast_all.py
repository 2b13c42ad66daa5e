"""The command `forecast-all`: the spending of every stored user ahead, into one Parquet file."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console

from models import store as model_store
from models.engine import ENGINE_HELP, ENGINES, EngineMissing
from models.interruption import INTERRUPTED
from models.options import OptionError, add_options, option, read_options
from models.progress import progress_bar
from models.spending.cluster import ClusterForecasts
from models.spending.contract import NAME, SpendingHistory, SpendingRequest
from models.spending.forecasts import Forecasts, Run
from models.spending.settings import SpendingSettings
from models.store import StoredModel
from storage.failures import StoreUnavailable
from storage.settings import StorageSettings
from storage.spending import stored_history
from storage.store import Store

_USERS_A_PART = 500
_REFUSALS = (EngineMissing, OSError, OptionError, StoreUnavailable)


@dataclass(frozen=True)
class Options:
    """What the command can be told."""

    out: Path = option(Path("forecasts.parquet"), "file to write, a row for each user and month ahead")
    months: int = option(12, "months ahead")
    as_of: str | None = option(None, "forecast from the month of this day on, such as 2026-03-14; today when left out")
    model: str = option(f"{NAME}:latest", "tag in the BentoML model store")
    engine: str = option("local", ENGINE_HELP)

    def __post_init__(self) -> None:
        if not 1 <= self.months <= 36:
            raise OptionError("--months must be 1 to 36")
        if self.engine not in ENGINES:
            raise OptionError(f"--engine must be {' or '.join(ENGINES)}")
        try:
            date.fromisoformat(self.as_of or "2026-03-14")
        except ValueError:
            raise OptionError("--as-of must be a day like 2026-03-14") from None
        if not self.out.parent.is_dir():
            raise OptionError(f"--out {self.out}: there is no folder {self.out.parent}")

    @property
    def day(self) -> date:
        return date.fromisoformat(self.as_of) if self.as_of else datetime.now(UTC).date()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `forecast-all [options]`."""
    parser = argparse.ArgumentParser(
        prog="forecast-all",
        description="Forecast the spending of every stored user. Run again after an interruption, it goes on.",
    )
    add_options(parser, Options)
    console = Console(stderr=True)
    try:
        done = asyncio.run(_forecast_all(read_options(parser.parse_args(arguments), Options)))
    except KeyboardInterrupt:
        console.print("interrupted; run the same command again to go on from here", style="yellow")
        return INTERRUPTED
    except (*_REFUSALS, model_store.ModelMissing, model_store.ModelDamaged) as problem:
        console.print(str(problem), style="red", markup=False, highlight=False, emoji=False, soft_wrap=True)
        return 2
    print(done)
    return 0


async def _forecast_all(options: Options) -> str:
    model = model_store.load(options.model)
    run = Run(options.out, options.day, options.months, model.tag)
    store = Store(StorageSettings())
    try:
        users = [user async for user in store.users(after=run.last_user())]
        parts = [users[first : first + _USERS_A_PART] for first in range(0, len(users), _USERS_A_PART)]
        with progress_bar("forecasting", len(parts)) as advance, _forecasts(options.engine, model) as forecasts:
            async for last_user, histories in _read_ahead(store, parts, options):
                run.write_part(last_user, await asyncio.to_thread(forecasts.of, histories))
                advance(f"{len(users)} users")
    finally:
        await store.close()
    return f"{run.merge()} users in {options.out}"


def _forecasts(engine: str, model: StoredModel) -> Forecasts | ClusterForecasts:
    return ClusterForecasts(model.tag) if engine == "ray" else Forecasts(model, os.cpu_count() or 1)


async def _read_ahead(
    store: Store, parts: Sequence[Sequence[str]], options: Options
) -> AsyncIterator[tuple[str, list[SpendingHistory]]]:
    """Yield each part's last user and histories; while they are forecast, the next part is read."""
    reading = [asyncio.create_task(_histories(store, part, options)) for part in parts[:1]]
    for number, part in enumerate(parts):
        histories = await reading.pop()
        reading += [asyncio.create_task(_histories(store, after, options)) for after in parts[number + 1 : number + 2]]
        yield part[-1], histories


async def _histories(store: Store, users: Sequence[str], options: Options) -> list[SpendingHistory]:
    """Return what is known of each user; one who was erased in the meantime is left out."""
    settings = SpendingSettings()
    found = []
    for user in users:
        request = SpendingRequest(user_id=user, months=options.months)
        history = await stored_history(store, request, options.day, settings)
        if history is not None:
            found.append(history)
    return found


if __name__ == "__main__":
    sys.exit(main())
