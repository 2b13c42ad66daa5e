"""Write the OpenAPI document of the service to the file named, or to standard output.

Takes neither a server nor a trained model: it looks at no model store, so that the document is the code's. The fields
of a credit application are those of the default model, or of the specification that `ML_CREDIT_FEATURES` names.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path


def exported() -> str:
    """Return the document as it is committed: keys sorted, so that a difference is a difference of meaning."""
    with tempfile.TemporaryDirectory() as empty:
        os.environ["BENTOML_HOME"] = empty
        import service
        from serving.openapi import document
        from serving.routes import operations

        return json.dumps(document(operations(service.gateway)), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(exported(), encoding="utf-8")
    else:
        sys.stdout.write(exported())
