"""Images opened: the same one known again, a small copy, bombs and damage refused in words."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, PngImagePlugin

from intake.errors import UnreadablePicture
from intake.mail.picture_metadata import strip_metadata
from intake.mail.pictures import PictureLimits, examine_picture, hash_distance


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Shapes in plain colours with a little blur: neither flat nor noise."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, tuple(chance.choices(range(256), k=3)))
    draw = ImageDraw.Draw(image)
    for _ in range(30):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        box = (x, y, x + chance.randrange(20, 200), y + chance.randrange(20, 200))
        draw.ellipse(box, fill=tuple(chance.choices(range(256), k=3)))
    return image.filter(ImageFilter.GaussianBlur(2))


def encode(image: Image.Image, form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes, with the place it was at."""
    found = Image.Exif()
    found[0x010F], found[0x0110], found[0x0112] = "PhoneMaker", "Model 7", orientation
    found.get_ifd(0x8825).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 1.0)})
    found.get_ifd(0x8769)[0xA431] = "SERIAL-4711"
    return found


PRIVATE = (b"PhoneMaker", b"SERIAL-4711", b"Model 7", b"secret")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_every_format_is_opened(form: str) -> None:
    picture = examine_picture(encode(scene(1), form))
    assert picture.content_type == f"image/{form.lower()}"
    assert (picture.width, picture.height, picture.frames) == (640, 480, 1)
    small = Image.open(io.BytesIO(picture.thumbnail))
    assert (small.format, small.size) == ("WEBP", (320, 240))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixels_is_shown(mode: str) -> None:
    if mode == "I;16":
        # Darker to the left, in steps that eight bits do not have.
        values = [column * 100 for _ in range(480) for column in range(640)]
        image = Image.frombytes("I;16", (640, 480), struct.pack(f"<{len(values)}H", *values))
    else:
        image = scene(2).convert(mode)
    picture = examine_picture(encode(image, "TIFF" if mode == "CMYK" else "PNG"))
    low, high = Image.open(io.BytesIO(picture.thumbnail)).convert("L").getextrema()
    assert high - low > 50


def test_what_is_transparent_is_white_in_the_small_copy() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    small = Image.open(io.BytesIO(examine_picture(encode(image, "PNG")).thumbnail))
    assert small.convert("RGB").getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_on_the_side_stands_upright(form: str) -> None:
    image = Image.new("RGB", (400, 200), "white")
    image.paste("black", (0, 0, 100, 200))
    picture = examine_picture(encode(image, form, exif=exif(orientation=6)))
    assert (picture.width, picture.height) == (200, 400)
    small = Image.open(io.BytesIO(picture.thumbnail)).convert("L")
    assert small.size == (160, 320)
    assert small.getpixel((80, 10)) < 50 < 200 < small.getpixel((80, 300))


def test_a_camera_picture_in_full_size() -> None:
    picture = examine_picture(encode(scene(3, (4000, 3000)), "JPEG"))
    assert (picture.width, picture.height) == (4000, 3000)


def test_the_beginning_of_a_long_picture_is_shown() -> None:
    picture = examine_picture(encode(scene(4, (300, 9000)), "PNG"))
    assert (picture.width, picture.height) == (300, 9000)
    assert Image.open(io.BytesIO(picture.thumbnail)).size == (80, 320)


def test_the_small_copy_tells_nothing_beside() -> None:
    data = encode(scene(5), "JPEG", exif=exif(), comment=b"secret", icc_profile=b"secret profile")
    picture = examine_picture(data)
    small = Image.open(io.BytesIO(picture.thumbnail))
    assert not any(word in picture.thumbnail for word in PRIVATE)
    assert not small.getexif()
    assert "icc_profile" not in small.info


def test_frames_are_counted_and_the_first_is_taken() -> None:
    frames = [scene(seed, (200, 100)) for seed in range(5)]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = examine_picture(data)
    assert picture.frames == 5
    assert (
        hash_distance(
            picture.perceptual_hash, examine_picture(encode(frames[0], "PNG")).perceptual_hash
        )
        <= 8
    )


