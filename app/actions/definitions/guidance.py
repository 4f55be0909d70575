"""An organisation's own notes beside questions: for its people, without changing the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from app.actions.access.policy import POLICY
from app.actions.actor import Actor
from app.actions.errors import NotAllowed
from app.core.recent import Recent
from app.store.definitions import guidance_note
from app.store.tables import organisation

LONGEST = 2_000
KEPT = 64  # organisations whose notes a process has at hand


@dataclass(frozen=True, slots=True)
class Note:
    """A note beside a question or page. An empty text: it was taken away."""

    about: str
    seq: int
    text: str
    who: str
    at: datetime


def about_question(id_: str) -> str:
    """What a note beside a question is kept under."""
    return f"question:{id_}"


def about_page(questionnaire: str, page: str) -> str:
    """What a note at the top of a page is kept under."""
    return f"page:{questionnaire}/{page}"


def writes_notes(actor: Actor) -> bool:
    """Whether this person writes the notes of their organisation."""
    return not POLICY["guidance"].refuses(actor.role)


def write_note(conn: Connection, actor: Actor, about: str, text: str, at: datetime) -> None:
    """Write a note, or take it away; what it said before is kept. Raises NotAllowed."""
    if not writes_notes(actor):
        raise NotAllowed("An information governance lead or administrator writes these notes.")
    # The organisation's row first, so that two who write at once wait for each other.
    mine = organisation.c.id == actor.organisation_id
    version = func.coalesce(organisation.c.notes_version, 0) + 1
    conn.execute(update(organisation).where(mine).values(notes_version=version))
    last = note_history(conn, actor, (about,))
    row = {
        "organisation_id": actor.organisation_id,
        "about": about,
        "seq": last[0].seq + 1 if last else 1,
        "text": text[:LONGEST],
        "person_id": actor.person_id,
        "who": actor.name,
        "at": at,
    }
    conn.execute(insert(guidance_note), row)


def note_history(conn: Connection, actor: Actor, about: Iterable[str]) -> tuple[Note, ...]:
    """Every version of some notes of the actor's organisation, the last first."""
    found = (
        select(*(guidance_note.c[name] for name in Note.__slots__))
        .where(
            guidance_note.c.organisation_id == actor.organisation_id,
            guidance_note.c.about.in_(list(about)),
        )
        .order_by(guidance_note.c.about, guidance_note.c.seq.desc())
    )
    return tuple(Note(*row) for row in conn.execute(found))


# By how often they were changed.
_notes = Recent[tuple[UUID, int], Mapping[str, Note]](KEPT)


def known_notes(actor: Actor) -> Mapping[str, Note] | None:
    """The notes of the actor's organisation, if this process has them at hand: no statement."""
    if not actor.notes:
        return {}
    return _notes.recall((actor.organisation_id, actor.notes))


def notes_for(conn: Connection, actor: Actor) -> Mapping[str, Note]:
    """The notes of the actor's organisation; one statement when they were changed, else none.

    What is read may already be newer than the actor's version: then it is shown and not kept.
    """
    known = known_notes(actor)
    if known is not None:
        return known
    newest = (
        select(guidance_note.c.about, func.max(guidance_note.c.seq).label("seq"))
        .where(guidance_note.c.organisation_id == actor.organisation_id)
        .group_by(guidance_note.c.about)
        .subquery()
    )
    found = (
        select(*(guidance_note.c[name] for name in Note.__slots__), organisation.c.notes_version)
        .join(
            newest,
            (newest.c.about == guidance_note.c.about) & (newest.c.seq == guidance_note.c.seq),
        )
        .join(organisation, organisation.c.id == guidance_note.c.organisation_id)
        .where(guidance_note.c.organisation_id == actor.organisation_id)
    )
    rows = conn.execute(found).all()
    notes = {row.about: Note(*row[:-1]) for row in rows if row.text}
    if any(row.notes_version != actor.notes for row in rows):
        return notes
    return _notes.keep((actor.organisation_id, actor.notes), notes)
