"""`intake api-token`: the tokens with which the company's own programs reach the API.

create NAME --scope SCOPE...   prints a new token, once; --expires 90d or a date ends it by itself
list                           the tokens there are, never themselves
revoke NAME                    ends one at once

Scopes: customers:read, customers:write.
"""

from __future__ import annotations

import getpass
import re
import secrets
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta

from intake.cli.options import desk_of, parser_of
from intake.cli.output import ago, console, print_json, table
from intake.model.scopes import SCOPES
from intake.store.tokens import add_token, all_tokens, revoke_token
from intake.worker.directory_fields import Fault, parse_until
from intake.worker.opening import OpenDesk

PREFIX = "intake_"
_NAME = re.compile(r"[\w.-]{1,60}")
_DAYS = re.compile(r"(\d{1,5})d")


def main(arguments: list[str]) -> int:
    """Does one act; 1 where there is no such token, or one already."""
    parser = parser_of("api-token", __doc__ or "", formats=("text", "json"))
    parser.add_argument("act", choices=("create", "list", "revoke"))
    parser.add_argument("name", nargs="?", metavar="NAME")
    parser.add_argument("--scope", action="append", default=[], choices=SCOPES, dest="scopes")
    parser.add_argument("--expires", metavar="90d|DATE", help="create: when it ends by itself")
    parser.add_argument("--by", default=getpass.getuser(), metavar="NAME", help="who does it")
    options = parser.parse_intermixed_args(arguments)
    now = datetime.now(UTC)
    _check(parser, options, now)
    desk = desk_of(options)
    try:
        return _do(desk, options, now)
    finally:
        desk.close()


def _check(parser: ArgumentParser, options: Namespace, now: datetime) -> None:
    if (options.act == "list") == bool(options.name):
        parser.error(f"{options.act} takes {'no' if options.name else 'the'} NAME of a token")
    if (options.act == "create") != bool(options.scopes):
        parser.error("--scope is for create, which needs at least one")
    if options.name and not _NAME.fullmatch(options.name):
        parser.error("a NAME has up to 60 letters, digits, dots and hyphens")
    if options.expires:
        days = _DAYS.fullmatch(options.expires)
        try:
            ends = now + timedelta(days=int(days[1])) if days else parse_until(options.expires)
        except Fault as fault:
            parser.error(f"--expires {fault}")
        if options.act != "create" or ends <= now:
            parser.error("--expires is for create, and lies ahead")
        options.expires = ends


def _do(desk: OpenDesk, options: Namespace, now: datetime) -> int:
    if options.act == "list":
        return _list(desk, options, now)
    with desk.database.write() as connection:
        if options.act == "revoke":
            revoke_token(connection, options.name, by=options.by, at=now)
            print(f"The token {options.name} is ended.")
            return 0
        token = PREFIX + secrets.token_urlsafe(32)
        scopes = sorted(set(options.scopes))
        add_token(
            connection,
            options.name,
            token,
            scopes,
            by=options.by,
            at=now,
            expires_at=options.expires,
        )
    if options.format == "json":
        print_json({"name": options.name, "token": token, "scopes": scopes})
    else:
        print(f"{token}\n\nThis is the only time it is shown. It may {_may(scopes)}.")
    return 0


def _list(desk: OpenDesk, options: Namespace, now: datetime) -> int:
    with desk.database.read() as connection:
        tokens = all_tokens(connection)
    if options.format == "json":
        print_json(tokens)
        return 0
    rows = [
        (
            token.name,
            ", ".join(token.scopes),
            f"{ago(token.created_at, now)} by {token.created_by}",
            ago(token.expires_at, now) if token.expires_at else "never",
            ago(token.last_used_at, now),
        )
        for token in tokens
    ]
    console().print(table(("token", "may", "made", "ends", "last used"), rows))
    return 0


def _may(scopes: list[str]) -> str:
    return "; ".join(SCOPES[scope] for scope in scopes)
