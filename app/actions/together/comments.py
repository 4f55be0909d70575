"""What people say to each other about a project: who reads it is said before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from app.actions.access.seeing import seen_by, who_sees
from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.errors import NotAllowed, NotFound
from app.actions.together.mentions import Found, Mention, Reader, find_mentions
from app.store.inserting import insert_into
from app.store.tables import project
from app.store.talk import LONGEST_ABOUT, comment, mention


class Audience(StrEnum):
    """Who reads a comment."""

    OURS = "ours"  # the people of the writer's organisation
    ALL = "all"  # the people of every organisation that takes part


MENTION = (
    mention.c.person_id.label("mentioned_id"),
    mention.c.start,
    mention.c.length,
    mention.c.read_at,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says: about what, to whom, and whether it answers something.

    `about`: "" for the project, "questionnaire/page", or the id of a question or a flag. `id`: under
    which it is kept; said twice under one, it is said once.
    """

    words: str
    about: str
    audience: Audience
    at: datetime
    privileged: bool = False
    for_id: UUID | None = None
    answers_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Comment:
    """What was said, and whom its words mention, in their order."""

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
    mentions: tuple[Mention, ...] = ()

    @property
    def thread(self) -> UUID:
        """The comment with which it began."""
        return self.answers_id or self.id

    def names(self, person_id: UUID) -> bool:
        """Whether it mentions somebody."""
        return any(each.person_id == person_id for each in self.mentions)

    def waits_for(self, person_id: UUID) -> bool:
        """Whether somebody whom it mentions has not said that they have read it."""
        return any(each.person_id == person_id and not each.is_read for each in self.mentions)


COLUMNS = tuple(name for name in Comment.__slots__ if name != "mentions")


@dataclass(frozen=True, slots=True)
class Question:
    """A comment that asks or mentions this person, with the project it is about."""

    reference: str
    comment: Comment
    asks: bool


def readers(conn: Connection, actor: Actor, reference: str) -> tuple[Reader, ...]:
    """Everybody who may read what is said to all of a project, by role. Raises NotFound."""
    subject = open_sheet(conn, actor, reference).project.id
    return tuple(
        Reader(row.id, row.name, row.organisation_id, row.organisation, row.role, row.email)
        for row in conn.execute(who_sees(subject))
    )


def comments(
    conn: Connection, actor: Actor, reference: str, about: str | None = None
) -> tuple[Comment, ...]:
    """What this person may read of a project, or of one thing in it, the oldest first."""
    subject = open_sheet(conn, actor, reference).project.id
    found = (
        select(comment, *MENTION)
        .outerjoin(mention, mention.c.comment_id == comment.c.id)
        .where(comment.c.project_id == subject, _reads(actor))
        .order_by(comment.c.at, comment.c.id, mention.c.start)
    )
    if about is not None:
        found = found.where(comment.c.about == about)
    return tuple(_comments(conn.execute(found)))


def mentions_of(words: str, people: Iterable[Reader], actor: Actor, audience: Audience) -> Found:
    """Whom words would mention if this person said them to some; what is wrong with their names."""
    return find_mentions(words, tuple(people), lambda one: _reads_what(one, actor, audience))


def say(conn: Connection, actor: Actor, reference: str, said: Words) -> Comment:
    """Say something. Raises NotFound, and NotAllowed for what would reach the wrong people."""
    if len(said.about) > LONGEST_ABOUT:
        raise NotFound(said.about)
    everybody = readers(conn, actor, reference)
    subject = open_sheet(conn, actor, reference).project.id
    if said.privileged and said.audience is not Audience.OURS:
        raise NotAllowed("What is privileged stays in your organisation.")
    whom = _whom(everybody, actor, said) if said.for_id else None
    if said.answers_id is not None:
        _check_answer(_seen(conn, actor, subject, said.answers_id), said)
    named = mentions_of(said.words, everybody, actor, said.audience)
    if named.faults:
        raise NotAllowed(f"{named.faults[0]}.")
    made = Comment(
        said.id,
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
        named.mentions,
    )
    made = _keep(conn, actor, subject, made)
    if made.mentions:
        conn.execute(insert(mention), [_row(made, each, actor) for each in made.mentions])
    if made.answers_id is not None:
        _read(conn, actor, made.answers_id, said.at)
    return made


def _check_answer(first: Comment, said: Words) -> None:
    if first.answers_id is not None:
        raise NotFound(str(first.id))  # nobody would find an answer to an answer
    if first.audience is Audience.OURS and said.audience is not Audience.OURS:
        raise NotAllowed("An answer reaches nobody who cannot read what it answers.")


