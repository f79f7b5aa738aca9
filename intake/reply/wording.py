"""What the pieces of a complete report are called, in each language we answer in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_PIECES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "uid": "your account ID (UID)",
        "order_id": "the order ID",
        "tx_hash": "the transaction ID (the hash shown by the blockchain)",
        "address": "the wallet address",
        "network": "the network (chain) you used",
        "amount": "the amount",
        "price": "the price",
        "pair": "the trading pair (for example BTC/USDT)",
        "error_code": "the error code or message you see",
        "time": "when it happened, with your time zone",
        "type": "the type of the order (for example limit or market)",
        "screenshot": "a screenshot that shows the problem",
        "attachment": "the document or picture you write about",
    },
    "zh-Hans": {
        "uid": "您的账户 UID",
        "order_id": "订单编号",
        "tx_hash": "交易哈希（TxID）",
        "address": "钱包地址",
        "network": "您使用的网络（链）",
        "amount": "数量或金额",
        "price": "价格",
        "pair": "交易对（例如 BTC/USDT）",
        "error_code": "您看到的错误代码或提示",
        "time": "发生的时间（请注明时区）",
        "type": "订单类型（例如限价或市价）",
        "screenshot": "能看到问题的截图",
        "attachment": "您提到的文件或图片",
    },
    "zh-Hant": {
        "uid": "您的帳戶 UID",
        "order_id": "訂單編號",
        "tx_hash": "交易雜湊（TxID）",
        "address": "錢包地址",
        "network": "您使用的網路（鏈）",
        "amount": "數量或金額",
        "price": "價格",
        "pair": "交易對（例如 BTC/USDT）",
        "error_code": "您看到的錯誤代碼或提示",
        "time": "發生的時間（請註明時區）",
        "type": "訂單類型（例如限價或市價）",
        "screenshot": "能看到問題的截圖",
        "attachment": "您提到的文件或圖片",
    },
}


def name_pieces(kinds: Iterable[str], language: str) -> tuple[str, ...]:
    """The kinds of triage (`order_id`, `screenshot`) as a customer reads them, each once."""
    words = _PIECES.get(language, _PIECES["en"])
    return tuple(dict.fromkeys(words.get(kind, kind.replace("_", " ")) for kind in kinds))
