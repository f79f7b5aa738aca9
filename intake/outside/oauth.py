"""Access tokens from a refresh token (RFC 6749 6), kept until shortly before they expire."""

from __future__ import annotations

import ipaddress
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

from intake.errors import LoginRefused, MailboxThrottled, MailboxUnreachable
from intake.outside.credentials import Secret, resolve_secret
from intake.settings.schema import OAuth

_EARLY = timedelta(seconds=90)
_ANSWER_BYTES = 1_000_000
_DEFAULT_SECONDS = 300
_TOKEN = re.compile(r"[\x21-\x7e]+")  # RFC 6749 A.12
# RFC 6749 5.2: the operator must act; asking again changes nothing.
_FINAL = frozenset(
    ("invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "invalid_request")
)


@dataclass(frozen=True, slots=True)
class Renewed:
    """An answer of the token endpoint; `refresh_token` where it gave a new one."""

    access: Secret
    refresh_token: str | None = field(default=None, repr=False)


class AccessTokens:
    """The access tokens of this process, one a mailbox. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, Secret]] = {}

    def token(
        self,
        mailbox: str,
        oauth: OAuth,
        refresh_token: str,
        *,
        now: datetime,
        timeout_seconds: float,
        keep: Callable[[str], None],
    ) -> Secret:
        """A token with life in it, from memory or from the server.

        `keep` is called with a new refresh token before the access token is used. Raises
        LoginRefused, MailboxThrottled, MailboxUnreachable, SecretUnavailable.
        """
        origin = f"{oauth.token_url}\n{oauth.client_id}\n{oauth.scope}\n{refresh_token}"
        with self._lock:
            known = self._kept.get(mailbox)
        if known and known[0] == origin and _alive(known[1], now):
            return known[1]
        renewed = renew(oauth, refresh_token, now=now, timeout_seconds=timeout_seconds)
        if renewed.refresh_token and renewed.refresh_token != refresh_token:
            keep(renewed.refresh_token)
            origin = origin.removesuffix(refresh_token) + renewed.refresh_token
        with self._lock:
            self._kept[mailbox] = (origin, renewed.access)
        return renewed.access

    def forget(self, mailbox: str) -> bool:
        """Drops a token that the IMAP server did not take; whether there was one."""
        with self._lock:
            return self._kept.pop(mailbox, None) is not None


def renew(oauth: OAuth, refresh_token: str, *, now: datetime, timeout_seconds: float) -> Renewed:
    """Asks the token endpoint. Raises as `AccessTokens.token`."""
    _check_url(oauth.token_url)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": oauth.client_id,
    }
    if oauth.client_secret is not None:
        form["client_secret"] = resolve_secret(oauth.client_secret)
    if oauth.scope:
        form["scope"] = oauth.scope
    answer = _post(oauth.token_url, form, timeout_seconds)
    access = answer.get("access_token")
    if not isinstance(access, str) or not _TOKEN.fullmatch(access):
        raise MailboxUnreachable("The token server's answer holds no access token.")
    renewed = answer.get("refresh_token")
    return Renewed(
        Secret(access, now + timedelta(seconds=_lifetime(answer.get("expires_in")))),
        renewed if isinstance(renewed, str) and renewed else None,
    )


def _alive(token: Secret, now: datetime) -> bool:
    return token.expires_at is not None and now + _EARLY < token.expires_at


def _lifetime(stated: object) -> float:
    # RFC 6749 5.1: a number of seconds; some servers send it as a string.
    try:
        return min(max(float(str(stated)), 0.0), 10 * 86400.0)
    except ValueError:
        return _DEFAULT_SECONDS


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A refresh token goes to the configured address and to no other."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def _check_url(url: str) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise MailboxUnreachable(
        "oauth.token_url must begin with https://: it is sent a secret.",
        advice="Take the token address from your provider's documentation.",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _post(url: str, form: Mapping[str, str], timeout_seconds: float) -> dict[str, Any]:
    body = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        url, data=body, headers={"Accept": "application/json"}
    )
    try:
        opener = urllib.request.build_opener(_NoRedirect)
        with opener.open(request, timeout=timeout_seconds) as answer:
            return _parsed(answer.read(_ANSWER_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error) from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise MailboxUnreachable(
            f"The token server cannot be reached: {reason}",
            advice="Check oauth.token_url and the network.",
        ) from error


def _refused(error: urllib.error.HTTPError) -> Exception:
    if error.code == 429:
        return MailboxThrottled("The token server asks for fewer requests.")
    if error.code >= 500 or error.code < 400:
        return MailboxUnreachable(f"The token server answered with status {error.code}.")
    try:
        answer = _parsed(error.read(_ANSWER_BYTES))
    except (MailboxUnreachable, OSError, HTTPException):
        answer = {}
    code = str(answer.get("error", ""))[:60]
    words = " ".join(str(answer.get("error_description", "")).split())[:300]
    if error.code in (400, 401, 403) and (code in _FINAL or not code):
        return LoginRefused(
            f"The token server refused the refresh token: {code or error.code} {words}".rstrip(),
            advice="Give Intake access again and store the new refresh token.",
        )
    return MailboxUnreachable(f"The token server answered {error.code} {code} {words}".rstrip())


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MailboxUnreachable("The token server's answer is not JSON.") from error
    if not isinstance(answer, dict):
        raise MailboxUnreachable("The token server's answer is not a JSON object.")
    return answer
