"""Mentions, identifiers and links of tickets, and the acts of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What was recorded before has no mentions and identifiers; new mails bring theirs."""
    op.add_column("ticket", sa.Column("last_sent_at", TIME))
    op.add_column("ticket", sa.Column("attention", sa.String(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("merged_into", BIG))
    op.add_column(
        "message", sa.Column("connects", sa.String(), nullable=False, server_default="{}")
    )
    _create_mentions()
    _create_identifiers()
    _create_links()
    _create_acts()


def _create_mentions() -> None:
    op.create_table(
        "mention",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_mention_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("message_id", "ticket_id", name="pk_mention"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mention_ticket_id", "mention", ["ticket_id"])


def _create_identifiers() -> None:
    op.create_table(
        "identifier",
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value_key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name="fk_identifier_ticket_id_ticket"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "kind", "value_key", name="pk_identifier"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identifier_kind_value_key", "identifier", ["kind", "value_key"])


def _create_links() -> None:
    op.create_table(
        "ticket_link",
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name="fk_ticket_link_ticket_id_ticket"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["ticket.id"], name="fk_ticket_link_other_id_ticket"),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", name="pk_ticket_link"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ticket_link_other_id", "ticket_link", ["other_id"])


def _create_acts() -> None:
    op.create_table(
        "act",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("undone_at", TIME),
        sa.Column("undone_by", sa.String()),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_act_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_act"),
    )
    op.create_index("ix_act_ticket_id", "act", ["ticket_id"])
