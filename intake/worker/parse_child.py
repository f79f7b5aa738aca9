"""The process in which mails are parsed: what hangs or explodes here takes nobody along.

Frames in: first the pickled Limits, then raw mails. Out: one letter and a body for each mail.
"""

from __future__ import annotations

import math
import pickle
import signal

from intake.errors import BudgetExceeded
from intake.mail.parse import parse_mail
from intake.settings.schema import Limits
from intake.worker.frames import limit_memory, open_frames, read_frame, write_frame

PARSED, OVER_BUDGET, OUT_OF_MEMORY, FAILED = b"p", b"b", b"m", b"f"
_GRACE_SECONDS = 5
# A first mail, so that lazy parts (the language model) are loaded before the budget counts.
_WARM = b"Subject: warm\n\nThe quick brown fox jumps over the lazy dog and runs away.\n"


def main() -> None:
    """Answers mails until standard input ends."""
    questions, answers = open_frames()
    first = read_frame(questions)
    if first is None:
        return
    limits: Limits = pickle.loads(first)  # noqa: S301 - written by our own parent
    parse_mail(_WARM, limits)
    limit_memory(limits.parse_memory_bytes)
    write_frame(answers, b"ready")
    patience = math.ceil(limits.parse_seconds) + _GRACE_SECONDS
    while (raw := read_frame(questions)) is not None:
        # Where the parent died and cannot end us, the kernel does (SIGALRM's default).
        signal.alarm(patience)
        answer = _answer(raw, limits)
        signal.alarm(0)
        write_frame(answers, answer)


def _answer(raw: bytes, limits: Limits) -> bytes:
    try:
        return PARSED + pickle.dumps(parse_mail(raw, limits), pickle.HIGHEST_PROTOCOL)
    except BudgetExceeded as error:
        return OVER_BUDGET + str(error).encode()
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        return FAILED + f"{type(error).__name__}: {error}".encode("utf-8", "replace")


if __name__ == "__main__":
    main()
