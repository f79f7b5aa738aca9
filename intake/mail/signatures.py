"""Signatures: by delimiter, by what mobile mail programs add, by contact data after a farewell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.mail.farewells import is_farewell
from intake.mail.mobile_lines import is_mobile_line
from intake.mail.notices import is_notice

_LONGEST_LINE = 200
_LONGEST_CONTACT_LINE = 120
_MOST_SIGNATURE_LINES = 30
_MOST_LOOSE_SIGNATURE_LINES = 9
_MOST_NAME_LINES = 3
_LONGEST_FAREWELL = 60
_MOST_LONG_CONTACT_LINES = 4
_MOST_BARE_CONTACT_LINES = 4

# RFC 3676 4.3: "-- " alone on its line; mail programs drop the space.
_DELIMITER = re.compile(r"[ \t\xa0]{0,3}--[ \t\xa0]{0,9}$")
# What people draw above a signature, and above other things as well.
_LOOSE_DELIMITER = re.compile(
    r"[ \t\xa0]{0,3}(?:(?:[-_*~#—–ᐧ=＝+━─‐‑‒―－＊＿◆◇■□★☆]\s?){2,200}|[—–ᐧ])\s{0,9}$"
)
# Drawn above headings and tables as well: these need contact data under them.
_HEADING_RULES = frozenset("=＝+#━─")

_CONTACT = re.compile(
    r"(?:^|[\s|*(])(?:tel|phone|ph|mobile?|cell|fax|telefon|telefax|tlf|tél|téléphone|telefono"
    r"|teléfono|telefone"
    r"|móvil|mobil|handy|telefoon|skype|whatsapp|wechat|e-?mail|mail|web|website|internet|тел"
    r"|телефон|моб|факс"
    r"|电话|電話|手机|手機|传真|傳真|邮箱|邮编|携帯|전화|휴대폰|팩스)\s?[.:：/]"
    r"|^[\s*|]{0,4}[mtpfd][.:]?\s?\+?\(?\d[\d\s()./-]{6,20}|\+\d{1,3}[\s(\d][\d\s()./-]{6,20}"
    r"|^\s{0,4}(?:https?://|www\.)\S{3,100}\s{0,4}$|^\s{0,4}\S{1,64}@\S{1,64}\.\w{2,24}\s{0,4}$"
    r"|^[\s*|]{0,4}(?:tel|phone|fax|mobile?)\.?\s\+?\(?\d[\d\s()./-]{6,20}"
    r"|\b(?:GmbH|Ltd\.?|Inc\.|LLC|Sp\. z o\.o\.|HRB|USt-?Id)(?:\W|$)|有限公司|株式会社"
    r"|\[image: ",
    re.IGNORECASE,
)
# Names and titles hold none of these.
_MAY_BE_CONTACT = re.compile(r"[\d@:：/.]|GmbH|Ltd|LLC|HRB|USt|公司|会社", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"\s{0,4}[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}\s{0,4}$")
_FOOTNOTE = re.compile(r"\s{0,4}\[\d{1,3}\]")
# `Order: 1234`: a form that was filled in, not a signature.
_FIELD = re.compile(r"[\s*|]{0,4}[^\W\d_][^:：\n]{1,30}[:：]\s{0,9}\S")
_NO_NAME = re.compile(r"[.!?。！？…]\s{0,3}$|\d|^.{61}")


def is_delimiter(line: str) -> bool:
    """The signature delimiter of RFC 3676 4.3, with or without its space."""
    return len(line) < 16 and _DELIMITER.match(line) is not None


def is_loose_delimiter(line: str) -> bool:
    """A line of drawing that may stand above a signature, and above other things as well."""
    return len(line) <= _LONGEST_LINE and _LOOSE_DELIMITER.match(line) is not None


def underlines(rule: str, above: str) -> bool:
    """Whether `rule` is the underlining of a heading `above` it."""
    return bool(above.strip()) and abs(len(above.strip()) - len(rule.strip())) <= 3


def is_signature(lines: Sequence[str], *, delimited: bool, needs_contact: bool = False) -> bool:
    """Whether `lines`, found under a delimiter, are a signature and not more of the mail."""
    filled = [line for line in lines if line.strip() and not is_loose_delimiter(line)]
    if delimited:
        return len(filled) <= _MOST_SIGNATURE_LINES
    if not filled or len(filled) > _MOST_LOOSE_SIGNATURE_LINES:
        return False
    if any(len(line) > _LONGEST_CONTACT_LINE and not is_notice(line) for line in filled):
        return False
    if any(_FIELD.match(line) and not is_contact(line) for line in filled):
        return False
    if any(_CONTACT.search(line) or is_notice(line) or is_mobile_line(line) for line in filled):
        return True
    if needs_contact:
        return False
    return len(filled) <= _MOST_NAME_LINES and not any(_NO_NAME.search(line) for line in filled)


def is_contact(line: str) -> bool:
    """A line of an address block: telephone, web site, company."""
    if len(line) > _LONGEST_CONTACT_LINE or not _MAY_BE_CONTACT.search(line):
        return False
    return _CONTACT.search(line) is not None


def loose_signature_start(lines: Sequence[str]) -> int:
    """Where a signature without delimiter begins in `lines`; their number where there is none.

    The farewell and the name under it are the sender's words; what follows them is signature
    where it holds contact data and nothing but short lines.
    """
    end = without_notices(lines)
    long_lines = 0
    for at in range(end - 1, max(-1, end - _MOST_SIGNATURE_LINES), -1):
        length = len(lines[at])
        if length > _LONGEST_FAREWELL:
            long_lines += 1
            if length > _LONGEST_CONTACT_LINE or long_lines > _MOST_LONG_CONTACT_LINES:
                return end
        elif length and is_farewell(lines[at]):
            return _after_name(lines, at, end)
    return end


def heading_rule(line: str) -> bool:
    """A line of drawing that stands above headings and tables more often than signatures."""
    return line.lstrip(" \t\xa0")[:1] in _HEADING_RULES


def bare_contact_start(lines: Sequence[str]) -> int:
    """Where a name and address stand alone under a wide gap at the end of `lines`, as Foxmail
    puts them above the mail that is answered; their number where nothing does."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    block = lines[start:end]
    gap = start >= 3 and not lines[start - 2].strip()
    if not gap or len(block) > _MOST_BARE_CONTACT_LINES or any(len(line) > 60 for line in block):
        return len(lines)
    return start if any(_BARE_ADDRESS.match(line) for line in block) else len(lines)


