"""What the pieces of a complete report are called, in each language we answer in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_PIECES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "account_id": "your account ID (UID)",
        "uid": "your account ID (UID)",
        "email": "the email address you registered with",
        "phone": "the phone number you registered with",
        "order_id": "the order ID",
        "transaction_id": "the transaction ID (the hash shown by the blockchain)",
        "tx_hash": "the transaction ID (the hash shown by the blockchain)",
        "txid": "the transaction ID (the hash shown by the blockchain)",
        "deposit_address": "the deposit address",
        "wallet_address": "the wallet address",
        "address": "the wallet address",
        "network": "the network (chain) you used",
        "currency": "the coin or currency",
        "amount": "the amount",
        "price": "the price",
        "time": "when it happened, with your time zone",
        "type": "the type of the order (for example limit or market)",
        "iban": "the account number of the bank transfer",
        "reference": "the reference of the bank transfer",
        "screenshot": "a screenshot that shows the problem",
    },
    "zh-Hans": {
        "account_id": "您的账户 UID",
        "uid": "您的账户 UID",
        "email": "您注册时使用的邮箱地址",
        "phone": "您注册时使用的手机号码",
        "order_id": "订单编号",
        "transaction_id": "交易哈希（TxID）",
        "tx_hash": "交易哈希（TxID）",
        "txid": "交易哈希（TxID）",
        "deposit_address": "充值地址",
        "wallet_address": "钱包地址",
        "address": "钱包地址",
        "network": "您使用的网络（链）",
        "currency": "币种",
        "amount": "数量或金额",
        "price": "价格",
        "time": "发生的时间（请注明时区）",
        "type": "订单类型（例如限价或市价）",
        "iban": "银行转账的账号",
        "reference": "银行转账的附言或流水号",
        "screenshot": "能看到问题的截图",
    },
    "zh-Hant": {
        "account_id": "您的帳戶 UID",
        "uid": "您的帳戶 UID",
        "email": "您註冊時使用的電子郵件地址",
        "phone": "您註冊時使用的手機號碼",
        "order_id": "訂單編號",
        "transaction_id": "交易雜湊（TxID）",
        "tx_hash": "交易雜湊（TxID）",
        "txid": "交易雜湊（TxID）",
        "deposit_address": "入金地址",
        "wallet_address": "錢包地址",
        "address": "錢包地址",
        "network": "您使用的網路（鏈）",
        "currency": "幣種",
        "amount": "數量或金額",
        "price": "價格",
        "time": "發生的時間（請註明時區）",
        "type": "訂單類型（例如限價或市價）",
        "iban": "銀行轉帳的帳號",
        "reference": "銀行轉帳的附言或流水號",
        "screenshot": "能看到問題的截圖",
    },
}


def name_pieces(kinds: Iterable[str], language: str) -> tuple[str, ...]:
    """The kinds of triage (`order_id`, `screenshot`) as a customer reads them, each once."""
    words = _PIECES.get(language, _PIECES["en"])
    return tuple(dict.fromkeys(words.get(kind, kind.replace("_", " ")) for kind in kinds))
