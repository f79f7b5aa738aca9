from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from binascii import crc_hqx

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.judge.checksums import keccak256
from intake.judge.folding import fold_text
from intake.judge.identifiers import find_identifiers, find_in_text
from intake.judge.masking import mask_text
from intake.judge.reading import Reading
from intake.model import Identifier
from tests.judge.letters import shipped_rules, triage_of, write

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE58_XRP = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"


def found(text: str) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for identifier in triage_of(write(text, subject="hello")).identifiers:
        kinds.setdefault(identifier.kind, []).append(identifier.value)
    return kinds


def test_a_complete_english_report() -> None:
    kinds = found(
        "limit buy BTC/USDT at 91,250.0, 0.20 BTC, placed 2026-11-22 14:03 UTC, order "
        "2C0A8F6E-9a44-4e07-8a7e-5a2f6f0f7a11. Kim Jisoo, UID 77120043"
    )
    assert kinds["order_id"] == ["2c0a8f6e-9a44-4e07-8a7e-5a2f6f0f7a11"]
    assert kinds["uid"] == ["77120043"]
    assert kinds["pair"] == ["BTC/USDT"]
    assert kinds["price"] == ["91,250.0"]
    assert kinds["amount"] == ["0.20 BTC"]
    assert kinds["time"] == ["2026-11-22 14:03 UTC"]
    assert kinds["type"] == ["limit buy"]


def test_a_complete_chinese_report() -> None:
    kinds = found(
        "我的 ETH/USDT 止损单(触发价 3010.5,数量 4)昨天 22:15 没有触发。"
        "订单号 9b2f61de-7c1a-4f3e-9a55-0c8d5e7f1a20,UID:20481990。"
        "提现 0.35 BTC 失败,错误代码 E-2031"
    )
    assert kinds["order_id"] == ["9b2f61de-7c1a-4f3e-9a55-0c8d5e7f1a20"]
    assert kinds["uid"] == ["20481990"]
    assert kinds["price"] == ["3010.5"]
    assert kinds["type"] == ["止损"]
    assert kinds["error_code"] == ["E-2031"]
    assert kinds["amount"] == ["0.35 BTC"]


def test_addresses_only_with_their_checksum() -> None:
    good = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    assert found(f"to {good}")["address"] == [good]
    assert "address" not in found("to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")


def test_each_value_once_and_by_one_rule() -> None:
    order = "7d1f4a52-2b59-4b64-9b8f-0e9a6c1d2f33"
    assert found(f"order {order} and again {order.upper()}") == {"order_id": [order]}


def test_quoted_older_mails_are_not_read() -> None:
    mail = write("Any news?\n> UID 20481977", reply="Any news?")
    assert triage_of(mail).identifiers == ()


def test_a_mail_full_of_numbers_is_bounded() -> None:
    many = " ".join(f"UID {10_000_000 + i}" for i in range(1500))
    assert len(found(many)["uid"]) <= 20


@pytest.mark.parametrize("text", ["", "no numbers here", "2026", "call me at 10"])
def test_nothing(text: str) -> None:
    assert found(text) == {}


def test_an_identifier_is_plain_data() -> None:
    assert Identifier("uid", "1") == Identifier("uid", "1")


def test_what_only_a_picture_says_carries_its_name() -> None:
    reading = Reading(
        "Help", "Order no. 88213377", "", (("a.png", "订单号：88213377 错误代码：ERR_4031"),), ()
    )
    found = find_identifiers(reading, shipped_rules().identifiers)
    assert Identifier("order_id", "88213377", "text") in found
    assert Identifier("error_code", "ERR_4031", "a.png") in found
    assert len(found) == 2


# --- chains: what has a checksum is an identifier only with it ----------------------------


def _base58(data: bytes, alphabet: str) -> str:
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        out = alphabet[digit] + out
    return alphabet[0] * (len(data) - len(data.lstrip(b"\0"))) + out


def _checked(version: int, payload: bytes, alphabet: str = BASE58) -> str:
    data = bytes((version,)) + payload
    check = hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    return _base58(data + check, alphabet)


def _ton(payload: bytes) -> str:
    data = b"\x11\x00" + payload
    return urlsafe_b64encode(data + crc_hqx(data, 0).to_bytes(2, "big")).decode()


def _eip55(payload: bytes) -> str:
    bare = payload.hex()
    digest = keccak256(bare.encode()).hex()
    pairs = zip(bare, digest, strict=False)
    return "0x" + "".join(a.upper() if int(n, 16) >= 8 else a for a, n in pairs)


TWENTY, MORE = st.binary(min_size=20, max_size=20), st.binary(min_size=32, max_size=32)
ADDRESSES = st.one_of(
    TWENTY.map(lambda data: _checked(0x00, data)),  # Bitcoin
    TWENTY.map(lambda data: _checked(0x05, data)),
    TWENTY.map(lambda data: _checked(0x41, data)),  # Tron
    TWENTY.map(lambda data: _checked(0x30, data)),  # Litecoin
    TWENTY.map(lambda data: _checked(0x1E, data)),  # Dogecoin
    TWENTY.map(lambda data: _checked(0x00, data, BASE58_XRP)),
    TWENTY.map(_eip55),
    MORE.map(_ton),
)


