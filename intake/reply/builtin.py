"""The least that a customer gets where a template is missing or fails: they always get an answer.

It quotes nothing and names nobody, so it is right for every sender.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "built-in"

_TEXTS = {
    "en": (
        "We have received your message",
        "Your message has reached {desk}. Your ticket number is {ticket}.\n\n"
        "One of us will answer you. If you want to add something, reply to this mail.\n\n"
        "We never ask for your password, recovery phrase or one-time codes.\n\n{desk}\n",
    ),
    "zh-Hans": (
        "我们已收到您的邮件",
        "您的邮件已送达 {desk}。您的工单编号是 {ticket}。\n\n"
        "我们会有专人回复您。如需补充信息，请直接回复本邮件。\n\n"
        "我们绝不会索要您的密码、助记词或验证码。\n\n{desk}\n",
    ),
    "zh-Hant": (
        "我們已收到您的郵件",
        "您的郵件已送達 {desk}。您的工單編號是 {ticket}。\n\n"
        "我們會有專人回覆您。如需補充資料，請直接回覆本郵件。\n\n"
        "我們絕不會索取您的密碼、助記詞或驗證碼。\n\n{desk}\n",
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What a reply says, before it is made a mail. `html` may be missing."""

    subject: str
    text: str
    html: str | None = None


def builtin_language(language: str) -> str:
    """`language` if there is a built-in text in it, else English."""
    return language if language in _TEXTS else "en"


def render_builtin(language: str, ticket: str, desk: str) -> Letter:
    """The built-in letter; cannot fail."""
    subject, text = _TEXTS[builtin_language(language)]
    return Letter(subject, text.format(desk=desk, ticket=ticket))
