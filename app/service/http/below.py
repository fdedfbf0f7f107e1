"""An application below a path of a proxy, whether that takes the path away before it asks or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Below:
    """Shows an application below a path.

    Parameters
    ----------
    root
        Such as ``/surplan``; without a slash at its end.
    """

    def __init__(self, app: ASGIApp, root: str) -> None:
        self.app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the path as it is seen before the proxy."""
        if scope["type"] == "http":
            path = scope["path"]
            whole = path if path == self._root or path.startswith(f"{self._root}/") else self._root + path
            scope = {**scope, "root_path": self._root, "path": whole}
        await self.app(scope, receive, send)
