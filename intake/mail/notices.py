"""Legal notices, virus scanners' marks and list footers: what nobody wrote by hand."""

from __future__ import annotations

import re

_LONGEST_NOTICE_START = 1000

_NOTICE = re.compile(
    # A mail that speaks of itself, as legal notices do.
    r"\b(?:this|the) (?:e-?mail|message|communication|transmission|information)\b[^\n]{0,120}"
    r"\b(?:confidential|privileged|intended|addressee|recipient)"
    r"|\bif you (?:are not|have received|received) (?:the|this)\b[^\n]{0,60}(?:recipient|error)"
    r"|(?:diese(?:r)? (?:e-?mail|nachricht|information)|inhalt dieser)\b[^\n]{0,120}"
    r"(?:vertraulich|bestimmt)"
    r"|(?:ce|le présent) (?:message|courriel|e-?mail)\b[^\n]{0,120}(?:confidentiel|destinataire)"
    r"|est[ea] (?:mensaje|correo|e-?mail|mensagem)\b[^\n]{0,120}(?:confidencia|destinat)"
    r"|(?:questo|il presente|questa) (?:messaggio|e-?mail)\b[^\n]{0,120}(?:riservat|confidenzial"
    r"|destinatari)|le informazioni contenute in quest"
    r"|(?:dit|deze|met dit) (?:e-?mail)?-?\s?(?:bericht|e-?mail)\b[^\n]{0,120}(?:vertrouwelijk"
    r"|bestemd)"
    r"|(?:niniejsz|treść tej|ta )\w* (?:wiadomoś|e-?mail|korespondenc)[^\n]{0,120}(?:poufn"
    r"|adresat)"
    r"|(?:это|данное|настоящее) (?:сообщение|письмо|электронное)[^\n]{0,120}(?:конфиденциальн"
    r"|предназначен)"
    r"|(?:цей|це) (?:лист|повідомлення)[^\n]{0,120}(?:конфіденційн|призначен)"
    r"|(?:detta|denne|dette)\s(?:e-?post|e-?mail|mail|meddelande|meddelelse)[^\n]{0,120}"
    r"(?:konfidentiel|fortrolig)"
    r"|tämä (?:viesti|sähköposti)[^\n]{0,120}(?:luottamuksel|tarkoitettu)"
    r"|t(?:ato|ento|áto) (?:zpráva|e-?mail|správa)[^\n]{0,120}(?:důvěrn|dôvern|určen)"
    r"|bu (?:e-?posta|ileti|mesaj)[^\n]{0,120}(?:gizli|kişiye özel)"
    r"|(?:本邮件|本郵件|此邮件|此郵件|本电子邮件|本電子郵件|这封邮件)[^\n]{0,60}(?:保密|机密|機密)"
    r"|(?:本メール|このメール|本電子メール)[^\n]{0,60}(?:機密|秘密|宛先|受信者)"
    r"|(?:본|이) (?:메일|이메일|전자우편)[^\n]{0,60}(?:기밀|비밀|수신인)"
    # Their headings.
    r"|\b(?:confidentiality notice|disclaimer|privileged (?:and|or|&) confidential)"
    r"|vertraulichkeitshinweis|avis de confidentialité|aviso (?:legal|de confidencialidad)"
    r"|avviso di riservatezza|免责声明|免責聲明|保密声明"
    # Paper.
    r"|please consider the environment|think before (?:you|printing)|before printing"
    r"|denken sie an die umwelt|pensez à l['’]environnement|antes de imprimir|prima di stampare"
    r"|denk aan het milieu"
    # Virus scanners.
    r"|virus-free\.|scanned (?:by|for)|checked (?:by avg|for viruses)|avast|no virus found"
    r"|virenfrei\b|virus(?:vrij|fri|free)\b|garanti sans virus|absence de virus"
    r"|(?:libre|livre) de v[ií]rus|privo di virus|wolny od wirusów|без вирусов|вирусов нет"
    r"|无病毒|ウイルス\s?フリー",
    re.IGNORECASE,
)
# Each pattern above holds one of these: cheap to look for, and most paragraphs hold none.
_CLUES = (
    *("confiden", "privileg", "intended", "addressee", "recipient", "in error", "vertraulich"),
    *("bestimmt", "destinat", "riservat", "le informazioni contenute", "vertrouwelijk", "bestemd"),
    *("disclaimer", "aviso legal", "environment", "before print", "think before", "umwelt"),
    *(
        "de imprimir",
        "di stampare",
        "het milieu",
        "virus",
        "virenfrei",
        "scanned ",
        "avast",
        "by avg",
    ),
    *("poufn", "adresat", "konfidentiel", "fortrolig", "gizli"),
)
_CLUES_BEYOND_ASCII = (
    *("конфиденциальн", "предназначен", "конфіденційн", "призначен", "вирус", "luottamuksel"),
    *("tarkoitettu", "věrn", "dôvern", "určen", "kişiye", "密", "機密", "机密", "宛先", "受信者"),
    *("기밀", "비밀", "수신인", "声明", "聲明", "病毒", "ウイルス", "confidentialité"),
    *("l’environnement", "vírus", "wirus"),
)
_ALL_CLUES = _CLUES + _CLUES_BEYOND_ASCII
_LIST_FOOTER = re.compile(
    r"\bclick (?:here|below)\b[^\n]{0,20}unsubscribe|unsubscribe[^\n]{0,40}\bclick here"
    r"|\b(?:to unsubscribe|unsubscribe (?:here|from this (?:group|thread|list))|, or unsubscribe"
    r"|unsubscribe\W{0,3}$|unsubscribe\s?[:<]|mailing list$|mailing list\s?--"
    r"|to post to this group|you received this message because"
    r"|you are receiving this|listinfo|reply to this (?:e-?mail|message) directly"
    r"|view (?:it|this|the discussion) on|to respond, reply to this|to view this discussion)"
    r"|/mailman/|groups\.google\.com/|^\s{0,3}_{30,}\s+\S+ mailing list"
    r"|退订|取消订阅|取消訂閱|配信停止",
    re.IGNORECASE,
)
_LIST_CLUES = (
    *("unsubscribe", "mailing list", "to this group", "message because", "you are receiving this"),
    *("listinfo", "directly", "it on ", "view this", "discussion", "respond, reply", "/mailman"),
    *("groups.google",),
    *("退订", "订阅", "訂閱", "配信停止"),
)
# A question or the first person: somebody speaks.
_SPEAKS = re.compile(
    r"[?？]\s{0,9}$|\b(?:I|my|I['’]\w+|please unsubscribe)\b"
    r"|\b(?:[Ii]ch|[Mm]eine?n?)\b|请帮|請幫"
)


def is_notice(text: str) -> bool:
    """A line or paragraph that is a legal notice, virus scanner's mark or list footer."""
    start = text[:_LONGEST_NOTICE_START]
    small = start.lower()
    if _may_be_notice(small) and _NOTICE.search(small) is not None:
        return _SPEAKS.search(start) is None
    listed = any(clue in small for clue in _LIST_CLUES) and _LIST_FOOTER.search(small) is not None
    return listed and _SPEAKS.search(start) is None


def _may_be_notice(small: str) -> bool:
    # A loop: any() over a generator takes three times as long.
    for clue in _CLUES if small.isascii() else _ALL_CLUES:  # noqa: SIM110
        if clue in small:
            return True
    return False
