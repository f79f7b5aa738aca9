"""The images of the table: what each is, how it came into its mail, and how it is made."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image
from playwright.sync_api import Browser

from tests.images import drawings as draw
from tests.images.pages import PAGES
from tests.images.photos import camera_exif, encode, heic, of_screen, paper, photo

Size = tuple[int, int]


class Studio:
    """Takes pictures of pages; each shot once."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._shots: dict[tuple[object, ...], bytes] = {}
        self._photo = base64.b64encode(encode(photo(77, (800, 600)), quality=85)).decode()

    def shoot(
        self,
        page: str,
        size: Size = (1280, 720),
        *,
        scale: float = 1,
        look: str = "light",
        part: str | None = None,
        tall: bool = False,
        clip: tuple[int, int, int, int] | None = None,
    ) -> bytes:
        """A PNG of a page, of the `part` a selector names, or of the box `clip` (x, y, w, h)."""
        key = (page, size, scale, look, part, tall, clip)
        if key not in self._shots:
            view = {"width": size[0], "height": size[1]}
            context = self._browser.new_context(viewport=view, device_scale_factor=scale)
            shown = context.new_page()
            html = PAGES[page](look)
            shown.set_content(html.replace("{photo}", f"data:image/jpeg;base64,{self._photo}"))
            if part:
                data = shown.locator(part).first.screenshot()
            elif clip:
                x, y, width, height = clip
                box = {"x": x, "y": y, "width": width, "height": height}
                data = shown.screenshot(clip=box)
            else:
                data = shown.screenshot(full_page=tall)
            context.close()
            self._shots[key] = data
        return self._shots[key]


@dataclass(frozen=True)
class Case:
    """`place` and `shown` are as in tests.images.letters.compose."""

    about: str
    kind: str
    place: str
    name: str
    make: Callable[[Studio], bytes]
    shown: Size | None = None
    alt: str | None = None
    content_type: str = field(default="")


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _scaled(data: bytes, *, longest: int = 0, width: int = 0, quality: int = 75) -> bytes:
    """As a chat program sends it on: smaller, JPEG, nothing else kept."""
    image = _open(data)
    factor = (width / image.width) if width else longest / max(image.size)
    if factor < 1:
        image = image.resize((round(image.width * factor), round(image.height * factor)))
    return encode(image, quality=quality)


def _jpeg(data: bytes, quality: int = 80, **options: object) -> bytes:
    return encode(_open(data), quality=quality, **options)


def _palette(data: bytes) -> bytes:
    return encode(_open(data).quantize(128), "PNG", optimize=True)


IPHONE: Size = (390, 844)
ANDROID: Size = (360, 800)
OLD: Size = (375, 667)

