"""Outlook's containers: what is in a .msg and a winmail.dat, whole, damaged and hostile."""

from __future__ import annotations

import io
import struct
from contextlib import suppress

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.compound import MAGIC, Compound, DamagedCompound, Tree
from intake.mail.compound_writer import write_compound
from intake.mail.containers import open_container, open_tnef
from intake.mail.content_types import OUTLOOK, TNEF, find_type
from intake.mail.msg import open_msg
from intake.mail.rtf_compressed import decompress_rtf
from intake.mail.tnef import read_tnef
from tests.mail.outlook_files import (
    attribute,
    build_msg,
    build_tnef,
    codepage,
    long_name,
    long_name_8,
    message_object,
    message_properties,
    msg_file,
    msg_message,
    ole_object,
    tnef_file,
    utf_16,
)

PDF = b"%PDF-1.7\n" + b"page " * 2000
SMALL = b"%PDF-1.7 one page"

contents = st.binary(max_size=100) | st.integers(0, 9000).map(lambda size: b"\x07" * size)
names = st.text("abcXYZ_0123", min_size=1, max_size=31)
trees = st.recursive(
    st.dictionaries(names, contents, max_size=5),
    lambda inner: st.dictionaries(names, contents | inner, max_size=4),
    max_leaves=12,
)


def unlike(tree: Tree) -> bool:
    """Whether no two names differ in case alone, which a compound file cannot hold."""
    folded = [name.upper() for name in tree]
    return len(set(folded)) == len(folded) and all(
        unlike(each) for each in tree.values() if isinstance(each, dict)
    )


@given(trees.filter(unlike))
@settings(max_examples=60, deadline=None)
def test_a_compound_file_holds_what_was_written(tree):
    data = write_compound(tree)
    compound = Compound(data)
    assert compound.tree(compound.entries[0]) == tree
    with olefile.OleFileIO(io.BytesIO(data)) as other:
        for path in other.listdir():
            content = tree
            for step in path:
                content = content[step]
            assert other.openstream(path).read() == content


def test_a_large_compound_file_has_larger_sectors():
    tree: Tree = {"large": b"\1" * 7_000_000, "small": b"x"}
    data = write_compound(tree)
    compound = Compound(data)
    assert compound.tree(compound.entries[0]) == tree
    with olefile.OleFileIO(io.BytesIO(data)) as other:
        assert other.get_size("large") == 7_000_000


def test_a_msg_gives_its_files_and_its_messages():
    inner = msg_message("Счёт 7", msg_file("счёт.pdf", PDF))
    data = build_msg("Outer", msg_file("shot.png", SMALL, content_id="<a@b>", hidden=True), inner)
    assert find_type(data, "application/octet-stream") == OUTLOOK
    shot, message = open_msg(data)
    assert (shot.name, shot.data, shot.content_id, shot.hidden) == ("shot.png", SMALL, "a@b", True)
    assert message.name == "Счёт 7.msg"
    assert find_type(message.data, "application/octet-stream") == OUTLOOK
    assert [(file.name, file.data) for file in open_msg(message.data)] == [("счёт.pdf", PDF)]


def test_a_message_taken_out_of_a_msg_is_whole():
    """Its properties have the longer header of a message of its own, and the names of all."""
    data = build_msg("Outer", msg_message("Inner"))
    (message,) = open_msg(data)
    with olefile.OleFileIO(io.BytesIO(message.data)) as other:
        assert other.exists("__nameid_version1.0/__substg1.0_00020102")
        assert other.openstream("__substg1.0_0037001F").read() == utf_16("Inner")
        properties = other.openstream("__properties_version1.0").read()
        kind, number = struct.unpack_from("<HH", properties, 32)
        assert (kind, number) == (3, 0x3FFD)
    assert open_msg(data)[0].data == message.data


def test_an_object_in_a_msg_is_a_compound_file():
    storage: Tree = {"__substg1.0_3701000D": {"WordDocument": b"x" * 5000}}
    (found,) = open_msg(build_msg("Outer", storage))
    assert find_type(found.data, "application/octet-stream") == "application/msword"