def _after_name(lines: Sequence[str], farewell: int, end: int) -> int:
    name = farewell + 1
    while name < end and not lines[name].strip():
        name += 1
    rest = [line for line in lines[name + 1 : end] if line.strip()]
    if not rest or len(rest) > _MOST_SIGNATURE_LINES:
        return end
    if any(len(line) > _LONGEST_CONTACT_LINE for line in rest):
        return end
    if not any(is_contact(line) for line in rest) or any(map(_FOOTNOTE.match, rest)):
        return end
    return name if is_contact(lines[name]) else name + 1


def is_footer(lines: Sequence[str]) -> bool:
    """Whether `lines`, found under a quotation, are notices and contact data, nothing said."""
    filled = [line for line in lines[: without_notices(lines, all_of_it=True)] if line.strip()]
    if not filled:
        return True
    told = any(is_contact(line) for line in filled)
    return told and len(filled) <= _MOST_LOOSE_SIGNATURE_LINES and all(map(_on_a_card, filled))


def _on_a_card(line: str) -> bool:
    if is_contact(line) or is_farewell(line) or is_loose_delimiter(line):
        return True
    return len(line) <= _LONGEST_FAREWELL and line.rstrip()[-1] not in ".?!:;,。？！："


def without_notices(lines: Sequence[str], *, all_of_it: bool = False) -> int:
    """The end of `lines` without legal notices and list footers in the last paragraphs.

    The first paragraph counts only with `all_of_it`: a mail that is only a notice is about it.
    """
    end = len(lines)
    while end:
        start = end
        while start and not lines[start - 1].strip():
            start -= 1
        last = start
        while start and lines[start - 1].strip():
            start -= 1
        if start == last or (start == 0 and not all_of_it):
            return end
        if not is_notice(" ".join(lines[start:last])):
            return end
        name = _name_above_notice(lines[start:last])
        if name:
            return start + name
        end = start
    return end


def _name_above_notice(paragraph: Sequence[str]) -> int:
    """How many lines of it are a farewell and a name right above a notice; 0 for none."""
    for at, line in enumerate(paragraph[:-1]):
        if is_notice(line):
            return 0
        if is_farewell(line):
            return at + 1 if is_notice(paragraph[at + 1]) else min(at + 2, len(paragraph))
    return 0
