"""Telling people something by email at once: asked for here, written by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from app.actions.jobs import add_job
from app.catalogue.letters import Letter
from app.store.tables import membership, person

TELL = "tell"


@dataclass(frozen=True, slots=True)
class Post:
    """What writing to people needs: the letters, and where links lead."""

    letters: Mapping[str, Letter]
    base_url: str


@dataclass(frozen=True, slots=True)
class Message:
    """A letter to tell some people at once: which, to whom, its words, and where it leads."""

    letter: str
    people: tuple[UUID, ...]
    words: Mapping[str, str]
    path: str


def tell_soon(conn: Connection, word: Message, about: str, at: datetime) -> None:
    """Ask the worker to tell people by email; asked for twice it is told once."""
    payload = {
        "letter": word.letter,
        "people": [str(each) for each in word.people],
        "words": dict(word.words),
        "path": word.path,
        "about": about,
    }
    add_job(conn, TELL, f"{word.letter}:{about}", payload, at)


def people_in(conn: Connection, organisation_id: UUID, role: str) -> tuple[UUID, ...]:
    """The active people of an organisation in a role."""
    found = (
        select(person.c.id)
        .join(membership, membership.c.person_id == person.c.id)
        .where(
            membership.c.organisation_id == organisation_id,
            membership.c.role == role,
            membership.c.status == "active",
            person.c.active,
        )
    )
    return tuple(conn.execute(found.order_by(person.c.name)).scalars())
