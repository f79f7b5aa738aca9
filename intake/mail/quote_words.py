"""The words with which mail programs introduce an earlier mail, in the languages they speak."""

from __future__ import annotations

from typing import Literal

HeaderRole = Literal["from", "date", "to", "subject", "other"]

_LABELS: dict[HeaderRole, str] = {
    "from": (
        "from|von|de|da|van|od|fra|från|lähettäjä|kimden|gönderen|feladó|expeditor|de la|από|מאת|من"
        "|expéditeur|absender|remitente|remetente|mittente|afzender|nadawca|от|от кого|отправитель"
        "|від|від кого|发件人|發件人|寄件者|寄件人|差出人|送信者|送信元|보낸 사람|보낸사람|발신"
        "|보낸이"
        "|dari|từ|จาก|od koga|kellelt"
    ),
    "date": (
        "date|sent|sent on|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|fecha|enviado"
        "|enviado el|enviada|enviado em|enviada em|data|inviato|data invio|verzonden|verzonden op"
        "|wysłano|wysłane|data wysłania|отправлено|дата|дата отправки|надіслано"
        "|发送时间|发送日期|发件时间"
        "|日期|时间"
        "|時間|寄件日期|傳送時間|傳送日期|發送時間|送信日時|送信日|日付|日時|보낸 날짜|보낸날짜"
        "|날짜|발송일"
        "|sendt|dato|skickat|lähetetty|päivämäärä|päiväys|gönderme tarihi|tarih|gönderildi|elküldve"
        "|dátum|küldve|odesláno|odeslané|odoslané|dátum|trimis|trimis la|dată|ημερομηνία|στάλθηκε"
        "|נשלח|תאריך|تاريخ|التاريخ|تم الإرسال|dikirim|tanggal|đã gửi|ngày|วันที่|ส่ง|poslano"
    ),
    "to": (
        "to|pour|adresat|odbiorca|mottagare|modtager"
        "|an|à|a|para|aan|do|кому|получатель|收件人|收件者|宛先|送信先|받는 사람|받는사람|수신"
        "|til|till"
        "|vastaanottaja|kime|alıcı|címzett|komu|pre|către|catre|προς|אל|إلى|الى|kepada|đến|tới|ถึง"
        "|destinatario|destinatário|destinataire|empfänger|ontvanger|za"
    ),
    "subject": (
        "subject|betreff|betr|objet|sujet|asunto|assunto|oggetto|onderwerp|temat|тема|主题|主題"
        "|主旨"
        "|标题|標題|件名|題名|제목|emne|ämne|aihe|konu|tárgy|předmět|predmet|subiect|θέμα|נושא"
        "|الموضوع"
        "|subyek|perihal|chủ đề|tiêu đề|เรื่อง|zadeva|naslov"
    ),
    "other": (
        "cc|bcc|kopie|copie|copia|cópia|kopia|копия|копія|抄送|副本|密送|참조|숨은참조|kopi|ccn|cci"
        "|dw|másolat|reply-to|reply to|antwort an|répondre à|responder a|responder para|回复|回覆"
        "|importance|wichtigkeit|priority|priorität|attachments|anlagen|allegati|附件|添付ファイル"
        "|message-id"
        "|organization|organisation|in-reply-to|references|mailed-by|signed-by|vedhæftede filer"
        "|bilagor"
    ),
}

HEADER_LABELS: dict[str, HeaderRole] = {
    label: role for role, labels in _LABELS.items() for label in labels.split("|")
}
"""Case-folded name of a header as mail programs translate it, to what it is."""

VERBS = (
    r"\b(?:wrote|writes|schrieb|schrieben|geschrieben|écrit|ecrit|escribió|escribio|escribe"
    r"|escreveu"
    r"|scritto|scrive|scrisse|schreef|geschreven|napisał|napisana|napisała|napisali|pisze|написал"
    r"|написала"
    r"|написали|пишет|писал|писала|написав|написала|пише|написа|написао|skrev|skreiv|skriver"
    r"|kirjoitti|kirjutas|írta|napsal|napsala|napísal|napísala|napisal|napisao|napisala|scris"
    r"|yazdı|yazmış|έγραψε|escrit|escriure|menulis|viết|rašė|rakstīja|كتب|كتبت|נכתב|quoting"
    r"|zitat von|citando|כתב|כתבה|نوشت)"
    r"|写道|寫道|写到|書きました|書いた|のメール|のメッセージ|からのメール|작성|썼습니다|쓴 글"
    r"|님의 메일|님의 말|เขียน|تمت كتابة|kirjutas|skribis|ka shkruar"
)
"""In a line that introduces a quotation somebody "wrote"."""

