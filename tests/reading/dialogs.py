"""Error dialogs as customers photograph them off their screens, drawn by a real browser.

Sixty messages, English and Chinese, each with a code, an order number or a transaction hash that
has to be read letter by letter; light and dark, telephone and desktop, sharp and compressed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from PIL import Image
from playwright.sync_api import Browser

HASH = "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"
TRON = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"


@dataclass(frozen=True, slots=True)
class Dialog:
    """What a dialog says; `code` has to come out exactly."""

    title: str
    message: str
    code: str
    button: str


@dataclass(frozen=True, slots=True)
class Look:
    """How it is shown."""

    dark: bool
    phone: bool
    scale: int
    jpeg: bool

    @property
    def name(self) -> str:
        """For the table."""
        return " ".join(
            (
                "dark" if self.dark else "light",
                "phone" if self.phone else "desktop",
                f"{self.scale}x",
                "jpeg" if self.jpeg else "png",
            )
        )


ENGLISH = tuple(
    Dialog(title, message, code, button)
    for title, message, code, button in (
        ("Withdrawal failed", "The request was declined. Error code: {}", "ERR_4031", "OK"),
        ("Something went wrong", "Please try again later. ({})", "E-20517", "Retry"),
        (
            "Windows Update",
            "There were problems installing updates. Error {}",
            "0x80070005",
            "Close",
        ),
        (
            "Order rejected",
            "Order {} could not be placed: insufficient margin.",
            "2026112300017",
            "OK",
        ),
        ("Deposit not credited", "Transaction {} is waiting for confirmations.", HASH, "Details"),
        ("Login error", "Your session has expired. Code {}", "AUTH-401-7F", "Sign in"),
        ("Server error", "HTTP {}: the service is not available", "503", "Reload"),
        ("KYC verification", "Document unreadable. Reference {}", "KYC-88213377", "Upload again"),
        ("2FA", "The code you entered is wrong. Error {}", "TOTP_1003", "Cancel"),
        ("Trading suspended", "BTC/USDT is in maintenance. [{}]", "MKT-0092", "OK"),
        (
            "Payment declined",
            "Your bank refused the payment. Reason {}",
            "51-NSF",
            "Use another card",
        ),
        ("Application error", "The instruction referenced memory at {}", "0x00007FFA", "OK"),
        ("API", '{{"code":{},"msg":"Timestamp outside of the recvWindow."}}', "-1021", "Copy"),
        ("Transfer failed", "Network fee too low. Error code: {}", "TX_FEE_LOW_17", "OK"),
        ("Account locked", "Too many attempts. Ticket {}", "SEC-2026-11873", "Contact us"),
        ("Stop order", "Order no. {} was not triggered.", "88213377", "Dismiss"),
        ("Network error", "net::{}", "ERR_CONNECTION_RESET", "Reload"),
        ("Update required", "App version 3.12.0 is not supported. Code {}", "U-1207", "Update"),
        ("Unable to load", "Request id {}", "7d1f4a52-2b59-4b64-9b8f-0e9a6c1d2f33", "Retry"),
        ("Card not accepted", "Error {} occurred while adding your card.", "CARD_3DS_209", "Back"),
        ("Verification failed", "Face check did not match. Error: {}", "FACE-0417", "Try again"),
        (
            "Address invalid",
            "The address does not belong to this network ({}).",
            "ADDR_NET_11",
            "Edit",
        ),
        ("Conversion failed", "Quote expired. Error code {}", "QX-30045", "Refresh"),
        ("Blue screen", "Stop code: {}", "0xC000021A", "Restart"),
        ("Deposit", "TxID {}", TRON, "Copy"),
        ("Download failed", "Statement 2026-10 is not ready. Error {}", "DL404-A", "Close"),
        ("Liquidation warning", "Margin ratio 92 %. Position {}", "P-5590117", "Add margin"),
        ("Gift card", "Voucher {} has been used.", "GC8K-22MX-71QP", "OK"),
        ("Device not recognised", "Confirm by e-mail. Code: {}", "DEV_70331", "Send"),
        ("Internal error", "An unexpected error occurred (error {}).", "E50012", "Report"),
    )
)
CHINESE = tuple(
    Dialog(title, message, code, button)
    for title, message, code, button in (
        ("提现失败", "请求被拒绝，错误代码：{}", "10086", "确定"),
        ("系统繁忙", "请稍后再试（{}）", "E-20517", "重试"),
        ("登录失败", "账号或密码错误，错误码：{}", "ERR_4031", "知道了"),
        ("下单失败", "订单号：{} 保证金不足", "2026112300017", "确定"),
        ("充值未到账", "交易哈希：{}", HASH, "查看详情"),
        ("提示", "当前网络异常，请检查网络设置。错误 {}", "0x80070005", "关闭"),
        ("身份认证失败", "证件照片不清晰，编号 {}", "KYC-88213377", "重新上传"),
        ("验证码错误", "您输入的验证码不正确，错误码 {}", "TOTP_1003", "取消"),
        ("暂停交易", "BTC/USDT 正在维护中 [{}]", "MKT-0092", "确定"),
        ("支付失败", "银行拒绝了本次付款，原因代码：{}", "51-NSF", "更换银行卡"),
        ("账户已锁定", "尝试次数过多，工单号 {}", "SEC-2026-11873", "联系客服"),
        ("止损单未触发", "委托单号：{}", "88213377", "我知道了"),
        ("接口错误", "签名无效，错误代码：{}", "-1022", "复制"),
        ("服务器错误", "服务暂时不可用（HTTP {}）", "503", "刷新"),
        ("版本过低", "当前版本 3.12.0 已停止支持，代码 {}", "U-1207", "立即更新"),
        ("加载失败", "请求编号 {}", "7d1f4a52-2b59-4b64-9b8f-0e9a6c1d2f33", "重试"),
        ("绑定银行卡失败", "添加银行卡时出现错误 {}", "CARD_3DS_209", "返回"),
        ("人脸识别失败", "人脸与证件不匹配，错误：{}", "FACE-0417", "再试一次"),
        ("地址无效", "该地址不属于所选网络（{}）", "ADDR_NET_11", "修改"),
        ("闪兑失败", "报价已过期，错误码 {}", "QX-30045", "重新报价"),
        ("轉帳失敗", "網路手續費不足，錯誤代碼：{}", "TX_FEE_LOW_17", "確定"),
        ("系統錯誤", "發生未預期的錯誤，錯誤碼：{}", "E50012", "回報"),
        ("充币", "交易 ID {}", TRON, "复制"),
        ("下载失败", "10月对账单尚未生成，错误 {}", "DL404-A", "关闭"),
        ("强平预警", "保证金率 92%，仓位编号 {}", "P-5590117", "追加保证金"),
        ("礼品卡", "兑换码 {} 已被使用", "GC8K-22MX-71QP", "确定"),
        ("新设备登录", "请通过邮箱确认，代码：{}", "DEV_70331", "发送"),
        ("会话已过期", "请重新登录，错误代码 {}", "AUTH-401-7F", "登录"),
        ("提现审核中", "预计 24 小时内完成，流水号：{}", "TX20261123000918", "知道了"),
        ("内存错误", "该内存不能为 read，地址 {}", "0x00007FFA", "确定"),
    )
)
LOOKS = tuple(
    Look(dark, phone, scale, jpeg)
    for dark in (False, True)
    for phone in (False, True)
    for scale in (1, 2)
    for jpeg in (False, True)
)

_PAGE = """<!doctype html><meta charset="utf-8"><style>
* {{ box-sizing: border-box }}
body {{ margin: 0; font: {size}px/1.5 "Noto Sans CJK SC", "DejaVu Sans", sans-serif;
  background: {back}; color: {ink} }}
