"""An image opened at last: its hash, and a small copy to look at.

Decoding costs memory and time and meets hostile bytes, so parse_mail never does it: this is for a
process of its own, off the way of the mail.
"""

from __future__ import annotations

import io
import warnings
from array import array
from dataclasses import dataclass
from math import cos, pi
from operator import mul
from statistics import median
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from intake.errors import UnreadablePicture
from intake.mail.image_headers import find_dimensions

_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
# What a camera's picture is decoded to, at least: a fraction of its size is enough.
_DRAFT_EDGE = 1024
_HASH_EDGE = 32
_WAVES = [
    [cos(pi * (2 * at + 1) * frequency / (2 * _HASH_EDGE)) for at in range(_HASH_EDGE)]
    for frequency in range(8)
]
# A longer picture is shown by its beginning: as a whole it would be a thread.
_LONGEST_SHAPE = 4


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """`pixels` is width times height; `thumbnail_edge` the longest edge of the small copy."""

    pixels: int = 40_000_000
    thumbnail_edge: int = 320


@dataclass(frozen=True, slots=True)
class Picture:
    """What is kept of a decoded image. `width` and `height` are as shown, turned upright."""

    content_type: str
    width: int
    height: int
    frames: int
    perceptual_hash: str
    thumbnail: bytes
    thumbnail_type: Literal["image/webp"]


def examine_picture(data: bytes, limits: PictureLimits | None = None) -> Picture:
    """Decodes the first frame of a PNG, JPEG, GIF, WebP, BMP or TIFF.

    The thumbnail holds the pixels alone: no Exif, no place, no device. Raises UnreadablePicture,
    and nothing else, for what is too large, damaged or of another type.
    """
    limits = limits or PictureLimits()
    # Opening a WebP already takes the memory of its pixels.
    _check_size(find_dimensions(data), limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                _check_size(image.size, limits)
                return _examine(image, limits)
    except UnreadablePicture:
        raise
    except UnidentifiedImageError as error:
        raise UnreadablePicture("Images of this type cannot be opened here.") from error
    except MemoryError as error:
        raise UnreadablePicture("The image needs more memory than there is.") from error
    except Exception as error:  # decoders raise whatever their arithmetic meets in hostile bytes
        raise UnreadablePicture("The image is damaged.") from error


def hash_distance(one: str, other: str) -> int:
    """Bits in which two perceptual hashes differ: 0..64; up to 8 it looks the same.

    Two windows of one program whose words have the same shape look the same, so words that were
    read in one picture are never taken for another's: that goes by SHA-256.
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _check_size(size: tuple[int, int] | None, limits: PictureLimits) -> None:
    if size is None:
        return
    width, height = size
    if width * height > limits.pixels:
        raise UnreadablePicture(f"The image is too large to be opened: {width} x {height} pixels.")
    if width < 1 or height < 1:
        raise UnreadablePicture("The image has no pixels.")


def _examine(image: Image.Image, limits: PictureLimits) -> Picture:
    content_type = _TYPES[image.format or ""]
    frames = int(getattr(image, "n_frames", 1)) if image.format != "MPO" else 1
    image.seek(0)
    full = image.size
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", (_DRAFT_EDGE, _DRAFT_EDGE))
    image.load()
    turned = ImageOps.exif_transpose(image)
    if (turned.width < turned.height) != (image.width < image.height):
        full = full[::-1]
    flat = _flatten(turned)
    return Picture(
        content_type=content_type,
        width=full[0],
        height=full[1],
        frames=frames,
        perceptual_hash=_hash(flat),
        thumbnail=_thumbnail(flat, limits.thumbnail_edge),
        thumbnail_type="image/webp",
    )


def _flatten(image: Image.Image) -> Image.Image:
    """RGB on white, without anything that came beside the pixels."""
    if image.mode.startswith("I"):
        # Sixteen bits a pixel, which conversion alone would cut off at 255.
        flat = image.convert("F").point(lambda value: value * (255 / 65535)).convert("RGB")
    elif image.has_transparency_data:
        shown = image.convert("RGBA")
        flat = Image.new("RGB", shown.size, "white")
        flat.paste(shown, mask=shown.getchannel("A"))
    else:
        flat = image.convert("RGB")
    flat.info = {}
    return flat


def _hash(image: Image.Image) -> str:
    """The signs of the 64 lowest frequencies (a cosine transform) around their median.

    Scaling and compressing change high frequencies; displays that share a layout differ in the
    low ones. Bit by bit from the lowest, most significant first.
    """
    small = image.convert("L").convert("F").resize((_HASH_EDGE, _HASH_EDGE), Image.Resampling.BOX)
    values = array("f", small.tobytes())
    rows = [values[at : at + _HASH_EDGE] for at in range(0, len(values), _HASH_EDGE)]
    across = [[sum(map(mul, wave, row)) for row in rows] for wave in _WAVES]
    found = [sum(map(mul, wave, line)) for wave in _WAVES for line in across]
    middle = median(found[1:])
    return f"{sum((value > middle) << 63 - at for at, value in enumerate(found)):016x}"


def _thumbnail(image: Image.Image, edge: int) -> bytes:
    width, height = image.size
    shown = image.crop(
        (0, 0, min(width, _LONGEST_SHAPE * height), min(height, _LONGEST_SHAPE * width))
    )
    shown.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    shown.save(stream, "WEBP", quality=80, exif=b"", xmp=b"", icc_profile=b"")
    return stream.getvalue()
