from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from intake.errors import IntakeError, LoginRefused, MailboxThrottled, MailboxUnreachable
from intake.outside.oauth import AccessTokens, renew
from intake.settings.schema import OAuth
from intake.settings.section import SecretSource
from tests.servers.tokens import TokenServer, running_tokens

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with running_tokens(TokenServer()) as running:
        yield running


@pytest.fixture
def oauth(server: TokenServer, monkeypatch: pytest.MonkeyPatch) -> OAuth:
    monkeypatch.setenv("CLIENT_SECRET", "hush")
    return OAuth(
        token_url=server.url,
        client_id="intake",
        client_secret=SecretSource(env="CLIENT_SECRET"),
        refresh_token=SecretSource(env="UNUSED"),
        scope="imap offline",
    )


def ask(tokens: AccessTokens, oauth: OAuth, refresh: str, now: datetime, kept: list[str]) -> str:
    return tokens.token("desk", oauth, refresh, now=now, timeout_seconds=5, keep=kept.append).value


def test_a_refresh_token_becomes_an_access_token(server: TokenServer, oauth: OAuth) -> None:
    renewed = renew(oauth, "refresh-0", now=NOW, timeout_seconds=5)
    assert renewed.access.value == "access-1"
    assert renewed.access.expires_at == NOW + timedelta(hours=1)
    assert server.forms == [
        {
            "grant_type": "refresh_token",
            "refresh_token": "refresh-0",
            "client_id": "intake",
            "client_secret": "hush",
            "scope": "imap offline",
        }
    ]


def test_a_token_is_used_until_shortly_before_its_end(server: TokenServer, oauth: OAuth) -> None:
    tokens = AccessTokens()
    assert ask(tokens, oauth, "refresh-0", NOW, []) == "access-1"
    assert ask(tokens, oauth, "refresh-0", NOW + timedelta(minutes=58), []) == "access-1"
    assert ask(tokens, oauth, "refresh-0", NOW + timedelta(minutes=59), []) == "access-2"


def test_a_new_refresh_token_is_handed_on_before_use(server: TokenServer, oauth: OAuth) -> None:
    server.rotate = True
    tokens, kept = AccessTokens(), list[str]()
    ask(tokens, oauth, "refresh-0", NOW, kept)
    assert kept == ["refresh-1"]
    # The caller comes back with the stored one: still the same access token.
    assert ask(tokens, oauth, "refresh-1", NOW, kept) == "access-1"
    assert ask(tokens, oauth, "refresh-1", NOW + timedelta(hours=2), kept) == "access-2"
    assert kept == ["refresh-1", "refresh-2"]


def test_a_new_refresh_token_that_cannot_be_kept_is_not_used(
    server: TokenServer, oauth: OAuth
) -> None:
    server.rotate = True

    def full(_token: str) -> None:
        raise OSError

    tokens = AccessTokens()
    with pytest.raises(OSError):
        tokens.token("desk", oauth, "refresh-0", now=NOW, timeout_seconds=5, keep=full)
    assert not tokens.forget("desk")


def test_another_configured_token_is_not_answered_from_memory(
    server: TokenServer, oauth: OAuth
) -> None:
    tokens = AccessTokens()
    ask(tokens, oauth, "refresh-0", NOW, [])
    with pytest.raises(LoginRefused):
        ask(tokens, oauth, "mistyped", NOW, [])


@pytest.mark.parametrize("lifetime", ["3600", None, "soon", -5, 1e30])
def test_lifetimes_that_servers_state(server: TokenServer, oauth: OAuth, lifetime: object) -> None:
    server.lifetime = lifetime
    expires = renew(oauth, "refresh-0", now=NOW, timeout_seconds=5).access.expires_at
    assert expires is not None
    assert NOW <= expires <= NOW + timedelta(days=10)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, b'{"error": "invalid_grant"}'), LoginRefused),
        ((401, b'{"error": "invalid_client"}'), LoginRefused),
        ((401, b"<html>"), LoginRefused),
        ((400, b'{"error": "temporarily_unavailable"}'), MailboxUnreachable),
        ((429, b""), MailboxThrottled),
        ((503, b""), MailboxUnreachable),
        ((302, b""), MailboxUnreachable),
        ((200, b"<html>welcome</html>"), MailboxUnreachable),
        ((200, b"[]"), MailboxUnreachable),
        ((200, b"{}"), MailboxUnreachable),
        ((200, b'{"access_token": "a\\u0001b"}'), MailboxUnreachable),
        ((200, b"[" * 100_000), MailboxUnreachable),
    ],
)
def test_what_goes_wrong(
    server: TokenServer, oauth: OAuth, answer: tuple[int, bytes], error: type[IntakeError]
) -> None:
    server.answer = answer
    with pytest.raises(error) as caught:
        renew(oauth, "refresh-0", now=NOW, timeout_seconds=5)
    assert "refresh-0" not in str(caught.value)
    assert "hush" not in str(caught.value)


def test_nobody_there(oauth: OAuth) -> None:
    away = oauth.model_copy(update={"token_url": "http://127.0.0.1:1/token"})
    with pytest.raises(MailboxUnreachable, match="cannot be reached"):
        renew(away, "refresh-0", now=NOW, timeout_seconds=1)


@pytest.mark.parametrize("url", ["http://exchange.example/token", "file:///etc/passwd", "token"])
def test_a_secret_goes_out_only_over_tls(oauth: OAuth, url: str) -> None:
    with pytest.raises(MailboxUnreachable, match="https"):
        renew(oauth.model_copy(update={"token_url": url}), "r", now=NOW, timeout_seconds=1)