def test_a_msg_whose_streams_share_their_bytes_is_refused():
    """A few megabytes must not become gigabytes: all files point at the same chain of sectors."""
    files = [msg_file(f"{number}.bin", bytes(5000)) for number in range(200)]
    raw = bytearray(build_msg("Outer", *files, large=bytes(3_000_000)))
    large = raw.find(utf_16("large"))
    start = raw[large + 116 : large + 120]
    at = 0
    while (at := raw.find(utf_16("__substg1.0_37010102"), at + 1)) > 0:
        raw[at + 116 : at + 124] = start + struct.pack("<I", 3_000_000)
    with pytest.raises(DamagedCompound):
        open_msg(bytes(raw))
    defects: list[str] = []
    assert open_container(bytes(raw), OUTLOOK, defects) == []
    assert len(defects) == 1


@pytest.mark.parametrize("sector", [0, 1, 7, 0xFFFFFFFE, 0xFFFFFFFF])
def test_chains_that_loop_end(sector):
    """The allocation table says that every sector is followed by the same one."""
    raw = bytearray(build_msg("Outer", msg_file("a.bin", bytes(60_000))))
    first = struct.unpack_from("<I", raw, 76)[0]
    table = (first + 1) * 512
    raw[table : table + 512] = struct.pack("<I", sector) * 128
    with suppress(DamagedCompound):
        open_msg(bytes(raw))


def test_storages_that_hold_one_another_are_refused():
    """Every storage has the root of the same search tree as its content: 2 to the 20th paths."""
    raw = bytearray(write_compound({f"s{number}": {"x": {}} for number in range(40)}))
    compound = Compound(bytes(raw))
    first = struct.pack("<I", compound.entries[0].child)
    at = 0
    while (at := raw.find(utf_16("s"), at + 1)) > 0:
        if raw[at + 66] == 1:
            raw[at + 76 : at + 80] = first
    compound = Compound(bytes(raw))
    with pytest.raises(DamagedCompound):
        compound.tree(compound.entries[0])


@pytest.mark.parametrize(
    "data",
    [b"", MAGIC, MAGIC + bytes(504), MAGIC + b"\xff" * 4000, MAGIC + bytes(22) + b"\x09\0" * 4000],
)
def test_what_is_no_compound_file_is_refused(data):
    with pytest.raises(DamagedCompound):
        Compound(data)


def test_a_winmail_dat_gives_its_files_in_order():
    data = build_tnef(
        codepage(1251),
        message_properties(subject="Заказ", html=b"<p>hello</p>"),
        tnef_file(b"SCHET~1.PDF", PDF, long_name("счёт за ноябрь.pdf")),
        tnef_file(b"DOGOVOR.PDF", SMALL, long_name_8("договор.pdf".encode("cp1251"))),
        tnef_file("акт.pdf".encode("cp1251"), b"x"),
    )
    assert find_type(data, "application/octet-stream") == TNEF
    defects: list[str] = []
    found = [(file.name, file.data) for file in open_tnef(data, defects)]
    assert found == [
        ("счёт за ноябрь.pdf", PDF),
        ("договор.pdf", SMALL),
        ("акт.pdf", b"x"),
        ("body.html", b"<p>hello</p>"),
    ]
    assert not defects
    assert read_tnef(data).subject == "Заказ"


def test_bytes_come_out_of_a_winmail_dat_as_they_went_in():
    content = b"ends with zeros\0\0\0\0\0"
    data = build_tnef(tnef_file(b"a.bin", content), tnef_file(b"o.bin", b"", ole_object(content)))
    assert [file.data for file in open_tnef(data, [])] == [content, content]


def test_a_message_in_a_winmail_dat_is_a_file_that_holds_files():
    inner = build_tnef(message_properties(subject="Inner"), tnef_file(b"a.pdf", PDF))
    data = build_tnef(tnef_file(b"", b"", message_object(inner)))
    (message,) = open_tnef(data, [])
    assert (message.name, message.data) == ("Inner", inner)
    inside = open_container(message.data, find_type(message.data, ""), [])
    assert inside is not None
    assert [(file.name, file.data) for file in inside] == [("a.pdf", PDF)]


