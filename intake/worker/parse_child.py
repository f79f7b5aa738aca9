"""The process in which mails are parsed: what hangs or explodes here takes nobody along.

Frames on both pipes: eight bytes of length, then that many bytes. In: first the pickled Limits,
then raw mails. Out: one letter and a body for each mail.
"""

from __future__ import annotations

import math
import os
import pickle
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import IO

from intake.errors import BudgetExceeded
from intake.mail.parse import parse_mail
from intake.settings.schema import Limits

PARSED, OVER_BUDGET, OUT_OF_MEMORY, FAILED = b"p", b"b", b"m", b"f"
LENGTH = struct.Struct(">Q")
_GRACE_SECONDS = 5
# A first mail, so that lazy parts (the language model) are loaded before the budget counts.
_WARM = b"Subject: warm\n\nThe quick brown fox jumps over the lazy dog and runs away.\n"


def main() -> None:
    """Answers mails until standard input ends."""
    # Whatever a library prints must not get between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions = sys.stdin.buffer
    first = read_frame(questions)
    if first is None:
        return
    limits: Limits = pickle.loads(first)  # noqa: S301 - written by our own parent
    parse_mail(_WARM, limits)
    _limit_memory(limits.parse_memory_bytes)
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


def _limit_memory(budget_bytes: int) -> None:
    """`budget_bytes` beyond what is mapped now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + budget_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def read_frame(stream: IO[bytes]) -> bytes | None:
    """One frame, or None where the stream ends."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    size: int = LENGTH.unpack(head)[0]
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """One frame, at once."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


if __name__ == "__main__":
    main()
