from __future__ import annotations

import pytest

from intake.judge.chaser import is_chaser
from intake.model import Attachment
from tests.judge.letters import shipped_rules, write

TRIAGE = shipped_rules().triage
SHOT = Attachment(
    "2", "page.png", "image/png", "image/png", 9, "0" * 64, "screenshot", "attachment"
)


@pytest.mark.parametrize(
    "text",
    [
        "Any news?",
        "Hello? Is anybody there?",
        "Still waiting!!",
        "I haven't heard back from you. Please reply.",
        "???",
        "有消息吗?",
        "请尽快处理,已经等了三天",
        "還沒有回覆嗎",
        "When will you answer?",
    ],
)
def test_asking_for_news(text: str) -> None:
    assert is_chaser(write(text), TRIAGE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "My UID is 20481977 and the amount is 1,250 USDT.",
        "Thank you, I have found the backup codes. You can close this.",
        "补充一下:我的注册手机号没有换过,身份证照片也可以提供。",
        "Any news? " + "Meanwhile I looked at the chain, and the transaction is there. " * 6,
    ],
)
def test_telling_something(text: str) -> None:
    assert not is_chaser(write(text), TRIAGE)


def test_a_screenshot_is_news() -> None:
    assert not is_chaser(write("Any news?", attachments=(SHOT,)), TRIAGE)
