"""How mail programs introduce the mail they answer, as a table: name and the lines they add."""

QUOTED = "> Which device do you use?\n> Please tell us the order number."
UNQUOTED = "Which device do you use?\nPlease tell us the order number.\n\nAnna, Support"
ADDRESS = "Anna Support <help@desk.example>"

# Attribution lines above marked quotations.
ATTRIBUTIONS = {
    "gmail-en": f"On Mon, Nov 23, 2026 at 10:00 AM {ADDRESS} wrote:",
    "gmail-en-folded": "On Mon, Nov 23, 2026 at 10:00 AM Anna Support <\nhelp@desk.example> wrote:",
    "gmail-en-iso": f"2026-11-23 10:00 GMT+01:00 {ADDRESS}:",
    "gmail-de": "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Anna Support <\nhelp@desk.example>:",
    "gmail-fr": f"Le lun. 23 nov. 2026 à 10:00, {ADDRESS} a écrit :",
    "gmail-es": "El lun, 23 nov 2026 a las 10:00, Anna Support (<help@desk.example>)\nescribió:",
    "gmail-pt": (
        "Em seg., 23 de nov. de 2026 às 10:00, Anna Support <\nhelp@desk.example> escreveu:"
    ),
    "gmail-it": (
        "Il giorno lun 23 nov 2026 alle ore 10:00 Anna Support <\nhelp@desk.example> ha scritto:"
    ),
    "gmail-nl": "Op ma 23 nov 2026 om 10:00 schreef Anna Support <help@desk.example>:",
    "gmail-pl": f"pon., 23 lis 2026 o 10:00 {ADDRESS} napisał(a):",
    "gmail-ru": f"пн, 23 нояб. 2026 г. в 10:00, {ADDRESS}:",
    "gmail-ja": "2026年11月23日(月) 10:00 Anna Support <help@desk.example>:",
    "gmail-ko": "2026년 11월 23일 (월) 오전 10:00, Anna Support <help@desk.example>님이 작성:",
    "gmail-zh": f"{ADDRESS} 于2026年11月23日周一 10:00写道：",
    "gmail-zh-folded": f"{ADDRESS}\n于2026年11月23日周一 上午10:00写道：",
    "gmail-zh-hant": f"{ADDRESS} 於 2026年11月23日 週一 上午10:00寫道：",
    "gmail-sv": f"Den mån 23 nov. 2026 kl 10:00 skrev {ADDRESS}:",
    "gmail-no": f"man. 23. nov. 2026 kl. 10:00 skrev {ADDRESS}:",
    "gmail-fi": "ma 23. marrask. 2026 klo 10.00 Anna Support (help@desk.example)\nkirjoitti:",
    "gmail-tr": f"{ADDRESS}, 23 Kas 2026 Pzt, 10:00 tarihinde şunu\nyazdı:",
    "gmail-cs": f"po 23. 11. 2026 v 10:00 odesílatel {ADDRESS} napsal:",
    "gmail-hu": f"{ADDRESS} ezt írta (időpont: 2026.\nnov. 23., H, 10:00):",
    "gmail-ro": f"În lun., 23 nov. 2026 la 10:00, {ADDRESS} a scris:",
    "gmail-uk": f"пн, 23 лист. 2026 р. о 10:00 {ADDRESS} пише:",
    "gmail-vi": f"Vào Th 2, 23 thg 11, 2026 vào lúc 10:00 {ADDRESS} đã viết:",
    "gmail-id": f"Pada tanggal Sen, 23 Nov 2026 pukul 10.00 {ADDRESS} menulis:",
    "apple-en": f"On 23 Nov 2026, at 10:00, {ADDRESS} wrote:",
    "apple-de": f"Am 23.11.2026 um 10:00 schrieb {ADDRESS}:",
    "apple-fr": f"Le 23 nov. 2026 à 10:00, {ADDRESS} a écrit :",
    "apple-es": f"El 23 nov 2026, a las 10:00, {ADDRESS} escribió:",
    "apple-it": f"Il giorno 23 nov 2026, alle ore 10:00, {ADDRESS} ha scritto:",
    "apple-nl": f"Op 23 nov. 2026 om 10:00 heeft {ADDRESS} het volgende geschreven:",
    "apple-pl": f"Wiadomość napisana przez {ADDRESS} w dniu 23.11.2026, o godz. 10:00:",
    "apple-ru": f"23 нояб. 2026 г., в 10:00, {ADDRESS} написал(а):",
    "apple-zh": f"在 2026年11月23日，上午10:00，{ADDRESS} 写道：",
    "apple-ja": f"2026/11/23 10:00、{ADDRESS}のメール:",
    "apple-ko": f"2026. 11. 23. 오전 10:00, {ADDRESS} 작성:",
    "thunderbird-en": "On 11/23/26 10:00, Anna Support wrote:",
    "thunderbird-de": "Am 23.11.26 um 10:00 schrieb Anna Support:",
    "thunderbird-fr": "Le 23/11/2026 à 10:00, Anna Support a écrit :",
    "thunderbird-es": "El 23/11/26 a las 10:00, Anna Support escribió:",
    "thunderbird-pt": "Em 23/11/2026 10:00, Anna Support escreveu:",
    "thunderbird-it": "Il 23/11/2026 10:00, Anna Support ha scritto:",
    "thunderbird-nl": "Op 23-11-2026 om 10:00 schreef Anna Support:",
    "thunderbird-pl": "W dniu 23.11.2026 o 10:00, Anna Support pisze:",
    "thunderbird-ru": "23.11.2026 10:00, Anna Support пишет:",
    "thunderbird-zh": "在 2026/11/23 10:00, Anna Support 写道:",
    "netease": '在 2026-11-23 10:00:00，"Anna Support" <help@desk.example> 写道：',
    "netease-en": 'At 2026-11-23 10:00:00, "Anna Support" <help@desk.example> wrote:',
    "yahoo": "On Monday, November 23, 2026, 10:00:00 AM GMT+1, Anna <help@desk.example> wrote:",
    "yandex": '23.11.2026, 10:00, "Anna Support" <help@desk.example>:',
    "mail-ru": "Понедельник, 23 ноября 2026, 10:00 +03:00 от Anna <help@desk.example>:",
    "zoho": f"---- On Mon, 23 Nov 2026 10:00:00 +0530 {ADDRESS} wrote ----",
    "horde": f"Quoting {ADDRESS}:",
    "horde-de": f"Zitat von {ADDRESS}:",
    "day-first": f"On 23-Nov-2026, at 10:00 AM, {ADDRESS} wrote:",
    "wp-pl": "W dniu 23 listopada 2026 10:00 użytkownik Anna Support <help@desk.example>\nnapisał:",
    "vi": "Vào 10:00 23 tháng 11, 2026, Anna Support <help@desk.example> đã viết:",
    "no-space": "On Mon, Nov 23, 2026 at 10:00 AM, Anna Support\n<help@desk.example>wrote:",
    "three-lines": "On Mon, 23 Nov 2026 10:00\nAnna Support\n<help@desk.example> wrote:",
    "k9": f"{ADDRESS} schrieb:",
    "proton": "On Monday, November 23rd, 2026 at 10:00, Anna Support <help@desk.example> wrote:",
}