SCREENS = [
    # Whole displays of computers.
    Case("desktop", "screenshot", "attached", "Screenshot 2026-11-01 101010.png",
         lambda s: s.shoot("dashboard", (1920, 1080))),
    Case("desktop, pasted", "screenshot", "gmail", "image.png",
         lambda s: s.shoot("dashboard", (1920, 1080)), (562, 316), "image.png"),
    Case("desktop, Outlook", "screenshot", "outlook", "image001.png",
         lambda s: s.shoot("trace", (1366, 768)), (624, 351)),
    Case("desktop, dark", "screenshot", "attached", "Unbenannt.png",
         lambda s: s.shoot("dashboard", (1536, 864), look="dark")),
    Case("desktop, JPEG", "screenshot", "attached", "error.jpg",
         lambda s: _jpeg(s.shoot("dashboard", (1920, 1080)), 75)),
    Case("desktop, JPEG of high quality", "screenshot", "attached", "problem payment.jpg",
         lambda s: _jpeg(s.shoot("login", (1366, 768)), 92)),
    Case("desktop, JPEG, Outlook", "screenshot", "outlook", "image002.jpg",
         lambda s: _jpeg(s.shoot("sheet", (1280, 720)), 75, dpi=(96, 96)), (624, 351)),
    Case("desktop, WebP", "screenshot", "attached", "capture.webp",
         lambda s: encode(_open(s.shoot("dashboard", (1440, 900))), "WEBP", quality=80)),
    Case("desktop, BMP", "screenshot", "attached", "error.bmp",
         lambda s: encode(_open(s.shoot("dialog", (800, 600))), "BMP")),
    Case("desktop, GIF", "screenshot", "attached", "fehler.gif",
         lambda s: encode(_open(s.shoot("login", (1024, 768))), "GIF")),
    Case("desktop, few colours", "screenshot", "attached", "1.png",
         lambda s: _palette(s.shoot("dashboard", (1280, 800)))),
    Case("desktop, Retina", "screenshot", "apple", "Bildschirmfoto 2026-11-01 um 10.10.10.png",
         lambda s: s.shoot("article", (1440, 900), scale=2)),
    Case("desktop, Retina, other name", "screenshot", "apple", "PastedGraphic-1.png",
         lambda s: s.shoot("login", (1440, 900), scale=2)),
    Case("many photographs in a shop", "screenshot", "attached", "shop.png",
         lambda s: s.shoot("shop", (1920, 1080))),
    Case("many photographs, JPEG", "screenshot", "attached", "shop.jpg",
         lambda s: _jpeg(s.shoot("shop", (1366, 768)), 80)),
    Case("video call", "screenshot", "attached", "meeting.png",
         lambda s: s.shoot("meeting", (1920, 1080))),
    Case("large display", "screenshot", "attached", "desktop.png",
         lambda s: s.shoot("code", (2560, 1440))),
    Case("spreadsheet", "screenshot", "thunderbird", "d0c0ssaTk1.png",
         lambda s: s.shoot("sheet", (1600, 900))),
    Case("document viewer", "screenshot", "qq", "1A2B3C4D@5E6F7081.9ABC.png",
         lambda s: s.shoot("document", (1280, 1024)), (800, 640)),
    Case("editor", "screenshot", "attached", "Capture.PNG",
         lambda s: s.shoot("code", (1280, 720), look="dark")),
    # Terminals.
    Case("terminal", "screenshot", "attached", "term.png",
         lambda s: s.shoot("terminal", (980, 620), look="dark")),
    Case("terminal, light", "screenshot", "gmail", "image.png",
         lambda s: s.shoot("terminal", (820, 480), look="light"), (562, 329), "image.png"),
    Case("terminal, JPEG", "screenshot", "attached", "log.jpg",
         lambda s: _jpeg(s.shoot("terminal", (1100, 700), look="dark"), 70)),
    Case("terminal, few colours", "screenshot", "attached", "putty.png",
         lambda s: _palette(s.shoot("terminal", (980, 620), look="dark"))),
    Case("terminal line", "screenshot", "gmail", "image.png",
         lambda s: s.shoot("terminal", (980, 620), look="dark", clip=(0, 8, 640, 60)),
         (562, 53), "image.png"),
    # Snips.
    Case("dialog, Outlook", "screenshot", "outlook", "image001.png",
         lambda s: s.shoot("dialog", part=".window"), (442, 180)),
    Case("dialog, attached", "screenshot", "attached", "Unbenannt1.PNG",
         lambda s: s.shoot("dialog", part=".window")),
    Case("dialog, JPEG", "screenshot", "attached", "meldung.jpg",
         lambda s: _jpeg(s.shoot("dialog", part=".window"), 75)),
    Case("dialog, Thunderbird", "screenshot", "thunderbird", "kjdTTv0IUSWHNbGa.png",
         lambda s: s.shoot("dialog", part=".window")),
    Case("dialog, double size", "screenshot", "apple", "image.png",
         lambda s: s.shoot("dialog", scale=2, part=".window")),
    Case("error line", "screenshot", "outlook", "image003.png",
         lambda s: s.shoot("login", part=".error"), (354, 45)),
    Case("error line, wide", "screenshot", "gmail", "image.png",
         lambda s: s.shoot("dashboard", part=".error"), (562, 22), "image.png"),
    Case("error line, attached", "screenshot", "attached", "fehlermeldung.png",
         lambda s: s.shoot("login", part=".error")),
    Case("form", "screenshot", "outlook", "image001.png",
         lambda s: s.shoot("login", part=".card"), (372, 340)),
    Case("form, JPEG", "screenshot", "outlook", "image001.jpg",
         lambda s: _jpeg(s.shoot("login", part=".card"), 75, dpi=(96, 96)), (372, 340)),
    Case("table", "screenshot", "gmail", "image.png",
         lambda s: s.shoot("dashboard", part="table"), (562, 275), "image.png"),
    Case("chart on a page", "screenshot", "attached", "chart.png",
         lambda s: s.shoot("dashboard", part=".card")),
    Case("small snip", "screenshot", "outlook", "image001.png",
         lambda s: s.shoot("dialog", clip=(40, 40, 260, 160)), (260, 160)),
    Case("small snip, attached", "screenshot", "attached", "snip.PNG",
         lambda s: s.shoot("settings", (400, 600), clip=(0, 0, 300, 140))),
    Case("odd snip", "screenshot", "gmail-attached", "unnamed.png",
         lambda s: s.shoot("trace", clip=(13, 71, 777, 391))),
    Case("odd snip, JPEG", "screenshot", "gmail-attached", "unnamed.jpg",
         lambda s: _jpeg(s.shoot("document", clip=(130, 10, 877, 601)), 80)),
    Case("snip after the greeting", "screenshot", "gmail-after", "image.png",
         lambda s: s.shoot("dashboard", clip=(20, 60, 901, 480)), (562, 299), "image.png"),
    Case("snip after the greeting, Outlook", "screenshot", "outlook-unlinked", "image002.png",
         lambda s: s.shoot("dashboard", clip=(20, 60, 901, 480)), (624, 332)),
    Case("dialog after the greeting", "screenshot", "gmail-after", "image.png",
         lambda s: s.shoot("dialog", part=".window"), (440, 164), "image.png"),
    Case("snip in plain mail", "screenshot", "apple-plain", "image.png",
         lambda s: s.shoot("wallet", (700, 500), clip=(0, 0, 610, 333))),
    Case("snip in a quote", "screenshot", "quoted", "image.png",
         lambda s: s.shoot("trace", clip=(0, 0, 900, 420)), (562, 262), "image.png"),
    Case("small snip and nothing else", "screenshot", "alone", "image.png",
         lambda s: s.shoot("dialog", clip=(40, 40, 300, 140)), (300, 140)),
    Case("error line, Retina", "screenshot", "gmail", "image.png",
         lambda s: s.shoot("login", scale=2, part=".error"), (338, 67), "image.png"),
    Case("dialog at the end", "screenshot", "after-name", "image.png",
         lambda s: s.shoot("dialog", part=".window"), (440, 164)),
    Case("snip described by Office", "screenshot", "outlook", "image001.png",
         lambda s: s.shoot("dialog", clip=(30, 30, 300, 90)), (300, 90),
         "Graphical user interface, text&#10;&#10;Description automatically generated"),
    # Telephones.
    Case("iPhone", "screenshot", "attached", "IMG_2041.PNG",
         lambda s: s.shoot("chat", IPHONE, scale=3)),
    Case("iPhone, inline", "screenshot", "apple", "image0.png",
         lambda s: s.shoot("wallet", IPHONE, scale=3)),
    Case("iPhone, JPEG", "screenshot", "apple", "image0.jpeg",
         lambda s: _jpeg(s.shoot("chat", IPHONE, scale=3), 80)),
    Case("iPhone, JPEG, camera name", "screenshot", "attached", "IMG_0312.jpeg",
         lambda s: _jpeg(s.shoot("settings", IPHONE, scale=3), 80)),
    Case("iPhone, reduced by Mail", "screenshot", "apple", "IMG_0313.jpg",
         lambda s: _scaled(s.shoot("wallet", IPHONE, scale=3), longest=1280)),
    Case("old iPhone", "screenshot", "attached", "IMG_0007.PNG",
         lambda s: s.shoot("chat", OLD, scale=2)),
    Case("old iPhone, JPEG", "screenshot", "attached", "photo.jpg",
         lambda s: _jpeg(s.shoot("settings", OLD, scale=2), 75)),
    Case("Android", "screenshot", "gmail-attached", "Screenshot_20261101-101010.png",
         lambda s: s.shoot("wallet", ANDROID, scale=3)),
    Case("Android, JPEG", "screenshot", "gmail-attached", "Screenshot_20261101_101010_App.jpg",
         lambda s: _jpeg(s.shoot("settings", ANDROID, scale=3), 85)),
    Case("Android, no name to speak of", "screenshot", "attached", "1000012345.jpg",
         lambda s: _jpeg(s.shoot("wallet", (412, 915), scale=2.625), 85)),
    Case("Android, dark", "screenshot", "attached", "1000012346.png",
         lambda s: s.shoot("settings", (412, 915), scale=2.625, look="dark")),
    Case("tablet", "screenshot", "attached", "IMG_0099.PNG",
         lambda s: s.shoot("dashboard", (820, 1180), scale=2)),
    Case("tablet, JPEG", "screenshot", "attached", "tablet.jpg",
         lambda s: _jpeg(s.shoot("dashboard", (820, 1180), scale=2), 80)),
    Case("WhatsApp", "screenshot", "gmail-attached", "IMG-20261101-WA0003.jpg",
         lambda s: _scaled(s.shoot("wallet", ANDROID, scale=3), longest=1600)),
    Case("WhatsApp, iPhone", "screenshot", "attached", "WhatsApp Image 2026-11-01 at 10.10.10.jpeg",
         lambda s: _scaled(s.shoot("chat", IPHONE, scale=3), longest=1600)),
    Case("WhatsApp, 16:9", "screenshot", "attached", "IMG-20261101-WA0004.jpg",
         lambda s: _scaled(s.shoot("chat", (360, 640), scale=3), longest=1600, quality=70)),
    Case("WeChat", "screenshot", "attached", "mmexport1700000000000.jpg",
         lambda s: _scaled(s.shoot("chat", (393, 873), scale=2.75), width=1080)),
    Case("WeChat on a computer", "screenshot", "attached", "微信图片_20261101101010.jpg",
         lambda s: _scaled(s.shoot("chat", IPHONE, scale=3), width=1080, quality=65)),
    Case("WeChat, screenshot of a computer", "screenshot", "attached", "mmexport1700000000001.jpg",
         lambda s: _jpeg(s.shoot("dashboard", (1366, 768)), 70)),
    Case("QQ", "screenshot", "qq", "QQ图片20261101101010.png",
         lambda s: s.shoot("chat", (700, 560)), (700, 560)),
    Case("Telegram", "screenshot", "attached", "photo_2026-11-01_10-10-10.jpg",
         lambda s: _scaled(s.shoot("wallet", ANDROID, scale=3), longest=1280, quality=85)),
    Case("Telegram, computer", "screenshot", "attached", "photo_2026-11-01_10-10-11.jpg",
         lambda s: _scaled(s.shoot("dashboard", (1920, 1080)), longest=1280, quality=85)),
    Case("Signal", "screenshot", "attached", "signal-2026-11-01-101010.jpeg",
         lambda s: _jpeg(s.shoot("chat", ANDROID, scale=3), 70)),
    Case("progressive", "screenshot", "attached", "a7c1e09f.jpg",
         lambda s: _jpeg(s.shoot("wallet", ANDROID, scale=2), 80, progressive=True)),
    Case("cut on the telephone", "screenshot", "attached", "IMG_2042.jpg",
         lambda s: _jpeg(s.shoot("chat", IPHONE, scale=3, clip=(0, 0, 390, 420)), 80)),
    Case("cut on the telephone, PNG", "screenshot", "attached", "IMG_2043.PNG",
         lambda s: s.shoot("wallet", IPHONE, scale=3, clip=(0, 100, 390, 300))),
    # Long ones.
    Case("scrolled page", "screenshot", "attached", "page.png",
         lambda s: s.shoot("dashboard", (1280, 720), tall=True)),
    Case("scrolled page, JPEG", "screenshot", "attached", "seite.jpg",
         lambda s: _jpeg(s.shoot("dashboard", (800, 600), tall=True), 80)),
    Case("scrolled on a telephone", "screenshot", "attached", "mmexport1700000000002.jpg",
         lambda s: _jpeg(s.shoot("article", ANDROID, scale=2, tall=True), 75)),
    Case("code to scan, attached", "screenshot", "attached", "qrcode.png",
         lambda s: encode(draw.code(1, 430), "PNG")),
    Case("figure, attached", "screenshot", "attached", "figure_1.png",
         lambda s: encode(draw.chart(1, (900, 600)), "PNG")),
]  # fmt: skip

