"""Alembic runs this file. The transaction and its lock belong to intake.store.migrate."""

from __future__ import annotations

from alembic import context

from intake.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
