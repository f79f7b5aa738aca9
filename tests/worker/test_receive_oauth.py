"""Tokens instead of passwords: a token endpoint, and a Dovecot that asks it whose token it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from intake.settings.schema import Mailbox, OAuth
from intake.settings.section import SecretSource
from intake.store.database import Database
from tests.servers.account import letter
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.tokens import TokenServer, running_tokens
from tests.worker.desk import Desk

USER = "desk@exchange.example"
_PASSDB = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf
}}
"""
_ASK = """
tokeninfo_url = http://127.0.0.1:{port}/whose?access_token=
username_attribute = email
active_attribute = active
active_value = true
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dovecot, TokenServer]]:
    base = tmp_path_factory.mktemp("oauth")
    with running_tokens(TokenServer(user=USER)) as tokens:
        (base / "oauth2.conf").write_text(_ASK.format(port=tokens.port))
        mechanisms = "plain login xoauth2 oauthbearer"
        with running_dovecot(
            base, mechanisms=mechanisms, extra=_PASSDB.format(base=base)
        ) as server:
            server.set_password("s3cret", USER)
            yield server, tokens


@pytest.fixture
def tokens(servers: tuple[Dovecot, TokenServer]) -> TokenServer:
    fresh = servers[1]
    fresh.refresh_token, fresh.rotate, fresh.lifetime, fresh.answer = "refresh-0", False, 3600, None
    fresh.valid.clear()
    fresh.forms.clear()
    return fresh


@pytest.fixture
def desk(
    servers: tuple[Dovecot, TokenServer], tokens: TokenServer, sqlite: Database, tmp_path: Path
) -> Callable[[Literal["xoauth2", "oauthbearer"]], Desk]:
    def make(auth: Literal["xoauth2", "oauthbearer"] = "xoauth2") -> Desk:
        file = tmp_path / "refresh"
        file.write_text("refresh-0\n")
        mailbox = Mailbox(
            host="localhost",
            port=servers[0].tls_port,
            ca_file=str(servers[0].ca_file),
            username=USER,
            auth=auth,
            oauth=OAuth(
                token_url=tokens.url,
                client_id=f"intake {tmp_path.name}",
                refresh_token=SecretSource(file=str(file)),
            ),
        )
        servers[0].deliver([letter(tmp_path.name)], user=USER)
        return Desk(mailbox, sqlite, tmp_path)

    return make


MakeDesk = Callable[..., Desk]


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_mails_are_received_with_a_token(
    desk: MakeDesk, tokens: TokenServer, auth: str, tmp_path: Path
) -> None:
    poor = desk(auth)
    result = poor.poll()
    assert result.error is None
    assert letter(tmp_path.name) in poor.mails()
    assert poor.health().token_expires_at is not None
    poor.poll()
    assert len(tokens.forms) == 1
    poor.wait(hours=1)
    assert poor.poll().error is None
    assert len(tokens.forms) == 2
    expires = poor.health().token_expires_at
    assert expires is not None
    assert timedelta(minutes=59) < expires - poor.now() <= timedelta(hours=1)


def test_renewed_refresh_tokens_are_kept_and_used(desk: MakeDesk, tokens: TokenServer) -> None:
    tokens.rotate = True
    poor = desk()
    for _ in range(3):
        assert poor.poll().error is None
        poor.wait(hours=2)
    used = [form["refresh_token"] for form in tokens.forms]
    assert used == ["refresh-0", "refresh-1", "refresh-2"]


def test_a_new_configured_refresh_token_counts_at_once(
    desk: MakeDesk, tokens: TokenServer, tmp_path: Path
) -> None:
    tokens.rotate = True
    poor = desk()
    poor.poll()
    tokens.refresh_token = "given-again"
    poor.wait(hours=2)
    assert poor.poll().error_kind == "login-refused"
    (tmp_path / "refresh").write_text("given-again")
    poor.wait(hours=2)
    assert poor.poll().error is None


def test_a_token_withdrawn_before_its_time(desk: MakeDesk, tokens: TokenServer) -> None:
    poor = desk()
    poor.poll()
    tokens.valid.clear()
    assert poor.poll().error is None
    assert len(tokens.forms) == 2


def test_a_withdrawn_consent(desk: MakeDesk, tokens: TokenServer) -> None:
    tokens.refresh_token = "another"
    poor = desk()
    result = poor.poll()
    assert result.error_kind == "login-refused"
    assert "Token was revoked" in (result.error or "")
    assert "Give Intake access again" in (poor.health().last_error or "")
    assert poor.poll().skipped is not None
    assert len(tokens.forms) == 1


def test_a_token_server_that_is_away(desk: MakeDesk, tokens: TokenServer) -> None:
    tokens.answer = (503, b"")
    poor = desk()
    assert poor.poll().error_kind == "unreachable"
    tokens.answer = None
    assert poor.poll().error is None
