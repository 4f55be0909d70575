"""Previews of a change as they are kept: what was looked at, how far it is, and what was found."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, insert, select, update

from app.store.definitions import change_effect, change_preview

WAITING, WORKING, DONE, CANCELLED, FAILED = "waiting", "working", "done", "cancelled", "failed"


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview. `seen` of `projects`: how far it is."""

    id: UUID
    base_id: UUID
    draft_id: UUID | None
    hash: str
    person_id: UUID
    who: str
    state: str
    seen: int
    projects: int
    touched: int
    reworded: int
    error: str | None
    at: datetime
    begun_at: datetime | None
    ended_at: datetime | None

    @property
    def running(self) -> bool:
        """Whether it is not over yet."""
        return self.state in (WAITING, WORKING)

    @property
    def hundredths(self) -> int:
        """How far it is."""
        return 100 * self.seen // self.projects if self.projects else 0


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that would be otherwise, for so many projects."""

    seq: int
    kind: str
    subject: str
    title: str
    before: str
    after: str
    number: int


@dataclass(frozen=True, slots=True)
class NewPreview:
    """What is to be looked at: which files of the release differ, and how (None: not there)."""

    base_id: UUID
    draft_id: UUID | None
    hash: str
    changed: Mapping[str, bytes | None]
    person_id: UUID
    who: str
    at: datetime


_COLUMNS = [change_preview.c[name] for name in Preview.__slots__]


def keep_preview(conn: Connection, new: NewPreview) -> UUID:
    """Keep a preview that has not begun."""
    made = uuid4()
    conn.execute(
        insert(change_preview),
        {
            "id": made,
            "base_id": new.base_id,
            "draft_id": new.draft_id,
            "hash": new.hash,
            "changed": _pack_files(new.changed),
            "person_id": new.person_id,
            "who": new.who,
            "state": WAITING,
            "seen": 0,
            "projects": 0,
            "touched": 0,
            "reworded": 0,
            "at": new.at,
        },
    )
    return made


def find_preview(conn: Connection, id_: UUID) -> Preview | None:
    """A preview by its id."""
    row = conn.execute(select(*_COLUMNS).where(change_preview.c.id == id_)).one_or_none()
    return _preview(row) if row else None


def latest_preview(conn: Connection, hashed: str) -> Preview | None:
    """The last preview of the same definitions that was not cancelled."""
    wanted = select(*_COLUMNS).where(
        change_preview.c.hash == hashed, change_preview.c.state != CANCELLED
    )
    row = conn.execute(wanted.order_by(change_preview.c.at.desc()).limit(1)).one_or_none()
    return _preview(row) if row else None


def changed_files(conn: Connection, id_: UUID) -> dict[str, bytes | None]:
    """The files in which it differs from its release; None: not there."""
    packed = conn.execute(
        select(change_preview.c.changed).where(change_preview.c.id == id_)
    ).scalar_one()
    return _unpack_files(packed)


def note(conn: Connection, id_: UUID, *states: str, **values: Any) -> bool:
    """Write down how far a preview is, if it is in one of these states; whether it was."""
    wanted = update(change_preview).where(
        change_preview.c.id == id_, change_preview.c.state.in_(states)
    )
    return conn.execute(wanted.values(**values)).rowcount == 1


def keep_effects(conn: Connection, id_: UUID, found: Iterable[tuple[Effect, list[str]]]) -> None:
    """Keep what was found, each with the references of its projects."""
    rows = [
        {name: getattr(effect, name) for name in Effect.__slots__}
        | {"preview_id": id_, "projects": zlib.compress("\n".join(references).encode())}
        for effect, references in found
    ]
    if rows:
        conn.execute(insert(change_effect), rows)


def effects_of(conn: Connection, id_: UUID) -> tuple[Effect, ...]:
    """What was found, in the order in which it was kept."""
    columns = [change_effect.c[name] for name in Effect.__slots__]
    wanted = select(*columns).where(change_effect.c.preview_id == id_)
    return tuple(Effect(*row) for row in conn.execute(wanted.order_by(change_effect.c.seq)))


def projects_of(conn: Connection, id_: UUID, seq: int) -> list[str]:
    """The references of the projects for which one thing would be otherwise."""
    wanted = select(change_effect.c.projects).where(
        change_effect.c.preview_id == id_, change_effect.c.seq == seq
    )
    packed = conn.execute(wanted).scalar_one_or_none()
    return zlib.decompress(packed).decode().split("\n") if packed else []


def _preview(row: Row[Any]) -> Preview:
    return Preview(*(getattr(row, name) for name in Preview.__slots__))


_THERE, _GONE = b"+", b"-"


def _pack_files(files: Mapping[str, bytes | None]) -> bytes:
    """Paths and texts one after the other, each with its length before it."""
    parts = []
    for path, content in sorted(files.items()):
        name, there = path.encode(), _GONE if content is None else _THERE
        text = content or b""
        parts.append(b"%d %d " % (len(name), len(text)) + there + name + text)
    return zlib.compress(b"".join(parts))


def _unpack_files(packed: bytes) -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    rest = zlib.decompress(packed)
    at = 0
    while at < len(rest):
        first = rest.index(b" ", at)
        second = rest.index(b" ", first + 1)
        name, text = int(rest[at:first]), int(rest[first + 1 : second])
        start = second + 2
        path = rest[start : start + name].decode()
        content = rest[start + name : start + name + text]
        found[path] = content if rest[second + 1 : start] == _THERE else None
        at = start + name + text
    return found
