"""`intake run`: the daemon. Polls, decides, answers and serves HTTP until SIGTERM or Ctrl-C."""

from __future__ import annotations

from datetime import UTC, datetime

from intake.cli.options import desk_of, parser_of
from intake.review.serving import serving
from intake.worker.daemon import run


def main(arguments: list[str]) -> int:
    """Returns after a clean shutdown; 4 where another daemon is at work."""
    parser = parser_of("run", __doc__ or "")
    parser.add_argument("--wait", action="store_true", help="take turns with another daemon")
    options = parser.parse_intermixed_args(arguments)
    desk = desk_of(options)
    try:
        run(
            desk.settings,
            desk.rules,
            desk.database,
            desk.blobs,
            wait=options.wait,
            beside=serving(desk, lambda: datetime.now(UTC)),
        )
    finally:
        desk.close()
    return 0