@given(ADDRESSES)
def test_every_address_is_found(address: str) -> None:
    assert found(f"please look at {address}, thanks").get("address") == [address]


@given(ADDRESSES, st.data())
def test_a_wrong_checksum_is_never_an_address(address: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(2, len(address) - 1))
    letters = "0123456789abcdef" if address.startswith("0x") else BASE58
    letter = data.draw(st.sampled_from([c for c in letters if c.lower() != address[at].lower()]))
    wrong = address[:at] + letter + address[at + 1 :]
    bare = wrong[2:]
    # All in one case is an Ethereum address without a checksum.
    assume(not wrong.startswith("0x") or bare not in (bare.lower(), bare.upper()))
    assert "address" not in found(f"please look at {wrong}, thanks")


def test_solana_only_beside_its_name_and_with_its_length() -> None:
    address = _base58(bytes(range(1, 33)), BASE58)
    assert found(f"my Solana wallet {address}")["address"] == [address]
    assert "address" not in found(f"my wallet {address}")
    assert "address" not in found(f"my Solana wallet {_base58(bytes(range(1, 31)), BASE58)}")
    signature = _base58(bytes(range(1, 65)), BASE58)
    assert found(f"tx {signature}")["tx_hash"] == [signature]
    assert "tx_hash" not in found(f"look: {signature}")


SECRETS = (
    "private key: 4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318",
    "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
    "api secret: Nf7Uq2Lz9Xc4Vb1Mk8Jh5Gd3Sa6Pw0Er",
    "password: UID20481977",
    "verification code is 493817",
    "my card 4111 1111 1111 1111",
    "IBAN GB82WEST12345698765432",
)


@given(st.lists(st.sampled_from(SECRETS), min_size=1), st.sampled_from(("\n", " and ", "。")))
def test_a_secret_is_never_an_identifier(secrets: list[str], between: str) -> None:
    text = f"UID 20481977{between}{between.join(secrets)}{between}"
    verdict = triage_of(write(text, subject=secrets[0]))
    assert verdict.secrets
    for identifier in verdict.identifiers:
        bare = "".join(identifier.value.split())
        if (identifier.kind, bare) != ("uid", "20481977"):
            assert not any(bare in "".join(secret.split()) for secret in secrets), identifier


ALL_EXAMPLES = [
    example for rule in shipped_rules().identifiers.identifiers for example in rule.examples
]


@given(st.sampled_from(ALL_EXAMPLES), st.data())
def test_no_identifier_crosses_from_subject_to_text(example: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(example) - 1))
    head, tail = example[:at], example[at:]
    rules = shipped_rules().identifiers
    apart = {(i.kind, i.value) for t in (head, tail) for i in find_in_text(fold_text(t), rules)}
    verdict = triage_of(write(tail, subject=head))
    assert {(i.kind, i.value) for i in verdict.identifiers} <= apart | secrets_apart(head, tail)


def secrets_apart(head: str, tail: str) -> set[tuple[str, str]]:
    """What stays where a secret of either piece is masked."""
    rules = shipped_rules().identifiers
    pieces = (fold_text(mask_text(piece, rules)) for piece in (head, tail))
    return {(i.kind, i.value) for piece in pieces for i in find_in_text(piece, rules)}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("it was 1,234.56 USDT in all", "amount", "1,234.56 USDT"),
        ("es waren 1.234,56 €", "amount", "1.234,56 €"),
        ("花了￥5,000", "amount", "¥5,000"),
        ("0.5 BTC", "amount", "0.5 BTC"),
        ("一共3.5万元", "amount", "3.5万元"),
        ("20万USDT", "amount", "20万USDT"),
        ("US$ 40", "amount", "US$ 40"),
        ("2.5k USDT", "amount", "2.5k USDT"),
        ("1 250,00 EUR", "amount", "1 250,00 EUR"),
        ("2026-11-23 14:05 UTC+8", "time", "2026-11-23 14:05 UTC+8"),
        ("2026-11-23T14:05:09Z", "time", "2026-11-23T14:05:09Z"),
        ("2026-11-23 14:05:09+08:00", "time", "2026-11-23 14:05:09+08:00"),
        ("下午3点", "time", "下午3点"),
        ("11月23日上午10点30分", "time", "11月23日上午10点30分"),
        ("at 3 p.m. or so", "time", "3 p.m"),
        ("3:15pm EST", "time", "3:15pm EST"),
        ("gegen 15 Uhr", "time", "15 Uhr"),
        ("on November 3rd, 2026", "date", "November 3rd, 2026"),
        ("am 3. November", "date", "3. November"),
        ("3/11/2026", "date", "3/11/2026"),
        ("2026年11月3日", "date", "2026年11月3日"),
        ("limit order", "type", "limit order"),
        ("市价单", "type", "市价"),
        ("价格 91,250.5", "price", "91,250.5"),
        ("order number 88213377", "order_id", "88213377"),
        ("ETHUSDT", "pair", "ETHUSDT"),
    ],
)
def test_ways_of_writing(text: str, kind: str, value: str) -> None:
    assert found(text).get(kind) == [value]


@pytest.mark.parametrize(
    "text",
    ["version 1.2.3", "192.168.1.10", "ratio 3:1", "5 apples", "in 2026", "page 3 of 4", "100%"],
)
def test_numbers_that_are_nothing(text: str) -> None:
    assert found(text) == {}
