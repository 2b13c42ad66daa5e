"""Write the OpenAPI document of the service to the file named, or to standard output; no server, no trained model."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import service
from serving.openapi import document
from serving.routes import operations


def exported() -> str:
    """Return the document as it is committed: keys sorted, so that a difference is a difference of meaning."""
    return json.dumps(document(operations(service.gateway)), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(exported(), encoding="utf-8")
    else:
        sys.stdout.write(exported())