def png_of(width: int, height: int) -> bytes:
    """A PNG of so many pixels in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes(min(width * height // 8, 1 << 20)), 9)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png_of(20_000, 20_000), "20000 x 20000 pixels"),
        (png_of(2**31 - 1, 2**31 - 1), "too large"),
        (b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xfe\xff\xff\xfe\xff\xff", "too large"),
        (encode(scene(1), "PNG")[:900], "damaged"),
        (encode(scene(1), "JPEG")[:900], "damaged"),
        (encode(scene(1), "GIF")[:900], "damaged"),
        (b"\x89PNG\r\n\x1a\n", "cannot be opened"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be opened"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot be opened"),
        (b"", "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_says_why(data: bytes, words: str) -> None:
    with pytest.raises(UnreadablePicture, match=words):
        examine_picture(data)


def test_the_limit_counts_pixels() -> None:
    data = encode(scene(1), "PNG")
    assert examine_picture(data, PictureLimits(pixels=640 * 480)).width == 640
    with pytest.raises(UnreadablePicture, match="640 x 480"):
        examine_picture(data, PictureLimits(pixels=640 * 480 - 1))


def screen(text: str, size: tuple[int, int] = (1200, 800)) -> Image.Image:
    """A window with a title, a list of lines and a message: only the words differ."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], 60), fill="#1f2a44")
    for line in range(12):
        draw.text((40, 100 + line * 50), f"{text} {line} " * 3, fill="black", font_size=28)
    draw.rectangle((40, 700, 40 + len(text) * 30, 760), fill="#fdecea")
    return image


