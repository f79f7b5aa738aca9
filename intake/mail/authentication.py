"""What receiving servers wrote about a mail's origin: RFC 8601, RFC 8617 and RFC 7208 headers.

Nothing is believed here; whose word counts is the judge's business. Read with an own few lines:
authres takes 0.3 ms a header and refuses what Microsoft 365 writes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from intake.mail.headers import clean
from intake.model import AuthenticationResults, MethodResult

_METHODS = frozenset(
    (
        *("auth", "dkim", "dkim-adsp", "dkim-atps", "dmarc", "arc", "bimi", "compauth"),
        *("dnswl", "domainkeys", "iprev", "rrvs", "sender-id", "smime", "spf", "vbr"),
        *("x-dkim", "x-tls", "x-ptr"),
    )
)
# RFC 8601 2.2: method[/version] = result, then ptype.property = value. A quoted string is one
# piece of a value, whatever it holds: senders choose local parts such as "a@bank.example"@evil.
_RESULT = re.compile(r"\s*([A-Za-z][\w-]{0,40})(?:\s*/\s*\d+)?\s*=\s*([A-Za-z]\w{0,30})")
_VALUE = r'(?:"(?:\\.|[^"\\])*"|[^\s;"])+'
_PROPERTY = re.compile(rf"([A-Za-z][\w-]{{0,40}}(?:\.[\w-]{{1,40}})?)\s*=\s*({_VALUE})|{_VALUE}")
_BARE = ("action", "reason")
_MARKS = re.compile(r'(\\.|[()";])')
_SPF_PAIR = re.compile(r"(client-ip|envelope-from|helo|receiver|identity)\s*=\s*\"?<?([^\s;\">]+)")
_SPF_RESULT = re.compile(r"\s*([A-Za-z]+)")
_INSTANCE = re.compile(r"\s*i\s*=\s*([1-9]\d?)\s*$", re.IGNORECASE)
_MOST_HEADERS = 50
_LONGEST_CHARACTERS = 8000


def parse_authentication(
    headers: tuple[tuple[str, str], ...],
) -> tuple[AuthenticationResults, ...]:
    """Every authentication header of a mail, top first; what cannot be read is left out.

    One whose quotes or comments do not balance is kept without results: a sender's words in it
    may have broken out of their place.
    """
    found: list[AuthenticationResults] = []
    for line, (name, value) in enumerate(headers):
        if name not in _PARSERS or len(found) >= _MOST_HEADERS:
            continue
        whole = value if len(value) <= _LONGEST_CHARACTERS else ""
        parsed = _PARSERS[name](whole, len(found))
        if parsed is not None:
            found.append(replace(parsed, line=line))
    if not any(a.source == "arc" for a in found):
        return tuple(found)
    sealers = _find_sealers(headers)
    return tuple(
        replace(a, sealer=sealers.get(a.instance, "")) if a.source == "arc" else a for a in found
    )


def _parse_results(value: str, position: int) -> AuthenticationResults | None:
    pieces, balanced = _split(value)
    authserv_id = pieces[0].strip().partition(" ")[0].strip('"').lower()
    if "=" in authserv_id or (pieces[0].strip() and _RESULT.match(pieces[0])):
        # Microsoft 365 leaves the authserv-id out and begins with the first result.
        authserv_id = ""
    else:
        pieces = pieces[1:]
    results = tuple(result for piece in pieces if (result := _parse_result(piece)))
    if not results and not authserv_id:
        return None
    return AuthenticationResults(authserv_id, position, results if balanced else ())


def _parse_result(piece: str) -> MethodResult | None:
    found = _RESULT.match(piece)
    if found is None or found[1].lower() not in _METHODS:
        return None
    properties = tuple(
        (key.lower(), _unquote(text))
        for key, text in _PROPERTY.findall(piece[found.end() :])
        if "." in key or key.lower() in _BARE
    )
    return MethodResult(found[1].lower(), found[2].lower(), properties)


def _unquote(text: str) -> str:
    """A value without its quotes, if it is one quoted string and nothing else."""
    inside = text[1:-1]
    if len(text) >= 2 and text[0] == text[-1] == '"' and '"' not in inside:
        return inside
    return text


def _parse_arc(value: str, position: int) -> AuthenticationResults | None:
    """RFC 8617 4.1.1: an Authentication-Results behind an instance tag."""
    tag, _, rest = value.partition(";")
    instance = _INSTANCE.match(tag)
    parsed = _parse_results(rest, position) if instance else None
    if parsed is None or instance is None:
        return None
    return replace(parsed, source="arc", instance=int(instance[1]))


def _find_sealers(headers: tuple[tuple[str, str], ...]) -> dict[int, str]:
    """The domain of each ARC-Seal by its instance; none where two claim the same one."""
    found: dict[int, str] = {}
    seen: Counter[int] = Counter()
    for name, value in headers:
        if name != "arc-seal":
            continue
        tags = dict(tag.partition("=")[::2] for tag in value[:_LONGEST_CHARACTERS].split(";"))
        plain = {key.strip().lower(): text.strip() for key, text in tags.items()}
        number = plain.get("i", "")
        if not (number.isascii() and number.isdigit() and len(number) <= 2):
            continue
        seen[int(number)] += 1
        found[int(number)] = plain.get("d", "").lower()
    return {number: domain for number, domain in found.items() if seen[number] == 1}


def _parse_received_spf(value: str, position: int) -> AuthenticationResults | None:
    """RFC 7208 9.1: result (comment) key-value pairs."""
    bare = ";".join(_split(value)[0])
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


def _split(value: str) -> tuple[list[str], bool]:
    """`value` at its semicolons, without comments, and whether quotes and comments balance.

    RFC 5322 3.2.2: comments nest; quoted strings hide them. A comment with half a quoted string
    in it is no comment that the server meant to write.
    """
    pieces: list[list[str]] = [[]]
    depth = 0
    quoted = False
    odd_inside = False
    balanced = True
    for piece in _MARKS.split(value):
        if depth:
            if piece == '"':
                odd_inside = not odd_inside
            depth += (piece == "(") - (piece == ")")
            if not depth:
                balanced = balanced and not odd_inside
                odd_inside = False
            continue
        if piece == '"':
            quoted = not quoted
        elif piece == "(" and not quoted:
            depth = 1
            continue
        elif piece == ")" and not quoted:
            balanced = False
        elif piece == ";" and not quoted:
            pieces.append([])
            continue
        pieces[-1].append(piece)
    return ["".join(some) for some in pieces], balanced and not quoted and not depth
