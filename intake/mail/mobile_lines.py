"""`Sent from my iPhone`: what mail programs of telephones add, in their languages."""

from __future__ import annotations

import re

_LONGEST_LINE = 200

_DEVICE = (
    r"(?:i ?phone|i ?pad|i ?pod|android|samsung|galaxy|huawei|honor|xiaomi|redmi|oppo|vivo"
    r"|oneplus|pixel"
    r"|nokia|lumia|blackberry|windows|outlook|ios|mobile?|handy|smartphone|phone|tablet"
    r"|telefon\w*|teléfono"
    r"|móvil|téléphone|cellulare|celular|telemóvel|yahoo|gmail|aol|proton ?mail|gmx|web\.de|k-9"
    r"|mail\.ru"
    r"|yandex|tutanota|tuta|spark|sparrow|airmail|newton|thunderbird|zoho|mailbird|mail|e-?mail"
    r"|t-mobile|verizon"
    r"|at&t|sony|xperia|lg|htc|motorola|nine|mailspring|superhuman|front|edison|blue ?mail|mac"
    r"|apple|qq|foxmail"
    r"|fairphone|app|bluemail|telekom|orange|sfr|free|webmail|mobil\w*|мобильн\w*|телефон\w*"
    r"|смартфон\w*|poco|realme|tecno|infinix|zte|asus|lenovo|chromebook|surface|hey|canary|shortwave"
    r"|hushmail|fastmail|mailfence|roundcube|zimbra|e\.?m client|postbox|linkedin|teams|slack"
    r"|nexus|moto|inbox|boxer|typeapp|droid|telefoon|puhelim\w*|unterwegs|kindle|ubuntu|mymail"
    r"|aquamail|maildroid|cloudmagic|nine|почт\w*|пошт\w*|приложени\w*|iphon\w*|telefón\w*|mobiltelefon\w*|mobilni\w*)"
)
_SENT = (
    r"sent (?:from|with|via|by|using)|get \[?outlook|secured with|via newton"
    r"|gesendet (?:mit|von|via|über|aus)"
    r"|von meinem"
    r"|diese nachricht wurde von meinem|envoyé (?:de|depuis|à partir|par|avec|via)"
    r"|téléchargez outlook"
    r"|enviado (?:desde|de|do|con|por|mediante|com|a partir|pelo|via)|enviada (?:do|pelo)"
    r"|obtener outlook|obter o outlook"
    r"|inviato (?:da|dal|con|tramite)|ottieni outlook|scarica outlook"
    r"|verzonden (?:vanaf|vanuit|via|met)|verstuurd (?:vanaf|met|via)|outlook downloaden"
    r"|wysłane? z|wysłano z|pobierz (?:aplikację )?outlook|отправлено (?:с|из|от)|скачать outlook"
    r"|загрузить outlook"
    r"|надіслано з|изпратено от|sendt fra|send(?:t)? med|skickat från|skickades från|lähetetty"
    r"|hanki outlook"
    r"|gönderildi|elküldve|küldve|odesláno z|odoslané z|trimis de pe|στάλθηκε από|נשלח מ|أرسلت من"
    r"|تم الإرسال من"
    r"|dikirim dari|dikirim dengan|được gửi từ|đã gửi từ|tải outlook|ส่งจาก|typed (?:on|from) my"
    r"|written on my|laden sie outlook|holen sie sich outlook|outlook"
    r" (?:für|for|pour|para|per|voor)"
    r"|envoyé à l['’]aide|відправлено з|hämta outlook|hent outlook|získat outlook|odoslané zo"
    r"|dapatkan outlook|salatud|saadetud|išsiųsta iš|nosūtīts no|с моего|poslato sa|poslano s"
    r"|poslano z|enviat des|gesendet|enviado|inviato"
)
_MOBILE = re.compile(
    rf"[\s*_\-–—>|(\[]{{0,6}}(?:{_SENT})\b[^\n,.;!?]{{0,60}}\b{_DEVICE}\w{{0,6}}\b[^\n]{{0,160}}$",
    re.IGNORECASE,
)
_MOBILE_EAST = re.compile(
    r"[\s\-—]{0,6}(?:"
    r"(?:从|從|由|来自|來自|發自|发自|发送自|發送自|傳送自|自)\s?(?:我的|我)?[^\n，。]{0,30}"
    r"(?:手机|手機|iphone|ipad|android|邮箱|郵箱|邮件|信箱|outlook|qq|平板|网易|网页版|大师|客户端"
    r"|微信|钉钉|釘釘|飞书|荣耀|mail|galaxy|samsung|三星|oppo|vivo|电脑版|foxmail"
    r"|系统|华为|小米|windows)"
    r"[^\n，。]{0,20}(?:发送|發送|传送|傳送|发来|發來|寄出|版)?"
    r"|签名由[^\n，。]{0,20}定制"
    r"|(?:获取|取得|下載|下载)\s?(?:适用于\s?\S{2,10}\s?的\s?)?outlook[^\n]{0,60}"
    r"|[^\n。]{0,20}(?:iphone|ipad|android|galaxy|xperia|スマートフォン|携帯|モバイル"
    r"|outlook)[^\n。]{0,10}(?:から|より)送信(?:しました)?"
    r"|[^\n.]{0,20}(?:iphone|ipad|android|갤럭시|galaxy|휴대폰|스마트폰|네이버|삼성"
    r"|모바일|메일|outlook)[^\n.]{0,12}에서 (?:보냄|보냈습니다"
    r"|전송)[^\n]{0,10}"
    r"|[^\n]{0,30}(?:iphone|ipad|android|telefon|galaxy)[^\n]{0,30}(?:gönderildi|lähetetty|küldve)"
    r")[.。\s]{0,4}(?:<[^>\n]{1,200}>)?\s{0,4}$",
    re.IGNORECASE,
)
_WHOLE_LINES = re.compile(
    r"\s{0,4}(?:yahoo mail: search, organize, conquer|von unterwegs gesendet)[.\s]{0,4}$",
    re.IGNORECASE,
)

