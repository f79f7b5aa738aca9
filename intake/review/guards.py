"""What holds for every request: bounded bodies, safe headers, one line of log without a person."""

from __future__ import annotations

import time
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake.review.problems import FAILED, answer

MOST_BODY_BYTES = 1_000_000

log = structlog.get_logger("http")


class Guards:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or something else that is passed on as it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        left = MOST_BODY_BYTES
        status = 0

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0 or _declared(scope) > MOST_BODY_BYTES:
                raise HTTPException(413, f"More than {MOST_BODY_BYTES:,} bytes.")
            return message

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = "no-store"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await self._app(scope, bounded, marked)
        except Exception:
            # Not passed on: the server would log it with all that it quotes.
            log.exception("a request failed", **_about(scope))
            if not status:
                await answer(FAILED)(scope, receive, marked)
        finally:
            taken = round((time.monotonic() - began) * 1000)
            log.info("request", status=status, milliseconds=taken, **_about(scope))


def _declared(scope: Scope) -> int:
    value = Headers(scope=scope).get("content-length", "0")
    return int(value) if value.isdecimal() else 0


def _about(scope: Scope) -> dict[str, Any]:
    # The route, not the path: addresses and ids stand in paths and queries.
    return {
        "method": scope["method"],
        "route": getattr(scope.get("route"), "path_format", "?"),
        "token": getattr(scope.get("state", {}).get("token"), "name", ""),
    }
