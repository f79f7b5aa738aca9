"""Domains, states, time zones and notes of customers, and what their addresses look like."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What customers' addresses look like is filled in by the daemon: only it knows the rules."""
    _add("customer", _text("name_look"), sa.Column("timezone", sa.String()), _text("notes"))
    _add(
        "customer_address",
        _text("state_reason"),
        sa.Column("state_at", TIME),
        sa.Column("bouncing_until", TIME),
        _text("local_look"),
        _text("label_look"),
        *(sa.Column(f"near_{n}", BIG) for n in (1, 2, 3)),
    )
    op.create_index("ix_customer_name_look", "customer", ["name_look"])
    op.create_index(
        "ix_customer_address_local_look_label_look",
        "customer_address",
        ["local_look", "label_look"],
    )
    for n in (1, 2, 3):
        op.create_index(f"ix_customer_address_near_{n}", "customer_address", [f"near_{n}"])
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "customer_domain",
        sa.Column("domain_key", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("label_look", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.customer_id"],
            name="fk_customer_domain_customer_id_customer",
        ),
        sa.PrimaryKeyConstraint("domain_key", "customer_id", name="pk_customer_domain"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_customer_domain_customer_id", "customer_domain", ["customer_id"])
    op.create_index("ix_customer_domain_label_look", "customer_domain", ["label_look"])
    op.create_table(
        "customer_label",
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("tail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("label", name="pk_customer_label"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_customer_label_head", "customer_label", ["head"])
    op.create_index("ix_customer_label_tail", "customer_label", ["tail"])
    op.create_table(
        "directory_keys",
        sa.Column("id", BIG, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_keys"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _add(table: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        op.add_column(table, column)
