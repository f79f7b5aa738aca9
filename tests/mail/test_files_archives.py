"""Archives are listed by their bytes; bombs, damage and passwords are seen."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.archive_listing import MOST_NAMES
from intake.mail.archives import list_archive
from tests.mail.archive_files import (
    build_rar_4,
    build_rar_5,
    build_seven,
    build_seven_1,
    build_tar,
    build_zip,
    forged_zip,
    nested_zip,
    overlapping_zip,
    vint,
    zip_of,
)

NAMES = ("a.txt", "folder/价格.csv", "long/" * 30 + "end.js")
TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TAR = build_tar(*NAMES)


@pytest.mark.parametrize(
    "data",
    [
        build_zip(*NAMES),
        build_zip(*NAMES, method=zipfile.ZIP_STORED),
        build_zip(*NAMES) + b"trailing comment",
        build_seven(*NAMES),
        build_seven_1(*NAMES),
        build_rar_4(*NAMES),
        build_rar_5(*NAMES),
        TAR,
        gzip.compress(TAR),
        bz2.compress(TAR),
        lzma.compress(TAR),
        gzip.compress(TAR[:1000]) + gzip.compress(TAR[1000:]),
    ],
    ids=[
        "zip",
        "stored",
        "tail",
        "7z",
        "7z-lzma-1",
        "rar4",
        "rar5",
        "tar",
        "tgz",
        "tbz",
        "txz",
        "two",
    ],
)
def test_names_are_listed(data):
    listing = list_archive(data)
    assert listing is not None
    assert listing.names == NAMES
    assert not (listing.encrypted or listing.bomb or listing.broken or listing.cut)


def test_what_is_no_archive_has_no_listing():
    assert list_archive(b"%PDF-1.7") is None
    assert list_archive(b"") is None


def test_a_packed_file_has_the_name_in_its_header():
    assert list_archive(gzip.compress(b"log")) is not None
    named = b"\x1f\x8b\x08\x08" + bytes(6) + b"server.log\0" + gzip.compress(b"log")[10:]
    listing = list_archive(named)
    assert listing is not None
    assert listing.names == ("server.log",)


def test_names_in_an_old_charset_are_told_from_all_of_them():
    raw = build_zip("aaaaaaaaaaaa.txt", "bbbbbbbbbb.txt")
    for ascii_name, name in (("aaaaaaaaaaaa", "客户对账单"), ("bbbbbbbbbb", "提现记录表")):
        written = name.encode("gb18030").ljust(len(ascii_name), b"_")
        raw = raw.replace(ascii_name.encode(), written)
    listing = list_archive(raw)
    assert listing is not None
    assert listing.names == ("客户对账单__.txt", "提现记录表.txt")


def test_names_hide_nothing():
    listing = list_archive(build_zip("a\x1b[31m.txt", "x\u202etxt.exe", "dir/", "win\\folder.txt"))
    assert listing is not None
    assert listing.names == ("a [31m.txt", "xtxt.exe", "win/folder.txt")


def test_only_so_many_names_are_kept():
    listing = list_archive(build_zip(*(f"{number}.txt" for number in range(MOST_NAMES + 1))))
    assert listing is not None
    assert len(listing.names) == MOST_NAMES
    assert listing.cut


@pytest.mark.parametrize(
    "data, names",
    [
        (build_seven("a.txt", password="x"), ("a.txt",)),
        (build_seven("a.txt", password="x", hide=True), ()),
        (build_rar_4("a.txt", flags=4), ("a.txt",)),
        (build_rar_4("a.txt", archive_flags=0x80), ()),
        (build_rar_5("a.txt", encrypted=True), ("a.txt",)),
        (build_rar_5(hide=True), ()),
    ],
    ids=["7z", "7z-names", "rar4", "rar4-names", "rar5", "rar5-names"],
)
def test_passwords_are_seen(data, names):
    listing = list_archive(data)
    assert listing is not None
    assert listing.encrypted
    assert listing.names == names
    assert not listing.broken


@pytest.mark.parametrize("offset, value", [(8, 1), (10, 99)], ids=["flag", "aes"])
def test_a_password_of_a_zip_is_seen(offset, value):
    raw = bytearray(build_zip("a.txt"))
    struct.pack_into("<H", raw, raw.index(b"PK\x01\x02") + offset, value)
    listing = list_archive(bytes(raw))
    assert listing is not None
    assert listing.encrypted


ZEROS = bytes(25_000_000)


@pytest.mark.parametrize(
    "data",
    [
        zip_of({"a": ZEROS}),
        gzip.compress(ZEROS),
        bz2.compress(ZEROS),
        lzma.compress(ZEROS),
        gzip.compress(ZEROS)[:-4] + b"\1\0\0\0",
        overlapping_zip(100),
        forged_zip(25_000_000, 30_000),
        forged_zip(500_000, 100),
        nested_zip(8),
        build_rar_4("a", size=2_000_000_000),
        build_rar_5("a", size=2_000_000_000),
    ],
    ids=[
        *("zip", "gz", "bz2", "xz", "gz-says-little", "overlap", "forged"),
        *("forged-small", "nested", "rar4", "rar5"),
    ],
)
def test_bombs_are_seen_by_what_they_say_and_by_what_comes_out(data):
    listing = list_archive(data)
    assert listing is not None
    assert listing.bomb


@pytest.mark.parametrize(
    "data",
    [
        zip_of({"log.txt": b"GET /index.html 200\n" * 40_000}),
        zip_of({"sheet.xml": b"<c r='A1' t='s'><v>0</v></c>" * 100_000}),
        gzip.compress(b"2026-11-23 10:00:00 request served\n" * 100_000),
        nested_zip(2),
        zip_of({f"{number}.txt": bytes(1000) for number in range(2000)}),
    ],
    ids=["log", "sheet", "gz", "nested", "many"],
)
def test_what_packs_well_is_no_bomb(data):
    listing = list_archive(data)
    assert listing is not None
    assert not listing.bomb


# A file header that states more extra fields than the file has bytes.
RAR_WITH_ENDLESS_EXTRA = (
    b"Rar!\x1a\x07\x01\0" + bytes(4) + vint(20) + b"\2\1" + vint(1 << 60) + bytes(40)
)


@pytest.mark.parametrize(
    "data, names",
    [
        (build_zip("a.txt", "b.txt")[:-30], ("a.txt", "b.txt")),
        (build_zip("a.txt", "b.txt")[:40], ("a.txt",)),
        (b"PK\x03\x04 and nothing more", ()),
        (build_seven("a.txt")[:-10], ()),
        (build_rar_5("a.txt", "b.txt")[:-30], ("a.txt",)),
        (build_rar_4("a.txt")[:30], ()),
        (gzip.compress(TAR)[:-20], NAMES[:2]),
        (b"\x1f\x8b\x08\0nonsense", ()),
        (TAR[: TAR.rindex(b"end.js") // 512 * 512 - 1024] + b"garbage" * 300, NAMES[:2]),
        (RAR_WITH_ENDLESS_EXTRA, ()),
    ],
)
def test_damage_is_seen_and_what_can_be_read_is_listed(data, names):
    listing = list_archive(data)
    assert listing is not None
    assert listing.broken
    assert listing.names == names


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_test_file_is_found_in_a_zip(method):
    listing = list_archive(zip_of({"a.txt": b"harmless", "b.com": TEST_FILE}, method))
    assert listing is not None
    assert listing.test_file
    clean = list_archive(zip_of({"a.txt": b"harmless" * 10}, method))
    assert clean is not None
    assert not clean.test_file


# zipfile itself stumbles over names that begin with NUL, which ends a name.
@given(st.lists(st.text(max_size=40).map("n".__add__), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_whatever_names_an_archive_has_each_is_one_clean_line(written):
    data = zip_of({name.encode("utf-8", "replace").decode(): b"x" for name in written})
    listing = list_archive(data)
    assert listing is not None
    for name in listing.names:
        assert name
        assert not any(unicodedata.category(letter) == "Cc" for letter in name)
        assert not set(name) & set("\u202a\u202e\u2066\u2028\u200f")


def test_a_header_that_asks_for_gigabytes_of_memory_gets_what_it_needs():
    """The dictionary of the packed header of a 7z is said to be 4 GB."""
    listing = list_archive(build_seven_1(*NAMES, dictionary=0xFFFFFFFF))
    assert listing is not None
    assert listing.names == NAMES


def test_a_header_that_states_billions_of_files_is_refused():
    """Each of 3,000 folders of a 7z is said to hold 100,000 files, none with a checksum."""
    count = b"\x8b\xb8"
    coder = b"\x01\x01\x00"
    folders = b"\x07\x0b" + count + b"\0" + coder * 3000 + b"\x0c" + b"\0" * 3000 + b"\0"
    subs = b"\x08\x0d" + b"\xc0\xa0\x86" * 3000 + b"\x0a\0" + b"\0"
    header = b"\x01\x04" + folders + subs + b"\0"
    start = b"7z\xbc\xaf\x27\x1c\0\4" + bytes(4) + struct.pack("<QQI", 0, len(header), 0)
    listing = list_archive(start + header)
    assert listing is not None
    assert listing.broken