OPENINGS = (
    r"(?:on|at|quoting|am|le|el|em|no dia|op|il|in data|w dniu|dnia|den|d\.|på|dne|dňa|em|la data"
    r"|pe"
    r"|na|στις|vào|pada|ngày|dia|le|a|ha|kl|tor|ons|tir|man|fre|lør|søn|ti|ke|to|pe|la|su|ma"
    r"|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|lun|mar|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so|seg|ter|qua|qui|sex|sáb|dom|mié|jue|vie"
    r"|gio|sab|zo|wo|vr|za|pon|wt|śr|czw|pt|sob|niedz|пн|вт|ср|чт|пт|сб|вс"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|in a message dated"
    r"|missatge de|вы писали|в письме от|në)\b[.,]?\s"
    r"|在|于|於|\d|בתאריך|ב-\d|في|در تاریخ|ในวันที่|เมื่อ"
)
"""How such a line begins, unless with the name."""

WEAK_VERBS = r"\b(?:said|says|sagte|a dit|dijo|disse|zei|сказал|сказала)\b|说：|說："
"""These introduce a quotation only where one follows."""

READER_WORDS = (
    r"you|your|we|our|my|me|du|sie|ihr|ihre|ihnen|ihrem|mir|mich|uns|vous|votre|vos|tu|notre"
    r"|nous|(?:m|l|t)['’]\w+|me|usted|ustedes|les|su|você|vocês|lei|mi|ci|vi|jij|je|u|uw|mij|ons"
    r"|вы|вам|вас|ваш|мне|нам|ты|mnie|nam|państwo"
)
"""In prose that speaks to the reader: "On Monday you wrote:" introduces no quotation."""

RULE = "-_=*—–─━‐‑‒―−═＿－＝"
"""What lines across a mail are drawn with, as a character class."""

MAIL_WORDS = (
    r"mess[a]?g|mail|nachricht|bericht|mensa[jg]|wiadomo|сообщ|письм|повідом|邮件|郵件|메일|메시지"
    r"|メッセ|メール|viesti|meddel|melding|mesaj|ileti|e-posta|zpráv|správ|üzenet|הודעה|رسالة"
    r"|courri|correo|poruk|sporočil|μήνυμα|tin nhắn|thư|pesan|surat"
)
"""A mail or message, as lines that divide mails call it."""

FORWARDED_BY = (
    r"forwarded by|weitergeleitet von|transféré par|inoltrato da|reenviado por|doorgestuurd door"
)
"""Lotus Notes names who forwarded, in place of the mail."""

RAW_HEADERS = (
    r"received|return-path|delivered-to|dkim-signature|message-id|mime-version|content-type"
    r"|authentication-results|received-spf|arc-[a-z-]{4,30}|x-[a-z0-9-]{2,40}|list-[a-z-]{2,20}"
)
"""Headers that mail programs do not show."""

FORWARD_WORDS = (
    r"forwarded|begin forward|weitergeleitet|transféré|réexpédié|transmis|reenviad|encaminhad"
    r"|rimandat|inoltrat|doorgestuurd|przekazan|przesłan|пересыла|пересланн|перенаправл|переадрес"
    r"|转发|转寄|轉寄|轉發|転送|전달|videresend|vidarebefordra|videresendt|välitetty|edelleen|iletilen"
    r"|yönlendir"
    r"|továbbított|přeposlan|preposlan|redirecționat|transmis|προωθ|הועבר|معاد|пересилан|препратен"
)
"""In the line above a forwarded mail."""

