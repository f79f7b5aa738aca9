"""Addresses behind which nobody reads."""

from __future__ import annotations

import re

from intake.model import ParsedMail

_DAEMONS = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|post[-_]?master|poostmaster|double-bounce"
    r"|mailerdaemon|mdaemon|mail-delivery"
    r"|maildelivery|delivery-notification|bounces?|bounced?-?handler|ndr"
    r"|mail-?system)(?:[-_.+=][^@]{0,200})?",
    re.IGNORECASE,
)

_NO_REPLY = re.compile(
    r"(?:^|[-_.+])(?:no-?_?\.?(?:reply|replies|response|respond|answer)|(?:do-?_?\.?not"
    r"|don-?t)-?_?\.?(?:reply|respond|answer)"
    r"|not?-?_?reply|reply-?not|unattended|unmonitored|noreplies|no-?contest|no-?return"
    r"|auto-?(?:reply|responder|response|mailer|mail|confirm)"
    r"|nicht-?_?\.?(?:antworten|beantworten)|keine?-?_?\.?(?:antwort|rueckantwort|reply)"
    r"|bitte-?nicht-?antworten"
    r"|ne-?_?\.?pas-?_?\.?(?:repondre|répondre)|nepasrepondre|sans-?reponse|pas-?de-?reponse"
    r"|no-?_?\.?(?:responder|contestar|responda|conteste)"
    r"|n[aã]o-?_?\.?(?:responda|responder|resposta)|non-?_?\.?(?:rispondere|risponda|rispondi)"
    r"|niet-?_?\.?(?:beantwoorden|antwoorden|reageren)"
    r"|geen-?antwoord|nie-?_?\.?(?:odpowiadac|odpowiadaj|odpisuj)|ne-?_?\.?(?:otvechat|otvechaite"
    r"|odgovarjaj|odgovaraj|odpovidat|odpovidejte)"
    r"|neodpov[ií]dat|neodpovedat|ne-?valaszolj|ej-?svar|inte-?svara|svara-?(?:inte|ej)"
    r"|ikke-?svar|svar-?ikke|ei-?vastata|ala-?vastaa"
    r"|yanitlama(?:yin)?|cevaplama|nu-?raspunde(?:ti)?|wu-?xu-?hui-?fu|qing-?wu-?hui-?fu"
    r"|bu-?yao-?hui-?fu|不要回复|请勿回复|請勿回覆)"
    r"(?:$|[-_.+\d])",
    re.IGNORECASE,
)

_MACHINES = re.compile(
    r"(?:root|cron|daemon|nobody|www-data|apache2?|nginx|httpd?|oracle|mysql|postgres(?:ql)?"
    r"|nagios|zabbix|icinga|munin|monit|logwatch"
    r"|jenkins|gitlab|backup|anacron|smartd|fail2ban|uucp|system|notifications?|notify|notifier"
    r"|alerts?|monitoring|automailer|mailer"
    r"|newsletters?|mailings?|list-?(?:request|admin|owner|bounces)|majordomo|listserv|mailman"
    r"|rss(?:-?feeds?)?|feeds|robot|bot"
    r"|feedbackloop|fbl|abuse-?reports?|scomp"
    r"|email-?abuse|staff-?fbl|complaints?-?fbl)(?:[-_+][^@]{0,200})?|[^@]{1,60}-(?:request"
    r"|bounces|owner|notifications?|noreply|daemon|robot|bot)",
    re.IGNORECASE,
)


def is_daemon(local_part: str) -> bool:
    """Mail systems speaking for themselves (RFC 2142 5: postmaster; by custom mailer-daemon)."""
    return _DAEMONS.fullmatch(local_part) is not None


def is_no_reply(local_part: str) -> bool:
    """An address that says nobody reads it, in one of many languages."""
    return len(local_part) <= 200 and _NO_REPLY.search(local_part) is not None


def is_machine(local_part: str) -> bool:
    """Accounts of services and of notifications."""
    return len(local_part) <= 300 and _MACHINES.fullmatch(local_part) is not None


def is_null_sender(mail: ParsedMail) -> bool:
    """RFC 5321 4.5.5: `<>`, or the name that some servers write for it."""
    if mail.envelope_sender is None:
        return False
    return not mail.envelope_sender or is_daemon(mail.envelope_sender.partition("@")[0])


def is_machine_author(mail: ParsedMail) -> bool:
    """Whether the author is a service or an address that nobody reads."""
    if mail.author is None or not mail.author.domain:
        return True
    local_part = mail.author.local_part
    return is_daemon(local_part) or is_no_reply(local_part) or is_machine(local_part)


def other_reply_address(mail: ParsedMail) -> bool:
    """Whether answers go to somebody else whom a person may be reading for."""
    author = mail.author.key if mail.author else ""
    return any(
        address.domain
        and address.key != author
        and not is_no_reply(address.local_part)
        and not is_daemon(address.local_part)
        and not is_machine(address.local_part)
        for address in mail.reply_to
    )
