"""Signatures: by delimiter, by what mobile mail programs add, by contact data after a farewell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.mail.mobile_lines import is_mobile_line

_LONGEST_LINE = 200
_LONGEST_CONTACT_LINE = 120
_MOST_SIGNATURE_LINES = 30
_MOST_LOOSE_SIGNATURE_LINES = 9
_MOST_NAME_LINES = 3

# RFC 3676 4.3: "-- " alone on its line; mail programs drop the space.
_DELIMITER = re.compile(r"[ \t\xa0]{0,3}--[ \t\xa0]{0,9}$")
# What people draw above a signature, and above other things as well.
_LOOSE_DELIMITER = re.compile(r"[ \t\xa0]{0,3}(?:[-_*~#—–ᐧ]\s?){2,200}$|[ \t]{0,3}[—–ᐧ]\s{0,3}$")

_FAREWELL = re.compile(
    r"[\s*_]{0,4}(?:(?:with )?(?:my |our |many )?(?:best|kind|kindest|warm|warmest"
    r"|sincere)?\s?(?:regards|wishes)"
    r"|regards|sincerely|yours (?:sincerely|faithfully|truly)|cheers|best|thanks(?: again)?"
    r"|thank you|many thanks|br|rgds"
    r"|mit (?:freundlich|best|herzlich|lieb|viel)\w* gr(?:ü|ue)(?:ß|ss)\w*|(?:viele|liebe|beste"
    r"|freundliche|herzliche|schöne)n? gr(?:ü|ue)(?:ß|ss)e"
    r"|gr(?:u|ü)(?:ß|ss)e?|mfg|vg|lg|hochachtungsvoll"
    r"|(?:bien )?cordialement|bien à vous|(?:meilleures |sincères )?salutations|amicalement"
    r"|sincèrement|cdt|merci"
    r"|(?:un )?(?:cordial |atento )?saludos?(?: cordiales)?|atentamente|cordialmente|gracias"
    r"|un abrazo"
    r"|atenciosamente|att\.?|(?:com os )?(?:melhores )?cumprimentos|obrigad[oa]|abraços?"
    r"|(?:cordiali|distinti|migliori) saluti|saluti|grazie"
    r"|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groet(?:en|jes)?|mvg|bedankt"
    r"|z (?:poważaniem|wyrazami szacunku)|(?:serdecznie )?pozdrawiam(?: serdecznie)?|pozdrowienia"
    r"|dziękuję"
    r"|с уважением|с наилучшими пожеланиями|спасибо|(?:med )?(?:vänlig|venlig|vennlig"
    r"|bästa)\w* h(?:ä|i)lsn?\w*|mvh|terveisin"
    r"|祝好|此致|敬礼|谢谢|謝謝|顺祝商祺|敬上|よろしくお願いいたします|敬具|감사합니다"
    r"|드림)[\s,.!，。！*_]{0,6}$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:^|[\s|*(])(?:tel|phone|ph|mobile?|cell|fax|telefon|telefax|tlf|tél|téléphone|telefono"
    r"|teléfono|telefone"
    r"|móvil|mobil|handy|telefoon|skype|whatsapp|wechat|e-?mail|mail|web|website|internet|тел"
    r"|телефон|моб|факс"
    r"|电话|電話|手机|手機|传真|傳真|邮箱|邮编|携帯|전화|휴대폰|팩스)\s?[.:：/]"
    r"|^[\s*|]{0,4}[mtpfd][.:]?\s?\+?\(?\d[\d\s()./-]{6,20}|\+\d{1,3}[\s(\d][\d\s()./-]{6,20}"
    r"|^\s{0,4}(?:https?://|www\.)\S{3,100}\s{0,4}$|^\s{0,4}\S{1,64}@\S{1,64}\.\w{2,24}\s{0,4}$"
    r"|\b(?:GmbH|Ltd\.?|Inc\.|LLC|Sp\. z o\.o\.|HRB|USt-?Id)(?:\W|$)|有限公司|株式会社"
    r"|\[image: ",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\b(?:this|the) (?:e-?mail|message|communication|transmission|information)\b[^\n]{0,120}"
    r"\b(?:confidential|privileged|intended|addressee|recipient)"
    r"|\b(?:confidentiality notice|disclaimer|privileged (?:and|or|&) confidential"
    r"|please consider the environment"
    r"|think before (?:you|printing)|before printing|virus-free\.|scanned (?:by|for)"
    r"|checked by avg|avast)"
    r"|\bif you (?:are not|have received|received) (?:the|this)\b[^\n]{0,60}(?:recipient|error)"
    r"|diese (?:e-?mail|nachricht|information)\b[^\n]{0,120}(?:vertraulich|bestimmt)"
    r"|vertraulichkeitshinweis"
    r"|(?:ce|le présent) (?:message|courriel|e-?mail)\b[^\n]{0,120}(?:confidentiel|destinataire)"
    r"|este (?:mensaje|correo|e-?mail|mensagem)\b[^\n]{0,120}(?:confidencial|destinatario"
    r"|destinatário)"
    r"|(?:questo|il presente) (?:messaggio|e-?mail)\b[^\n]{0,120}(?:riservat|confidenzial"
    r"|destinatari)"
    r"|(?:dit|deze) (?:bericht|e-?mail)\b[^\n]{0,120}(?:vertrouwelijk|bestemd)"
    r"|(?:本邮件|本郵件|此邮件|此郵件|本电子邮件)[^\n]{0,60}(?:保密|机密|機密)"
    r"|本メール[^\n]{0,60}(?:機密|秘密)",
    re.IGNORECASE,
)
_LIST_FOOTER = re.compile(
    r"\b(?:unsubscribe|mailing list|to post to this group|you received this message because"
    r"|listinfo"
    r"|reply to this (?:e-?mail|message) directly|view (?:it|this|the discussion) on"
    r"|to respond, reply to this"
    r"|google groups|to view this discussion)\b|退订|取消订阅",
    re.IGNORECASE,
)
# `Order: 1234`: a form that was filled in, not a signature.
_FIELD = re.compile(r"[\s*|]{0,4}[^\W\d_][^:：\n]{1,30}[:：]\s{0,9}\S")
_NO_NAME = re.compile(r"[.!?。！？…]\s{0,3}$|\d|^.{61}")


def is_delimiter(line: str) -> bool:
    """The signature delimiter of RFC 3676 4.3, with or without its space."""
    return len(line) < 16 and _DELIMITER.match(line) is not None


def is_loose_delimiter(line: str) -> bool:
    """A line of drawing that may stand above a signature, and above other things as well."""
    return len(line) <= _LONGEST_LINE and _LOOSE_DELIMITER.match(line) is not None


def is_signature(lines: Sequence[str], *, delimited: bool) -> bool:
    """Whether `lines`, found under a delimiter, are a signature and not more of the mail."""
    filled = [line for line in lines if line.strip()]
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
    return len(filled) <= _MOST_NAME_LINES and not any(_NO_NAME.search(line) for line in filled)


def is_notice(line: str) -> bool:
    """A line of a legal notice, virus scanner or list footer."""
    start = line[:1000]
    return _DISCLAIMER.search(start) is not None or _LIST_FOOTER.search(start) is not None


def is_contact(line: str) -> bool:
    """A line of an address block: telephone, web site, company."""
    return len(line) <= _LONGEST_CONTACT_LINE and _CONTACT.search(line) is not None


def loose_signature_start(lines: Sequence[str]) -> int:
    """Where a signature without delimiter begins in `lines`; their number where there is none.

    The farewell and the name under it are the sender's words; what follows them is signature
    where it holds contact data and nothing but short lines.
    """
    end = _without_notices(lines)
    for at in range(end - 1, max(-1, end - 2 * _MOST_SIGNATURE_LINES), -1):
        if len(lines[at]) <= 60 and _FAREWELL.match(lines[at]):
            return _after_name(lines, at, end)
    return end


def _after_name(lines: Sequence[str], farewell: int, end: int) -> int:
    name = farewell + 1
    while name < end and not lines[name].strip():
        name += 1
    rest = [line for line in lines[name + 1 : end] if line.strip()]
    if not rest or len(rest) > _MOST_SIGNATURE_LINES:
        return end
    if any(len(line) > _LONGEST_CONTACT_LINE for line in rest):
        return end
    if not any(is_contact(line) for line in rest):
        return end
    return name if is_contact(lines[name]) else name + 1


def _without_notices(lines: Sequence[str]) -> int:
    """The end of `lines` without legal notices and list footers in the last paragraphs."""
    end = len(lines)
    while end:
        start = end
        while start and not lines[start - 1].strip():
            start -= 1
        last = start
        while start and lines[start - 1].strip():
            start -= 1
        # Never the first paragraph: a mail that is only a notice is about it.
        if start == 0 or start == last or not is_notice(" ".join(lines[start:last])):
            return end
        end = start
    return end
