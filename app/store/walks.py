"""Walks through the definitions of a draft: answers that belong to no project."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from app.store.definitions import preview

WALK = "WALK-"
"""How the reference of a walk begins: WALK-, its key, a dot, and the role it is walked in."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through a draft. `document`: its answers, as those of a project are kept."""

    key: str
    draft_id: UUID
    person_id: UUID
    title: str
    stage: str
    version: int
    document: str
    at: datetime
    saved_at: datetime

    def reference(self, role: str) -> str:
        """What it is known by where projects have a reference."""
        return f"{WALK}{self.key}.{role}"


def new_key() -> str:
    """A key that nobody guesses."""
    return secrets.token_hex(5)


def parted(reference: str) -> tuple[str, str]:
    """The key and the role of a reference."""
    key, _, role = reference.removeprefix(WALK).partition(".")
    return key, role


def keep_walk(conn: Connection, walk: Walk) -> None:
    """Keep a new walk."""
    conn.execute(insert(preview), {name: getattr(walk, name) for name in Walk.__slots__})


def find_walk(conn: Connection, key: str, *, to_write: bool = False) -> Walk | None:
    """A walk by its key; `to_write`: nobody else changes it until this transaction ends."""
    wanted = select(preview).where(preview.c.key == key)
    row = conn.execute(wanted.with_for_update() if to_write else wanted).one_or_none()
    return Walk(*(getattr(row, name) for name in Walk.__slots__)) if row else None


def save_walk(conn: Connection, walk: Walk) -> None:
    """Write a walk, with other answers, over the one that was found to write."""
    now = {"title": walk.title, "document": walk.document, "saved_at": walk.saved_at}
    conn.execute(
        update(preview).where(preview.c.key == walk.key).values(version=walk.version + 1, **now)
    )


def walks_of(conn: Connection, draft_id: UUID, person_id: UUID) -> tuple[Walk, ...]:
    """A person's walks through a draft, the last saved first."""
    found = select(preview).where(preview.c.draft_id == draft_id, preview.c.person_id == person_id)
    rows = conn.execute(found.order_by(preview.c.saved_at.desc(), preview.c.key))
    return tuple(Walk(*(getattr(row, name) for name in Walk.__slots__)) for row in rows)


def drop_walks(conn: Connection, keys: list[str]) -> None:
    """Forget walks."""
    if keys:
        conn.execute(delete(preview).where(preview.c.key.in_(keys)))
