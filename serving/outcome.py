"""What a route that asks no model gives back: its answer, or the error in its place."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import bentoml
from starlette.responses import Response

from serving.errors import ApiError
from serving.request_context import current, pseudonym
from serving.settings import settings

AnswerT = TypeVar("AnswerT")


async def outcome(work: Awaitable[AnswerT], context: bentoml.Context, user_id: str | None = None) -> AnswerT | Response:
    """Return what `work` gives, or the error that it raises; the access line names the user under a keyed hash."""
    info = current()
    if info is not None and user_id is not None:
        info.user = pseudonym(user_id, settings().hash_key.get_secret_value())
    try:
        return await work
    except ApiError as error:
        context.response.status_code = error.status  # BentoML puts the context's status over the response's
        return error.response()
