"""The words in a picture, read offline by RapidOCR (English and Chinese; models in its wheel).

An optional part: `pip install intake-desk[ocr]`. It takes half a gigabyte and seconds of a core,
and meets hostile bytes: for a process of its own, never on the way of a mail.
"""

from __future__ import annotations

import io
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps

from intake.errors import OcrUnavailable, UnreadablePicture
from intake.outside.ocr_lines import Box, lay_out_lines

NOT_INSTALLED = "OCR is not installed: pip install intake-desk[ocr]"
MOST_CHARACTERS = 20_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_PARTS = ("rapidocr", "onnxruntime")
# The engine shrinks what is longer than 2000 pixels: a long capture is read in pieces, each so
# much longer than wide, that overlap by a part of the width.
_LONGEST_SHAPE = 2.5
_PIECE_SHAPE = 2.0
_OVERLAP = 0.06
# Wider, and twice as wide as high, is a capture of several screens side by side.
_ONE_SCREEN, _SCREEN_SHAPE = 2600, 1.78
_LEAST_SCORE = 0.5
# What is left around what a screen shows, and the difference that compression makes.
_MARGIN, _NOISE = 24, 16
# Measured on rendered dialogs: finding lines in 960 pixels is as good as in 1600 and takes half
# the time; one line at a time takes 100 MB less than six.
_OPTIONS: dict[str, Any] = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "Global.text_score": _LEAST_SCORE,
    "Det.limit_type": "max",
    "Det.limit_side_len": 960,
    "Rec.rec_batch_num": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The words, a line for each row; `whole` is False where the time did not suffice for all."""

    text: str
    whole: bool


def find_engine() -> str | None:
    """Name and version of the installed reader, None where there is none."""
    try:
        if any(find_spec(name) is None for name in _PARTS):
            return None
        return f"rapidocr {version('rapidocr')}"
    except (ImportError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a picture, and the part of that in which no other piece has a say."""

    left: int
    top: int
    right: int
    bottom: int
    own_start: float = float("-inf")
    own_end: float = float("inf")

    def owns(self, box: Box) -> bool:
        """Whether the middle of `box`, along the cuts, is this piece's."""
        return self.own_start <= box.middle < self.own_end


class WordReader:
    """The engine with its models loaded, which takes a second or two.

    `threads` is how many cores it may use. Raises OcrUnavailable where it is not installed whole.
    """

    def __init__(self, threads: int) -> None:
        if find_engine() is None:
            raise OcrUnavailable(NOT_INSTALLED)
        try:
            package = import_module("rapidocr")
            self._numpy: Any = import_module("numpy")
            models = Path(str(package.__file__)).parent / "models"
            # By their paths: what is named otherwise and is not there would be downloaded.
            options = _OPTIONS | {
                "Det.model_path": _model(models, "*_det_*.onnx"),
                "Rec.model_path": _model(models, "*_rec_*.onnx"),
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            }
            self._engine: Any = package.RapidOCR(params=options)
        except OcrUnavailable:
            raise
        except Exception as error:  # whatever a half-installed library raises
            raise OcrUnavailable(f"OCR does not start: {type(error).__name__}.") from error

    def read(self, data: bytes, *, most_pixels: int, seconds: float) -> WordsRead:
        """The words in the first frame of an image.

        No new piece of a long picture is begun after `seconds`. Raises UnreadablePicture.
        """
        until = time.monotonic() + seconds
        image = _open(data, most_pixels)
        columns: dict[int, list[Box]] = {}
        whole = True
        for piece in _pieces(*image.size):
            whole = not columns or time.monotonic() < until
            if not whole:
                break
            boxes = filter(piece.owns, self._read_piece(image, piece))
            columns.setdefault(piece.left, []).extend(boxes)
        text = "\n".join(lay_out_lines(boxes) for boxes in columns.values() if boxes)
        return WordsRead(text[:MOST_CHARACTERS], whole)

    def _read_piece(self, image: Image.Image, piece: _Piece) -> Iterator[Box]:
        """The boxes of one piece, in pixels of the whole."""
        room = _trim(image, piece)
        if room is None:
            return
        left, top = room[:2]
        shown = image.crop(room)
        try:
            found = self._engine(self._numpy.asarray(shown)[:, :, ::-1])
        except MemoryError:
            raise
        except Exception as error:  # the engine wraps and raises whatever it meets
            raise UnreadablePicture("The words in the image could not be read.") from error
        if found.txts is None or found.boxes is None:
            return
        for text, corners in zip(found.txts, found.boxes, strict=True):
            if text.strip():
                xs = [float(x) + left for x, _ in corners]
                ys = [float(y) + top for _, y in corners]
                yield Box(text.strip(), min(xs), min(ys), max(xs), max(ys))


def _pieces(width: int, height: int) -> Iterator[_Piece]:
    """The whole picture; screen by screen; or a long capture from top to bottom."""
    if width > _ONE_SCREEN and width > 2 * height:
        screens = round(width / height / _SCREEN_SHAPE)
        for n in range(screens):
            yield _Piece(n * width // screens, 0, (n + 1) * width // screens, height)
        return
    if height <= _LONGEST_SHAPE * width:
        yield _Piece(0, 0, width, height)
        return
    step, overlap = int(_PIECE_SHAPE * width), max(int(_OVERLAP * width), 1)
    for top in range(0, height, step):
        yield _Piece(
            left=0,
            top=max(top - overlap, 0),
            right=width,
            bottom=min(top + step + overlap, height),
            own_start=top if top else float("-inf"),
            own_end=top + step if top + step < height else float("inf"),
        )


def _trim(image: Image.Image, piece: _Piece) -> tuple[int, int, int, int] | None:
    """Where in `piece` anything is, None where nothing is.

    On an otherwise empty screen the engine overlooks a lonely line.
    """
    whole = (piece.left, piece.top, piece.right, piece.bottom)
    shown = image.crop(whole).convert("L")
    back = Image.new("L", shown.size, shown.getpixel((0, 0)))
    found = ImageChops.difference(shown, back).point(_differs).getbbox()
    if found is None:
        return None
    left, top, right, bottom = found
    return (
        max(piece.left + left - _MARGIN, piece.left),
        max(piece.top + top - _MARGIN, piece.top),
        min(piece.left + right + _MARGIN, piece.right),
        min(piece.top + bottom + _MARGIN, piece.bottom),
    )


def _differs(level: int) -> int:
    return 255 if level > _NOISE else 0


def _model(folder: Path, pattern: str) -> str:
    found = sorted(folder.glob(pattern))
    if not found:
        raise OcrUnavailable("OCR is installed without its models.")
    return str(found[0])


def _open(data: bytes, most_pixels: int) -> Image.Image:
    """RGB on white, upright."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                if image.width * image.height > most_pixels:
                    size = f"{image.width} x {image.height}"
                    raise UnreadablePicture(f"The image is too large to be read: {size} pixels.")
                turned = ImageOps.exif_transpose(image)
                if not turned.has_transparency_data:
                    return turned.convert("RGB")
                shown = turned.convert("RGBA")
                flat = Image.new("RGB", shown.size, "white")
                flat.paste(shown, mask=shown.getchannel("A"))
                return flat
    except UnreadablePicture:
        raise
    except MemoryError:
        raise
    except Exception as error:  # decoders raise whatever their arithmetic meets in hostile bytes
        raise UnreadablePicture("The image is damaged or of a type that is not read.") from error
