"""How a database is brought to the tables this program knows."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from app.store.database import open_database, read, write

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0021"
"""The newest migration. Kept here so that an up-to-date database starts without Alembic."""

_LOCK = 0x66696E67  # any number that no other program on the server uses
_WAIT_MS = 15 * 60_000  # while another process migrates, which takes as long as its machine needs


class OfALaterProgram(Exception):
    """The tables were made by a later program than this one, which would not know them."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The database stands at {found}, which a later program made; this one knows {HEAD}."
            " Install that program again, or restore a backup from before it."
        )


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring the database to the newest tables; several processes may start at once.

    One of them does it and the others wait for it; where there is nothing to do nobody waits.
    Raises OfALaterProgram, and Busy where there is no database.
    """
    with read(engine) as connection:
        if to == "head" and revision(connection) == HEAD:
            return
    patient = open_database(engine.url, busy_timeout_ms=_WAIT_MS)
    try:
        with write(patient) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if to != "head" or revision(connection) != HEAD:
                _upgrade(connection, to)
    finally:
        patient.dispose()


def revision(connection: Connection) -> str | None:
    """The migration the database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection, to: str) -> None:
    # Alembic takes long to import, and most starts do not need it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = revision(connection)
    if found is not None and found not in known:
        raise OfALaterProgram(found)
    if to == "base":
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)
