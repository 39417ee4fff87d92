"""What Alembic runs: the migrations, in the transaction that the server has opened."""

from alembic import context

from unified_storage_backend.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
