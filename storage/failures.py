"""How a database fails, told in one exception that says whether and when to try again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import exc

from models.contract import Unavailable

Reason = Literal["busy", "full", "away", "outdated"]

_RETRY_AFTER_S: dict[Reason, int] = {"busy": 1, "full": 60, "away": 5, "outdated": 60}
_BUSY = {"55P03", "57014", "40P01", "40001"}  # lock not available, statement timeout, deadlock, serialization failure
_FULL = {"53100"}  # disk full


class StoreUnavailable(Unavailable):
    """The database cannot do this now. Nothing of the call was stored.

    Attributes
    ----------
    reason: `busy` (locked, or all connections taken), `full` (no space), `away` (cannot be reached, read or written),
        `outdated` (lacks migrations).
    retry_after_s: seconds after which to try again.
    """

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        self.retry_after_s = _RETRY_AFTER_S[reason]
        super().__init__(f"the store is {reason}")


class SchemaOutdated(StoreUnavailable):
    """The database has not the tables of this code; `migrate` makes them."""

    def __init__(self) -> None:
        super().__init__("outdated")


@contextmanager
def told_as_unavailable() -> Iterator[None]:
    """Turn the failures of a database that are nobody's mistake into `StoreUnavailable`."""
    try:
        yield
    except exc.TimeoutError as error:  # no connection became free
        raise StoreUnavailable("busy") from error
    except exc.DBAPIError as error:
        reason = _reason(error)
        if reason is None:
            raise
        raise StoreUnavailable(reason) from error
    except OSError as error:
        raise StoreUnavailable("away") from error


def _reason(error: exc.DBAPIError) -> Reason | None:
    """Return why the database failed, None where our SQL is wrong."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "SQLITE_ERROR")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT")):
            return "busy"
        if name == "SQLITE_FULL":
            return "full"
        wrong = isinstance(cause, sqlite3.ProgrammingError | sqlite3.IntegrityError) or name == "SQLITE_ERROR"
        return None if wrong else "away"
    import psycopg  # not before it is needed: who stores in an SQLite file never loads it

    if isinstance(cause, psycopg.Error):
        if cause.sqlstate in _BUSY:
            return "busy"
        if cause.sqlstate in _FULL:
            return "full"
        return "away" if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) else None
    return None
