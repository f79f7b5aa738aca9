"""What is known of a mail's images is put beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.model import Attachment, ParsedMail

LOGO = Attachment(
    section="2",
    filename="image001.png",
    content_type="image/png",
    declared_type="image/png",
    size_bytes=9_000,
    sha256="a" * 64,
    kind="screenshot",
    content_disposition="inline",
    width=500,
    height=300,
)


def kind_of(attachment: Attachment, *hashes: str) -> str:
    mail = ParsedMail("f" * 64, 1, attachments=(attachment,))
    return mail.with_repeated_images(hashes).attachments[0].kind


def test_an_image_that_its_author_repeats_is_decorative() -> None:
    assert kind_of(LOGO, LOGO.sha256) == "decorative"
    assert kind_of(replace(LOGO, kind="photo"), LOGO.sha256) == "decorative"
    assert kind_of(LOGO, "b" * 64) == "screenshot"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"content_disposition": "attachment"}, "screenshot"),
        ({"width": 1920, "height": 1080}, "screenshot"),
        ({"kind": "document", "content_type": "application/pdf"}, "document"),
    ],
)
def test_what_was_sent_again_on_purpose_stays_what_it_is(
    change: dict[str, object], kind: str
) -> None:
    assert kind_of(replace(LOGO, **change), LOGO.sha256) == kind


def test_a_mail_without_such_images_is_the_same_mail() -> None:
    mail = ParsedMail("f" * 64, 1, attachments=(LOGO,))
    assert mail.with_repeated_images(()) is mail
    assert mail.with_repeated_images(("b" * 64,)) is mail
