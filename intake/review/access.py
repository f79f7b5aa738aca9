"""Whose token a request brings (RFC 6750), and whether it may do what it asks for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from intake.review.problems import Problem
from intake.review.room import room_of
from intake.store.tokens import ApiToken, find_token, note_use, wants_note

_BEARER = HTTPBearer(auto_error=False, description="A token of `intake api-token create`.")
_REALM = 'Bearer realm="intake"'


def token_of(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> ApiToken:
    """The token of a request. Raises Problem: 401, or 429 after too many wrong ones."""
    room = room_of(request)
    now = room.now()
    client = request.client.host if request.client else ""
    wait = room.throttle.wait_seconds(client, now)
    if wait:
        later = {"Retry-After": str(wait)}
        raise Problem(429, "Too many wrong tokens came from this address.", headers=later)
    if credentials is None:
        # RFC 6750 3.1: who brings nothing is told no error.
        asks = {"WWW-Authenticate": _REALM}
        raise Problem(401, "A token is needed: Authorization: Bearer …", headers=asks)
    with room.desk.database.read() as connection:
        token = find_token(connection, credentials.credentials, now)
    if token is None:
        room.throttle.note_failure(client, now)
        asks = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
        raise Problem(401, "This token is not known, or it is over.", headers=asks)
    if wants_note(token, now):
        with room.desk.database.write() as connection:
            note_use(connection, token.name, now)
    request.state.token = token.name
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
