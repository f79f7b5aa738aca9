"""The people of all tests. A name here means the same person everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from intake.model import Address, Customer

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DESK = Address("Example Exchange Support", "support", "exchange.example")
OUR_SERVER = "mx.exchange.example"  # the authserv-id that the desk trusts

# --- registered customers ---------------------------------------------------------------------

ALICE = Address("Alice Moreau", "alice.moreau", "posteo.example")
WANG_LEI = Address("王磊", "wang.lei", "qqmail.example")
TOM = Address("Tom Becker", "tom.becker", "webpost.example")
DANA = Address("Dana Ortiz", "dana.ortiz", "posteo.example")
ZHAO_MIN = Address("赵敏", "zhao.min", "qqmail.example")

ALICE_CUSTOMER = Customer("20481977", "Alice Moreau", "alice.moreau@posteo.example", "en")
WANG_LEI_CUSTOMER = Customer("20481978", "王磊", "wang.lei@qqmail.example", "zh-Hans")
TOM_CUSTOMER = Customer("55120931", "Tom Becker", "tom.becker@webpost.example", "en", tier="vip")
DANA_CUSTOMER = Customer("41007722", "Dana Ortiz", "dana.ortiz@posteo.example", "es")
ZHAO_MIN_CUSTOMER = Customer("20481990", "赵敏", "zhao.min@qqmail.example", "zh-Hans")

# --- people we do not know --------------------------------------------------------------------

STRANGER = Address("", "stranger", "freemail.example")
BOB = Address("Bob Marsh", "bob", "neighbour.example")  # writes on Alice's behalf, unasked

# --- agents of the desk -----------------------------------------------------------------------

MIRA = Address("Mira Okoye", "mira", "exchange.example")
JONAS = Address("Jonas Feld", "jonas", "exchange.example")

# --- fraudsters -------------------------------------------------------------------------------

FAKE_SUPPORT = Address("Example Exchange Support", "security", "exchange-example.support")
MRS_AISHA = Address("Mrs Aisha", "mrs.aisha", "bigwinner.example")
RECOVERY_MIKE = Address("", "agent.mike", "recovery-pros.example")
SEO_SELLER = Address("", "grow", "rank-fast.example")
FAKE_KEFU = Address("示例交易所 官方客服", "kefu", "exarnple-exchange.example")
