"""Signals about who sends: proof, names, look-alikes, where answers would go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.judge.addresses import domains_aligned, organisational_domain
from intake.judge.lookalikes import flatten, imitates_domain, is_domain_of
from intake.judge.patterns import once_per
from intake.judge.signals import Signal, SpamCase
from intake.model import Address
from intake.settings.rules import SpamRules

_ROLE = re.compile(
    r"\b(?:support|security|service desk|helpdesk|help desk|customer (?:care|service)|webmaster|"
    r"administrator|admin|it team|mail ?server|postmaster|no-?reply|notifications?|billing|"
    r"account team|verification|compliance|accounts? payable|human resources|hr department)\b|"
    r"客服|官方|管理员|系统|安全中心|邮箱",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\b(?:team|the|your|official|department|dept)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63})+)")
_MACHINE = re.compile(
    r"no-?_?repl|do-?not-?reply|ne-?pas-?repondre|nao-?respond|news(?:letter|mail)?\b|notif|"
    r"security\b|alert|mailer|postmaster|webmaster|renew",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[^\w+.&]+")
# From letter to figure and back: "z9uppzk2wq" four times, "office365" once.
_SWITCH = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
_SHORTEST_RANDOM, _MOST_SWITCHES = 8, 3
_RANDOM = re.compile(r"(?=[a-z0-9]*\d[a-z0-9]*[a-z][a-z0-9]*\d)[a-z0-9]{12,}", re.IGNORECASE)


def find_sender_signals(case: SpamCase) -> Iterator[Signal]:
    """All signals about the sender of the mail."""
    yield from _find_standing(case)
    yield from _find_proof(case)
    author = case.mail.author
    if author is None:
        yield Signal("author-missing", "The mail names no sender.")
        return
    yield from _find_impersonation(case, author)
    yield from _find_odd_address(case, author)
    # A discussion list hands in for its members and takes their answers.
    if not case.discussion:
        yield from _find_reply_elsewhere(case, author)


def _find_standing(case: SpamCase) -> Iterator[Signal]:
    if case.sender.match == "verified":
        yield Signal("verified-customer", "A registered customer, proven by the mail server.")
    elif case.sender.match == "claimed" and not case.authentication.failed:
        yield Signal("registered-address", "The address of a registered customer (not proven).")
    elif case.sender.match == "claimed":
        yield Signal("forged-customer", "Somebody uses the address of a registered customer.")
    if case.sender.impersonates is not None:
        why = "The address imitates the one of a registered customer."
        evidence = case.mail.author.addr_spec if case.mail.author else None
        yield Signal("lookalike-customer", why, evidence)
    if case.facts.earlier_mails > 0 and not case.authentication.failed:
        yield Signal("earlier-correspondence", "This address has written to us before.")


def _find_proof(case: SpamCase) -> Iterator[Signal]:
    proof = case.authentication
    # Where a forwarder vouches, our server's own results are about the forwarder.
    for result in () if proof.vouched else proof.results:
        if result.method in ("dmarc", "spf", "dkim") and result.result in ("fail", "hardfail"):
            name = result.method.upper()
            why = f"Our mail server says that {name} failed: the sender may be forged."
            yield Signal(f"{result.method}-fail", why, proof.domain)
    if proof.proven:
        yield Signal("proven-domain", "Our mail server proved the sender's domain.", proof.domain)
    if proof.results:
        return
    for instance in case.mail.authentication:
        # Nobody writes "fail" on their own mail: a bad word counts from any server, lightly.
        for result in instance.results:
            if result.result in ("fail", "hardfail") and result.method in ("dmarc", "spf"):
                why = f"A mail server on the way noted that {result.method.upper()} failed."
                yield Signal("fail-on-the-way", why, instance.authserv_id)


def _find_impersonation(case: SpamCase, author: Address) -> Iterator[Signal]:
    domain, own = author.domain.lower(), case.own_domains
    foreign = not any(domains_aligned(domain, mine) for mine in own)
    if not foreign and not case.authentication.proven:
        why = "It claims to come from our own domain, which is not proven."
        yield Signal("own-domain-unproven", why, domain)
    names = own_names(case)
    imitated = imitates_domain(domain, names, own)
    if imitated:
        yield Signal("lookalike-domain", f"The sender's domain imitates {imitated}.", domain)
    shown = flatten(case.shown_name)
    if foreign and any(flatten(name) in shown for name in names if len(flatten(name)) >= 4):
        why = "The sender's name is ours, but the address is not."
        yield Signal("own-name-used", why, author.addr_spec)
    words = _words(_FILLER.sub(" ", _ROLE.sub(" ", case.shown_name)))
    for brand, its_words in _brand_words(case.rules.spam):
        if _bears(words, its_words) and not is_domain_of(domain, brand):
            why = f"The sender's name says {brand}, but the address belongs to somebody else."
            yield Signal("brand-in-name", why, domain)
            break
    stated = _ADDRESS.search(case.shown_name)
    if stated and not domains_aligned(stated.group(1), domain):
        why = "The sender's name shows another address than the one it comes from."
        yield Signal("address-in-name", why, domain)


def _find_odd_address(case: SpamCase, author: Address) -> Iterator[Signal]:
    domain = author.domain.lower()
    role = bool(_ROLE.search(case.shown_name))
    if role:
        why = "The sender poses as an office or a machine, not as a person."
        yield Signal("role-name", why, domain)
        if organisational_domain(domain) in case.rules.spam.free_mail_domains:
            why = "An office that writes from a free mail address."
            yield Signal("role-at-free-mail", why, domain)
    if domain.rpartition(".")[2] in case.rules.spam.risky_top_level_domains:
        yield Signal("risky-sender-domain", "Its domain ending is used by much spam.", domain)
    if _RANDOM.fullmatch(author.local_part[:64]):
        yield Signal("random-address", "The address looks made up by a machine.", domain)
    if _MACHINE.match(author.local_part):
        yield Signal("machine-address", "Its address is one that nobody reads.", domain)
    first = organisational_domain(domain).split(".", 1)[0]
    if len(first) >= _SHORTEST_RANDOM and len(_SWITCH.findall(first)) >= _MOST_SWITCHES:
        yield Signal("random-domain", "The domain looks made up by a machine.", domain)


def _find_reply_elsewhere(case: SpamCase, author: Address) -> Iterator[Signal]:
    for address in case.mail.reply_to[:1]:
        if not address.domain or domains_aligned(address.domain, author.domain):
            continue
        why = "Answers would go to another domain than the mail comes from."
        yield Signal("reply-to-elsewhere", why, address.domain)
        if organisational_domain(address.domain) in case.rules.spam.free_mail_domains:
            why = "Answers would go to a free mail address elsewhere."
            yield Signal("reply-to-free-mail", why, address.domain)
    sender = case.mail.envelope_sender
    if sender and not domains_aligned(sender.rpartition("@")[2], author.domain):
        why = "It was handed in under another domain than it names as its sender."
        yield Signal("envelope-elsewhere", why, sender.rpartition("@")[2])


def _words(text: str) -> tuple[str, ...]:
    return tuple(_NOT_WORD.sub(" ", text.lower()).split())


def _split_brands(rules: SpamRules) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((brand, _words(brand)) for brand in rules.brands)


_brand_words = once_per(_split_brands)


def _bears(words: tuple[str, ...], brand: tuple[str, ...]) -> bool:
    """Whether a name is the brand's: it begins with it. People are called Heath Ledger, too."""
    return bool(brand) and words[: len(brand)] == brand


def own_names(case: SpamCase) -> tuple[str, ...]:
    """What people call us: the desk's name without its role, and spam.own_names."""
    name = re.sub(r"\b(?:support|service|help ?desk|team)\b", "", case.rules.desk.name, flags=re.I)
    return tuple(n for n in (name.strip(), *case.rules.spam.own_names) if n)
