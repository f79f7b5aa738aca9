"""Pages that people send pictures of: what a browser, a telephone, a dialog or a terminal shows.

Each is one HTML document of its own; `{photo}` stands for a photograph as a data URI.
"""

from __future__ import annotations

_STYLE = """<style>
*{box-sizing:border-box} body{margin:0}
body{font:14px/1.5 'Liberation Sans','Noto Sans CJK SC',sans-serif}
.light{background:#fff;color:#222}.dark{background:#15181d;color:#d6d9de}
header{display:flex;gap:24px;padding:12px 24px;background:#1f2a44;color:#fff;align-items:center}
main{padding:24px;max-width:1200px;margin:auto} table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #8884;padding:8px;text-align:left}
.card{border:1px solid #8885;border-radius:8px;padding:16px;margin:12px 0}
.card{box-shadow:0 1px 4px #0002}
.error{background:#fdecea;color:#8a1c12;border-left:4px solid #d93025;padding:12px}
.button{display:inline-block;background:#1a73e8;color:#fff;border-radius:4px;padding:8px 18px}
input{width:100%;padding:8px;border:1px solid #999;border-radius:4px}
pre{font:13px/1.4 'DejaVu Sans Mono',monospace;margin:0;white-space:pre-wrap}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px}
.grid img{width:100%;aspect-ratio:1;object-fit:cover}
.bubble{background:#95ec69;color:#111;border-radius:6px;padding:9px 12px;margin:10px 60px 10px 16px}
.bubble.mine{background:#fff;margin:10px 16px 10px 60px}
.row{display:flex;justify-content:space-between;padding:14px 18px;border-bottom:1px solid #8883}
.window{border:1px solid #666;width:440px;background:#f0f0f0;color:#111;font-size:13px}
.window .title{background:#fff;padding:6px 10px;display:flex;justify-content:space-between}
.window .text{background:#fff;padding:20px;display:flex;gap:16px}
.window .foot{padding:10px;text-align:right}
.window .foot span{border:1px solid #0067c0;background:#fdfdfd;padding:3px 24px}
</style>"""


def _page(body: str, look: str = "light", title: str = "Exchange") -> str:
    head = f"<!doctype html><meta charset=utf-8><title>{title}</title>"
    return f"{head}{_STYLE}<body class={look}>{body}"


def _rows(count: int) -> str:
    lines = []
    for n in range(count):
        coin = ("BTC", "ETH", "USDT", "SOL")[n % 4]
        state = ("Completed", "Pending", "Failed")[n * 7 % 3]
        lines.append(
            f"<tr><td>2026-11-{n % 28 + 1:02} 1{n % 10}:{n * 13 % 60:02}<td>{coin}"
            f"<td>{(n * 7919 % 100_000) / 997:.6f}<td>TX{n * 104_729:010}<td>{state}"
        )
    return "<table><tr><th>Time<th>Coin<th>Amount<th>Order<th>State" + "".join(lines) + "</table>"


def _chart(width: int, height: int) -> str:
    points = " ".join(
        f"{x},{height / 2 + (x * x * 37 % 89 - 44) * height / 150:.0f}" for x in range(0, width, 9)
    )
    lines = "".join(
        f"<line x1=0 x2={width} y1={y} y2={y} stroke='#8884'/>" for y in range(0, height, 40)
    )
    return (
        f"<svg width={width} height={height}>{lines}"
        f"<polyline points='{points}' fill=none stroke='#26a69a' stroke-width=2 /></svg>"
    )


def dashboard(look: str = "light", rows: int = 14) -> str:
    menu = "<b>Exchange</b><span>Markets</span><span>Trade</span><span>Wallet</span>"
    return _page(
        f"<header>{menu}</header><main><h2>Withdrawals</h2><div class=card>{_chart(700, 200)}</div>"
        f"<div class=error>Withdrawal TX0000104729 failed: E-4417</div>{_rows(rows)}</main>",
        look,
    )


def login(look: str = "light") -> str:
    return _page(
        "<main style='max-width:420px;padding-top:80px'><div class=card><h2>Sign in</h2>"
        "<p>E-mail<input value='mei.lin@mailbox.example'><p>Password<input value='••••••••'>"
        "<p class=error>Error 2FA-1009: this code has expired. Ask for a new one."
        "<p><span class=button>Sign in</span></div></main>",
        look,
    )


def article(look: str = "light") -> str:
    words = "The order was paid twice and the second payment has not come back since Monday. " * 9
    return _page(
        f"<main style='max-width:760px'><h1>How refunds work</h1><p>{words}"
        f"<p><img src='{{photo}}' style='width:100%'><p>{words}<h2>Still waiting?</h2><p>{words}",
        look,
    )


def shop(look: str = "light") -> str:
    item = "<div><img src='{photo}'><div>Leather bag, brown</div><b>129.00 €</b></div>"
    return _page(f"<header><b>Shop</b></header><main><div class=grid>{item * 18}</div>", look)


