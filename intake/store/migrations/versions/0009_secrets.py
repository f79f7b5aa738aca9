"""Which mails hold secrets, by kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mails recorded before say nothing of secrets, and their words are kept as they were."""
    op.add_column("message", sa.Column("secrets", sa.String(), nullable=False, server_default=""))
    some = sa.text("secrets != ''")
    op.create_index(
        "ix_message_with_secrets",
        "message",
        ["received_at"],
        sqlite_where=some,
        postgresql_where=some,
    )