PHOTOS = [
    Case("telephone", "photo", "attached", "IMG_1234.jpg",
         lambda s: encode(photo(1, (2016, 1512)), quality=85, exif=camera_exif())),
    Case("telephone, upright", "photo", "apple", "image1.jpeg",
         lambda s: encode(photo(2, (2016, 1512)), quality=80, exif=camera_exif(6))),
    Case("telephone, full size", "photo", "gmail-attached", "PXL_20261101_101010123.jpg",
         lambda s: encode(photo(3, (4032, 3024)), quality=88, exif=camera_exif())),
    Case("telephone, display's shape", "photo", "attached", "20261101_101010.jpg",
         lambda s: encode(photo(4, (1080, 2340)), quality=85, exif=camera_exif())),
    Case("reduced, nothing told", "photo", "gmail-attached", "IMG_1235.jpg",
         lambda s: encode(photo(5, (1600, 1200)), quality=75)),
    Case("reduced, upright", "photo", "attached", "foto.jpg",
         lambda s: encode(photo(6, (1200, 1600), focus=0.3), quality=75)),
    Case("small", "photo", "attached", "bild.jpg",
         lambda s: encode(photo(7, (640, 480)), quality=80)),
    Case("WhatsApp", "photo", "gmail-attached", "IMG-20261101-WA0001.jpg",
         lambda s: encode(photo(8, (1600, 1200), grain=2), quality=70)),
    Case("WhatsApp, upright", "photo", "attached", "WhatsApp Image 2026-11-01 at 11.11.11.jpeg",
         lambda s: encode(photo(9, (1200, 1600), grain=2), quality=65)),
    Case("WhatsApp, 16:9", "photo", "attached", "IMG-20261101-WA0002.jpg",
         lambda s: encode(photo(10, (900, 1600), grain=2), quality=70)),
    Case("WeChat", "photo", "attached", "mmexport1700000000003.jpg",
         lambda s: encode(photo(11, (1080, 1440), grain=2), quality=70)),
    Case("WeChat, on a computer", "photo", "attached", "微信图片_20261101111111.jpg",
         lambda s: encode(photo(12, (1440, 1080), grain=2), quality=70)),
    Case("WeChat, 16:9", "photo", "qq", "mmexport1700000000004.jpg",
         lambda s: encode(photo(13, (1080, 1920), grain=2), quality=70), (300, 533)),
    Case("Telegram", "photo", "attached", "photo_2026-11-01_11-11-11.jpg",
         lambda s: encode(photo(14, (1280, 960), grain=2), quality=85)),
    Case("HD", "photo", "attached", "DSC00042.JPG",
         lambda s: encode(photo(15, (1920, 1080)), quality=85)),
    Case("HD, no name to speak of", "photo", "attached", "a1b2c3d4.jpg",
         lambda s: encode(photo(16, (1920, 1080), focus=0.3), quality=80)),
    Case("out of focus", "photo", "attached", "IMG_1240.jpg",
         lambda s: encode(photo(17, (1600, 1200), focus=0.05, grain=1), quality=75)),
    Case("burnt out", "photo", "attached", "IMG_1241.jpg",
         lambda s: encode(photo(18, (1600, 1200), light=1.5), quality=80)),
    Case("dark", "photo", "attached", "IMG_1242.jpg",
         lambda s: encode(photo(19, (1600, 1200), light=0.3, grain=9), quality=80)),
    Case("PNG", "photo", "attached", "IMG_1243.png",
         lambda s: encode(photo(20, (1200, 900)), "PNG")),
    Case("PNG, other name", "photo", "gmail", "image.png",
         lambda s: encode(photo(21, (1000, 750)), "PNG"), (562, 422), "image.png"),
    Case("WebP", "photo", "attached", "produkt.webp",
         lambda s: encode(photo(22, (1500, 1000)), "WEBP", quality=80)),
    Case("HEIC", "photo", "attached", "IMG_1244.HEIC", lambda s: heic(4032, 3024)),
    Case("HEIC, other name", "photo", "apple", "image0.heic", lambda s: heic(3024, 4032)),
    Case("of a display", "photo", "attached", "IMG_1245.jpg",
         lambda s: encode(of_screen(1, _open(s.shoot("dashboard")), (2016, 1512)),
                          quality=82, exif=camera_exif())),
    Case("of a display, reduced", "photo", "attached", "IMG-20261101-WA0005.jpg",
         lambda s: encode(of_screen(2, _open(s.shoot("trace")), (1600, 1200)), quality=72)),
    Case("of a telephone", "photo", "attached", "1000012347.jpg",
         lambda s: encode(of_screen(3, _open(s.shoot("chat", ANDROID)), (1200, 1600)), quality=75)),
    Case("identity card", "photo", "attached", "ausweis.jpg",
         lambda s: encode(paper(1, (1012, 638), 9), quality=85)),
    Case("passport, telephone", "photo", "attached", "passport.jpeg",
         lambda s: encode(paper(2, (1600, 1130), 14), quality=80, exif=camera_exif())),
    Case("scan", "photo", "attached", "Scan_20261101.jpg",
         lambda s: encode(paper(3, (1654, 2339)), quality=80, dpi=(200, 200))),
    Case("receipt", "photo", "attached", "beleg.jpg",
         lambda s: encode(paper(4, (900, 1600), 30), quality=75)),
    Case("inline, Outlook", "photo", "outlook", "image001.jpg",
         lambda s: encode(photo(23, (1024, 768)), quality=75, dpi=(96, 96)), (624, 468)),
    Case("inline, Gmail", "photo", "gmail", "IMG_1246.jpg",
         lambda s: encode(photo(24, (1600, 1200)), quality=80), (562, 422), "IMG_1246.jpg"),
    Case("inline, after the greeting", "photo", "gmail-after", "IMG_1247.jpg",
         lambda s: encode(photo(25, (1600, 1200)), quality=80), (562, 422), "IMG_1247.jpg"),
    Case("in a quote", "photo", "quoted", "IMG_1248.jpg",
         lambda s: encode(photo(26, (1200, 900)), quality=80), (562, 422)),
    Case("selfie for a check", "photo", "attached", "selfie.jpg",
         lambda s: encode(photo(27, (720, 1280), focus=0.2), quality=80)),
    Case("square", "photo", "attached", "FB_IMG_1700000000000.jpg",
         lambda s: encode(photo(28, (1080, 1080)), quality=75)),
    Case("progressive", "photo", "attached", "received_1234567890.jpeg",
         lambda s: encode(photo(29, (1440, 1080)), quality=80, progressive=True)),
]  # fmt: skip

