"""text/enriched (RFC 1896) and text/richtext (RFC 1341) as plain text."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>")
_PARAMETER = re.compile(r"<param>[^<]{0,1000}</param>", re.I)
_NO_FILL = re.compile(r"(</?nofill>)", re.I)
_BREAKS = re.compile(r"\n+")
_ESCAPED = "\ue000"


def read_enriched(text: str) -> str:
    """The words of text/enriched. RFC 1896 3: one line break is a space, more are one fewer."""
    out = []
    as_it_is = False
    for piece in _NO_FILL.split(_PARAMETER.sub("", text.replace("<<", _ESCAPED))):
        if _NO_FILL.fullmatch(piece):
            as_it_is = piece[1] != "/"
        elif as_it_is:
            out.append(piece)
        else:
            out.append(_BREAKS.sub(lambda run: "\n" * (len(run[0]) - 1) or " ", piece))
    return _TAG.sub("", "".join(out)).replace(_ESCAPED, "<").strip()


def read_richtext(text: str) -> str:
    """The words of text/richtext. RFC 1341 7.1.3: only <nl> breaks a line."""
    words = re.sub(r"\s+", " ", text)
    words = re.sub(r"<(?:nl|/?paragraph|np)>\s?", "\n", words, flags=re.I)
    return _TAG.sub(lambda tag: "<" if tag[2].lower() == "lt" else "", words).strip()
