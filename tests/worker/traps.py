"""Mails that do something terrible to the process that reads them."""

from __future__ import annotations

from pathlib import Path

# Stands in front of the real parser in the child: mails with these subjects do what they say.
TRAPS = """
import os, signal, time
from intake.mail import parse
_real = parse.parse_mail
_held = []
def parse_mail(raw, limits):
    if b"Subject: hang" in raw:
        while True: pass
    if b"Subject: sleep" in raw:
        time.sleep(600)
    if b"Subject: die" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"Subject: explode" in raw:
        return [bytearray(50_000_000) for _ in range(1000)]
    if b"Subject: litter" in raw:
        _held.append(bytearray(150_000_000))
    if b"Subject: thirsty" in raw:
        bytearray(150_000_000)
    if b"Subject: raise" in raw:
        raise KeyError("what the mail said")
    if b"Subject: chatter" in raw:
        print("a library talks", flush=True)
    return _real(raw, limits)
parse.parse_mail = parse_mail
"""


def set_traps(folder: Path) -> str:
    """Puts them where every child that is started with this PYTHONPATH finds them."""
    (folder / "sitecustomize.py").write_text(TRAPS)
    return str(folder)