DECORATIONS = [
    Case("tracking pixel", "decorative", "newsletter", "p.gif", lambda s: draw.pixel(), (1, 1)),
    Case("tracking pixel, no name", "decorative", "gmail-signature", "open",
         lambda s: draw.pixel()),
    Case("spacer", "decorative", "newsletter", "spacer.gif",
         lambda s: encode(draw.divider(20, 20, "white"), "GIF"), (600, 20)),
    Case("line", "decorative", "outlook-unlinked", "image004.png",
         lambda s: encode(draw.divider(600, 3), "PNG"), (600, 3)),
    Case("line, thick", "decorative", "outlook-unlinked", "image004.jpg",
         lambda s: encode(draw.divider(500, 12), "JPEG"), (500, 12)),
    Case("shadow", "decorative", "newsletter", "shadow.png",
         lambda s: encode(draw.divider(640, 30), "PNG"), (640, 30)),
    *(
        Case(f"social icon {edge}", "decorative", place, name,
             lambda s, edge=edge: encode(draw.icon(edge, edge), "PNG"), (24, 24))
        for edge, place, name in (
            (16, "outlook-signature", "image005.png"),
            (24, "gmail-signature", "facebook.png"),
            (32, "outlook-signature", "image006.png"),
            (48, "newsletter", "ico-li.png"),
            (64, "thunderbird-signature", "x.png"),
            (128, "newsletter", "youtube@2x.png"),
        )
    ),
    Case("icon, GIF", "decorative", "outlook-signature", "image007.gif",
         lambda s: encode(draw.icon(9, 40).convert("P"), "GIF"), (40, 40)),
    Case("logo, Outlook", "decorative", "outlook-signature", "image001.png",
         lambda s: encode(draw.logo(1, (180, 60)), "PNG"), (180, 60)),
    Case("logo, Outlook, double size", "decorative", "outlook-signature", "image001.png",
         lambda s: encode(draw.logo(2, (480, 160)), "PNG"), (160, 53)),
    Case("logo, Outlook, not linked", "decorative", "outlook-unlinked", "image001.png",
         lambda s: encode(draw.logo(3, (420, 140), transparent=True), "PNG"), (210, 70)),
    Case("logo, large PNG", "decorative", "outlook-signature", "image002.png",
         lambda s: encode(draw.logo(4, (1200, 400), transparent=True), "PNG"), (200, 67)),
    Case("logo, large PNG, named", "decorative", "gmail-signature", "company_logo_rgb.png",
         lambda s: encode(draw.logo(5, (2000, 800), transparent=True), "PNG"), (200, 80)),
    Case("logo, JPEG", "decorative", "outlook-signature", "image001.jpg",
         lambda s: encode(draw.logo(6, (254, 88)), quality=75), (127, 44)),
    Case("logo, JPEG, not linked", "decorative", "outlook-unlinked", "image003.jpg",
         lambda s: encode(draw.logo(7, (300, 100)), quality=85), (300, 100)),
    Case("logo, Gmail", "decorative", "gmail-signature", "acme.png",
         lambda s: encode(draw.logo(8, (400, 120)), "PNG"), (200, 60)),
    Case("logo, Thunderbird", "decorative", "thunderbird-signature", "bgkeSRQQ0n6nWx5U.png",
         lambda s: encode(draw.logo(9, (300, 90)), "PNG")),
    Case("logo, Apple", "decorative", "apple", "logo.png",
         lambda s: encode(draw.logo(10, (360, 110), transparent=True), "PNG")),
    Case("logo, square", "decorative", "outlook-signature", "image001.png",
         lambda s: encode(draw.icon(11, 256), "PNG"), (96, 96)),
    Case("logo, newsletter", "decorative", "newsletter", "header-logo.png",
         lambda s: encode(draw.logo(12, (600, 120)), "PNG"), (300, 60)),
    Case("logo, newsletter, no name", "decorative", "newsletter", "a91.png",
         lambda s: encode(draw.logo(13, (400, 140), transparent=True), "PNG"), (200, 70)),
    Case("logo in a quote", "decorative", "quoted-signature", "image001.png",
         lambda s: encode(draw.logo(14, (240, 80)), "PNG"), (240, 80)),
    Case("logo left over", "decorative", "orphan", "image001.png",
         lambda s: encode(draw.logo(15, (200, 70)), "PNG")),
    Case("logo left over, JPEG", "decorative", "orphan", "image001.jpg",
         lambda s: encode(draw.logo(16, (220, 60)), quality=75)),
    Case("logo left over, named", "decorative", "attached", "Logo_Acme.png",
         lambda s: encode(draw.logo(17, (300, 100)), "PNG")),
    Case("logo below a name", "decorative", "after-name", "image001.png",
         lambda s: encode(draw.logo(24, (300, 100)), "PNG"), (300, 100)),
    Case("logo below a name, JPEG", "decorative", "after-name", "image001.jpg",
         lambda s: encode(draw.logo(25, (260, 90)), quality=80)),
    Case("logo on top", "decorative", "letterhead", "image001.png",
         lambda s: encode(draw.logo(26, (320, 100)), "PNG")),
    Case("logo, Outlook on the web", "decorative", "outlook-unlinked", "Outlook-fx2q5l1z.png",
         lambda s: encode(draw.logo(27, (700, 420)), "PNG"), (420, 252)),
    Case("logo described by Office", "decorative", "outlook", "image001.png",
         lambda s: encode(draw.logo(18, (420, 220)), "PNG"), (210, 110),
         "Logo&#10;&#10;Description automatically generated"),
    Case("banner 600 x 150", "decorative", "outlook-signature", "image003.png",
         lambda s: encode(draw.banner(1, (600, 150)), "PNG"), (600, 150)),
    Case("banner 600 x 150, JPEG", "decorative", "outlook-signature", "image003.jpg",
         lambda s: encode(draw.banner(2, (600, 150), with_photo=True), quality=80), (600, 150)),
    Case("banner, not linked", "decorative", "outlook-unlinked", "image004.png",
         lambda s: encode(draw.banner(3, (640, 120)), "PNG"), (640, 120)),
    Case("banner, double size", "decorative", "gmail-signature", "fair-2026.png",
         lambda s: encode(draw.banner(4, (1200, 300), with_photo=True), "PNG"), (600, 150)),
    Case("banner, named", "decorative", "apple", "Banner_Messe.jpg",
         lambda s: encode(draw.banner(5, (800, 200), with_photo=True), quality=80)),
    Case("banner, newsletter", "decorative", "newsletter", "hero.jpg",
         lambda s: encode(draw.banner(6, (600, 200), with_photo=True), quality=80), (600, 200)),
    Case("banner, animated", "decorative", "outlook-signature", "image005.gif",
         lambda s: draw.turning((468, 60)), (468, 60)),
    Case("animation", "decorative", "gmail-signature", "giphy.gif",
         lambda s: draw.turning((240, 180)), (240, 180)),
    Case("handwriting", "decorative", "outlook-unlinked", "image002.png",
         lambda s: encode(draw.signature(1, (320, 120)), "PNG"), (160, 60)),
    Case("handwriting, JPEG", "decorative", "outlook-unlinked", "image002.jpg",
         lambda s: encode(draw.signature(2, (280, 100)), quality=85), (140, 50)),
    Case("handwriting, named", "decorative", "thunderbird-signature", "Unterschrift.png",
         lambda s: encode(draw.signature(3, (400, 150)), "PNG")),
    Case("portrait in a signature", "decorative", "gmail-signature", "mei.jpg",
         lambda s: encode(photo(40, (200, 200)), quality=80), (96, 96)),
    Case("portrait in a signature, Outlook", "decorative", "outlook-signature", "image008.jpg",
         lambda s: encode(photo(41, (160, 160)), quality=75), (80, 80)),
    Case("code to scan in a signature", "decorative", "outlook-unlinked", "image009.png",
         lambda s: encode(draw.code(2, 148), "PNG"), (98, 98)),
    Case("code to scan in a signature, large", "decorative", "gmail-signature", "wechat-qr.png",
         lambda s: encode(draw.code(3, 430), "PNG"), (120, 120)),
    Case("smile", "decorative", "outlook", "image001.png",
         lambda s: encode(draw.smile(19), "PNG"), (19, 19)),
    Case("smile, Gmail", "decorative", "gmail", "1f600.png",
         lambda s: encode(draw.smile(72), "PNG"), (20, 20), "😀"),
    Case("smile, attached", "decorative", "attached", "smile.png",
         lambda s: encode(draw.smile(24), "PNG")),
    Case("seal", "decorative", "outlook-signature", "image010.png",
         lambda s: encode(draw.icon(20, 190), "PNG"), (95, 95)),
    Case("warning sign", "decorative", "newsletter", "warning_triangle.png",
         lambda s: encode(draw.icon(21, 24), "PNG")),
    Case("footer", "decorative", "newsletter", "footer.png",
         lambda s: encode(draw.banner(7, (600, 80)), "PNG"), (600, 80)),
    Case("background", "decorative", "newsletter", "bg.jpg",
         lambda s: encode(draw.banner(8, (600, 300)), quality=60), (600, 300)),
    Case("stamp of a virus scanner", "decorative", "gmail-signature", "icon-envelope-tick.png",
         lambda s: encode(draw.icon(22, 46), "PNG"), (46, 29)),
    Case("certificate", "decorative", "outlook-unlinked", "image011.jpg",
         lambda s: encode(draw.logo(23, (150, 200)), quality=80), (75, 100)),
]  # fmt: skip

CASES = [*SCREENS, *PHOTOS, *DECORATIONS]
