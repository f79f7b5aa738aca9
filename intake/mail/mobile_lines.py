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
    r"|смартфон\w*)"
)
_SENT = (
    r"sent (?:from|with|via|by|using)|get \[?outlook|via newton|gesendet (?:mit|von|via|über|aus)"
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
    r"|dikirim dari|được gửi từ|ส่งจาก|poslano s|poslano z|enviat des|gesendet|enviado|inviato"
)
_MOBILE = re.compile(
    rf"[\s*_\-–—>|(\[]{{0,6}}(?:{_SENT})\b[^\n,.;!?]{{0,60}}\b{_DEVICE}\w{{0,6}}\b[^\n]{{0,160}}$",
    re.IGNORECASE,
)
_MOBILE_EAST = re.compile(
    r"[\s\-—]{0,6}(?:"
    r"(?:从|從|由|来自|來自|發自|发自|发送自|發送自|傳送自|自)\s?(?:我的|我)?[^\n，。]{0,30}"
    r"(?:手机|手機|iphone|ipad|android|邮箱|郵箱|邮件|信箱|outlook|qq|平板|网易|网页版|大师|客户端"
    r"|系统|华为|小米|windows)"
    r"[^\n，。]{0,20}(?:发送|發送|传送|傳送|版)?"
    r"|(?:获取|取得|下載|下载)\s?(?:适用于\s?\S{2,10}\s?的\s?)?outlook[^\n]{0,60}"
    r"|[^\n。]{0,20}(?:iphone|ipad|android|スマートフォン|携帯|モバイル"
    r"|outlook)[^\n。]{0,10}(?:から|より)送信(?:しました)?"
    r"|[^\n.]{0,20}(?:iphone|ipad|android|갤럭시|휴대폰|스마트폰|네이버"
    r"|outlook)[^\n.]{0,12}에서 (?:보냄|보냈습니다"
    r"|전송)[^\n]{0,10}"
    r"|[^\n]{0,30}(?:iphone|ipad|android)[^\n]{0,30}(?:gönderildi|lähetetty|küldve)"
    r")[.。\s]{0,4}(?:<[^>\n]{1,200}>)?\s{0,4}$",
    re.IGNORECASE,
)
# Looked at first, for most lines are neither: how such lines begin, or a word they hold.
_MOBILE_STARTS = (
    "sent ",
    "via newton",
    "get ",
    "gesendet",
    "von mein",
    "diese nach",
    "envoy",
    "téléch",
    "envia",
    "obten",
    "obter",
    "invia",
    "ottieni",
    "scarica",
    "verzonden",
    "verstuurd",
    "outlook",
    "wysłan",
    "pobierz",
    "отправлено",
    "скачать",
    "загрузить",
    "надіслано",
    "изпратено",
    "send",
    "skicka",
    "lähet",
    "hanki",
    "gönder",
    "elküld",
    "küld",
    "odesl",
    "odosl",
    "trimis",
    "στάλθηκε",
    "נשלח",
    "أرسلت",
    "تم ",
    "dikirim",
    "được",
    "ส่งจาก",
    "poslano",
    "从",
    "從",
    "由",
    "来自",
    "來自",
    "發",
    "发",
    "傳送",
    "自",
    "获取",
    "取得",
    "下",
)
_MOBILE_WORDS = ("送信", "에서", "gönder", "lähet", "küld")


def is_mobile_line(line: str) -> bool:
    """`Sent from my iPhone` in many languages: a line that the sender did not write."""
    if not 8 <= len(line) <= _LONGEST_LINE and not 4 <= len(line.strip()) <= 60:
        return False
    start = line.lstrip(" \t\xa0*_-–—>|([").lower()
    if not start.startswith(_MOBILE_STARTS) and not any(word in start for word in _MOBILE_WORDS):
        return False
    return _MOBILE.match(line) is not None or _MOBILE_EAST.match(line) is not None
