"""Images told apart without decoding them: screenshot, photo or decoration."""

from __future__ import annotations

import re
from typing import Literal

_SCREENSHOT_NAME = re.compile(
    r"screen[\s_-]?(?:shot|cap|grab|clip)|bildschirmfoto|screen_?recording|snip|snagit|snap\d"
    r"|capture d.?.?cran|captura|schermata|schermafbeelding|skärmavbild|skjermbilde|zrzut"
    r"|снимок|скриншот|截图|截屏|螢幕|屏幕|屏幕快照|スクリーンショット|스크린샷|ekran|微信图片|wechat|qq图片|"
    r"^(?:image|img|pasted|clipboard|grafik|unnamed|bild)[\s_-]?(?:\(\d\)|\d{0,3})\.png$",
    re.I,
)
_PHOTO_NAME = re.compile(
    r"^(?:img|dsc[fn]?|pxl|photo|foto|p\d|dcim|mvimg|image)[_-]?\d{3,}.*\.(?:jpe?g|heic|heif)$"
    r"|whatsapp|\.hei[cf]$",
    re.I,
)
_DECORATIVE_NAME = re.compile(
    r"logo|icon|spacer|pixel|banner|facebook|twitter|linkedin|instagram|youtube|xing|footer|header"
    r"|signatur|bullet|divider|badge|emoji|smil|tracking|^oledata",
    re.I,
)
_OUTLOOK_NAME = re.compile(r"^(?:image|bild|grafik)\d{3}\.(?:png|jpe?g|gif)$", re.I)
# Edges that displays of computers and telephones have.
_SCREEN_EDGES = frozenset(
    (
        *(720, 750, 768, 800, 828, 864, 900, 960, 1024, 1050, 1080, 1125, 1152, 1170, 1179, 1200),
        *(1206, 1242, 1280, 1284, 1290, 1320, 1344, 1366, 1440, 1536, 1600, 1680, 1792, 1920),
        *(2048, 2160, 2208, 2280, 2340, 2388, 2400, 2436, 2532, 2556, 2560, 2622, 2688, 2732),
        *(2778, 2796, 2868, 2880, 3024, 3072, 3440, 3456, 3840, 5120),
    )
)
_SMALL_PIXELS = 160 * 160
_LEAST_SCREENSHOT_PIXELS = 200 * 120


def judge_image(
    name: str,
    content_type: str,
    data: bytes,
    size: tuple[int, int] | None,
    *,
    referenced: bool,
    attached: bool,
) -> Literal["screenshot", "photo", "decorative"]:
    """What the image is for, by name, format, dimensions and place.

    `referenced` says that the HTML shows it, `attached` that it came as a file of its own.
    """
    if size is not None and min(size) <= 4:
        return "decorative"
    if _SCREENSHOT_NAME.search(name) and not _is_small(size, len(data)):
        return "screenshot"
    if content_type == "image/gif" and len(data) < 40_000:
        return "decorative"
    if _DECORATIVE_NAME.search(name) and (size is None or size[0] * size[1] < 500_000):
        return "decorative"
    if _is_camera(data, content_type) or _PHOTO_NAME.search(name):
        return "photo"
    if not attached and (_is_small(size, len(data)) or _is_strip(size)):
        return "decorative"
    if content_type in ("image/png", "image/webp", "image/bmp"):
        return "screenshot" if not _is_small(size, len(data)) else "decorative"
    if _is_small(size, len(data)) and (referenced or _OUTLOOK_NAME.match(name)):
        return "decorative"
    if size is not None and (size[0] in _SCREEN_EDGES and size[1] in _SCREEN_EDGES):
        return "screenshot"
    return "photo"


def _is_small(size: tuple[int, int] | None, size_bytes: int) -> bool:
    if size is None:
        return size_bytes < 6_000
    return size[0] * size[1] < _LEAST_SCREENSHOT_PIXELS or min(size) < 60


def _is_strip(size: tuple[int, int] | None) -> bool:
    """Banners and lines of social icons are long and low."""
    if size is None:
        return False
    return size[0] > 5 * size[1] and size[1] < 160


def _is_camera(data: bytes, content_type: str) -> bool:
    """A camera writes Exif with its maker; screens and logos have none."""
    if content_type in ("image/heic", "image/heif"):
        return True
    return content_type == "image/jpeg" and b"Exif\0" in data[:64]
