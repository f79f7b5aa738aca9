"""Mails with drawn screenshots, and what looks at them afterwards."""

from __future__ import annotations

import io
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from intake.settings.schema import Settings
from intake.store import desk
from intake.store.tables import ATTACHMENT, PICTURE
from intake.store.views import TicketView
from intake.worker.afterwards import Afterwards
from tests.worker.shop import NOW, Shop

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def screenshot(*lines: str, size: tuple[int, int] = (900, 420), kind: str = "PNG") -> bytes:
    """A window with these lines in it."""
    image = Image.new("RGB", size, "#f2f3f5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], 44), fill="#2962d9")
    for number, text in enumerate(lines):
        font = ImageFont.truetype(_FONT, 22)
        draw.text((40, 80 + 44 * number), text, "#1c1e21", font)
    kept = io.BytesIO()
    image.save(kept, kind)
    return kept.getvalue()


def mail_with(*pictures: bytes, name: str = "ann", body: str = "", **headers: str) -> bytes:
    """A request whose screenshots say what its words do not."""
    mail = EmailMessage()
    mail["From"] = f"Li Na <{name}@customer.example>"
    mail["To"] = "support@exchange.example"
    mail["Message-ID"] = f"<{name}@customer.example>"
    mail["Subject"] = "Please help"
    mail["Date"] = "Mon, 23 Nov 2026 09:58:00 +0000"
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    mail.set_content(body or f"Hello, please see the picture. Thanks, {name}\n")
    for number, picture in enumerate(pictures, 1):
        mail.add_attachment(picture, "image", "png", filename=f"Screenshot_{number}.png")
    return mail.as_bytes()


def afterwards(
    shop: Shop, step: Callable[[str], None] = lambda _: None, **sections: Any
) -> Afterwards:
    """As the daemon makes it; `sections` are of the settings."""
    settings = Settings(limits=shop.limits, **sections)
    return Afterwards(
        settings,
        shop.rules,
        shop.database,
        shop.blobs,
        owner=shop.owner,
        now=lambda: NOW,
        step=step,
    )


def work_off(shop: Shop, step: Callable[[str], None] = lambda _: None, **sections: Any) -> int:
    """Turns until there is nothing to do; how much was dealt with."""
    work, total = afterwards(shop, step, **sections), 0
    try:
        while count := work.take_turn():
            total += count
    finally:
        work.end()
    return total


def the_ticket(shop: Shop) -> TicketView:
    """The one there is."""
    (line,) = shop.tickets()
    with shop.database.read() as connection:
        return desk.ticket(connection, line["ticket"])


def picture_rows(shop: Shop) -> list[Any]:
    """What is kept of pictures, by their state and reason."""
    with shop.database.read() as connection:
        return list(connection.execute(select(PICTURE).order_by(PICTURE.c.sha256)))


def attachment_rows(shop: Shop) -> list[Any]:
    """Files in the order they came."""
    with shop.database.read() as connection:
        return list(connection.execute(select(ATTACHMENT).order_by(ATTACHMENT.c.id)))