def test_data_before_the_name_and_wrong_checksums_are_read():
    raw = build_tnef(
        attribute(2, 0x0006800F, PDF, checksum=7),
        attribute(2, 0x00018010, b"AUTOEXEC.BAT\0", checksum=7),
        tnef_file(b"two.txt", b"2", checksum=9),
    )
    assert [(file.name, file.data) for file in open_tnef(raw, [])] == [
        ("AUTOEXEC.BAT", PDF),
        ("two.txt", b"2"),
    ]


def test_a_winmail_dat_that_breaks_off_gives_what_is_there():
    whole = build_tnef(tnef_file(b"one.txt", b"1" * 50), tnef_file(b"two.txt", b"2" * 500))
    defects: list[str] = []
    found = open_tnef(whole[:-300], defects)
    assert [file.name for file in found] == ["one.txt", "two.txt"]
    assert found[1].data == b"2" * len(found[1].data)
    assert len(defects) == 1


def test_what_follows_a_winmail_dat_is_no_part_of_it():
    whole = build_tnef(tnef_file(b"one.txt", b"1"))
    defects: list[str] = []
    assert [file.name for file in open_tnef(whole + b"\r\n-- \r\nscanned", defects)] == ["one.txt"]
    assert not defects


def test_a_property_of_a_million_values_is_damage():
    values = struct.pack("<IHHI", 1, 0x101E, 0x0037, 1_000_000) + bytes(4_000_000)
    assert read_tnef(build_tnef(attribute(1, 0x00069003, values))).damaged


def test_nameless_messages_within_messages_end():
    data = build_tnef()
    for _ in range(300):
        data = build_tnef(tnef_file(b"", b"", message_object(data)))
    (message,) = open_tnef(data, [])
    assert message.name == ""


# MS-OXRTFCP 4.1.1 and 4.2.1: the two examples of the specification.
RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a"
    "800fa0"
)
RTF_REPEATED = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_compressed_rtf_is_unpacked():
    assert decompress_rtf(RTF) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompress_rtf(RTF_REPEATED) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert decompress_rtf(RTF[:20])
    assert decompress_rtf(b"") == b""
    assert decompress_rtf(RTF[:16] + b"\x01\xff\x0f" + RTF[16:]) == b""
    assert decompress_rtf(b"\0" * 8 + b"MELA" + bytes(4)) == b""
    plain = struct.pack("<II", 12 + 7, 7) + b"MELA" + bytes(4) + b"{\\rtf1}"
    assert decompress_rtf(plain) == b"{\\rtf1}"


MSG = build_msg("Outer", msg_file("shot.png", SMALL), msg_message("Inner", msg_file("b", PDF)))
WINMAIL = build_tnef(
    codepage(1252),
    message_properties(subject="s", rtf=RTF),
    tnef_file(b"a.pdf", PDF, long_name("a.pdf")),
    tnef_file(b"", b"", message_object(build_tnef(tnef_file(b"b", b"b")))),
)
changes = st.lists(
    st.tuples(
        st.integers(0, max(len(MSG), len(WINMAIL))),
        st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff", b"\0", b"\x7f\xff", b"\1\2"]),
    ),
    min_size=1,
    max_size=8,
)


@given(st.sampled_from([(MSG, OUTLOOK), (WINMAIL, TNEF)]), changes, st.integers(0, 40_000))
@settings(max_examples=300, deadline=None)
def test_changed_containers_give_files_or_a_defect(container, changes, length):
    """Any bytes: nothing is raised, and no more comes out than could have gone in."""
    data, content_type = container
    raw = bytearray(data)
    for at, value in changes:
        raw[at % len(raw) : at % len(raw) + len(value)] = value
    changed = bytes(raw[: max(10, length)])
    found = open_container(changed, content_type, [])
    assert found is not None
    # A message of its own is written anew, with a header and tables of its own.
    assert sum(len(file.data) for file in found) <= 3 * len(changed) + 1_100_000