def terminal(look: str = "dark") -> str:
    lines = "\n".join(
        (
            f"2026-11-23 10:{n % 60:02}:07 {('INFO', 'WARN', 'ERROR')[n % 3]} worker-{n % 4}: "
            f"{('connected to 10.0.0.7', 'retry in 30 s', 'connection refused (111)')[n % 3]}"
        )
        for n in range(46)
    )
    colours = "background:#0c0c0c;color:#ccc" if look == "dark" else "background:#fff;color:#111"
    return _page(
        f"<div style='{colours};padding:8px;min-height:100vh'><pre>{lines}\n$ ▌</pre></div>"
    )


def trace(look: str = "light") -> str:
    frames = "\n".join(
        f'  File "/srv/app/module_{n}.py", line {n * 37}, in step_{n}\n    self.run(job[{n}])'
        for n in range(18)
    )
    return _page(
        f"<main><h1>500 Server Error</h1><pre>Traceback (most recent call last):\n{frames}\n"
        "KeyError: 'order_id'</pre></main>",
        look,
    )


def dialog(look: str = "light", text: str = "The file could not be saved. Error 0x80070005") -> str:
    return _page(
        "<div style='padding:40px;background:#3a6ea5;min-height:100vh'><div class=window>"
        "<div class=title><span>Intake Client</span><span>✕</span></div>"
        f"<div class=text><span style='font-size:34px;color:red'>⊗</span><span>{text}</span></div>"
        "<div class=foot><span>OK</span></div></div></div>",
        look,
    )


def chat(look: str = "light") -> str:
    turns = "".join(
        f"<div class='bubble{' mine' if n % 2 else ''}'>{text}</div>"
        for n, text in enumerate(
            (
                "您好，请问有什么可以帮您？",
                "我的提现一直没有到账，订单号 TX20261101",
                "请稍等，正在为您查询",
                "已经三天了，错误代码 E-4417",
                "Your ticket is being looked at",
                "谢谢",
            )
        )
    )
    colour = "#ededed" if look == "light" else "#111"
    return _page(
        f"<div class=row style='background:{colour};color:#888'><b>‹ 客服</b><span>···</span></div>"
        f"<div style='background:{colour};min-height:100vh'>{turns}</div>",
        look,
    )


def settings(look: str = "light") -> str:
    names = ("Account", "Security", "Notifications", "Currency", "Language", "Help", "Log out")
    rows = "".join(f"<div class=row><span>{n}</span><span>›</span></div>" for n in names)
    return _page(f"<h2 style='padding:0 18px'>Settings</h2>{rows}", look)


def wallet(look: str = "dark") -> str:
    rows = "".join(
        f"<div class=row><span>{coin}</span><b>{n * 1.2345:.4f}</b></div>"
        for n, coin in enumerate(("BTC", "ETH", "USDT", "SOL", "ADA"), 1)
    )
    return _page(
        "<div style='padding:28px 18px;color:#fff;background:linear-gradient(#3b4a9f,#7a3b9f)'>"
        f"Balance<h1>12,480.77 USD</h1></div>{rows}"
        "<div class=error style='margin:18px'>Network error (-1009). Try again.</div>",
        look,
    )


def sheet(look: str = "light") -> str:
    cells = "".join(
        "<tr>" + "".join(f"<td>{(r * 31 + c * 17) % 997}" for c in range(14)) + "</tr>"
        for r in range(40)
    )
    return _page(f"<style>td{{border:1px solid #ccc;padding:2px 6px}}</style><table>{cells}", look)


def meeting(look: str = "dark") -> str:
    tile = "<img src='{photo}' style='width:100%;height:100%;object-fit:cover;aspect-ratio:4/3'>"
    return _page(
        f"<div style='display:grid;grid-template-columns:1fr 1fr;gap:6px'>{tile * 4}</div>"
        "<div style='text-align:center;padding:10px'>🎤 Mute  📷 Stop video  ⏹ Leave</div>",
        look,
    )


def code(look: str = "dark") -> str:
    lines = "\n".join(
        f"<span style='color:#6a9955'>{n:3}</span> <span style='color:#569cd6'>def</span> "
        f"<span style='color:#dcdcaa'>handle_{n}</span>(order: Order) -> <b>None</b>: ..."
        for n in range(44)
    )
    return _page(
        f"<div style='background:#1e1e1e;color:#ddd;padding:10px'><pre>{lines}</pre>", look
    )


def document(look: str = "light") -> str:
    words = "Dear Sir or Madam, please find below the statement of the account for November. " * 14
    return _page(
        "<div style='background:#525659;padding:20px'><div style='background:#fff;color:#111;"
        "width:640px;margin:auto;padding:60px;font-family:Liberation Serif'>"
        f"<h3>Statement</h3><p>{words}<p>{words}{_rows(8)}</div></div>",
        look,
    )


def not_found(look: str = "light") -> str:
    return _page(
        "<main style='padding-top:120px;text-align:center'><h1 style='font-size:80px'>404</h1>"
        "<p>This page does not exist.<p class=button>Home</p></main>",
        look,
    )


PAGES = {
    "dashboard": dashboard,
    "login": login,
    "article": article,
    "shop": shop,
    "terminal": terminal,
    "trace": trace,
    "dialog": dialog,
    "chat": chat,
    "settings": settings,
    "wallet": wallet,
    "sheet": sheet,
    "meeting": meeting,
    "code": code,
    "document": document,
    "not-found": not_found,
}
