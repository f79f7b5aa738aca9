"""Images told apart without decoding them: screenshot, photo or decoration."""

from __future__ import annotations

import re
import zlib
from typing import Literal

from intake.mail.image_headers import ImageHeader, read_header
from intake.mail.image_places import Place

ImageKind = Literal["screenshot", "photo", "decorative"]
_Size = tuple[int, int]

_SCREENSHOT_NAME = re.compile(
    r"screen[\s_-]?(?:shot|cap|grab|clip)|bildschirm(?:foto|aufnahme|druck)|screen_?recording"
    r"|(?<![a-z])snip|snagit|snap\d|^capture\d{0,3}\.|capture d.?.?[ée]cran|captura|schermata"
    r"|schermafbeelding|skärmavbild|skjermbilde|skærmbillede|näyttökuva|zrzut|képernyő"
    r"|ekran[ _](?:gör|resmi)|снимок|скриншот|截图|截屏|截圖|螢幕|屏幕|スクリーンショット|スクショ"
    r"|스크린샷",
    re.I,
)
# What screenshot programs and telephones leave in the file.
_SCREENSHOT_MAKER = re.compile(
    r"screen ?shot|screen ?capture|greenshot|flameshot|sharex|snagit|spectacle|lightshot|picpick"
    r"|shutter|scrot",
    re.I,
)
_PHOTO_NAME = re.compile(
    r"^(?:img|dsc[fn]?|pxl|photo|foto|p\d|dcim|mvimg)[_-]?\d{3,}.*\.(?:jpe?g|hei[cf])$"
    r"|^\d{8}_\d{6}|whatsapp|-wa\d{4}",
    re.I,
)
_DECORATIVE_NAME = re.compile(
    r"(?<!ata)(?<!dia)(?<!pro)logo(?!n|ut|ff)|(?<![a-z])ico(?:n|ns)?(?![a-z])|favicon|spacer|pixel"
    r"|banner|facebook|twitter|linkedin|instagram|youtube|xing|tiktok|(?<![a-z])footer|signatur"
    r"|unterschrift|(?<![a-z])header(?![a-z])|bullet|divider|badge|emoji|smil(?:e|ie|ey)(?![a-z])"
    r"|tracking|^oledata|^outlook-|blank\.|transparent\.",
    re.I,
)
# What mail programs call a picture from the clipboard, which no signature comes from.
_PASTED_NAME = re.compile(
    r"^(?:image|img|pasted.{0,12}|unnamed|clipboard|grafik|bild)(?: ?\(\d\))?\.png$", re.I
)
_OUTLOOK_NAME = re.compile(r"^(?:image|bild|grafik|图片)\d{3}\.(?:png|jpe?g|gif)$", re.I)
_SCREENSHOT_ALT = re.compile(
    r"screen ?shot|user interface|computer screen|benutzeroberfläche|interface utilisateur"
    r"|interfaz de usuario|interfaccia utente|图形用户界面|截图|グラフィカル ユーザー",
    re.I,
)
_DECORATIVE_ALT = re.compile(
    r"logo(?!n|ut|ff)|(?<![a-z])icon(?![a-z])|banner|facebook|linkedin|twitter|instagram|youtube"
    r"|signature|^\W?$|emoji",
    re.I,
)
# Displays of telephones and tablets, upright, and of computers, across.
_SCREENS = frozenset(
    (
        *((640, 960), (640, 1136), (720, 1280), (720, 1440), (720, 1480), (720, 1520)),
        *((720, 1560), (720, 1600), (720, 1612), (720, 1640), (750, 1334), (768, 1024)),
        *((800, 1280), (828, 1792), (1080, 1920), (1080, 2160), (1080, 2220), (1080, 2246)),
        *((1080, 2280), (1080, 2310), (1080, 2312), (1080, 2316), (1080, 2340), (1080, 2376)),
        *((1080, 2388), (1080, 2400), (1080, 2404), (1080, 2408), (1080, 2412), (1080, 2460)),
        *((1125, 2436), (1170, 2532), (1179, 2556), (1206, 2622), (1212, 2616), (1220, 2712)),
        *((1242, 2208), (1242, 2688), (1260, 2800), (1284, 2778), (1290, 2796), (1320, 2868)),
        *((1440, 2560), (1440, 2960), (1440, 3040), (1440, 3088), (1440, 3120), (1440, 3200)),
        *((1488, 2266), (1536, 2048), (1620, 2160), (1640, 2360), (1668, 2224), (1668, 2388)),
        *((1600, 2560), (2048, 2732), (1200, 1920), (768, 1366), (900, 1440), (900, 1600)),
        *((864, 1536), (1050, 1680), (1024, 1280), (1080, 2560), (1440, 3440), (2160, 3840)),
        *((1600, 2560), (1664, 2560), (1800, 2880), (1864, 2880), (1964, 3024), (2234, 3456)),
        *((2304, 4096), (2520, 4480), (2880, 5120), (1504, 2256), (1824, 2736), (2000, 3000)),
        *((960, 1707), (864, 1152), (600, 800), (600, 1024), (800, 1280), (1152, 2048)),
    )
)
# Of those the shapes that no camera and no film has.
_COMPUTERS = ((1280, 800), (1366, 768), (1440, 900), (1680, 1050), (2560, 1600), (2880, 1800))
# Pixels (width x height).
_ICON = 13_000
_SMALL_SNIP = 22_500
_LOGO_SHOWN = 26_000
_LOGO = 45_000
_LOGO_WIDTH = 400
_SHRUNK_WIDTH = 260
_SIGNATURE_IMAGE = 90_000
_CUT_OUT = 120_000
_BANNER = 420_000
_BANNER_WIDTH = 700
_ANIMATION = 150_000
# Bytes a pixel from which a PNG holds a photograph.
_PNG_PHOTO = 0.7
# Bytes of prediction a block up to which a WebP shows a display.
_PLAIN_WEBP = 1.5
_CAMERA_SHAPES = (1.0, 4 / 3, 1.5)
_A4 = 2**0.5
_SAMPLE, _SAMPLES = 512, 24