# Blocks above mails that are not marked line by line.
BLOCKS = {
    "outlook-en": (
        f"From: {ADDRESS}\nSent: Monday, November 23, 2026 10:00 AM\nTo: Ben\nSubject: Ticket"
    ),
    "outlook-rule": (
        f"{'_' * 32}\nFrom: {ADDRESS}\nSent: Monday, 23 November 2026 10:00\nTo: Ben\nSubject: X"
    ),
    "outlook-bold": f"*From:* {ADDRESS}\n*Sent:* Monday\n*To:* Ben\n*Subject:* Ticket",
    "outlook-no-address": "From: Anna\nSent: Monday\nTo: Ben\nSubject: Ticket",
    "outlook-de": (
        f"Von: {ADDRESS}\nGesendet: Montag, 23. November 2026 10:00\nAn: Ben\nBetreff: Ticket"
    ),
    "outlook-fr": f"De : {ADDRESS}\nEnvoyé : lundi 23 novembre 2026 10:00\nÀ : Ben\nObjet : Ticket",
    "outlook-es": (
        f"De: {ADDRESS}\nEnviado el: lunes, 23 de noviembre de 2026 10:00\nPara: Ben\nAsunto: X"
    ),
    "outlook-pt": (
        f"De: {ADDRESS}\nEnviada em: segunda-feira, 23 de novembro de 2026\nPara: Ben\nAssunto: X"
    ),
    "outlook-it": f"Da: {ADDRESS}\nInviato: lunedì 23 novembre 2026 10:00\nA: Ben\nOggetto: X",
    "outlook-nl": (
        f"Van: {ADDRESS}\nVerzonden: maandag 23 november 2026 10:00\nAan: Ben\nOnderwerp: X"
    ),
    "outlook-pl": (
        f"Od: {ADDRESS}\nWysłano: poniedziałek, 23 listopada 2026 10:00\nDo: Ben\nTemat: X"
    ),
    "outlook-ru": f"От: {ADDRESS}\nОтправлено: 23 ноября 2026 г. 10:00\nКому: Ben\nТема: X",
    "outlook-zh": f"发件人: {ADDRESS}\n发送时间: 2026年11月23日 10:00\n收件人: Ben\n主题: X",
    "outlook-zh-hant": (
        f"寄件者: {ADDRESS}\n寄件日期: 2026年11月23日 上午 10:00\n收件者: Ben\n主旨: X"
    ),
    "outlook-ja": f"差出人: {ADDRESS}\n送信日時: 2026年11月23日 10:00\n宛先: Ben\n件名: X",
    "outlook-ko": (
        f"보낸 사람: {ADDRESS}\n보낸 날짜: 2026년 11월 23일 10:00\n받는 사람: Ben\n제목: X"
    ),
    "outlook-sv": f"Från: {ADDRESS}\nSkickat: den 23 november 2026 10:00\nTill: Ben\nÄmne: X",
    "outlook-tr": f"Gönderen: {ADDRESS}\nGönderildi: 23 Kasım 2026 10:00\nKime: Ben\nKonu: X",
    "outlook-unknown": f"{'_' * 32}\nSeoltóir: {ADDRESS}\nSeolta: Dé Luain\nChuig: Ben",
    "outlook-old": (
        f"-----Original Message-----\nFrom: {ADDRESS}\nSent: Monday\nTo: Ben\nSubject: X"
    ),
    "outlook-old-de": (
        f"-----Ursprüngliche Nachricht-----\nVon: {ADDRESS}\nGesendet: Montag\nAn: Ben\nBetreff: X"
    ),
    "qq": (
        "------------------ 原始邮件 ------------------\n"
        '发件人: "Anna" <help@desk.example>;\n发送时间: 2026年11月23日\n收件人: "Ben";\n'
        "主题: X"
    ),
    "qq-en": (
        "------------------ Original ------------------\nFrom: Anna\nDate: Mon\nTo: Ben\nSubject: X"
    ),
    "netease-master": (
        "---- 回复的原邮件 ----\n| 发件人 | Anna<help@desk.example> |\n"
        "| 日期 | 2026年11月23日 |\n| 主题 | X |"
    ),
    "netease-replied": (
        "---- Replied Message ----\n| From | Anna<help@desk.example> |\n"
        "| Date | 11/23/2026 |\n| To | Ben |"
    ),
    "gmx": (
        f"Gesendet: Montag, 23. November 2026 um 10:00 Uhr\nVon: {ADDRESS}\n"
        "An: ben@mail.example\nBetreff: X"
    ),
    "outlook-mobile": 'On Mon, Nov 23, 2026 at 10:00 AM +0100, "Anna" <help@desk.example> wrote:',
    "zendesk": "##- Please type your reply above this line -##",
    "lotus": "----- Forwarded by Anna Support/Desk on 23/11/2026 10:00 -----",
}

MOBILE = (
    "Sent from my Verizon Wireless BlackBerry",
    "Sent from Mail for Windows 10",
    "Sent with [Proton Mail](https://proton.me/) secure email.",
    "Get [Outlook for iOS](https://aka.ms/o0ukef)",
    "Sent from my iPhone",
    "Sent from Outlook for Android<https://aka.ms/x>",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Sent from Yahoo Mail on Android",
    "Sent via the Samsung Galaxy S22, an AT&T 5G smartphone",
    "Von meinem iPhone gesendet",
    "Gesendet von Outlook für iOS",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé depuis l'application Mail Orange",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Wysłane z iPhone'a",
    "Отправлено с iPhone",
    "Отправлено из мобильной Почты Mail.ru",
    "发自我的iPhone",
    "从我的手机发送",
    "發自我的 iPhone",
    "来自 Outlook",
    "iPhoneから送信",
    "나의 iPhone에서 보냄",
    "Sendt fra min iPad",
    "Skickat från min iPhone",
    "Lähetetty iPhonesta",
    "iPhone'umdan gönderildi",
)
