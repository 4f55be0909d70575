"""What people say to each other about a project: who reads it is said before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from app.actions.access.seeing import seen_by, who_sees
from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.errors import NotAllowed, NotFound
from app.store.tables import comment, project


class Audience(StrEnum):
    """Who reads a comment."""

    OURS = "ours"  # the people of the writer's organisation
    ALL = "all"  # the people of every organisation that takes part


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read comments of a project."""

    id: UUID
    name: str
    organisation_id: UUID
    organisation: str


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says: about what, to whom, and whether it answers something.

    `about`: "" for the project, "questionnaire/page", or the id of a question or a flag.
    """

    words: str
    about: str
    audience: Audience
    at: datetime
    privileged: bool = False
    for_id: UUID | None = None
    answers_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What was said."""

    id: UUID
    about: str
    words: str
    audience: Audience
    privileged: bool
    who: str
    organisation: str
    at: datetime
    for_id: UUID | None
    for_whom: str | None
    answers_id: UUID | None
    settled_by: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """A comment that asks this person, with the project it is about."""

    reference: str
    comment: Comment


def readers(conn: Connection, actor: Actor, reference: str) -> tuple[Reader, ...]:
    """Everybody who may read what is said to all of a project. Raises NotFound."""
    subject = open_sheet(conn, actor, reference).project.id
    found = conn.execute(who_sees(subject))
    every = (Reader(row.id, row.name, row.organisation_id, row.organisation) for row in found)
    return tuple(dict.fromkeys(every))


def comments(
    conn: Connection, actor: Actor, reference: str, about: str | None = None
) -> tuple[Comment, ...]:
    """What this person may read of a project, or of one thing in it, the oldest first."""
    subject = open_sheet(conn, actor, reference).project.id
    found = select(comment).where(comment.c.project_id == subject, _reads(actor))
    if about is not None:
        found = found.where(comment.c.about == about)
    return tuple(map(_comment, conn.execute(found.order_by(comment.c.at, comment.c.id))))


def say(conn: Connection, actor: Actor, reference: str, said: Words) -> Comment:
    """Say something. Raises NotFound, and NotAllowed for what would reach the wrong people."""
    everybody = readers(conn, actor, reference)
    subject = open_sheet(conn, actor, reference).project.id
    if said.privileged and said.audience is not Audience.OURS:
        raise NotAllowed("What is privileged stays in your organisation.")
    whom = _whom(everybody, actor, said) if said.for_id else None
    if said.answers_id is not None:
        first = _seen(conn, actor, subject, said.answers_id)
        if first.audience is Audience.OURS and said.audience is not Audience.OURS:
            raise NotAllowed("An answer reaches nobody who cannot read what it answers.")
    made = Comment(
        uuid4(),
        said.about,
        said.words,
        said.audience,
        said.privileged,
        actor.name,
        actor.organisation_name,
        said.at,
        said.for_id,
        whom,
        said.answers_id,
        None,
        None,
    )
    conn.execute(
        insert(comment),
        {
            "project_id": subject,
            "person_id": actor.person_id,
            "organisation_id": actor.organisation_id,
            **{name: getattr(made, name) for name in Comment.__slots__},
        },
    )
    return made


def settle(conn: Connection, actor: Actor, reference: str, comment_id: UUID, at: datetime) -> None:
    """Say that something is settled; it stays to be read. Raises NotFound."""
    subject = open_sheet(conn, actor, reference).project.id
    _seen(conn, actor, subject, comment_id)
    conn.execute(
        update(comment)
        .where(comment.c.id == comment_id, comment.c.settled_at.is_(None))
        .values(settled_by=actor.name, settled_at=at)
    )


def asked_of(conn: Connection, actor: Actor) -> tuple[Question, ...]:
    """What others ask this person and nobody has settled, the oldest first; one statement."""
    found = (
        select(comment, project.c.reference)
        .join(project, project.c.id == comment.c.project_id)
        .where(
            seen_by(actor),
            comment.c.for_id == actor.person_id,
            comment.c.settled_at.is_(None),
            _reads(actor),
        )
        .order_by(comment.c.at)
    )
    return tuple(Question(row.reference, _comment(row)) for row in conn.execute(found))


def _reads(actor: Actor) -> ColumnElement[bool]:
    """Which comments somebody may read of the projects they see."""
    return or_(
        comment.c.audience == Audience.ALL, comment.c.organisation_id == actor.organisation_id
    )


def _whom(everybody: Iterable[Reader], actor: Actor, said: Words) -> str:
    """The name of whom it asks; only somebody who reads it can be asked. Raises NotAllowed."""
    for each in everybody:
        ours = each.organisation_id == actor.organisation_id
        if each.id == said.for_id and (ours or said.audience is Audience.ALL):
            return each.name
    raise NotAllowed("Whoever you ask must be among those who read it.")


def _seen(conn: Connection, actor: Actor, subject: UUID, comment_id: UUID) -> Comment:
    found = conn.execute(
        select(comment).where(
            and_(comment.c.id == comment_id, comment.c.project_id == subject, _reads(actor))
        )
    ).one_or_none()
    if found is None:
        raise NotFound(str(comment_id))
    return _comment(found)


def _comment(row: Row[Any]) -> Comment:
    values = {name: getattr(row, name) for name in Comment.__slots__}
    return Comment(**{**values, "audience": Audience(row.audience)})
