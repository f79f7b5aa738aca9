"""Who holds a lease: a name that tells a dead process of this machine from a living one."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path


def new_owner() -> str:
    """A name for one piece of work in this process, "host:boot:pid:start:random"."""
    pid = os.getpid()
    return f"{_machine()}:{pid}:{_start(pid)}:{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether the process behind `owner` is surely gone; False where we cannot know.

    Only processes of this machine (and, in containers, of this process namespace) can be seen.
    """
    return _life(owner) is False


def is_alive(owner: str) -> bool:
    """Whether the process behind `owner` is surely at work; False where we cannot know."""
    return _life(owner) is True


def _life(owner: str) -> bool | None:
    parts = owner.split(":")
    if len(parts) != 5 or not parts[2].isdigit():
        return None
    host, boot = _machine().split(":")
    if parts[0] != host:
        return None
    if parts[1] != boot:
        # Another boot of this machine: whatever ran then does not run now.
        return False
    start = _start(int(parts[2]))
    return None if start == "unknown" else start == parts[3]


def _machine() -> str:
    host = socket.gethostname().replace(":", "-")
    boot = "unknown"
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
    with suppress(OSError):
        host += "/" + Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    return f"{host}:{boot}"


def _start(pid: int) -> str:
    """When the process began, in the kernel's ticks; pids are used again, this pair is not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return "gone"
        return _start_without_proc(pid)
    except OSError:
        return "unknown"
    state, *fields = stat[stat.rindex(")") + 2 :].split()
    # Dead, and only waiting for its parent to notice.
    return "gone" if state in "ZX" else fields[18]


def _start_without_proc(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return "gone"
    except OSError:
        return "unknown"
    return "unknown"
