"""The command `intake`: finds the verb, turns every error into one clear sentence.

Exit codes: 0 done, 1 a problem was found or something does not exist, 2 usage or configuration,
3 database or storage cannot be used, 4 another daemon is at work, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from intake.errors import (
    ConfigError,
    DatabaseUnavailable,
    IntakeError,
    LeaseHeld,
    StorageError,
    TemplateError,
)

OK, PROBLEM, USAGE, STORE, RUNNING, INTERRUPTED = 0, 1, 2, 3, 4, 130

# verb -> (module of this room, one line of help)
VERBS = {
    "run": ("run", "run the daemon: poll, decide, answer"),
    "demo": ("demo", "watch a desk of its own at work: no account, no network"),
    "poll": ("poll", "poll the mailboxes once and deal with what is there"),
    "status": ("status", "how everything is: mailboxes, queue, outbox"),
    "queue": ("queue", "the tickets that wait for us"),
    "show": ("show", "one ticket with its mails, files and reasons"),
    "ticket": ("ticket", "merge, split and move what is in tickets, and undo it"),
    "events": ("events", "what happened, newest last"),
    "quarantine": ("quarantine", "mails that were set aside: list, show, retry, export"),
    "explain": ("explain", "what would become of mails in files, and why"),
    "unpack": ("unpack", "one mail's text, pictures and files in a folder, safe to look at"),
    "import": ("importing", "put mails from files through the whole path"),
    "export": ("export", "every ticket as a line of JSON"),
    "customers": ("customers", "the customer directory: import, export, show, find, block"),
    "api-token": ("api_token", "tokens for the HTTP API: create, list, revoke"),
    "rules": ("rules", "try the rule files: check, test on mails, dry run over stored ones"),
    "config": ("config", "check or show the configuration"),
    "doctor": ("doctor", "try every mailbox, server and file; say what is wrong"),
}
_HELP = ("-h", "--help", "help")


def main(arguments: list[str] | None = None) -> None:
    """Runs one verb and exits with its code."""
    sys.exit(run_verb(sys.argv[1:] if arguments is None else arguments))


def run_verb(words: list[str]) -> int:
    """The exit code of `words`, such as ["explain", "--format", "json", "mail.eml"]."""
    place = _find_verb(words)
    if place is None:
        return _without_verb(words)
    verb, rest = words[place], [*words[:place], *words[place + 1 :]]
    if verb not in VERBS:
        return _unknown(verb)
    command: Callable[[list[str]], int] = import_module(f"intake.cli.{VERBS[verb][0]}").main
    try:
        return command(rest)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as in `intake export | head`.
        sys.stderr.close()
        return OK
    except IntakeError as error:
        return _tell(error)


def _find_verb(words: list[str]) -> int | None:
    """The first word that is neither a switch nor the value of --set or --config."""
    skip = False
    for place, word in enumerate(words):
        if skip:
            skip = False
        elif word in ("--set", "--config"):
            skip = True
        elif not word.startswith("-") and word != "help":
            return place
    return None


def _without_verb(words: list[str]) -> int:
    if "--version" in words:
        from intake import __version__

        print(f"intake {__version__}")
        return OK
    width = max(len(verb) for verb in VERBS)
    lines = [f"  {verb:<{width}}  {text}" for verb, (_, text) in VERBS.items()]
    print(
        "usage: intake VERB [--config FILE] [--set section.key=value]... [...]\n\n"
        + "\n".join(lines)
        + "\n\n`intake VERB --help` says more. Exit codes: 0 done, 1 a problem was found,"
        "\n2 usage or configuration, 3 database or storage, 4 another daemon is at work."
    )
    return OK if not words or any(word in _HELP for word in words) else USAGE


def _unknown(verb: str) -> int:
    import difflib

    near = difflib.get_close_matches(verb, VERBS, n=1)
    hint = f"; did you mean `intake {near[0]}`?" if near else "; `intake --help` lists the verbs"
    print(f"intake: there is no verb {verb}{hint}", file=sys.stderr)
    return USAGE


def _tell(error: IntakeError) -> int:
    print(f"intake: {error}", file=sys.stderr)
    if error.advice:
        print(error.advice, file=sys.stderr)
    if isinstance(error, ConfigError | TemplateError):
        return USAGE
    if isinstance(error, DatabaseUnavailable | StorageError):
        return STORE
    return RUNNING if isinstance(error, LeaseHeld) else PROBLEM
