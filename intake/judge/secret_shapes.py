"""Tests of what a pattern took for a secret, beyond what a pattern can say: which part of it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from mnemonic import Mnemonic

from intake.judge.checksums import passes_check

Part = tuple[int, int]

_LANGUAGES = (
    "english",
    "chinese_simplified",
    "chinese_traditional",
    "spanish",
    "french",
    "italian",
    "portuguese",
    "czech",
    "japanese",
    "korean",
)
_FEWEST_WORDS = 12
# The numbers of words that BIP 39 knows.
_PHRASES = frozenset((12, 15, 18, 21, 24))
_WORD = re.compile(r"[^\W\d_]+")
_LONG_RUN = re.compile(rb"\x01{%d,}" % _FEWEST_WORDS)
_NUMBER_BEFORE = re.compile(r"\b\d{1,2}[.):\s]{0,4}\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CHINESE = ("chinese_simplified", "chinese_traditional")

_ENDS = "),;"
_PUNCTUATION = ".,;:!?)]}>。,!?、"
_MASKED = re.compile(r"[*•.·●xX_-]+|\[.*")
_DATE_OR_TIME = re.compile(r"\d{1,4}([-/.:])\d{1,2}(?:\1\d{1,4})?(?:T.*)?")
_ADDRESS = re.compile(r"https?:.*|www\..*|.+@.+\.[a-z]{2,}", re.IGNORECASE)
# Names in programs: req.body.password, process.env["PASS"], get_password().
_PROGRAM = re.compile(
    r"[a-z_]\w*(?:\.[a-z_]\w*)+(?:[(\[;].*)?|\w+\(.*|\$[{(].*|\{\{.*|%\w+%|<.*", re.IGNORECASE
)
# 2FA, SMS2, 1Password, iOS18: names that hold a digit.
_NAMES = re.compile(r"(?:[12]fa|mfa|otp|ios|android|windows|web3|pin)[\d.\w]{0,4}", re.IGNORECASE)
_COUNTED = re.compile(r"\d+(?:st|nd|rd|th|x|times?|min|hours?|h|days?|d|次|个|位)?", re.IGNORECASE)
_MARKS = re.compile(r"[^\w\s'’./,:;()-]")
_UUID_LENGTH = 36
_FEWEST_DIGITS = 6


def find_parts(shape: str, value: str) -> Sequence[Part]:
    """(start, end) of what is secret in `value` by the test named `shape`; () for nothing."""
    if shape == "bip39":
        return tuple(_seed_phrases(value))
    test = _TESTS.get(shape)
    if not (test(value) if test is not None else passes_check(shape, value)):
        return ()
    if shape == "chosen":
        # What ends the sentence stays; "!" and "." may belong to the password.
        value = value.rstrip(_ENDS if "(" not in value else ",;")
    return ((0, len(value)),)


def is_chosen(value: str) -> bool:
    """Whether `value` is like a password rather than the next word of the sentence.

    Ordinary words, times, addresses and names in programs are not; a digit, a mark, or capitals
    in the middle make the difference.
    """
    bare = value.rstrip(_PUNCTUATION)
    if _MASKED.fullmatch(bare) or _NAMES.fullmatch(bare):
        return False
    if _DATE_OR_TIME.fullmatch(bare) or _ADDRESS.fullmatch(bare) or _PROGRAM.fullmatch(bare):
        return False
    if bare.isdecimal():
        return len(bare) >= _FEWEST_DIGITS
    if _COUNTED.fullmatch(bare) or len(bare) < 4:
        return False
    digits = any(letter.isdecimal() for letter in bare)
    capitals = any(letter.isupper() for letter in bare[1:]) and not bare.isupper()
    return digits or capitals or bool(_MARKS.search(bare))


def is_token(value: str) -> bool:
    """Whether a machine drew `value`: digits among letters, and not just a name with a number."""
    if len(value) == _UUID_LENGTH and value.count("-") == 4:
        return True
    digits = sum(letter.isdecimal() for letter in value)
    if not 0 < digits < len(value):
        return False
    runs = re.findall(r"\d+|[a-z]+|[A-Z]+", value)
    return value.isalnum() or len(runs) * 4 >= len(value)


def is_base32(value: str) -> bool:
    """Whether `value` is a key in base 32 (RFC 4648 6) as authenticator apps show it."""
    bare = value.replace(" ", "").replace("-", "")
    return any(letter.isdecimal() for letter in bare) or (bare == value and value.isupper())


def is_sign_phrase(value: str) -> bool:
    """Whether the Chinese signs in `value` are a phrase of BIP 39.

    Its lists hold the commonest signs, so that ordinary sentences are made of them too: without
    blanks between the signs, only the checksum tells.
    """
    signs = _HAN.findall(value)
    if len(signs) not in _PHRASES:
        return False
    if len(value) >= 2 * len(signs) - 1:
        return any(known.issuperset(signs) for known in _seed_words())
    return any(Mnemonic(language).check(" ".join(signs)) for language in _CHINESE)


def _has_digit(value: str) -> bool:
    return any(letter.isdecimal() for letter in value)


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "chosen": is_chosen,
    "token": is_token,
    "base32": is_base32,
    "digits": _has_digit,
    "bip39-signs": is_sign_phrase,
}


def _seed_phrases(text: str) -> Iterator[Part]:
    """Runs of words of one BIP 39 list, whatever but letters stands between them.

    Prose never holds 12 in a row. Chinese lists hold single signs, so there a run must be as long
    as such phrases are.
    """
    written = _WORD.findall(text)
    words = list(map(str.lower, written))
    if not text.isascii():
        words = [unicodedata.normalize("NFC", word) for word in words]
    runs: set[Part] = set()
    for begin, end in _runs(words, _any_seed_word()):
        # Most are of one language, and hostile texts hold millions of few different words.
        block = words[begin : end + 1]
        different = set(block)
        for known in (known for known in _seed_words() if not known.isdisjoint(different)):
            for first, last in _runs(block, known):
                if not _HAN.match(block[first]) or last - first + 1 in _PHRASES:
                    runs.add((begin + first, begin + last))
    between = _WORD.split(text) if runs else []
    for first, last in sorted(runs):
        start = _length(between[: first + 1]) + _length(written[:first])
        end = start + _length(between[first + 1 : last + 1]) + _length(written[first : last + 1])
        number = _NUMBER_BEFORE.search(text, max(start - 8, 0), start)
        yield (number.start() if number else start), end


def _length(pieces: Sequence[str]) -> int:
    return sum(map(len, pieces))


def _runs(words: Sequence[str], known: frozenset[str]) -> Iterator[tuple[int, int]]:
    """First and last of each long run of `known` words."""
    for run in _LONG_RUN.finditer(bytes(map(known.__contains__, words))):
        yield run.start(), run.end() - 1


@lru_cache(maxsize=1)
def _seed_words() -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset(unicodedata.normalize("NFC", word) for word in Mnemonic(language).wordlist)
        for language in _LANGUAGES
    )


@lru_cache(maxsize=1)
def _any_seed_word() -> frozenset[str]:
    return frozenset().union(*_seed_words())