def judge_image(
    name: str,
    content_type: str,
    data: bytes,
    *,
    place: Place | None = None,
    attached: bool = True,
) -> ImageKind:
    """What the image is for, by its name, header, bytes a pixel, and place in the mail.

    `place` is how the HTML shows it, None where it does not; `attached` says that it came as a
    file of its own. Raises nothing, decodes nothing.
    """
    header = read_header(data)
    size = header.size
    if size is None:
        return _judge_unknown(name, content_type, attached=attached)
    area = size[0] * size[1]
    if min(size) <= 14 or area <= _ICON or (area <= _SMALL_SNIP and max(size) < 1.3 * min(size)):
        return "decorative"
    alt = place.alt if place else ""
    if _SCREENSHOT_ALT.search(alt) or _SCREENSHOT_MAKER.search(header.maker):
        return "screenshot"
    if _SCREENSHOT_NAME.search(name):
        return "screenshot"
    if _is_decorative(name, header, size, place, attached=attached):
        return "decorative"
    if header.camera:
        return "photo"
    return _judge_content(name, content_type, data, header, size)


def _judge_unknown(name: str, content_type: str, *, attached: bool) -> ImageKind:
    """An image whose header states no size: empty, damaged, or of a rare type."""
    if _SCREENSHOT_NAME.search(name):
        return "screenshot"
    if _DECORATIVE_NAME.search(name) or (not attached and _OUTLOOK_NAME.match(name)):
        return "decorative"
    return "screenshot" if content_type in ("image/png", "image/bmp") else "photo"


def _is_decorative(
    name: str, header: ImageHeader, size: _Size, place: Place | None, *, attached: bool
) -> bool:
    area = size[0] * size[1]
    if _DECORATIVE_NAME.search(name) and (area < 500_000 or (place and not attached)):
        return True
    if place is None:
        # A signature's picture whose HTML is gone.
        most = _LOGO if size[0] >= 2.2 * size[1] and _OUTLOOK_NAME.match(name) else _SMALL_SNIP
        return bool(area <= most and (not attached or _OUTLOOK_NAME.match(name)))
    width, height = _shown(size, place)
    shown = width * height
    if _DECORATIVE_ALT.search(place.alt) and place.alt and shown <= _BANNER:
        return True
    shrunk = area > 1.9 * shown and width <= _SHRUNK_WIDTH
    if shown <= _LOGO_SHOWN and (shrunk or place.times > 2):
        return True
    if header.animated and shown <= _ANIMATION:
        return True
    if _is_cut_out(header, size):
        return True
    if _PASTED_NAME.match(name) and not place.linked:
        return False
    return _is_signature(size, (width, height), place)


