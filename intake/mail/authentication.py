"""What receiving servers wrote about a mail's origin: RFC 8601, RFC 8617 and RFC 7208 headers.

Nothing is believed here; whose word counts is the judge's business. Read with an own few lines:
authres takes 0.3 ms a header and refuses what Microsoft 365 writes.
"""

from __future__ import annotations

import re

from intake.mail.headers import clean
from intake.model import AuthenticationResults, MethodResult

_METHODS = frozenset(
    (
        *("auth", "dkim", "dkim-adsp", "dkim-atps", "dmarc", "arc", "bimi", "compauth"),
        *("dnswl", "domainkeys", "iprev", "rrvs", "sender-id", "smime", "spf", "vbr"),
        *("x-dkim", "x-tls", "x-ptr"),
    )
)
# RFC 8601 2.2: method[/version] = result, then ptype.property = value.
_RESULT = re.compile(r"\s*([A-Za-z][\w-]{0,40})(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]\w{0,30})")
_PROPERTY = re.compile(r"([A-Za-z][\w-]{0,40}\.[\w-]{1,40})\s*=\s*(\"[^\"]*\"|[^\s;]+)")
_BARE = re.compile(r"(?:^|\s)(action|reason)\s*=\s*(\"[^\"]*\"|[^\s;]+)")
_SPF_PAIR = re.compile(r"(client-ip|envelope-from|helo|receiver|identity)\s*=\s*\"?<?([^\s;\">]+)")
_SPF_RESULT = re.compile(r"\s*([A-Za-z]+)")
_MOST_HEADERS = 50
_LONGEST_CHARACTERS = 8000


def parse_authentication(
    headers: tuple[tuple[str, str], ...],
) -> tuple[AuthenticationResults, ...]:
    """Every authentication header of a mail, top first; what cannot be read is left out."""
    found: list[AuthenticationResults] = []
    for name, value in headers:
        if name not in _PARSERS or len(found) >= _MOST_HEADERS:
            continue
        parsed = _PARSERS[name](value[:_LONGEST_CHARACTERS], len(found))
        if parsed is not None:
            found.append(parsed)
    return tuple(found)


def _parse_results(value: str, position: int) -> AuthenticationResults | None:
    pieces = _without_comments(value).split(";")
    authserv_id = pieces[0].strip().partition(" ")[0].lower()
    if "=" in authserv_id or (pieces[0].strip() and _RESULT.match(pieces[0])):
        # Microsoft 365 leaves the authserv-id out and begins with the first result.
        authserv_id = ""
    else:
        pieces = pieces[1:]
    results = tuple(result for piece in pieces if (result := _parse_result(piece)))
    if not results and not authserv_id:
        return None
    return AuthenticationResults(authserv_id, position, results)


def _parse_result(piece: str) -> MethodResult | None:
    found = _RESULT.match(piece)
    if found is None or found[1].lower() not in _METHODS:
        return None
    rest = piece[found.end() :]
    properties = [(key.lower(), text.strip('"')) for key, text in _PROPERTY.findall(rest)]
    properties += [(key.lower(), text.strip('"')) for key, text in _BARE.findall(rest)]
    return MethodResult(found[1].lower(), found[2].lower(), tuple(properties))


def _parse_arc(value: str, position: int) -> AuthenticationResults | None:
    """RFC 8617 4.1.1: an Authentication-Results behind an instance tag."""
    instance, _, rest = value.partition(";")
    if not instance.strip().lower().startswith("i="):
        return None
    parsed = _parse_results(rest, position)
    if parsed is None:
        return None
    return AuthenticationResults(parsed.authserv_id, position, parsed.results, "arc")


def _parse_received_spf(value: str, position: int) -> AuthenticationResults | None:
    """RFC 7208 9.1: result (comment) key-value pairs."""
    bare = _without_comments(value)
    found = _SPF_RESULT.match(bare)
    if found is None:
        return None
    names = {
        "envelope-from": "smtp.mailfrom",
        "helo": "smtp.helo",
        "client-ip": "smtp.remote-ip",
        "identity": "spf.identity",
    }
    pairs = {key.lower(): clean(text) for key, text in _SPF_PAIR.findall(bare)}
    properties = tuple((names[key], text) for key, text in pairs.items() if key in names)
    result = MethodResult("spf", found[1].lower(), properties)
    return AuthenticationResults(
        pairs.get("receiver", "").lower(), position, (result,), "received-spf"
    )


_PARSERS = {
    "authentication-results": _parse_results,
    "arc-authentication-results": _parse_arc,
    "received-spf": _parse_received_spf,
}


def _without_comments(value: str) -> str:
    """RFC 5322 3.2.2: comments nest; quoted strings hide them."""
    if "(" not in value:
        return value
    kept: list[str] = []
    depth = 0
    quoted = False
    for piece in re.split(r'(\\.|[()"])', value):
        if piece == '"' and not depth:
            quoted = not quoted
        elif piece == "(" and not quoted:
            depth += 1
            continue
        elif piece == ")" and depth:
            depth -= 1
            continue
        if not depth:
            kept.append(piece)
    return "".join(kept)
