"""The history of the schema: Alembic's environment and its versions, shipped with the package.

A new version is a file in versions/, written out, and its number in intake.store.migrate.HEAD.
"""