def again(image: Image.Image) -> list[bytes]:
    """The same picture as others would send it on."""
    smaller = image.resize((image.width * 2 // 5, image.height * 2 // 5))
    return [
        encode(image, "JPEG", quality=40),
        encode(image, "WEBP", quality=60),
        encode(image.convert("P"), "GIF"),
        encode(smaller, "PNG"),
        encode(smaller, "JPEG", quality=70),
        encode(image.resize((image.width * 2, image.height * 2)), "JPEG", quality=80),
    ]


@pytest.mark.parametrize("image", [scene(1), scene(2, (300, 900)), screen("Order"), screen("登录")])
def test_the_same_picture_is_known_again(image: Image.Image) -> None:
    one = examine_picture(encode(image, "PNG")).perceptual_hash
    assert len(one) == 16
    for data in again(image):
        assert hash_distance(one, examine_picture(data).perceptual_hash) <= 8


def test_other_pictures_are_far_apart() -> None:
    texts = ("Order", "Withdrawal failed E-4417", "Password", "x")
    images = [*map(scene, range(20)), *map(screen, texts)]
    hashes = [examine_picture(encode(image, "PNG")).perceptual_hash for image in images]
    for number, one in enumerate(hashes):
        assert all(hash_distance(one, other) > 8 for other in hashes[:number])


def test_a_hash_of_one_colour_is_a_hash() -> None:
    assert len(examine_picture(encode(Image.new("RGB", (9, 9)), "PNG")).perceptual_hash) == 16


SEEDS = [encode(scene(6, (60, 40)), form) for form in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")]


@given(st.sampled_from(SEEDS), st.data())
def test_damaged_bytes_raise_nothing_else(seed: bytes, data: st.DataObject) -> None:
    broken = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    for work in (lambda: examine_picture(bytes(broken)), lambda: strip_metadata(bytes(broken))):
        try:
            work()
        except UnreadablePicture as error:
            assert str(error).endswith((".", "pixels."))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_stripping_leaves_the_pixels_and_drops_the_rest(form: str, orientation: int) -> None:
    image = scene(7)
    options: dict[str, object] = {"comment": b"secret"}
    if form != "GIF":
        options |= {"exif": exif(orientation), "icc_profile": b"profile"}
    if form in ("JPEG", "WEBP"):
        options["xmp"] = b"<x:xmpmeta>secret</x:xmpmeta>"
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", "secret")
        options["pnginfo"] = notes
    data = encode(image, form, **options) + b"secret trailer"
    clean = strip_metadata(data)
    assert any(word in data for word in PRIVATE)
    assert not any(word in clean for word in PRIVATE)
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean))
    assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    if form != "GIF":
        assert after.getexif().get(0x0112, 1) == orientation
        assert dict(after.getexif().get_ifd(0x8825)) == {}
        assert after.info.get("icc_profile") == b"profile"
    assert strip_metadata(clean) == clean


CUT = {
    "PNG": encode(scene(7, (60, 40)), "PNG", exif=exif(6)),
    "JPEG": encode(scene(7, (60, 40)), "JPEG", exif=exif(6)),
    "GIF": encode(scene(7, (60, 40)), "GIF", comment=b"secret"),
    "WEBP": encode(scene(7, (60, 40)), "WEBP", exif=exif(6)),
    "GIF, film": encode(scene(1), "GIF", save_all=True, append_images=[scene(2)], loop=0),
}


@pytest.mark.parametrize("form", CUT)
def test_stripping_a_cut_off_picture_takes_all_off_the_first_time(form: str) -> None:
    # What is put at its end must not be read as a piece of what was cut.
    data = CUT[form]
    for end in {*range(200), *range(0, len(data), 37), *range(len(data) - 40, len(data))}:
        try:
            clean = strip_metadata(data[:end])
        except UnreadablePicture:
            continue
        assert strip_metadata(clean) == clean, end


def test_a_cut_off_gif_keeps_what_came() -> None:
    data = encode(scene(7), "GIF")
    half = data[: len(data) // 2]
    clean = strip_metadata(half)
    assert clean.endswith(b"\0\x3b")
    assert len(half) - 2 <= len(clean) <= len(half) + 2


def test_a_cut_off_webp_keeps_its_orientation() -> None:
    whole = encode(scene(7, (60, 40)), "WEBP", exif=exif(6))
    head, picture = whole[12:30], whole[whole.index(b"VP8 ") :]
    length = 8 + int.from_bytes(picture[4:8], "little")
    told = whole[whole.index(b"EXIF") :]
    # The picture stands last and is cut off: what tells the orientation comes before it.
    chunks = b"WEBP" + head + told + b"\0" * (len(told) % 2) + picture[: length - 9]
    clean = strip_metadata(b"RIFF" + len(chunks).to_bytes(4, "little") + chunks)
    assert clean[clean.rindex(b"EXIF") :].startswith(b"EXIF\x1a\0\0\0")
    assert strip_metadata(clean) == clean


def test_stripping_keeps_films_running() -> None:
    frames = [scene(seed, (60, 40)) for seed in range(3)]
    for form in ("GIF", "PNG", "WEBP"):
        data = encode(frames[0], form, save_all=True, append_images=frames[1:], loop=0)
        clean = Image.open(io.BytesIO(strip_metadata(data)))
        assert (clean.n_frames, clean.info.get("loop")) == (3, 0), form


def test_progressive_and_restarting_scans_stay_whole() -> None:
    for options in ({"progressive": True}, {"restart_marker_blocks": 3}, {"subsampling": 0}):
        data = encode(scene(8), "JPEG", exif=exif(), **options)
        clean = strip_metadata(data)
        assert b"PhoneMaker" not in clean
        assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\xff\xd8\xff", b"II*\0", b"RIFF\0\0\0\0WEBP"])
def test_what_cannot_be_stripped_is_not_shown(data: bytes) -> None:
    try:
        assert strip_metadata(data) == b"\xff\xd8\xff\xd9"
    except UnreadablePicture as error:
        assert str(error)
