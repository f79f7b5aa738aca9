"""The named steps of a mail's way, between any two of which the process may die.

Who wants to see them (the crash tests do) hands in an observer; it is called with the name of
each step on the thread that takes it, and whatever it raises leaves that thread's work.

    after-fetch, after-blob, before-receive-commit, after-receive-commit, before-flag, after-flag,
    before-record-commit, after-record-commit, before-smtp, after-smtp-250, after-sent-commit,
    before-look-commit, after-look-commit, before-words-commit, after-words-commit
"""

from __future__ import annotations

from collections.abc import Callable

Observer = Callable[[str], None]


def unobserved(_step: str) -> None:
    """The observer that looks at nothing."""
