"""Published definitions as they are kept: numbered, never changed, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, func, insert, select

from app.store.tables import release, release_file


@dataclass(frozen=True, slots=True)
class Release:
    """One published catalogue."""

    id: UUID
    number: int
    hash: str
    author: str
    notes: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published: the files by path, their hash, by whom and why."""

    files: Mapping[str, bytes]
    hash: str
    author: str
    notes: str
    at: datetime


def keep_release(conn: Connection, publication: Publication) -> Release:
    """Keep a publication under the next number; the same definitions are the same release."""
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


def release_files(conn: Connection, release_id: UUID) -> dict[str, bytes]:
    """The very files that were published, by path."""
    files = select(release_file.c.path, release_file.c.content).where(
        release_file.c.release_id == release_id
    )
    return {row.path: row.content for row in conn.execute(files.order_by(release_file.c.path))}


def _release(row: Row[Any]) -> Release:
    return Release(*(getattr(row, name) for name in Release.__slots__))
