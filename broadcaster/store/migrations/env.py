"""Alembic's way in: runs migrations on the connection, and in the transaction, it is given."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False)  # the caller's one transaction is the transaction
context.run_migrations()