nav {{ padding: 10px 16px; background: {bar}; font-size: 13px; color: {faint} }}
main {{ padding: 16px; color: {faint}; font-size: 13px }}
.shade {{ position: fixed; inset: 0; background: rgba(0, 0, 0, .35); display: grid;
  place-items: center }}
.box {{ width: {width}px; background: {box}; border-radius: {round}px; padding: 20px 22px;
  box-shadow: 0 8px 30px rgba(0, 0, 0, .4); overflow-wrap: anywhere }}
h1 {{ font-size: {head}px; margin: 0 0 8px }}
button {{ font: inherit; float: right; margin-top: 14px; border: 0; border-radius: 6px;
  padding: 6px 18px; color: #fff; background: #2962d9 }}
</style><nav>{nav}</nav><main>{lines}</main>
<div class="shade"><div class="box"><h1>{title}</h1>{message}<br>
<button>{button}</button></div></div>
"""
_LINES = {
    "en": ("Exchange  Markets  Trade  Wallet  Orders", "BTC/USDT 91,250.0  ETH/USDT 3,010.5"),
    "zh": ("交易所  行情  交易  资产  订单", "BTC/USDT 91,250.0  可用余额 1,250.00"),
}


def render(
    browser: Browser, dialogs: Iterable[tuple[Dialog, Look]]
) -> Iterator[tuple[Dialog, Look, bytes]]:
    """The pictures, as a mail program would attach them."""
    shown = sorted(dialogs, key=lambda pair: (pair[1].phone, pair[1].scale))
    for (phone, scale), pairs in groupby(shown, key=lambda pair: (pair[1].phone, pair[1].scale)):
        page = browser.new_page(
            viewport={"width": 390, "height": 700} if phone else {"width": 1000, "height": 600},
            device_scale_factor=scale,
        )
        for dialog, look in pairs:
            page.set_content(_html(dialog, look))
            yield dialog, look, _encoded(page.screenshot(), look)
        page.close()


def _html(dialog: Dialog, look: Look) -> str:
    nav, line = _LINES["en" if dialog.title.isascii() else "zh"]
    dark = look.dark
    return _PAGE.format(
        size=15 if look.phone else 14,
        head=17 if look.phone else 16,
        width=310 if look.phone else 420,
        round=14 if look.phone else 4,
        back="#101216" if dark else "#f2f3f5",
        bar="#1a1d23" if dark else "#ffffff",
        box="#23272f" if dark else "#ffffff",
        ink="#e8eaee" if dark else "#1c1e21",
        faint="#9aa3b2" if dark else "#6b7280",
        nav=escape(nav),
        lines="<br>".join([escape(line)] * 4),
        title=escape(dialog.title),
        message=escape(dialog.message.format(dialog.code)),
        button=escape(dialog.button),
    )


def _encoded(png: bytes, look: Look) -> bytes:
    if not look.jpeg:
        return png
    kept = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(kept, "JPEG", quality=70)
    return kept.getvalue()
