"""Tickets with all that is in them, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the tables, those that others point at first."""
    _create_tickets()
    _create_messages()
    _create_attachments()
    _create_events()
    _create_outbox()


def _create_tickets() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String()),
        sa.Column("sender_match", sa.String(), nullable=False),
        sa.Column("author", sa.String()),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("language", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("chasers_in_row", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("number", name="uq_ticket_number"),
    )
    op.create_index("ix_ticket_state_waiting_since_id", "ticket", ["state", "waiting_since", "id"])
    op.create_table(
        "participant",
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name="fk_participant_ticket_id_ticket"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "address_key", name="pk_participant"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_participant_address_key_subject_key_ticket_id",
        "participant",
        ["address_key", "subject_key", "ticket_id"],
    )


def _create_messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("mail_id", BIG, nullable=False),
        sa.Column("ticket_id", BIG),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("message_id", sa.String()),
        sa.Column("body_fingerprint", sa.String(), nullable=False),
        sa.Column("copy_of", BIG, nullable=False),
        sa.Column("author_key", sa.String()),
        sa.Column("author", sa.String()),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String()),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("html", sa.String()),
        sa.Column("spam_verdict", sa.String(), nullable=False),
        sa.Column("spam_score", sa.Float(), nullable=False),
        sa.Column("automatic", sa.String(), nullable=False),
        sa.Column("chaser", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_message_mail_id_mail"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_message_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("mail_id", name="uq_message_mail_id"),
        sa.UniqueConstraint(
            "message_id",
            "body_fingerprint",
            "copy_of",
            name="uq_message_message_id_body_fingerprint_copy_of",
        ),
    )
    op.create_index("ix_message_author_key_ticket_id", "message", ["author_key", "ticket_id"])
    op.create_index("ix_message_ticket_id", "message", ["ticket_id"])


def _create_attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("message_row_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("filename", sa.String()),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("declared_type", sa.String(), nullable=False),
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content_disposition", sa.String(), nullable=False),
        sa.Column("content_id", sa.String()),
        sa.Column("container", sa.String()),
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("perceptual_hash", sa.String()),
        sa.ForeignKeyConstraint(
            ["message_row_id"], ["message.id"], name="fk_attachment_message_row_id_message"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint(
            "message_row_id", "position", name="uq_attachment_message_row_id_position"
        ),
    )
    # ### end Alembic commands ###
    op.create_table(
        "image_words",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_image_words"),
        sqlite_with_rowid=False,
    )


def _create_events() -> None:
    op.create_table(
        "event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG),
        sa.Column("mail_id", BIG),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_event_mail_id_mail"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_event_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_ticket_id", "event", ["ticket_id"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("mail_id", BIG, nullable=False),
        sa.Column("ticket_id", BIG),
        sa.Column("message_id", sa.String()),
        sa.Column("envelope_sender", sa.String(), nullable=False),
        sa.Column("recipient", sa.String()),
        sa.Column("recipient_key", sa.String()),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("sha256", sa.String()),
        sa.Column("template", sa.String()),
        sa.Column("template_version", sa.String()),
        sa.Column("language", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String()),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True)),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("response", sa.String()),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_outbox_mail_id_mail"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_outbox_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("mail_id", name="uq_outbox_mail_id"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
    )
    op.create_index("ix_outbox_next_at", "outbox", ["next_at"])
    op.create_index("ix_outbox_recipient_key_planned_at", "outbox", ["recipient_key", "planned_at"])
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_index("ix_outbox_ticket_id", "outbox", ["ticket_id"])
    op.create_table(
        "suppression",
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_key", name="pk_suppression"),
    )
