"""The model that a runner serves, as BentoML is told of it."""

from __future__ import annotations

from typing import Any

from bentoml.exceptions import NotFound
from bentoml.models import BentoModel

from models.store import ModelMissing


class ServedModel(BentoModel):
    """A reference to the model store: BentoML packs what it names into the Bento, and wants it there at start.

    What is not there is told with the command that makes it. BentoML alone would seek it in its vendor's cloud, and
    complain of the cloud.
    """

    def to_info(self, alias: str | None = None) -> Any:
        self._require()
        return super().to_info(alias)

    def resolve(self, base_path: Any = None) -> Any:
        self._require()
        return super().resolve(base_path)

    def _require(self) -> None:
        if self.stored is None:
            raise NotFound(str(ModelMissing.of(str(self.tag))))
