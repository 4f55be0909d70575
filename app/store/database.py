"""How the database is opened and how a transaction begins, on SQLite and on PostgreSQL alike."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.pool import ConnectionPoolEntry

POOL_SIZE = 8
BUSY_TIMEOUT_MS = 5000

_WRITES = {"fingerpost_writes": True}
_SQLITE_BUSY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")

# For this transaction alone: the next one on the connection acts for nobody.
_SET = text("SELECT set_config(:name, :value, true)")
_SEES = text("SELECT coalesce(current_setting('fingerpost.sees', true), 'own')")


class Busy(Exception):
    """The database is busy, full or away: nothing was saved, and it may be tried again."""


def open_database(
    url: str | URL,
    *,
    pool_size: int = POOL_SIZE,
    busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    sees_all: bool = True,
) -> Engine:
    """The engine for a DATABASE_URL (`sqlite:///path` or `postgresql://...`).

    Without `sees_all`, PostgreSQL shows no project before `act_for` has said for whom.
    """
    where = make_url(url)
    pool: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_timeout": busy_timeout_ms / 1000,
        # Errors are logged: what somebody answered, or proves themselves with, is not.
        "hide_parameters": True,
    }
    if where.get_backend_name() == "sqlite":
        engine = create_engine(where, **pool)
        _speak_sqlite(engine, busy_timeout_ms)
        return engine
    engine = create_engine(
        where.set(drivername="postgresql+psycopg"),
        **pool,
        connect_args={
            "options": f"-c lock_timeout={busy_timeout_ms}ms -c timezone=UTC "
            f"-c fingerpost.sees={'all' if sees_all else 'own'}"
        },
    )
    event.listen(engine, "handle_error", _leave_out_rows)
    return engine


def open_file(path: Path) -> Engine:
    """A SQLite file to look into, as it lies there: nothing of it, or beside it, is written."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """One connection to read with; nothing is kept of what might be written."""
    with _refusals(), engine.connect() as connection:
        yield connection


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """One transaction to write with, kept when the block ends well.

    On SQLite it holds the write lock before it reads anything: two transactions that read first
    and write later could not both go on, and waiting would not help them.
    """
    with _refusals(), engine.connect() as connection:
        writing = connection.execution_options(**_WRITES)
        with writing.begin():
            yield writing


def act_for(conn: Connection, organisation_id: UUID) -> None:
    """Show this transaction the projects of one organisation, where the database itself looks.

    PostgreSQL does, by its policies for rows; on SQLite the statements alone see to it.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(_SET, {"name": "fingerpost.organisation", "value": str(organisation_id)})


def speak_for(conn: Connection, person_id: UUID) -> None:
    """Show this transaction what one person alone may see: what they had typed, kept for them."""
    if conn.dialect.name == "postgresql":
        conn.execute(_SET, {"name": "fingerpost.person", "value": str(person_id)})


@contextmanager
def seeing_all(conn: Connection) -> Iterator[None]:
    """Count over all organisations in one's transaction; nothing that they said may be told."""
    if conn.dialect.name != "postgresql":
        yield
        return
    before = conn.execute(_SEES).scalar_one()
    conn.execute(_SET, {"name": "fingerpost.sees", "value": "all"})
    try:
        yield
    finally:
        conn.execute(_SET, {"name": "fingerpost.sees", "value": before})


@dataclass
class Statements:
    """The statements sent while counting; one for many rows counts once."""

    sent: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)


@contextmanager
def counting(engine: Engine) -> Iterator[Statements]:
    """Count the statements sent, without those that begin, end or set up a transaction."""
    statements = Statements()

    def note(*arguments: Any) -> None:
        statement: str = arguments[2]
        if not statement.lstrip().upper().startswith(_NOT_COUNTED):
            statements.sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _leave_out_rows(context: ExceptionContext) -> None:
    """Keep the first line of what PostgreSQL says: the next ones quote the row that it refused."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if isinstance(error, Exception) and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _speak_sqlite(engine: Engine, busy_timeout_ms: int) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # None: the driver begins no transactions of its own; `begin` below does.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
        _keep_a_log(connection, patience_s=busy_timeout_ms / 1000)
        for pragma in (
            "synchronous = FULL",  # NORMAL may lose the last commits when the power goes
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("fingerpost_writes")
        # The driver itself is told: what SQLAlchemy does around a statement takes longer than this.
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _keep_a_log(connection: sqlite3.Connection, patience_s: float) -> None:
    """Write ahead: readers never wait. The file remembers it, so only its first users ask.

    SQLite does not wait for others while it changes a new file over, whatever `busy_timeout` says.
    """
    until = monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(0.01)
        else:
            return


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except NoFreeConnection as error:
        raise Busy("every connection is in use") from error
    except OperationalError as error:
        if _passes(error):
            raise Busy(str(error.orig)) from error
        raise
    except sqlite3.OperationalError as error:  # raised as a connection, or a transaction, begins
        raise Busy(str(error)) from error


def _passes(error: DBAPIError) -> bool:
    """Whether waiting, or making room, would help. PostgreSQL names nothing else operational."""
    if not isinstance(error.orig, sqlite3.Error):
        return True
    return error.orig.sqlite_errorcode & 0xFF in _SQLITE_BUSY
