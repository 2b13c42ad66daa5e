"""Optional API keys: `Authorization: Bearer <key>` or `x-api-key: <key>`."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.errors import ApiError

PAGE_FILES = "/static_content/"
"""Scripts and styles of the API's page, the same for everyone."""


class ApiKey:
    """Refuses calls without one of `keys`; the `open_paths`, which orchestrators ask, need none."""

    def __init__(self, app: ASGIApp, keys: Sequence[SecretStr], open_paths: Collection[str]) -> None:
        self.app = app
        self.keys = [key.get_secret_value().encode() for key in keys]
        self.open_paths = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.keys or self._open(scope["path"]):
            return await self.app(scope, receive, send)
        if not self._known(_presented(Headers(scope=scope))):
            refusal = ApiError(401, headers={"www-authenticate": "Bearer"})
            return await refusal.response()(scope, receive, send)
        await self.app(scope, receive, send)

    def _open(self, path: str) -> bool:
        return path in self.open_paths or path.startswith(PAGE_FILES)

    def _known(self, presented: bytes) -> bool:
        # All keys are compared, each in constant time: neither which key nor how much of it matched shows.
        matches = [hmac.compare_digest(presented, key) for key in self.keys]
        return any(matches)


def _presented(headers: Headers) -> bytes:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip().encode("latin-1")
    return headers.get("x-api-key", "").strip().encode("latin-1")
