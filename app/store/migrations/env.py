"""Run by Alembic: migrates the connection that `app.store.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from app.store.tables import metadata


def run(connection: Connection) -> None:
    """Migrate within the transaction that is already open."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()


run(context.config.attributes["connection"])
