"""Whose token a request brings (RFC 6750), and whether it may do what it asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.concurrency import run_in_threadpool

from intake.errors import IntakeError
from intake.review.problems import Problem
from intake.review.room import Room, room_of
from intake.store.tokens import ApiToken, find_token, note_use, wants_note

# Only for the description of the API: TokenRoute has looked at the token before.
_BEARER = HTTPBearer(auto_error=False, description="A token of `intake api-token create`.")
_REALM = 'Bearer realm="intake"'
_PATCH = "application/merge-patch+json"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

log = structlog.get_logger("http")


class TokenRoute(APIRoute):
    """A route that reads nothing of a body before it knows who sends it, and takes JSON alone."""

    def get_route_handler(self) -> Handler:
        """The handler, behind the token."""
        handle = super().get_route_handler()

        async def behind_the_token(request: Request) -> Response:
            room, now = room_of(request), room_of(request).now()
            token = await run_in_threadpool(_authenticate, request, room, now)
            request.state.token = token
            if wants_note(token, now):
                # Beside the answer: it may have to wait for whoever writes just now.
                asyncio.get_running_loop().run_in_executor(None, _note_use, room, token, now)
            _check_type(request)
            return await handle(request)

        return behind_the_token


def _authenticate(request: Request, room: Room, now: datetime) -> ApiToken:
    """The token of a request. Raises Problem: 401, or 429 after too many wrong ones."""
    scheme, value = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not value:
        # RFC 6750 3.1: who brings nothing is told no error.
        asks = {"WWW-Authenticate": _REALM}
        raise Problem(401, "A token is needed: Authorization: Bearer …", headers=asks)
    with room.desk.database.read() as connection:
        token = find_token(connection, value, now)
    if token is not None:
        return token
    client = request.client.host if request.client else ""
    wait = room.throttle.wait_seconds(client, now)
    if wait:
        later = {"Retry-After": str(wait)}
        raise Problem(429, "Too many wrong tokens came from this address.", headers=later)
    room.throttle.note_failure(client, now)
    asks = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
    raise Problem(401, "This token is not known, or it is over.", headers=asks)


def _note_use(room: Room, token: ApiToken, now: datetime) -> None:
    try:
        with room.desk.database.write() as connection:
            note_use(connection, token.name, now)
    except IntakeError as error:
        log.warning("the use of a token is not noted", token=token.name, reason=str(error))


def _check_type(request: Request) -> None:
    """Raises Problem 415 where a body is not JSON, or for PATCH no merge patch (RFC 7396)."""
    wanted = {"PUT": ("application/json",), "PATCH": (_PATCH, "application/json")}
    types = wanted.get(request.method, ())
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if types and given not in types:
        # RFC 5789 2.2: what would be taken.
        header = "Accept-Patch" if request.method == "PATCH" else "Accept"
        raise Problem(415, f"Content-Type is to be {types[0]}.", headers={header: types[0]})


def token_of(request: Request, _shown: Annotated[object, Depends(_BEARER)]) -> ApiToken:
    """The token that the route let in."""
    token: ApiToken = request.state.token
    return token


Bearer = Annotated[ApiToken, Depends(token_of)]


class _Needs:
    def __init__(self, scope: str) -> None:
        self._scope = scope

    def __call__(self, token: Bearer) -> ApiToken:
        if self._scope not in token.scopes:
            asks = f'{_REALM}, error="insufficient_scope", scope="{self._scope}"'
            raise Problem(
                403,
                f"The token {token.name} may not do this: it lacks {self._scope}.",
                headers={"WWW-Authenticate": asks},
            )
        return token


CustomerReader = Annotated[ApiToken, Depends(_Needs("customers:read"))]
CustomerWriter = Annotated[ApiToken, Depends(_Needs("customers:write"))]
