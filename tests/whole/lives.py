"""Lives of the daemon, each ended by kill -9 at a named step or at a moment.

Run as `python -m tests.whole.lives CONFIG SET...`: it imports everything once, then forks a
daemon for each line of JSON on standard input and answers with how that one ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from intake.settings.load import load_configuration
from intake.worker.daemon import run
from intake.worker.opening import open_desk


def killer(step: str, nth: int) -> Callable[[str], None]:
    """An observer of steps that ends this process at the `nth` time of `step`."""
    seen = 0
    lock = threading.Lock()

    def observe(name: str) -> None:
        nonlocal seen
        if name != step:
            return
        with lock:
            seen += 1
            if seen == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    return observe


def live(config: Path, overrides: list[str], order: dict[str, object]) -> None:
    """One life of the daemon; returns only when told to stop by SIGTERM."""
    desk = open_desk(load_configuration(config, overrides, {}))
    step = killer(str(order.get("step", "")), int(str(order.get("nth", 1))))
    run(desk.settings, desk.rules, desk.database, desk.blobs, wait=True, step=step)
    desk.close()


def end_of(pid: int, seconds: float) -> str:
    """How the child ended; after `seconds` it is killed from outside."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return "killed" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "killed from outside"


def main() -> None:
    """Reads orders until standard input ends."""
    config, overrides = Path(sys.argv[1]), sys.argv[2:]
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            # Its log must not be taken for our answers.
            os.dup2(2, 1)
            sys.stdin.close()
            try:
                live(config, overrides, order)
            finally:
                os._exit(0)
        print(end_of(pid, float(order.get("seconds", 5))), flush=True)


if __name__ == "__main__":
    main()
