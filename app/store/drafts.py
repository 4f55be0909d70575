"""Drafts of definitions as they are kept: which release they began from, and every save."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from app.store.definitions import draft, draft_event, release, release_file
from app.store.inserting import insert_into

OPEN, DISCARDED, PUBLISHED = "open", "discarded", "published"
BEGAN, SAVED, RESTORED, MOVED, BROUGHT_BACK = "began", "saved", "restored", "moved", "brought_back"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `version` counts everything that was done to it."""

    id: UUID
    name: str
    base_id: UUID
    base_number: int
    person_id: UUID
    who: str
    state: str
    version: int
    at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Doing:
    """Something done to a draft: by whom, when, and the file it was done to.

    `content`: the text that the file at `path` has from now on; None: it is not there. `base_id`:
    the release on which the draft is based from now on.
    """

    kind: str
    person_id: UUID
    who: str
    at: datetime
    path: str | None = None
    content: bytes | None = None
    base_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a draft's history, without the text."""

    seq: int
    kind: str
    path: str | None
    removed: bool
    who: str
    at: datetime


def keep_draft(conn: Connection, name: str, doing: Doing, id_: UUID | None = None) -> UUID:
    """Keep a new draft that begins as the release `doing.base_id`; one that is there stays as it is."""
    made = id_ or uuid4()
    row = {
        "id": made,
        "name": name,
        "base_id": doing.base_id,
        "person_id": doing.person_id,
        "who": doing.who,
        "state": OPEN,
        "version": 0,
        "at": doing.at,
        "changed_at": doing.at,
    }
    kept = insert_into(conn, draft).values(row).on_conflict_do_nothing().returning(draft.c.id)
    if conn.execute(kept).one_or_none() is not None:
        _add(conn, made, 1, doing)
    return made


def drafts(conn: Connection) -> tuple[Draft, ...]:
    """Every draft, the last changed first."""
    found = conn.execute(_drafts().order_by(draft.c.changed_at.desc(), draft.c.id))
    return tuple(map(_draft, found))


def find_draft(conn: Connection, draft_id: UUID, *, to_write: bool = False) -> Draft | None:
    """A draft; `to_write`: nobody else changes it until this transaction ends."""
    wanted = _drafts().where(draft.c.id == draft_id)
    row = conn.execute(wanted.with_for_update(of=draft) if to_write else wanted).one_or_none()
    return _draft(row) if row else None


def record(conn: Connection, draft_: Draft, doing: Doing, *, state: str = OPEN) -> Draft:
    """Add to the history of a draft that was found to write; the draft as it now is."""
    version = draft_.version + 1
    _add(conn, draft_.id, version, doing, state=state)
    base_id = doing.base_id or draft_.base_id
    return replace(draft_, version=version, state=state, changed_at=doing.at, base_id=base_id)


def changed_files(conn: Connection, draft_id: UUID) -> dict[str, bytes | None]:
    """The text of each file that was ever saved in a draft; None: it is not there any more."""
    last = (
        select(func.max(draft_event.c.seq).label("seq"))
        .where(draft_event.c.draft_id == draft_id, draft_event.c.path.is_not(None))
        .group_by(draft_event.c.path)
    )
    found = select(draft_event.c.path, draft_event.c.content).where(
        draft_event.c.draft_id == draft_id, draft_event.c.seq.in_(last)
    )
    return {
        row.path: _unpacked(row.content) for row in conn.execute(found.order_by(draft_event.c.path))
    }


def text_at(conn: Connection, draft_id: UUID, path: str, version: int) -> bytes | None:
    """A file of a draft as it stood at a version of the draft; None: it was not there."""
    so_far = _last(draft_id, version)
    saved = conn.execute(so_far.where(draft_event.c.path == path)).one_or_none()
    if saved is not None:
        return _unpacked(saved.content)
    based = conn.execute(so_far.where(draft_event.c.base_id.is_not(None))).one_or_none()
    if based is None:
        return None
    of_release = select(release_file.c.content).where(
        release_file.c.release_id == based.base_id, release_file.c.path == path
    )
    found: bytes | None = conn.scalar(of_release)
    return found


def history_of(conn: Connection, draft_id: UUID, path: str | None = None) -> tuple[Event, ...]:
    """What was done to a draft, or to one file of it, the last first."""
    found = select(
        draft_event.c.seq,
        draft_event.c.kind,
        draft_event.c.path,
        draft_event.c.content.is_(None).label("removed"),
        draft_event.c.who,
        draft_event.c.at,
    ).where(draft_event.c.draft_id == draft_id)
    if path is not None:
        found = found.where(draft_event.c.path == path)
    rows = conn.execute(found.order_by(draft_event.c.seq.desc()))
    return tuple(
        Event(
            row.seq, row.kind, row.path, bool(row.removed) and row.path is not None, row.who, row.at
        )
        for row in rows
    )


def _add(
    conn: Connection,
    draft_id: UUID,
    seq: int,
    doing: Doing,
    *,
    state: str = OPEN,
) -> None:
    content = None if doing.content is None else zlib.compress(doing.content)
    row = {
        "draft_id": draft_id,
        "seq": seq,
        "kind": doing.kind,
        "path": doing.path,
        "content": content,
        "base_id": doing.base_id,
        "person_id": doing.person_id,
        "who": doing.who,
        "at": doing.at,
    }
    conn.execute(insert(draft_event), row)
    now = {"version": seq, "state": state, "changed_at": doing.at}
    moved = {"base_id": doing.base_id} if doing.base_id is not None else {}
    conn.execute(update(draft).where(draft.c.id == draft_id).values(**now, **moved))


def _last(draft_id: UUID, version: int) -> Select[Any]:
    """The last event up to a version."""
    return (
        select(draft_event.c.content, draft_event.c.base_id)
        .where(draft_event.c.draft_id == draft_id, draft_event.c.seq <= version)
        .order_by(draft_event.c.seq.desc())
        .limit(1)
    )


def _unpacked(content: bytes | None) -> bytes | None:
    return None if content is None else zlib.decompress(content)


def _drafts() -> Select[Any]:
    return select(draft, release.c.number.label("base_number")).join(
        release, release.c.id == draft.c.base_id
    )


def _draft(row: Row[Any]) -> Draft:
    return Draft(*(getattr(row, name) for name in Draft.__slots__))
