"""What stands in signatures and newsletters: logos, icons, banners, spacers, pixels, codes."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageDraw, ImageFilter

from tests.images.photos import encode, photo

Colour = tuple[int, int, int]


def logo(seed: int, size: tuple[int, int], *, transparent: bool = False) -> Image.Image:
    """A mark and the name of a company."""
    chance = random.Random(seed)
    image = Image.new("RGBA", size, (255, 255, 255, 0 if transparent else 255))
    draw = ImageDraw.Draw(image)
    height = size[1]
    colour = tuple(chance.randrange(20, 200) for _ in range(3))
    inset = height // 8
    draw.rounded_rectangle((inset, inset, height - inset, height - inset), height // 5, fill=colour)
    draw.pieslice((inset * 2, inset * 2, height - inset * 2, height - inset * 2), 20, 250, "white")
    name = chance.choice(("Acme GmbH", "Nordwind", "LIN TRADING", "Contoso"))
    draw.text((height + inset, height // 4), name, fill=colour, font_size=max(8, height // 3))
    return image if transparent else image.convert("RGB")


def icon(seed: int, edge: int) -> Image.Image:
    """A social network's sign in a coloured disc."""
    chance = random.Random(seed)
    image = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse(
        (0, 0, edge - 1, edge - 1), fill=tuple(chance.randrange(30, 220) for _ in range(3))
    )
    letter = chance.choice("fXin▶@")
    draw.text((edge // 4, edge // 8), letter, fill="white", font_size=max(6, edge * 2 // 3))
    return image


def banner(seed: int, size: tuple[int, int], *, with_photo: bool = False) -> Image.Image:
    """An advertisement below a signature or at the top of a newsletter."""
    chance = random.Random(seed)
    if with_photo:
        image = photo(seed, size, grain=0)
    else:
        ramp = Image.linear_gradient("L").rotate(90).resize(size)
        ends = [tuple(chance.randrange(256) for _ in range(3)) for _ in range(2)]
        image = Image.composite(
            Image.new("RGB", size, ends[0]), Image.new("RGB", size, ends[1]), ramp
        )
    draw = ImageDraw.Draw(image)
    draw.text(
        (size[0] // 20, size[1] // 3), "Visit us at the fair", fill="white", font_size=size[1] // 3
    )
    return image


def divider(width: int, height: int, colour: str = "#c0c8d0") -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def pixel() -> bytes:
    return encode(Image.new("P", (1, 1)), "GIF", transparency=0)


def signature(seed: int, size: tuple[int, int]) -> Image.Image:
    """A name written by hand and scanned."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    x, y, points = size[0] * 0.08, size[1] / 2, []
    for step in range(160):
        x += size[0] * 0.84 / 160
        reach = size[1] * 0.3 * (1 - step / 200)
        y = size[1] / 2 + reach * math.sin(step * 0.35 + chance.random())
        points.append((x, y))
    draw.line(points, fill=(20, 30, 120), width=max(2, size[1] // 40), joint="curve")
    return image.filter(ImageFilter.GaussianBlur(0.8))


def code(seed: int, edge: int) -> Image.Image:
    """A square of black and white modules with the three finders of a QR code."""
    chance = random.Random(seed)
    modules = Image.new("1", (29, 29), 1)
    modules.putdata([chance.randrange(2) for _ in range(29 * 29)])
    draw = ImageDraw.Draw(modules)
    for x, y in ((0, 0), (22, 0), (0, 22)):
        draw.rectangle((x, y, x + 7, y + 7), fill=1)
        draw.rectangle((x, y, x + 6, y + 6), fill=0)
        draw.rectangle((x + 1, y + 1, x + 5, y + 5), fill=1)
        draw.rectangle((x + 2, y + 2, x + 4, y + 4), fill=0)
    sheet = Image.new("L", (33, 33), 255)
    sheet.paste(modules, (2, 2))
    return sheet.resize((edge, edge), Image.Resampling.NEAREST)


def smile(edge: int) -> Image.Image:
    image = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((1, 1, edge - 2, edge - 2), fill="#ffcc4d")
    draw.arc(
        (edge // 4, edge // 3, edge * 3 // 4, edge * 4 // 5), 0, 180, "#664500", max(1, edge // 14)
    )
    for x in (edge // 3, edge * 2 // 3):
        draw.ellipse((x - 1, edge // 3, x + 1, edge // 3 + edge // 10 + 1), fill="#664500")
    return image


def chart(seed: int, size: tuple[int, int]) -> Image.Image:
    """Bars with an axis, as a program for figures draws them."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for n in range(10):
        x = size[0] * (n + 1) // 12
        top = size[1] * chance.randrange(15, 80) // 100
        draw.rectangle((x, top, x + size[0] // 18, size[1] * 9 // 10), fill="#4c78a8")
        draw.text((x, size[1] * 92 // 100), f"Q{n}", fill="black", font_size=max(8, size[1] // 30))
    draw.line((size[0] // 15, 10, size[0] // 15, size[1] * 9 // 10), fill="black")
    return image


def turning(size: tuple[int, int], frames: int = 6) -> bytes:
    """An animated GIF."""
    pictures = []
    for n in range(frames):
        image = Image.new("RGB", size, "#f4f4f4")
        box = (size[0] * n // (frames + 1), 0, size[0] * n // (frames + 1) + size[1], size[1])
        ImageDraw.Draw(image).ellipse(box, fill="#d93025")
        pictures.append(image)
    return encode(
        pictures[0], "GIF", save_all=True, append_images=pictures[1:], loop=0, duration=90
    )
