"""Mails as programs make them, with one image where people and their signatures put it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

CID = "ii_m8x2k1f0@mail.example"
_HELLO = "<p>Hello,</p><p>my withdrawal of last week did not arrive, see below.</p>"
_BYE = "<p>Best regards</p><p>Mei Lin<br>Sales<br>Phone +49 30 1234567</p>"
_WORD = '<div class="WordSection1"><p class="MsoNormal">'
# What stands for the image: {size} are width and height, {alt} the words instead of it.
_IMAGE = f"<img {{size}} src='cid:{CID}'{{alt}}>"
_WORD_IMAGE = f"<img border='0' {{size}} id='Picture_x0020_1' src='cid:{CID}'{{alt}}>"
_GMAIL_SIGNATURE = "class='gmail_signature' data-smartmail='gmail_signature'"

BODIES = {
    "outlook": f"{_WORD}{_HELLO}{_WORD_IMAGE}</p>{_BYE}</div>",
    "outlook-signature": f"{_WORD}{_HELLO}{_BYE}<p class='MsoNormal'><a href='https://acme.example/'>"
    f"{_WORD_IMAGE}</a></p><p>Acme GmbH, Amtsgericht Berlin HRB 1234</p></div>",
    "outlook-unlinked": f"{_WORD}{_HELLO}{_BYE}<p class='MsoNormal'>{_WORD_IMAGE}</p></div>",
    "gmail": f"<div dir='ltr'>{_HELLO}<div>{_IMAGE}<br></div>{_BYE}</div>",
    "gmail-signature": f"<div dir='ltr'>{_HELLO}<span>-- </span><br><div dir='ltr' "
    f"{_GMAIL_SIGNATURE}>Mei Lin<br>{_IMAGE}</div></div>",
    "gmail-after": f"<div dir='ltr'>{_HELLO}{_BYE}<div>{_IMAGE}</div></div>",
    "apple": f"<html><body>{_HELLO}<img apple-inline='yes' id='5A1F' src='cid:{CID}'>{_BYE}</body>",
    "thunderbird": f"<html><body>{_HELLO}<p><img src='cid:{CID}'{{alt}}></p>{_BYE}</body></html>",
    "thunderbird-signature": f"<html><body>{_HELLO}<div class='moz-signature'>-- <br>Mei Lin<br>"
    f"<img src='cid:{CID}' border='0'{{alt}}></div></body></html>",
    "qq": f"<div>您好，提现失败了，请看截图。</div><div>{_IMAGE}</div><div>谢谢</div>",
    "newsletter": f"<table width='600'><tr><td><a href='https://shop.example/'>{_IMAGE}</a></td></tr>"
    "<tr><td>News of November: everything is cheaper.</td></tr></table>",
    "quoted": "<div>Any news?</div><div class='gmail_quote'>On Mon, Mei Lin wrote:<blockquote>"
    f"{_HELLO}{_IMAGE}{_BYE}</blockquote></div>",
    "quoted-signature": "<div>Any news?</div><div class='gmail_quote'>On Mon, Bob wrote:"
    f"<blockquote>Dear Mei,<br>we look at it.{_BYE}{_IMAGE}</blockquote></div>",
    "after-name": f"<div>{_HELLO}<p>Mei Lin</p>{_IMAGE}</div>",
    "letterhead": f"<html><style>p {{{{margin:0}}}}</style><body>{_IMAGE}{_HELLO}</body>",
    "alone": f"<html><body><div>{_IMAGE}</div></body></html>",
}
# Where the image stands in no HTML.
PLAIN = ("attached", "gmail-attached", "apple-plain", "orphan")


def compose(
    place: str,
    data: bytes,
    content_type: str,
    name: str,
    *,
    shown: tuple[int, int] | None = None,
    alt: str | None = None,
) -> bytes:
    """The raw mail. `place` is a key of BODIES, or one of PLAIN."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "Mei Lin <mei.lin@mailbox.example>", "support@exchange.example"
    mail["Subject"], mail["Message-ID"] = "Withdrawal", "<1@mailbox.example>"
    mail.set_content("Hello,\n\nmy withdrawal did not arrive.\n\nBest regards\nMei Lin\n")
    main, sub = content_type.split("/")
    if place in BODIES:
        size = f'width="{shown[0]}" height="{shown[1]}"' if shown else ""
        words = f' alt="{alt}"' if alt is not None else ""
        mail.add_alternative(BODIES[place].format(size=size, alt=words), subtype="html")
        body = mail.get_payload()[1]
        body.add_related(data, main, sub, filename=name, cid=f"<{CID}>", disposition="inline")
    elif place == "gmail-attached":
        mail.add_alternative(f"<div dir='ltr'>{_HELLO}{_BYE}</div>", subtype="html")
        mail.add_attachment(data, main, sub, filename=name, cid="<f_m8x2k1f0>")
    elif place == "apple-plain":
        mail.add_attachment(data, main, sub, filename=name, disposition="inline")
    elif place == "orphan":
        mail.add_attachment(data, main, sub, filename=name, cid=f"<{CID}>", disposition="inline")
    else:
        mail.add_attachment(data, main, sub, filename=name)
    return mail.as_bytes()
