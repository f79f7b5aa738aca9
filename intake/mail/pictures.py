"""An image opened at last: its hash, a small copy to look at, and what its pixels say.

Decoding costs memory and time and meets hostile bytes, so parse_mail never does it: this is for a
process of its own, off the way of the mail.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

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
_MOST_COLOURS = 4096
_SAMPLE_EDGE = 1024
# Noise of JPEG in a plain area stays below this difference between neighbours.
_FLAT = 3
# A longer picture is shown by its beginning: as a whole it would be a thread.
_LONGEST_SHAPE = 4


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """`pixels` is width times height; `thumbnail_edge` the longest edge of the small copy."""

    pixels: int = 40_000_000
    thumbnail_edge: int = 320


@dataclass(frozen=True, slots=True)
class PixelStatistics:
    """`colours` are distinct ones (4096 at most), `flat_share` neighbours of the same grey, 0..1.

    Both are of the middle of the picture, 1024 by 1024 pixels at most.
    """

    colours: int
    flat_share: float


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
    pixels: PixelStatistics


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
    """Bits in which two perceptual hashes differ: 0..64; up to 8 it is the same picture."""
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
        # A camera's picture is decoded at an eighth to a half of its size, which is enough.
        image.draft("RGB", (2 * _SAMPLE_EDGE, 2 * _SAMPLE_EDGE))
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
        pixels=_count(flat),
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
    """A difference hash: whether each of 8 x 8 areas is darker than the one right of it."""
    small = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    values = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (values[at] < values[at + 1])
    return f"{bits:016x}"


def _thumbnail(image: Image.Image, edge: int) -> bytes:
    width, height = image.size
    shown = image.crop(
        (0, 0, min(width, _LONGEST_SHAPE * height), min(height, _LONGEST_SHAPE * width))
    )
    shown.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    shown.save(stream, "WEBP", quality=80, exif=b"", xmp=b"", icc_profile=b"")
    return stream.getvalue()


def _count(image: Image.Image) -> PixelStatistics:
    """Screens show few colours in plain areas; nature has neither."""
    left = max(0, (image.width - _SAMPLE_EDGE) // 2)
    top = max(0, (image.height - _SAMPLE_EDGE) // 2)
    right, bottom = min(image.width, left + _SAMPLE_EDGE), min(image.height, top + _SAMPLE_EDGE)
    sample = image.crop((left, top, right, bottom))
    colours = sample.getcolors(_MOST_COLOURS)
    grey = sample.convert("L")
    inside = (0, 0, max(1, grey.width - 1), grey.height)
    beside = (min(1, grey.width - 1), 0, grey.width, grey.height)
    steps = ImageChops.difference(grey.crop(inside), grey.crop(beside)).histogram()
    return PixelStatistics(
        colours=len(colours) if colours is not None else _MOST_COLOURS,
        flat_share=sum(steps[:_FLAT]) / max(1, sum(steps)),
    )
