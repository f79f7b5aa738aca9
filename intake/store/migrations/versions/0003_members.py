"""The names of the files that an archive lists, beside the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Archives recorded before have none."""
    members = sa.Column("members", sa.String(), nullable=False, server_default="")
    op.add_column("attachment", members)