def _is_signature(size: _Size, shown: _Size, place: Place) -> bool:
    """What stands beside the text of a mail and not in it, and is no larger than that takes."""
    area = shown[0] * shown[1]
    strip = shown[0] >= 2.8 * shown[1] and shown[1] <= 320
    if place.linked:
        return area <= _BANNER
    if place.signed:
        return area <= _SIGNATURE_IMAGE or (strip and area <= _BANNER)
    if place.at_edge:
        logo = size[0] * size[1] <= _LOGO and size[0] <= _LOGO_WIDTH
        # Lines of text that somebody cut out are lower.
        banner = strip and size[0] <= _BANNER_WIDTH and size[1] >= 70
        return logo or banner
    return False


def _is_cut_out(header: ImageHeader, size: _Size) -> bool:
    """A wide small picture with a transparent ground: somebody's name as a logo."""
    area = size[0] * size[1]
    return header.transparent and area <= _CUT_OUT and size[0] >= 1.8 * size[1]


def _shown(size: _Size, place: Place) -> _Size:
    """The size in which a reader sees it: what one side lacks follows from the other."""
    width, height = size
    if place.width and place.height:
        return place.width, place.height
    if place.width:
        return place.width, max(1, place.width * height // width)
    if place.height:
        return max(1, place.height * width // height), place.height
    return size


def _judge_content(
    name: str, content_type: str, data: bytes, header: ImageHeader, size: _Size
) -> ImageKind:
    """A display or the world, by what compression made of it."""
    on_screen = (min(size), max(size)) in _SCREENS
    dense = len(data) / (size[0] * size[1])
    if content_type == "image/gif":
        return "screenshot"
    if content_type == "image/png":
        return "photo" if dense >= _PNG_PHOTO and not on_screen else "screenshot"
    if content_type in ("image/bmp", "image/tiff"):
        return "screenshot" if _compressed_share(data, 54) < 0.5 else "photo"
    if content_type == "image/webp" and data[12:16] == b"VP8L":
        return "photo" if dense >= _PNG_PHOTO * 0.8 and not on_screen else "screenshot"
    return _judge_lossy(name, data, header, size)


def _judge_lossy(name: str, data: bytes, header: ImageHeader, size: _Size) -> ImageKind:
    """JPEG, WebP, AVIF: plain areas and the shape of a telephone's display make a screenshot."""
    dense = len(data) / (size[0] * size[1])
    shape = max(size) / min(size)
    if not header.scan_at:
        on_screen = (min(size), max(size)) in _SCREENS
        return "screenshot" if on_screen or _is_plain_webp(data, size) else "photo"
    # Out of focus or in strong light a photograph is plain as well, but then it is light too.
    limit = 0.965 if dense >= 0.05 else 0.85
    upright = size[1] > size[0]
    if upright and 2.05 <= shape <= 2.36:
        limit = 1.1 if dense < 0.15 else 0.985
    elif (upright and shape > 2.36) or (size in _COMPUTERS and not _PHOTO_NAME.search(name)):
        limit = 1.1
    elif abs(shape - _A4) < 0.006 and min(size) >= 1_100:
        return "photo"
    elif _PHOTO_NAME.search(name) or any(abs(shape - usual) < 0.015 for usual in _CAMERA_SHAPES):
        limit -= 0.015
    return "screenshot" if _compressed_share(data, header.scan_at) < limit else "photo"


def _is_plain_webp(data: bytes, size: _Size) -> bool:
    """RFC 6386 9.1: the first partition says how each block of 16 x 16 is predicted.

    Plain blocks are predicted like their neighbours, which takes next to nothing to say.
    """
    at = data.find(b"VP8 ", 12, 4_000)
    if at < 0:
        return False
    blocks = (size[0] + 15) // 16 * ((size[1] + 15) // 16)
    return (int.from_bytes(data[at + 8 : at + 11], "little") >> 5) < _PLAIN_WEBP * blocks


def _compressed_share(data: bytes, start: int) -> float:
    """How much of samples of `data` is left when they are compressed, 0..1.

    The plain areas of a display repeat the same code from block to block in a JPEG, nature never
    does: what cannot be compressed once more is a photograph.
    """
    length = len(data) - start
    count = max(1, min(_SAMPLES, length // _SAMPLE))
    step = length / count
    places = (start + round(step * number + step / 2) for number in range(count))
    sample = b"".join(data[at - _SAMPLE // 2 : at + _SAMPLE // 2] for at in places)
    return len(zlib.compress(sample, 1)) / max(1, len(sample))
