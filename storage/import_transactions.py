"""The command `import-transactions`: a CSV file into the store."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from models.interruption import INTERRUPTED
from models.options import OptionError, add_options, option, read_options
from storage.csv_rows import CsvFormat
from storage.failures import StoreUnavailable
from storage.importing import BadLines, Imported, import_file
from storage.settings import StorageSettings
from storage.store import Store


@dataclass(frozen=True)
class Options:
    """What the command can be told."""

    columns: str = option("", "columns with other names, as FIELD=COLUMN,FIELD=COLUMN")
    constants: str = option("", "fields that no column holds, as FIELD=VALUE,FIELD=VALUE, such as currency=EUR")
    delimiter: str = option(",", "what stands between two cells")
    decimal: str = option(".", "what stands before the cents")
    time_format: str | None = option(None, "how times are written, such as %%d/%%m/%%Y; ISO 8601 when left out")
    rejects: Path | None = option(None, "file for the lines that cannot be read; without it the first one stops")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `import-transactions FILE [options]`."""
    parser = argparse.ArgumentParser(
        prog="import-transactions",
        description="Store the transactions of a CSV file. Run again after an interruption, it stores none twice.",
    )
    parser.add_argument(
        "file", type=Path, help="CSV in UTF-8 with a header: id, user_id, amount, currency, timestamp …"
    )
    add_options(parser, Options)
    parsed = parser.parse_args(arguments)
    gc.set_threshold(200_000, 20, 100)  # a fifth of the time went into looking for garbage among sound rows
    console = Console(stderr=True)
    try:
        done, interrupted = asyncio.run(_import(parsed.file, read_options(parsed, Options)))
    except KeyboardInterrupt:  # twice, or before anything was read
        console.print("interrupted", style="yellow")
        return INTERRUPTED
    except (OSError, OptionError, BadLines, StoreUnavailable) as problem:
        console.print(str(problem), style="red", markup=False, highlight=False, emoji=False, soft_wrap=True)
        return 2
    print(done)
    if interrupted:
        console.print("interrupted; the same command again stores the rest, and nothing twice", style="yellow")
        return INTERRUPTED
    return 0


async def _import(file: Path, options: Options) -> tuple[Imported, bool]:
    """Return what was done, and whether Ctrl-C ended it; the piece that is being written then is written whole."""
    form = CsvFormat(
        columns=_pairs(options.columns),
        constants=_pairs(options.constants),
        delimiter=options.delimiter,
        decimal=options.decimal,
        time_format=options.time_format,
    )
    if len(form.delimiter) != 1:
        raise OptionError("--delimiter is one character")
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def interrupt() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)

    loop.add_signal_handler(signal.SIGINT, interrupt)
    store = Store(StorageSettings())
    try:
        return await import_file(store, file, form, options.rejects, stop), stop.is_set()
    finally:
        await store.close()


def _pairs(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",") if part]
    if not all(equals for _, equals, _ in pairs):
        raise OptionError(f"{text!r} is not of the form FIELD=NAME,FIELD=NAME")
    return {field.strip(): name.strip() for field, _, name in pairs}


if __name__ == "__main__":
    sys.exit(main())
