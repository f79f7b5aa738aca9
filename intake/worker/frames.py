"""Questions and answers between a process and its child: frames on the two pipes of the child.

A frame is eight bytes of length, then that many bytes.
"""

from __future__ import annotations

import fcntl
import os
import resource
import select
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

_CHUNK = 1 << 20
_LENGTH = struct.Struct(">Q")


def start_child(module: str) -> subprocess.Popen[bytes]:
    """A Python process that runs `module`, which answers frames with frames. Raises OSError."""
    process = subprocess.Popen(  # noqa: S603 - a module of ours
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        # Of its own, so that Ctrl-C reaches the daemon alone and it ends in good order.
        start_new_session=True,
    )
    for handle in _handles(process):
        os.set_blocking(handle, False)
        with suppress(OSError):  # above the system's limit; the default does too
            fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, _CHUNK)
    return process


def ask(process: subprocess.Popen[bytes], body: bytes, seconds: float) -> bytes:
    """One frame there, one frame back, within `seconds` (else TimeoutError).

    Raises OSError where the process is gone.
    """
    deadline = time.monotonic() + seconds
    there, back = _handles(process)
    _write(there, _LENGTH.pack(len(body)), deadline)
    _write(there, body, deadline)
    head = _read(back, _LENGTH.size, deadline)
    return _read(back, _LENGTH.unpack(head)[0], deadline)


def _handles(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    return process.stdin.fileno(), process.stdout.fileno()


def _write(handle: int, body: bytes, deadline: float) -> None:
    rest = memoryview(body)
    while rest:
        try:
            rest = rest[os.write(handle, rest[:_CHUNK]) :]
        except BlockingIOError:
            _wait_for(handle, select.POLLOUT, deadline)


def _read(handle: int, size: int, deadline: float) -> bytes:
    pieces: list[bytes] = []
    while size > 0:
        _wait_for(handle, select.POLLIN, deadline)
        piece = os.read(handle, min(size, _CHUNK))
        if not piece:
            raise ConnectionResetError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _wait_for(handle: int, event: int, deadline: float) -> None:
    # Not select(), which knows no handle above 1023.
    waiting = select.poll()
    waiting.register(handle, event)
    left = deadline - time.monotonic()
    if left <= 0 or not waiting.poll(left * 1000):
        raise TimeoutError


def end_child(process: subprocess.Popen[bytes]) -> None:
    """Kills the process and forgets what was under way."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()


def open_frames() -> tuple[IO[bytes], IO[bytes]]:
    """For the child: where questions come from and answers go to.

    Whatever a library prints goes to standard error, not between the frames.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def limit_memory(budget_bytes: int) -> None:
    """For the child: no more than `budget_bytes` beyond what is mapped now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + budget_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def read_frame(stream: IO[bytes]) -> bytes | None:
    """One frame, or None where the stream ends."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size: int = _LENGTH.unpack(head)[0]
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """One frame, at once."""
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()
