"""Whether a mail is about the matter of a ticket or about another one."""

from __future__ import annotations

import re

from intake.judge.identifiers import find_identifiers
from intake.judge.reading import read_mail
from intake.judge.subjects import is_reply_subject
from intake.model import Keys, KnownTicket, ParsedMail
from intake.settings.rules import IdentifierRules

_WORD = re.compile(r"[^\W_]{3,}")
_EAST_ASIAN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
# What people write in place of a subject; it names no topic, so it can name no new one.
_EMPTY_WORDS = """urgent help please hello thanks thank you answer reply response question problem
issue important update status follow still waiting support again asap attention dear sir
info information request news hallo hilfe danke bitte dringend frage antwort ayuda
urgente gracias hola pregunta aide merci bonjour aiuto grazie ajuda obrigado
"""
_SAYS_NOTHING = frozenset(_EMPTY_WORDS.split())
_FEWEST_WORDS = 2
_FEWEST_NEW_CHARACTERS = 40


def find_other_matter(mail: ParsedMail, ticket: KnownTicket, rules: IdentifierRules) -> str | None:
    """The kind of which `mail` and `ticket` name only different ones (such as two orders)."""
    telling = {rule.kind for rule in rules.identifiers if rule.distinguishes}
    known: dict[str, set[str]] = {}
    for kind, value in ticket.identifiers:
        if kind in telling:
            known.setdefault(kind, set()).add(value)
    if not known:
        return None
    named: dict[str, set[str]] = {}
    for found in find_identifiers(read_mail(mail, rules), rules):
        named.setdefault(found.kind, set()).add(found.value)
    apart = [kind for kind in known if kind in named]
    if not apart or any(known[kind] & named[kind] for kind in apart):
        return None
    return apart[0].replace("_", " ")


def is_new_topic(mail: ParsedMail, keys: Keys, ticket: KnownTicket) -> bool:
    """Whether an answer bears a subject that shares nothing with the ticket's.

    Only a subject that says something counts, without a reply mark, over enough new words:
    "URGENT!!!" above an answer is the same matter, only louder.
    """
    if is_reply_subject(mail.subject) or len(mail.reply) < _FEWEST_NEW_CHARACTERS:
        return False
    new, old = _topic(keys.subject_key), _topic(ticket.subject_key)
    return len(new) >= _FEWEST_WORDS and bool(old) and not new & old


def _topic(subject_key: str) -> set[str]:
    """The words of a folded subject that name something; of Chinese and its kin the characters."""
    words = set(_WORD.findall(_EAST_ASIAN.sub(" ", subject_key))) - _SAYS_NOTHING
    return words | set(_EAST_ASIAN.findall(subject_key))
