from __future__ import annotations

import pytest

from intake.judge.identifiers import find_identifiers
from intake.judge.reading import Reading
from intake.model import Identifier
from tests.judge.letters import shipped_rules, triage_of, write


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
