"""The words with which people end a mail, in their languages."""

from __future__ import annotations

import re

_FAREWELL = re.compile(
    r"[\s*_]{0,4}(?:"
    r"(?:with )?(?:my |our |many )?(?:best|kind|kindest|warm|warmest|sincere)?\s?"
    r"(?:regards|wishes)|sincerely|yours(?: sincerely| faithfully| truly)?|respectfully|cheers"
    r"|best|all the best|thanks(?: again)?|thank you(?: very much)?|many thanks|br|kr|rgds"
    # German
    r"|mit (?:freundlich|best|herzlich|lieb|viel|sonnig)\w* gr(?:ü|ue|u)(?:ß|ss)\w*"
    r"|(?:viele|liebe|beste|freundliche|herzliche|schöne)[nr]? gr(?:ü|ue|u)(?:ß|ss)e?"
    r"|gr(?:u|ü)(?:ß|ss)e?|mfg|vg|lg|hochachtungsvoll|danke(?: und gruß)?|vielen dank"
    # French
    r"|(?:bien |très )?cordialement|bien à vous|(?:meilleures |sincères )?salutations"
    r"|amicalement|sincèrement|respectueusement|cdt|cdlt|merci(?: d['’]avance)?|bonne journée"
    # Spanish
    r"|(?:un )?(?:cordial |atento )?saludos?(?: cordiales)?|atentamente|cordialmente"
    r"|(?:muchas )?gracias(?: de antemano)?|un abrazo"
    # Portuguese
    r"|atenciosamente|att\.?|(?:com os )?(?:melhores )?cumprimentos|(?:muito )?obrigad[oa]"
    r"|grat[oa]|abraços?"
    # Italian
    r"|(?:cordiali|distinti|migliori) saluti|saluti|(?:molte )?grazie(?: mille)?|buona giornata"
    # Dutch
    r"|(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|groet(?:en|jes)?|mvg|bedankt"
    r"|hoogachtend"
    # Slavic
    r"|z (?:poważaniem|wyrazami szacunku)|(?:serdecznie )?pozdrawiam(?: serdecznie)?|pozdrowienia"
    r"|dziękuję|с уважением|с наилучшими пожеланиями|спасибо|з повагою|дякую|с уважение|поздрави"
    r"|s pozdrav\w{2}|lijep pozdrav|srdačan pozdrav|lep pozdrav|hezký den|děkuji"
    # Northern
    r"|(?:med )?(?:vänlig|venlig|vennlig|bästa|hjertelig|beste)\w* "
    r"h(?:ä|i)ls(?:ning(?:ar)?|en|ener)"
    r"|hälsningar|hilsen|mvh|vh|tack|takk|tak|(?:ystävällisin )?terveisin|kiitos"
    # Others
    r"|saygılarımla|iyi çalışmalar|teşekkürler|üdvözlettel|köszönettel|cu stimă|cu respect"
    r"|με εκτίμηση|ευχαριστώ|trân trọng|cảm ơn|hormat saya|terima kasih|salam"
    r"|مع (?:أطيب )?التحيات|مع تحياتي|شكرا|בברכה|תודה|با احترام"
    # Chinese, Japanese, Korean
    r"|祝好|此致|敬礼|敬禮|谢谢|謝謝|多谢|感谢|感謝|顺祝商祺|顺颂商祺|順頌商祺|敬上|祝商祺|商祺"
    r"|(?:以上、?)?(?:どうぞ)?(?:よろしく|宜しく)お(?:願|ねが)い(?:いた|致)?します|敬具|以上"
    r"|감사합니다|고맙습니다|드림|올림"
    r")[\s,.!;，。！、*_]{0,6}$",
    re.IGNORECASE,
)
_INDENT = " \t\xa0\u3000*_"
# How they begin: most lines begin otherwise.
_STARTS = frozenset(
    (
        *("wi", "my", "ou", "ma", "be", "ki", "wa", "si", "re", "yo", "ch", "al", "th", "br"),
        *("kr", "rg", "mi", "vi", "li", "fr", "he", "sc", "gr", "mf", "vg", "lg", "ho", "da"),
        *("bi", "tr", "co", "me", "sa", "am", "cd", "bo", "un", "at", "mu", "gr", "ab", "ob"),
        *("di", "mo", "bu", "ha", "vr", "mv", "z ", "se", "po", "dz", "с ", "сп", "з ", "дя"),
        *("по", "s ", "li", "sr", "le", "he", "dě", "vä", "ve", "bä", "hj", "hä", "hi", "vh"),
        *("ta", "ys", "te", "ki", "iy", "te", "üd", "kö", "cu", "με", "ευ", "tr", "cả", "ho"),
        *("مع", "شك", "בב", "תו", "با", "祝", "此", "敬", "谢", "謝", "多", "感", "顺", "順"),
        *("商", "以", "ど", "よ", "宜", "감", "고", "드", "올"),
    )
)


def is_farewell(line: str) -> bool:
    """Whether `line`, which is not empty, is nothing but a farewell."""
    start = line[:2].lower()
    if start[0] in _INDENT:
        line = line.lstrip(_INDENT)
        start = line[:2].lower()
    if start not in _STARTS and start[:1] not in _STARTS:
        return False
    return _FAREWELL.match(line) is not None
