"""What is found in files: pictures that were looked at, scans, and how the helpers are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was recorded before waits to be looked at and scanned, like what comes."""
    _create_tables()
    _keep_words()
    _queue_attachments()


def _create_tables() -> None:
    op.create_table(
        "picture",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String()),
        sa.Column("engine", sa.String()),
        sa.Column("perceptual_hash", sa.String()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("looked_at", sa.DateTime(timezone=True)),
        sa.Column("thumbnail", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("sha256", name="pk_picture"),
    )
    op.create_table(
        "scan",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_scan"),
    )
    op.create_table(
        "helper",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("well", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_helper"),
    )


def _keep_words() -> None:
    op.execute(
        "INSERT INTO picture (sha256, state, reason, words, attempts)"
        " SELECT sha256, 'read', '', words, 0 FROM image_words"
    )
    op.drop_table("image_words")


def _queue_attachments() -> None:
    op.add_column("attachment", sa.Column("look", sa.String()))
    op.add_column(
        "attachment", sa.Column("scan", sa.String(), nullable=False, server_default="waiting")
    )
    op.execute(
        "UPDATE attachment SET look = 'waiting' WHERE kind IN ('screenshot', 'photo') AND EXISTS ("
        "SELECT 1 FROM message WHERE message.id = attachment.message_row_id"
        " AND message.disposition IN ('opens-ticket', 'joins-ticket'))"
    )
    op.create_index(
        "ix_attachment_look_message_row_id_position",
        "attachment",
        ["look", "message_row_id", "position"],
        sqlite_where=sa.text("look IS NOT NULL"),
        postgresql_where=sa.text("look IS NOT NULL"),
    )
    op.create_index(
        "ix_attachment_unscanned",
        "attachment",
        ["id"],
        sqlite_where=sa.text("scan = 'waiting'"),
        postgresql_where=sa.text("scan = 'waiting'"),
    )