FORWARD_CLUES = (
    *(
        "forw",
        "weiterg",
        "trans",
        "rimand",
        "edell",
        "réexp",
        "reenv",
        "encamin",
        "inoltr",
        "doorg",
        "prze",
        "пере",
    ),
    *("转", "轉", "転", "전달", "vide", "väli", "ilet", "yönl", "tovább", "pos", "redir", "προωθ"),
    *("הועבר", "معاد", "препр"),
)
"""Each of these words holds one of these: cheap to look for."""

ORIGINAL_WORDS = (
    r"original|ursprüngliche|ursprungs|message d'origine|oorspronkelijk|oryginaln|исходн|оригинал"
    r"|原始邮件|原始郵件|原邮件|原郵件|原信|邮件原件|邮件原文|郵件原文|元のメッセージ|元のメール"
    r"|원본|opprinnelig|oprindelig"
    r"|ursprungligt|alkuperäinen"
    r"|orijinal|özgün|eredeti|původní|pôvodná|mesaj original|αρχικό|הודעה מקורית|الأصلية|початкове"
    r"|replied message|回复的|reply message|antwortnachricht"
)
"""In the line above a mail that is answered."""

FORWARD_SUBJECTS = (
    r"(?:fwd?|wg|tr|rv|enc|encf|i|inoltro|doorst|pd|vs|vl|ilt|továbbítás|转发|轉寄|轉發|転送|전달"
    r"|fs|vb"
    r"|пересл"
    r"|重新转发)\s?[:：]|\[fwd"
)
"""With this the subject of a forwarded mail begins."""

REPLY_MARKERS = (
    r"^\W{0,9}(?:please )?(?:reply|respond|type|write|add|enter|answer)\b[^\n.]{0,40}"
    r"\babove th(?:is|e) (?:line|message)"
    r"|(?:antwort|schreib)[^\n]{0,40}(?:über|oberhalb)[^\n]{0,20}(?:zeile|linie)"
    r"|répon[^\n]{0,40}au[- ]dessus de cette ligne"
    r"|(?:escrib|respon|respuesta|resposta)[^\n]{0,40}(?:encima de|acima d|arriba de)[^\n]{0,9}"
    r"(?:línea|linha)"
    r"|(?:rispo|digit)[^\n]{0,40}sopra (?:di )?questa riga|antwoord[^\n]{0,40}boven deze "
    r"(?:regel|lijn)"
    r"|在此(?:行|线|線)(?:之|以)?上(?:方|面)?(?:输入|鍵入|键入|輸入|回|填)"
    r"|この行(?:より|の)上|이 줄 위에"
    r"|выше этой (?:строки|линии)|вище (?:цього|цієї) (?:рядка|лінії)"
    r"|powyżej tej linii|svar[^\n]{0,30}(?:ovan(?:för)?|over|ovenfor) (?:den här|denne|denna) "
    r"(?:raden|linj|rad)|bu satırın (?:üst|üzer)|tämän rivin yläpuol"
    r"|nad (?:tento|tuto) (?:řádek|linku)"
    r"|e fölé a sor fölé|deasupra acestei linii|phía trên dòng này|di atas baris ini"
    r"|فوق هذا السطر|מעל (?:ל)?שורה ז"
)
"""The line of help desk programs above which the customer should write."""

REPLY_MARKER_CLUES = (
    "above th",
    "ber dies",
    "oberhalb",
    "au-dessus de",
    "au dessus de",
    "encima de",
    "acima d",
    "arriba de",
    "sopra",
    "boven deze",
    "over denne",
    "ovenfor denne",
    "di atas baris",
    "deasupra",
    "ovan den",
    "rivin",
    "nad t",
)
"""Each of these lines holds one of these words: cheap to look for."""

ALL_REPLY_MARKER_CLUES = (
    *REPLY_MARKER_CLUES,
    "上",
    "이 줄",
    "выше",
    "вище",
    "powyżej",
    "ovanför",
    "satırın",
    "fölé",
    "phía trên",
    "فوق",
    "מעל",
)
"""The same for a line that is not all ASCII."""

REPLY_MARKER_HEADS = frozenset(
    ("repl", "plea", "writ", "type", "resp", "antw", "bitt", "répo", "risp")
)
"""How such a line begins, in small letters, where it does not begin with a drawn mark."""
