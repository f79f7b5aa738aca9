"""`intake demo`: a desk of its own on loopback, with sample mails, and a live view of what
becomes of each and why. No account, no key, no network.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from intake.cli.options import begin_log, configuration_of, parser_of
from intake.demo.play import play
from intake.settings.schema import Log


def main(arguments: list[str]) -> int:
    """Runs until Ctrl-C; --once stops when every sample mail has been dealt with."""
    parser = parser_of("demo", __doc__ or "")
    parser.add_argument("--once", action="store_true", help="stop when all is dealt with")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--folder", type=Path, help="keep database and mails here")
    options = parser.parse_intermixed_args(arguments)
    begin_log(configuration_of(options), Log(level="error"))
    with tempfile.TemporaryDirectory(prefix="intake-demo-") as temporary:
        folder = options.folder or Path(temporary)
        count = play(folder, seconds=options.seconds, once=options.once, overrides=options.set)
    print(f"{count} mails dealt with.")
    return 0
