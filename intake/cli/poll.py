"""`intake poll --once`: polls the mailboxes now, decides what came and sends what is due."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from intake.cli.options import desk_of, parser_of
from intake.cli.output import console, print_json, table
from intake.errors import ConfigError
from intake.worker.once import look_at_all, work_off
from intake.worker.poll import PollResult
from intake.worker.receive import poll_mailbox

_COLUMNS = ("mailbox", "new", "known", "too large", "missing", "bytes", "seconds", "")


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: list[str]) -> int:
    """Prints what each poll did; 1 where a mailbox could not be polled."""
    parser = parser_of("poll", __doc__ or "", formats=("text", "json"))
    parser.add_argument("mailbox", nargs="*", metavar="MAILBOX", help="these only")
    parser.add_argument("--once", action="store_true", help="once, then stop")
    parser.add_argument("--receive-only", action="store_true", help="only fetch and keep")
    options = parser.parse_intermixed_args(arguments)
    if not options.once:
        parser.error("say --once; `intake run` polls on its schedule")
    desk = desk_of(options)
    try:
        enabled = [name for name, box in desk.settings.mailboxes.items() if box.enabled]
        for name in options.mailbox:
            if name not in enabled:
                raise ConfigError(f"there is no enabled mailbox {name}; known: {enabled}")
        results = [
            poll_mailbox(name, desk.settings, desk.database, desk.blobs, now=_now, force=True)
            for name in options.mailbox or enabled
        ]
        processed, sent = (0, 0) if options.receive_only else work_off(desk, now=_now)
        looked = 0 if options.receive_only else look_at_all(desk, now=_now)
    finally:
        desk.close()
    if options.format == "json":
        polls = [asdict(result) for result in results]
        print_json({"mailboxes": polls, "processed": processed, "sent": sent, "looked_at": looked})
    else:
        console().print(table(_COLUMNS, [_row(result) for result in results]))
        print(f"{processed} mails decided, {sent} sent, {looked} files looked at.")
    return 1 if any(result.error for result in results) else 0


def _row(result: PollResult) -> tuple[object, ...]:
    return (
        result.mailbox,
        result.new,
        result.known,
        result.too_large,
        result.missing,
        f"{result.size_bytes:,}",
        f"{result.seconds:.1f}",
        result.error or result.skipped or "; ".join(result.notices),
    )
