"""Files of data that users bring."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path


class DataError(ValueError):
    """A file of data is not as it should be; the message names file and line."""


def read_text(file: Path) -> str:
    """Return the text of a UTF-8 file, unpacked where its name ends in `.gz`, without byte-order marks.

    Raises
    ------
    DataError: naming the file, and the line that is not UTF-8.
    """
    try:
        raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        return raw.decode("utf-8").replace("\ufeff", "")
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(f"{file}, line {line}: not UTF-8") from error
