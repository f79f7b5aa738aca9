"""Mailbox -> ticket -> one acknowledgement, on a real Dovecot and a real SMTP server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generate import generate
from tests.servers.account import Account
from tests.servers.smtp_sink import running_sink
from tests.whole.desk import daemon, overrides, wait_until_quiet
from tests.whole.outcome import exported, problems

MAILS = 1000


@pytest.mark.parametrize("security", ["plain", "tls"])
def test_a_thousand_mails_are_received_recorded_and_acknowledged(
    account: Account, database_url: str, tmp_path: Path, security: str
) -> None:
    samples = list(generate(MAILS, seed=11))
    account.deliver_all(sample.raw for sample in samples)
    with running_sink() as sink:
        settings = overrides(tmp_path, database_url, account, sink)
        if security == "tls":
            settings += [
                "mailboxes.support.security=tls",
                "mailboxes.support.host=localhost",
                f"mailboxes.support.port={account.server.tls_port}",
                f"mailboxes.support.ca_file={account.server.ca_file}",
            ]
        with daemon(settings) as desk:
            wait_until_quiet(desk, MAILS, seconds=300)
            first = exported(desk.database)
        assert problems(samples, first, sink.raws) == []
        sent = len(sink.raws)

        account.bump_uidvalidity()
        with account.client() as client:
            client.select_folder("INBOX")
            client.add_flags(client.search()[:300], [b"\\Seen", b"\\Flagged"])
        # What came in a week of outage, opened by staff in the meantime.
        late = list(generate(30, seed=12))
        account.deliver(*(sample.raw for sample in late), seen=True)
        with daemon(settings) as desk:
            wait_until_quiet(desk, MAILS + len(late), seconds=300)
            second = exported(desk.database)
        assert problems([*samples, *late], second, sink.raws) == []
        assert len(sink.raws) - sent == sum(sample.kind == "new" for sample in late)