# Looked at first, for most lines are neither: how such lines begin, or a word they hold.
_STARTS = frozenset(
    (
        *("sent ", "via newton", "get ", "secured", "typed ", "written on", "yahoo mail:"),
        *("gesendet", "von mein", "diese nach", "laden sie", "holen sie", "outlook"),
        *("envoy", "téléch", "envia", "obten", "obter", "invia", "ottieni", "scarica"),
        *("verzonden", "verstuurd", "wysłan", "pobierz", "отправлено", "скачать", "загрузить"),
        *("надіслано", "відправлено", "изпратено", "с моего", "send", "skicka", "hämta", "hent"),
        *("lähet", "hanki", "gönder", "elküld", "küld", "odesl", "odosl", "získat", "trimis"),
        *(
            "στάλθηκε",
            "נשלח",
            "أرسلت",
            "تم الإرسال",
            "dikirim",
            "dapatkan",
            "được",
            "đã gửi",
            "tải ",
        ),
        *(
            "iphone",
            "ipad",
            "android",
            "galaxy",
            "xperia",
            "telefonum",
            "von unterwegs",
            "samsung",
            "huawei",
            "xiaomi",
        ),
        *("ส่งจาก", "poslan", "poslat", "saadetud", "išsiųsta", "nosūtīts"),
    )
)
MOBILE_HEADS = frozenset(start[:4] for start in _STARTS)
"""The first four letters of such lines, in small letters."""

MOBILE_STARTS_EAST = frozenset("从從由来來自發发传傳获取下签나내삼네갤스휴모携ス")
"""The first letter of such lines in Chinese, Japanese and Korean."""


def is_mobile_line(line: str) -> bool:
    """`Sent from my iPhone` in many languages: a line that the sender did not write."""
    stripped = line.lstrip(" \t\xa0*_-–—>|([")
    if not 4 <= len(stripped) <= _LONGEST_LINE:
        return False
    small = stripped.lower()
    if small[:4] not in MOBILE_HEADS and small[0] not in MOBILE_STARTS_EAST:
        return False
    return any(pattern.match(line) is not None for pattern in (_MOBILE, _MOBILE_EAST, _WHOLE_LINES))
