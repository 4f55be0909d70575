"""Published definitions as they are kept: numbered, never changed, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, func, insert, select, text

from app.store.database import seeing_all
from app.store.definitions import release, release_file, release_mark
from app.store.inserting import keep_next
from app.store.tables import project

START, FILES, EDITOR = "start", "files", "editor"
"""Where a release can come from: the files found when the program starts, others, or the editor."""


@dataclass(frozen=True, slots=True)
class Release:
    """One published catalogue."""

    id: UUID
    number: int
    hash: str
    author: str
    notes: str
    at: datetime
    origin: str = FILES


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said of a release later: projects on earlier ones must move to it, or need not."""

    release_id: UUID
    number: int
    must_move: bool
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published: the files by path, their hash, by whom and why."""

    files: Mapping[str, bytes]
    hash: str
    author: str
    notes: str
    at: datetime
    origin: str = FILES


def keep_release(conn: Connection, publication: Publication) -> Release:
    """Keep a publication under the next number; the same definitions are the same release."""
    if conn.dialect.name == "postgresql":
        # SQLite has one writer at a time; here two would count up from the same number.
        conn.execute(text("LOCK TABLE release IN SHARE ROW EXCLUSIVE MODE"))
    known = conn.execute(select(release).where(release.c.hash == publication.hash)).one_or_none()
    if known:
        return _release(known)
    last: int = conn.scalar(select(func.max(release.c.number))) or 0
    made = Release(
        uuid4(),
        last + 1,
        publication.hash,
        publication.author,
        publication.notes,
        publication.at,
        publication.origin,
    )
    conn.execute(insert(release), {name: getattr(made, name) for name in Release.__slots__})
    files = [
        {"release_id": made.id, "path": path, "content": content}
        for path, content in publication.files.items()
    ]
    if files:
        conn.execute(insert(release_file), files)
    return made


def releases(conn: Connection) -> tuple[Release, ...]:
    """All releases, the newest first."""
    return tuple(map(_release, conn.execute(select(release).order_by(release.c.number.desc()))))


def newest_release(conn: Connection) -> Release | None:
    """The newest release; None before anything has been published."""
    newest = select(release).order_by(release.c.number.desc()).limit(1)
    row = conn.execute(newest).one_or_none()
    return _release(row) if row else None


def release_files(conn: Connection, release_id: UUID) -> dict[str, bytes]:
    """The very files that were published, by path."""
    files = select(release_file.c.path, release_file.c.content).where(
        release_file.c.release_id == release_id
    )
    return {row.path: row.content for row in conn.execute(files.order_by(release_file.c.path))}


def keep_mark(conn: Connection, mark: Mark) -> None:
    """Keep what is said of a release now, after all that was said before."""
    said = ("must_move", "reason", "who", "at")
    values = {name: getattr(mark, name) for name in said}
    keep_next(conn, release_mark, {"release_id": mark.release_id}, values)


def marks(conn: Connection) -> tuple[Mark, ...]:
    """Everything that was said of each release, in the order in which it was said."""
    found = (
        select(release_mark, release.c.number)
        .join(release, release.c.id == release_mark.c.release_id)
        .order_by(release.c.number, release_mark.c.seq)
    )
    return tuple(
        Mark(*(getattr(row, name) for name in Mark.__slots__)) for row in conn.execute(found)
    )


def projects_on(conn: Connection) -> dict[UUID, int]:
    """How many projects are on each release that has any."""
    counted = select(project.c.release_id, func.count()).group_by(project.c.release_id)
    with seeing_all(conn):
        return dict(tuple(row) for row in conn.execute(counted))


def _release(row: Row[Any]) -> Release:
    return Release(*(getattr(row, name) for name in Release.__slots__))
