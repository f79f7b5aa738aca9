"""What the name, the header and the place of an image say of it, one by one."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from intake.mail.exif import read_exif
from intake.mail.image_headers import find_dimensions, read_header
from intake.mail.image_places import Place, Places
from intake.mail.images import judge_image
from tests.images.photos import camera_exif, encode, heic, photo
from tests.images.test_pictures import png_of, screen

DRAWN = screen("Order", (900, 500))
PICTURE = photo(1, (900, 600))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_dimensions_come_from_the_header_alone(form: str) -> None:
    assert find_dimensions(encode(DRAWN, form)) == (900, 500)


@pytest.mark.parametrize("options", [{"lossless": True}, {"exif": camera_exif()}])
def test_dimensions_of_every_kind_of_webp(options: dict[str, object]) -> None:
    assert find_dimensions(encode(DRAWN, "WEBP", **options)) == (900, 500)


def test_the_largest_extent_of_a_heic_is_its_size() -> None:
    assert find_dimensions(heic(4032, 3024)) == (4032, 3024)
    assert read_header(heic(4032, 3024)).camera


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_camera_leaves_its_name(form: str) -> None:
    assert read_header(encode(PICTURE, form, exif=camera_exif())).camera
    assert not read_header(encode(PICTURE, form)).camera


@pytest.mark.parametrize("order", ["II", "MM"])
def test_exif_of_both_byte_orders(order: str) -> None:
    exif = camera_exif(orientation=6)
    exif.endian = "<" if order == "II" else ">"
    facts = read_exif(exif.tobytes().removeprefix(b"Exif\0\0"))
    assert (facts.camera, facts.orientation) == (True, 6)


def test_a_telephone_says_that_it_is_a_screenshot() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0Screenshot"
    for form in ("PNG", "JPEG"):
        data = encode(PICTURE, form, exif=exif.tobytes())
        assert judge_image("IMG_0001.jpg", f"image/{form.lower()}", data) == "screenshot"


def test_a_program_says_that_it_is_a_screenshot() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Software", "gnome-screenshot")
    assert read_header(encode(PICTURE, "PNG", pnginfo=notes)).maker == "Software gnome-screenshot "
    assert judge_image("a.png", "image/png", encode(PICTURE, "PNG", pnginfo=notes)) == "screenshot"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Screenshot 2026-11-23.jpg", "screenshot"),
        ("屏幕截图 2026-11-23.jpg", "screenshot"),
        ("Schermafbeelding.jpg", "screenshot"),
        ("Ekran görüntüsü.jpg", "screenshot"),
        ("IMG_20261101.jpg", "photo"),
        ("mmexport1700000000000.jpg", "photo"),
        ("company-logo.jpg", "photo"),
        ("silicon.jpg", "photo"),
    ],
)
def test_names_beside_what_the_file_holds(name: str, kind: str) -> None:
    data = encode(photo(2, (1280, 960)), quality=80)
    assert judge_image(name, "image/jpeg", data) == kind


@pytest.mark.parametrize(
    ("name", "attached", "kind"),
    [
        ("Screenshot.png", True, "screenshot"),
        ("error.png", True, "screenshot"),
        ("logo.png", True, "decorative"),
        ("image001.jpg", False, "decorative"),
        ("IMG_1.jpg", True, "photo"),
    ],
)
def test_an_empty_file_is_told_by_its_name(name: str, attached: bool, kind: str) -> None:
    content_type = "image/png" if name.endswith("png") else "image/jpeg"
    assert judge_image(name, content_type, b"", attached=attached) == kind


@pytest.mark.parametrize("edges", [(1, 1), (3, 400), (600, 10), (64, 64), (144, 144)])
def test_pixels_lines_and_icons_are_decorative(edges: tuple[int, int]) -> None:
    data = encode(Image.new("RGB", edges, "red"), "PNG")
    assert judge_image("a.png", "image/png", data) == "decorative"


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        (Place(), "screenshot"),
        (Place(width=450, height=250), "screenshot"),
        (Place(width=150, height=83), "decorative"),
        (Place(width=150), "decorative"),
        (Place(alt="Screenshot of a computer. Description automatically generated"), "screenshot"),
        (Place(alt="image.png", width=562), "screenshot"),
        (Place(width=300, height=166, linked=True), "decorative"),
        (Place(width=300, height=166, alt="Logo, company name"), "decorative"),
        (Place(width=300, height=166, signed=True), "decorative"),
        (Place(signed=True), "screenshot"),
    ],
)
def test_the_place_in_the_html(place: Place, kind: str) -> None:
    data = encode(DRAWN, "PNG")
    assert judge_image("image001.png", "image/png", data, place=place, attached=False) == kind


CASES = {
    "<img src=cid:a@b>": Place(),
    "<img width=auto src='cid:a@b' height=\"20\">": Place(height=20),
    "<img width='100%' src='cid:a@b' style='border:0;width:320.5px'>": Place(width=320),
    "<img alt='A &amp; B' src='cid:a%40b'>": Place(alt="A & B"),
    "<a href=x><img src='cid:a@b'></a>": Place(linked=True),
    "<a href=x>y</a><img src='cid:a@b'>": Place(),
    "<p>Best regards</p><p>Mei</p><img src='cid:a@b'>": Place(signed=True),
    "Viele Gr&uuml;&szlig;e<br>Mei<br><img src='cid:a@b'>": Place(signed=True),
    "<div id='Signature'>Mei <img src='cid:a@b'></div>": Place(signed=True),
    "<div class=gmail_signature>Mei</div><blockquote>Hi<img src='cid:a@b'>": Place(),
    "<img src='cid:a@b'><img src='cid:a@b'>": Place(times=2),
    "<v:imagedata src='cid:a@b' o:title='x' />": Place(),
    "<td background='cid:a@b' width=40>": Place(width=40),
}


@pytest.mark.parametrize("html", CASES)
def test_where_and_how_an_image_is_shown(html: str) -> None:
    assert Places(html).find("a@b") == CASES[html]


def test_an_image_that_is_shown_nowhere() -> None:
    assert Places("<img src='cid:a@b'>").find("other") is None
    assert Places("<img src='cid:a@b'>").find(None) is None
    assert Places("").find("a@b") is None


SEEDS = [
    *(
        encode(PICTURE.resize((60, 40)), form, exif=camera_exif())
        for form in ("PNG", "JPEG", "WEBP")
    ),
    *(encode(PICTURE.resize((60, 40)), form) for form in ("GIF", "BMP", "TIFF")),
    heic(60, 40)[:400],
]


@given(st.sampled_from(SEEDS), st.data())
def test_damaged_headers_raise_nothing(seed: bytes, data: st.DataObject) -> None:
    broken = bytearray(seed[: data.draw(st.integers(0, len(seed)))])
    for _ in range(data.draw(st.integers(0, 6)) if broken else 0):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    name = data.draw(st.text(max_size=20))
    assert judge_image(name, "image/jpeg", bytes(broken)) in ("screenshot", "photo", "decorative")


@given(st.text(alphabet="<>ab@cid:img src='\"=%&;widthalt ", max_size=300))
def test_html_of_any_kind_is_looked_through(html: str) -> None:
    Places(html).find("a@b")


def test_no_image_is_decoded() -> None:
    """Twenty thousand by twenty thousand pixels that are not there."""
    bomb = png_of(20_000, 20_000)
    assert judge_image("a.png", "image/png", bomb) == "screenshot"
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb))


@pytest.mark.parametrize(
    "filler", ["<", "<!--", "<a ", " alt='", "width: ", "</style>", "&", "cid:"]
)
def test_html_that_would_make_looking_slow(filler: str) -> None:
    """Two hundred images with nonsense between them: seconds, if looking were not linear."""
    between = filler * (6_000 // len(filler))
    places = Places("".join(f"{between}<img src='cid:a{n}'>" for n in range(200)))
    assert all(places.find(f"a{n}") for n in range(200))
