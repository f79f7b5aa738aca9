"""Photographs that nobody took: clouds of noise in natural colours, shapes, blur and grain."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

_PALETTES = (
    ((20, 30, 15), (110, 140, 60), (200, 215, 230)),
    ((40, 22, 12), (170, 120, 80), (250, 225, 190)),
    ((10, 20, 50), (90, 130, 180), (240, 240, 235)),
    ((25, 25, 28), (120, 115, 110), (235, 232, 225)),
)


def photo(
    seed: int, size: tuple[int, int], *, grain: float = 4, focus: float = 0.5, light: float = 1
) -> Image.Image:
    """A scene: texture where it is in focus, blur elsewhere, sensor noise over all.

    `focus` is the share of the picture that is sharp; with more `light` than 1 its bright parts
    are burnt out to white, as a window behind somebody is.
    """
    chance = random.Random(seed)
    work = size if max(size) <= 1600 else (size[0] // 2, size[1] // 2)
    scene = _clouds(chance, work, chance.choice(_PALETTES))
    _objects(chance, scene)
    texture = _noise(chance, (work[0] // 2, work[1] // 2), work).filter(ImageFilter.SHARPEN)
    scene = ImageChops.soft_light(scene, Image.merge("RGB", [texture] * 3))
    soft = scene.filter(ImageFilter.GaussianBlur(max(work) / 90))
    sharp = _noise(chance, (4, 4), work).point(
        lambda value: 255 if value > 255 * (1 - focus) else 0
    )
    sharp = sharp.filter(ImageFilter.GaussianBlur(max(work) / 60))
    scene = Image.composite(scene.filter(ImageFilter.GaussianBlur(0.7)), soft, sharp)
    scene = ImageEnhance.Brightness(scene).enhance(light).resize(size, Image.Resampling.BICUBIC)
    if grain:
        noise = Image.merge("RGB", [_grain(chance, size, grain)] * 3)
        scene = ImageChops.add(scene, noise, 1, -128)
    return scene


def _grain(chance: random.Random, size: tuple[int, int], strength: float) -> Image.Image:
    """Noise that the seed decides: Pillow's own cannot be told one."""
    tile = Image.frombytes("L", (256, 256), chance.randbytes(256 * 256))
    tile = tile.point(lambda value: 128 + (value - 128) * strength / 74)
    plane = Image.new("L", size)
    for left in range(0, size[0], 256):
        for top in range(0, size[1], 256):
            shift = ImageChops.offset(tile, chance.randrange(256), chance.randrange(256))
            plane.paste(shift, (left, top))
    return plane


def _noise(chance: random.Random, cells: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    cells = max(2, cells[0]), max(2, cells[1])
    small = Image.frombytes("L", cells, chance.randbytes(cells[0] * cells[1]))
    return small.resize(size, Image.Resampling.BICUBIC)


def _clouds(
    chance: random.Random, size: tuple[int, int], colours: tuple[tuple[int, int, int], ...]
) -> Image.Image:
    plane = _noise(chance, (3, 3), size)
    for octave in range(2, 8):
        finer = _noise(chance, (2**octave, 2**octave), size)
        plane = Image.blend(plane, finer, 0.45 / 1.25**octave)
    low, middle, high = colours
    tables = [
        [
            int(low[c] + (middle[c] - low[c]) * v / 128)
            if v < 128
            else int(middle[c] + (high[c] - middle[c]) * (v - 128) / 127)
            for v in range(256)
        ]
        for c in range(3)
    ]
    plane = ImageEnhance.Contrast(plane).enhance(1.6)
    return Image.merge("RGB", [plane.point(table) for table in tables])


def _objects(chance: random.Random, scene: Image.Image) -> None:
    layer = Image.new("RGB", scene.size)
    mask = Image.new("L", scene.size)
    draw, cut = ImageDraw.Draw(layer), ImageDraw.Draw(mask)
    for _ in range(chance.randrange(6, 14)):
        x, y = chance.randrange(scene.width), chance.randrange(scene.height)
        reach = scene.width // 5
        box = (x, y, x + chance.randrange(20, reach + 21), y + chance.randrange(20, reach + 21))
        draw.ellipse(box, fill=tuple(chance.randrange(30, 220) for _ in range(3)))
        cut.ellipse(box, fill=chance.randrange(90, 220))
    scene.paste(layer, mask=mask.filter(ImageFilter.GaussianBlur(chance.choice((1, 2, 9)))))


def paper(seed: int, size: tuple[int, int], lines: int = 40) -> Image.Image:
    """A sheet on a scanner or an identity card: paper is never quite white."""
    chance = random.Random(seed)
    sheet = _clouds(chance, size, ((225, 222, 214), (240, 238, 231), (250, 249, 245)))
    draw = ImageDraw.Draw(sheet)
    for line in range(lines):
        y = size[1] * (line + 4) // (lines + 8)
        text = " ".join("x" * chance.randrange(2, 9) for _ in range(12))
        draw.text((size[0] // 10, y), text, fill=(40, 40, 60), font_size=size[1] // (lines * 2))
    portrait = photo(seed + 1, (size[0] // 4, size[1] // 4))
    sheet.paste(portrait, (size[0] // 12, size[1] // 12))
    noise = Image.merge("RGB", [_grain(chance, size, 3) for _ in range(3)])
    return ImageChops.add(sheet, noise, 1, -128)


def of_screen(seed: int, shot: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A display photographed: askew, moiré, a dark frame, the room around it."""
    chance = random.Random(seed)
    room = photo(seed, size, grain=0, focus=0)
    shown = shot.convert("RGB").resize((size[0] * 3 // 4, size[1] * 3 // 4))
    shown = ImageEnhance.Brightness(shown).enhance(0.85)
    frame = Image.new("RGBA", (shown.width + 40, shown.height + 40), (15, 15, 18, 255))
    frame.paste(shown, (20, 20))
    turned = frame.rotate(chance.uniform(-6, 6), Image.Resampling.BICUBIC, expand=True)
    room.paste(turned, (size[0] // 14, size[1] // 14), turned)
    room = room.filter(ImageFilter.GaussianBlur(0.8))
    noise = Image.merge("RGB", [_grain(chance, size, 9) for _ in range(3)])
    return ImageChops.add(room, noise, 1, -128)


def camera_exif(orientation: int = 1) -> Image.Exif:
    """Maker, model, exposure, lens and place, as a telephone writes them."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "PhoneMaker", "Model 7", orientation
    exif.get_ifd(0x8769).update({0x829A: 0.01, 0x829D: 1.8, 0xA434: "back camera"})
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 1.0)})
    return exif


def encode(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """The image as the bytes of a file."""
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def heic(width: int, height: int) -> bytes:
    """The boxes of a HEIC around nothing: two tiles, the whole picture, and no pixels."""

    def box(kind: bytes, body: bytes) -> bytes:
        return (len(body) + 8).to_bytes(4, "big") + kind + body

    def extent(w: int, h: int) -> bytes:
        return box(b"ispe", bytes(4) + w.to_bytes(4, "big") + h.to_bytes(4, "big"))

    extents = extent(512, 512) + extent(512, 512) + extent(width, height) + extent(320, 240)
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", extents)))
    brands = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    return brands + meta + box(b"mdat", random.Random(1).randbytes(200_000))
