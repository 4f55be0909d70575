"""The commands that look after what is kept: verify, backup, restore."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, inspect, make_url, text, update
from sqlalchemy.exc import DatabaseError

from app.actions.review.evidence import Evidence, compare, look_through
from app.core.wording import count
from app.store.accounts import invitation, sign_in
from app.store.database import open_database, open_file, read, write
from app.store.migrate import HEAD, revision
from app.terminal import fail

ONLY_SQLITE = (
    "this database is on PostgreSQL: use pg_dump and pg_restore as a superuser or a role with"
    " BYPASSRLS, then fingerpost verify"
)


def verify_all(engine: Engine, marks: Path | None, against: Path | None) -> None:
    """Look through all that is kept; write marks to a file, or compare with marks that were."""
    evidence = _looked_through(engine)
    faults = evidence.faults
    if against is not None:
        faults += compare(evidence, _read_marks(against))
    if faults:
        fail(list(faults), f"{count(len(faults), 'fault')}: not all is as it was written.")
    click.echo(f"All is as it was written: {_told(evidence)}.")
    if marks is not None:
        _write_marks(marks, evidence)
        click.echo(
            f"Marks written to {marks}: keep them where nobody who can write to the database can."
        )


def back_up(engine: Engine, to: Path) -> None:
    """Copy a SQLite database as it stands, also while it is written to, and look the copy through."""
    if engine.url.get_backend_name() != "sqlite":
        fail([ONLY_SQLITE], "Nothing was written.")
    if to.exists():
        fail([f"{to}: it is there already"], "Nothing was written.")
    try:
        with closing(sqlite3.connect(str(engine.url.database))) as conn:
            conn.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as fault:
        fail([f"{to}: {fault}"], "There is no backup.")
    click.echo(f"Backed up to {to}: {_of_file(to, 'It is no good backup.')}.")


def restore(database_url: str, backup: Path) -> None:
    """Bring a backup back to where no SQLite database is yet, after looking it through."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        fail([ONLY_SQLITE], "Nothing was written.")
    place = Path(str(url.database))
    if place.exists():
        fail([f"{place}: it is there already; move it away first"], "Nothing was written.")
    held = _of_file(backup, "Nothing was written.")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(backup, place)
    _let_nobody_in(database_url, datetime.now(UTC))
    click.echo(f"Restored to {place}: {held}.")
    click.echo("Everybody signs in again, and links that were mailed before open nothing.")


def _let_nobody_in(database_url: str, at: datetime) -> None:
    """End what let people in when the backup was made: they may have been suspended since."""
    engine = open_database(database_url)
    with write(engine) as conn:
        known = inspect(conn).get_table_names()
        for table, column in ((sign_in, sign_in.c.ended_at), (invitation, invitation.c.used_at)):
            if table.name in known:
                conn.execute(update(table).where(column.is_(None)).values({column: at}))
    engine.dispose()


def _of_file(path: Path, said: str) -> str:
    """What a backup holds in words; where something is wrong with it, all of that, and `said`."""
    engine = open_file(path)
    try:
        with engine.connect() as conn:
            sound = conn.scalar(text("PRAGMA integrity_check"))
            at = revision(conn)
            evidence = look_through(conn) if (sound, at) == ("ok", HEAD) else None
    except DatabaseError as fault:
        fail([f"{path}: {fault.orig}"], said)
    finally:
        engine.dispose()
    if sound != "ok" or at is None:
        fail([f"{path}: {sound if sound != 'ok' else 'it is no database of Fingerpost'}"], said)
    if evidence is None:
        return f"it is of another version of the program ({at}), so let fingerpost verify look it through"
    if evidence.faults:
        fail([f"{path}: {fault}" for fault in evidence.faults], said)
    return _told(evidence)


def _looked_through(engine: Engine) -> Evidence:
    with read(engine) as conn:
        return look_through(conn)


def _told(evidence: Evidence) -> str:
    return ", ".join(
        count(number, kind.removesuffix("s")) for kind, number in evidence.counted.items()
    )


def _write_marks(path: Path, evidence: Evidence) -> None:
    acts = {
        reference: {"acts": len(chain), "hash": chain[-1] if chain else ""}
        for reference, chain in evidence.chains.items()
    }
    said = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "projects": acts}
    path.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def _read_marks(path: Path) -> dict[str, tuple[int, str]]:
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
        return {
            reference: (int(one["acts"]), str(one["hash"]))
            for reference, one in said["projects"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        fail([f"{path}: these are no marks that fingerpost verify wrote."], "Nothing was compared.")