def _keep(conn: Connection, actor: Actor, subject: UUID, made: Comment) -> Comment:
    """Keep what was said. Said before, it mentions nobody again: they were told then."""
    row = {
        "project_id": subject,
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        **{name: getattr(made, name) for name in COLUMNS},
    }
    kept = conn.execute(
        insert_into(conn, comment).values(row).on_conflict_do_nothing().returning(comment.c.id)
    )
    return replace(made, mentions=()) if kept.one_or_none() is None else made


def to_tell(made: Comment, everybody: Iterable[Reader], actor: Actor) -> tuple[Reader, ...]:
    """The others whom a comment mentions, each once, to tell them."""
    named = {each.id: each for each in everybody if made.names(each.id)}
    return tuple(each for each in named.values() if each.id != actor.person_id)


def say_read(
    conn: Connection, actor: Actor, reference: str, comment_id: UUID, at: datetime
) -> None:
    """Say that one has read what mentions one, in a comment and its answers. Raises NotFound."""
    subject = open_sheet(conn, actor, reference).project.id
    _seen(conn, actor, subject, comment_id)
    _read(conn, actor, comment_id, at)


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
    """What asks or mentions this person and nobody has settled, the oldest first; one statement."""
    found = (
        select(comment, project.c.reference)
        .join(project, project.c.id == comment.c.project_id)
        .where(seen_by(actor), waits_for(actor))
        .order_by(comment.c.at)
    )
    return tuple(
        Question(row.reference, _comment(row), row.for_id == actor.person_id)
        for row in conn.execute(found)
    )


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Of the comments in a statement, those that ask this person or mention them unread.

    What was answered to a comment waits no longer when that one is settled.
    """
    first = comment.alias("first")
    settled = select(first.c.id).where(
        first.c.id == func.coalesce(comment.c.answers_id, comment.c.id),
        first.c.settled_at.is_not(None),
    )
    unread = select(mention.c.start).where(
        mention.c.comment_id == comment.c.id,
        mention.c.person_id == actor.person_id,
        mention.c.read_at.is_(None),
    )
    return and_(
        or_(comment.c.for_id == actor.person_id, unread.exists()),
        ~settled.exists(),
        _reads(actor),
    )


def _reads(actor: Actor) -> ColumnElement[bool]:
    """Which comments somebody may read of the projects they see."""
    return or_(
        comment.c.audience == Audience.ALL, comment.c.organisation_id == actor.organisation_id
    )


def _whom(everybody: Iterable[Reader], actor: Actor, said: Words) -> str:
    """The name of whom it asks; only somebody who reads it can be asked. Raises NotAllowed."""
    for each in everybody:
        if each.id == said.for_id and _reads_what(each, actor, said.audience):
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


def _reads_what(one: Reader, actor: Actor, audience: Audience) -> bool:
    """Whether somebody reads what this person says to some."""
    return audience is Audience.ALL or one.organisation_id == actor.organisation_id


def _read(conn: Connection, actor: Actor, first_id: UUID, at: datetime) -> None:
    """What mentions this person in a comment and its answers is read."""
    there = select(comment.c.id).where(
        or_(comment.c.id == first_id, comment.c.answers_id == first_id), _reads(actor)
    )
    conn.execute(
        update(mention)
        .where(
            mention.c.comment_id.in_(there),
            mention.c.person_id == actor.person_id,
            mention.c.read_at.is_(None),
        )
        .values(read_at=at)
    )


def _row(made: Comment, one: Mention, actor: Actor) -> dict[str, Any]:
    own = one.person_id == actor.person_id  # nobody waits for themselves
    return {
        "comment_id": made.id,
        "start": one.start,
        "length": one.length,
        "person_id": one.person_id,
        "read_at": made.at if own else None,
    }


def _comments(rows: Iterable[Row[Any]]) -> Iterator[Comment]:
    """Each comment with its mentions, of a row for each mention."""
    for _, several in groupby(rows, lambda row: row.id):
        found = list(several)
        yield _comment(
            found[0],
            tuple(
                Mention(row.mentioned_id, row.start, row.length, row.read_at is not None)
                for row in found
                if row.mentioned_id is not None
            ),
        )


def _comment(row: Row[Any], mentions: tuple[Mention, ...] = ()) -> Comment:
    values = {name: getattr(row, name) for name in COLUMNS}
    return Comment(**{**values, "audience": Audience(row.audience)}, mentions=mentions)
