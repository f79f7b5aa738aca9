"""Absence notices as mail programs send them, without any header that says so."""

# Language: subject and text of an absence notice.
ABSENCES = {
    "en": (
        "Automatic reply: Your ticket",
        "Thank you for your email. I am out of the office until Monday, November 30th with limited "
        "access to email. In urgent matters please contact anna@firm.example.",
    ),
    "en-bare": (
        "Re: Your ticket",
        "I'm currently on vacation and will return on 30 November. I will answer your message "
        "when I am back.",
    ),
    "zh": ("自动回复: 您的工单", "您好，我正在休假，11月30日回来后会尽快回复您的邮件。"),
    "zh-Hant": ("自動回覆: 您的工單", "您好，我目前休假中，返回後會盡快回覆您。"),
    "de": (
        "Abwesenheitsnotiz: Ihr Ticket",
        "Sehr geehrte Damen und Herren, ich bin bis zum 30.11. nicht im Büro. "
        "Ihre Nachricht wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich an Anna.",
    ),
    "fr": (
        "Réponse automatique : Votre demande",
        "Bonjour, je suis absente du bureau jusqu'au 30 novembre. En cas d'urgence, "
        "contactez anna@firm.example. Je vous répondrai à mon retour.",
    ),
    "es": (
        "Respuesta automática: Su consulta",
        "Estoy fuera de la oficina hasta el 30 de noviembre. En caso de urgencia contacte a Ana.",
    ),
    "pt": (
        "Resposta automática: Seu pedido",
        "Estou de férias até 30 de novembro. Em caso de urgência contate ana@firma.example.",
    ),
    "it": (
        "Risposta automatica: La sua richiesta",
        "Sono in ferie fino al 30 novembre. In caso di urgenza contattare anna@ditta.example.",
    ),
    "nl": (
        "Automatisch antwoord: Uw vraag",
        "Ik ben afwezig tot 30 november. Bij dringende zaken kunt u contact opnemen met Anna.",
    ),
    "pl": (
        "Automatyczna odpowiedź: Zgłoszenie",
        "Jestem na urlopie do 30 listopada. W sprawach pilnych proszę o kontakt z Anną.",
    ),
    "ru": (
        "Автоматический ответ: Ваш запрос",
        "Я нахожусь в отпуске до 30 ноября. По срочным вопросам обращайтесь к Анне.",
    ),
    "ja": (
        "自動返信: お問い合わせ",
        "11月30日まで休暇をいただいております。戻り次第ご返信いたします。",
    ),
    "ko": ("자동 회신: 문의", "저는 11월 30일까지 휴가 중입니다. 복귀 후 답장 드리겠습니다."),
    "sv": ("Autosvar: Ditt ärende", "Jag är inte på kontoret. Jag är tillbaka den 30 november."),
    "no": ("Automatisk svar: Din sak", "Jeg er ikke på kontoret. Tilbake 30. november."),
    "fi": ("Automaattinen vastaus: Asia", "Olen lomalla 30.11. saakka ja palaan sitten."),
    "tr": ("Otomatik Yanıt: Talebiniz", "30 Kasım'a kadar izindeyim. Acil durumda Ayşe'ye yazın."),
    "cs": ("Automatická odpověď: Dotaz", "Do 30. listopadu jsem na dovolené."),
}

# Language: subject and first lines of a bounce from a mail system nobody knows.
BOUNCES = {
    "en": ("Undeliverable: Ticket", "Your message could not be delivered to ben@mail.example."),
    "de": ("Unzustellbar: Ticket", "Die Nachricht konnte nicht zugestellt werden."),
    "fr": ("Non remis : Ticket", "Votre message n'a pas pu être remis à ben@mail.example."),
    "es": ("No se puede entregar: Ticket", "No se pudo entregar el mensaje."),
    "pt": ("Não é possível entregar: Ticket", "Não foi possível entregar a mensagem."),
    "it": ("Recapito non riuscito: Ticket", "Impossibile recapitare il messaggio."),
    "nl": ("Onbestelbaar: Ticket", "Het bericht kon niet worden bezorgd."),
    "pl": ("Niedostarczona: Ticket", "Wiadomość nie mogła zostać dostarczona: user unknown."),
    "ru": ("Не удалось доставить: Ticket", "Не удалось доставить сообщение."),
    "zh": ("退信: Ticket", "您的邮件被退回，无法投递到 ben@mail.example。"),
    "ja": ("配信不能: Ticket", "メッセージを配信できませんでした。"),
    "ko": ("배달되지 않음: Ticket", "메시지를 배달할 수 없습니다."),
}

# What people write, about the very same things.
PEOPLE = (
    ("Out of office? Nobody answers", "Hello, is anybody there? I wait for my refund."),
    ("Automatic reply does not help", "Your automatic reply told me nothing. My order is 4711."),
    ("Re: Automatic reply: Ticket", "Thanks, but I need an answer from a person."),
    ("Withdrawal", "I will be on vacation from Monday, can you please unlock it before?"),
    ("Away from home", "I am away until Friday and cannot use my phone. Please reset my 2FA."),
    ("Mail delivery failed", "Hi, when I write to you I get 550 5.1.1 user unknown. Why?"),
    ("Undeliverable mails from you", "Dear team, your mails could not be delivered to me."),
    ("Auto-invest", "My auto-invest plan was rejected. Please check."),
    ("无法登录", "您好，我在休假，回来后发现账户无法登录，请帮忙处理。"),
    ("Abwesenheit von Münzen", "Hallo, in meinem Konto fehlen Münzen. Können Sie helfen?"),
    ("Unsubscribe", "Please unsubscribe me from your newsletter."),
    ("Help", "This is urgent! My account was hacked, please freeze it until I return to you."),
    ("Ticket 4711", "Thanks for your message. The ticket number is 4711, it still does not work."),
    ("Question", "I received this: 'This is an automated message, do not reply'. Is it real?"),
    ("", ""),
)
