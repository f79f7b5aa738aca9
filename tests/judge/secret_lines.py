"""The table of lines with and without secrets, and how well a finder does on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "secret_cases"
_MARKED = re.compile("«(.*?)»", re.DOTALL)
_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n9kXr2Tq8LmZp0Ws4Vb6Nc3Hd5Jf1Gy7="


def _pem(what: str) -> str:
    return f"-----BEGIN {what}-----\n{_BODY}\n-----END {what}-----"


# Put together here: a scanner that reads the repository would take them for real ones.
NAMED = {
    "JWT": ".".join(
        (
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6Ik1laSJ9",
            "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJVadQssw5c",
        )
    ),
    "GITHUB": "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a",
    "GITHUB_FINE": "github" + "_pat_11ABCDEFG0aB3dE5gH7jK9_mN1pQ3rS5tU7vW9xY1zA3bC5dE7fG9hJ1",
    "SLACK": "xoxb" + "-2048197720-4938172039-q8Zr5vT1nM4xB7cK2wP9sL6d",
    "GOOGLE": "AIza" + "SyD4x8Qk2Lm7Wp9Rt3Vb6Nc1Hj5Fg0Zs2Yq",
    "STRIPE": "sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc",
    "TELEGRAM": "110201543" + ":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2",
    "PEM_RSA": _pem("RSA PRIVATE" + " KEY"),
    "PEM_EC": _pem("EC PRIVATE" + " KEY"),
    "PEM_SSH": _pem("OPENSSH PRIVATE" + " KEY"),
    "PEM_PGP": _pem("PGP PRIVATE" + " KEY BLOCK"),
    "XPRV": "xprv" + "9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKm"
    "PGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    "KEYSTORE": '{"version":3,"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","crypto":{"ciphertext":'
    '"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","cipherparams":{"iv":'
    '"6087dab2f9fdbbfaddc31a909735c1e6"},"cipher":"aes-128-ctr","kdf":"pbkdf2","mac":'
    '"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"}}',
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `spans` are where its secrets stand in `text`; `kind` is theirs."""

    kind: str
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def values(self) -> list[str]:
        """The secrets."""
        return [self.text[start:end] for start, end in self.spans]


def found_lines() -> list[Line]:
    """Lines that hold secrets."""
    return [_marked(*line.split(" | ", 1)) for line in _lines("found.txt")]


def clean_lines() -> list[Line]:
    """Lines that hold none."""
    return [Line("", line.replace("\\n", "\n"), ()) for line in _lines("clean.txt")]


def _lines(name: str) -> list[str]:
    lines = (CASES / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def _marked(kind: str, written: str) -> Line:
    for name, value in NAMED.items():
        written = written.replace(f"{{{name}}}", value)
    text, spans, done = "", [], 0
    written = written.replace("\\n", "\n")
    for match in _MARKED.finditer(written):
        text += written[done : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        done = match.end()
    return Line(kind, text + written[done:], tuple(spans))


Find = Callable[[str], Sequence[tuple[int, int]]]


def score(find: Find) -> tuple[float, float, list[str]]:
    """(precision, recall, lines that went wrong) of a finder of spans.

    A secret is found when every letter of it is hidden, and a span is right when it touches one.
    """
    hidden = there = right = given = 0
    wrong: list[str] = []
    for line in (*found_lines(), *clean_lines()):
        spans = find(line.text)
        covered = {place for start, end in spans for place in range(start, end)}
        missed = [s for s in line.spans if not covered.issuperset(range(*s))]
        touching = [s for s in spans if any(s[0] < b and a < s[1] for a, b in line.spans)]
        there += len(line.spans)
        hidden += len(line.spans) - len(missed)
        given += len(spans)
        right += len(touching)
        if missed or len(touching) < len(spans):
            said = [line.text[a:b] for a, b in spans]
            wrong.append(f"{line.kind or 'clean'}: {line.text!r} gave {said}")
    return right / max(given, 1), hidden / max(there, 1), wrong
