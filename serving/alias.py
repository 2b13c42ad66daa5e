"""The unversioned paths that existing callers use."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

_OLD = "/predict/"
_NEW = "/v1/predict/"


class Alias:
    """Lets `/predict/<model>` answer as `/v1/predict/<model>` does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_OLD):
            path = _NEW + scope["path"][len(_OLD) :]
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)
