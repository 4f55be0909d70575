"""Pages and questions passed to people: who was asked for what, by when, and when that is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, select, update

from app.actions.access.seeing import seen_by, who_sees
from app.actions.actor import Actor
from app.actions.answers import Project, open_sheet
from app.actions.errors import NotFound
from app.core.journey import Journey
from app.store.inserting import keep_once
from app.store.joined import ENTRY, FIELD
from app.store.tables import person, project, sheet
from app.store.team import assignment


@dataclass(frozen=True, slots=True)
class Handover:
    """What to pass to whom: a page, or one question on it; with which words, until when.

    `to_id`: somebody who sees the project; else `to_whom` says who, and nobody is told. `id`: under
    which it is kept; passed on twice under one, it is passed on once.
    """

    page: str
    to_whom: str
    note: str
    at: datetime
    to_id: UUID | None = None
    question: str = ""
    due_on: date | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A page or a question that waits for somebody."""

    id: UUID
    page: str
    to_whom: str
    note: str
    who: str
    at: datetime
    done_at: datetime | None
    to_id: UUID | None = None
    question: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """An assignment in brief, as it comes with the project: what waits, for whom, until when."""

    page: str
    question: str
    to_whom: str
    due_on: date | None
    to_id: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked, and how to tell them."""

    id: UUID
    name: str
    email: str
    assignment_id: UUID


@dataclass(frozen=True, slots=True)
class Yours:
    """What a person is to answer in one of their projects."""

    reference: str
    title: str
    release_id: UUID
    assignment: Assignment

    def is_late(self, on: date) -> bool:
        """Whether its day has passed."""
        return self.assignment.due_on is not None and self.assignment.due_on < on


def assign_page(conn: Connection, actor: Actor, reference: str, handover: Handover) -> Asked | None:
    """Pass something on; everybody else carries on. Raises NotFound for who may not see it.

    Whoever is to be told is given back; somebody who is only named is not.
    """
    subject = open_sheet(conn, actor, reference).project.id
    told = _asked(conn, subject, handover) if handover.to_id else None
    if told is not None:
        handover = replace(handover, to_whom=told.name)
    keep_once(
        conn,
        assignment,
        {
            "project_id": subject,
            "person_id": actor.person_id,
            "who": actor.name,
            **{name: getattr(handover, name) for name in Handover.__slots__},
            "question": handover.question or None,
        },
    )
    return told


def assignments(conn: Connection, actor: Actor, reference: str) -> tuple[Assignment, ...]:
    """Everything that was passed on in a project, the oldest first."""
    subject = open_sheet(conn, actor, reference).project.id
    found = select(assignment).where(assignment.c.project_id == subject).order_by(assignment.c.at)
    return tuple(
        Assignment(*(getattr(row, name) for name in Assignment.__slots__))
        for row in conn.execute(found)
    )


def finish_assignment(
    conn: Connection, actor: Actor, reference: str, assignment_id: UUID, at: datetime
) -> None:
    """It was answered, or is taken back."""
    subject = open_sheet(conn, actor, reference).project.id
    done = conn.execute(
        update(assignment)
        .where(and_(assignment.c.id == assignment_id, assignment.c.project_id == subject))
        .values(done_at=at)
    )
    if done.rowcount != 1:
        raise NotFound(str(assignment_id))


def take_back(conn: Connection, project_id: UUID, at: datetime) -> int:
    """What waits for people who no longer see the project waits for them no more; how much that was.

    It is asked again of whoever the page asks, and can be passed to somebody else.
    """
    still = who_sees(project_id).with_only_columns(person.c.id)
    gone = (assignment.c.to_id.is_not(None), assignment.c.to_id.not_in(still))
    open_ = (assignment.c.project_id == project_id, assignment.c.done_at.is_(None))
    return conn.execute(update(assignment).where(*open_, *gone).values(done_at=at)).rowcount


def yours(conn: Connection, actor: Actor) -> tuple[Yours, ...]:
    """What this person is to answer, what is due first before the rest; one statement."""
    found = (
        select(assignment, project.c.reference, project.c.release_id, sheet.c.title)
        .join(project, project.c.id == assignment.c.project_id)
        .join(sheet, sheet.c.subject_id == project.c.id)
        .where(
            assignment.c.to_id == actor.person_id, assignment.c.done_at.is_(None), seen_by(actor)
        )
        .order_by(assignment.c.due_on.is_(None), assignment.c.due_on, assignment.c.at)
    )
    return tuple(
        Yours(
            row.reference,
            row.title,
            row.release_id,
            Assignment(*(getattr(row, name) for name in Assignment.__slots__)),
        )
        for row in conn.execute(found)
    )


def passed(project: Project) -> Iterator[Passed]:
    """What waits for somebody in a project, as it came with it: no statement is sent."""
    for entry in filter(None, project.passed.split(ENTRY)):
        page, question, to_whom, due, to_id = entry.split(FIELD)
        on = date.fromisoformat(due) if due else None
        yield Passed(page, question, to_whom, on, UUID(to_id) if to_id else None)


def finish_answered(
    conn: Connection, project: Project, page: str, journey: Journey, at: datetime
) -> None:
    """What was passed on of a page that is saved now is done once nothing asked there is missing.

    One statement, and only where something of the page had been passed on and is answered.
    """
    here = [each for each in passed(project) if each.page == page]
    done = list(_answered(here, journey)) if here else []
    if done:
        conn.execute(
            update(assignment)
            .where(
                assignment.c.project_id == project.id,
                assignment.c.page == page,
                assignment.c.done_at.is_(None),
                _of(done),
            )
            .values(done_at=at)
        )


def is_answered(journey: Journey, page: str, question: str = "") -> bool:
    """Whether nothing asked on a page is missing, or one question of it is answered."""
    step = journey.step(*page.split("/", maxsplit=1))
    if step is None:
        return False
    blank = {address.split("/")[0] for owed in step.unfinished.values() for address in owed}
    return question not in blank if question else not blank


def _answered(here: Iterable[Passed], journey: Journey) -> Iterator[str]:
    """The questions that are answered; "" for the page as a whole."""
    return (each.question for each in here if is_answered(journey, each.page, each.question))


def _of(questions: Iterable[str]) -> ColumnElement[bool]:
    wanted = [*questions]
    named = assignment.c.question.in_([each for each in wanted if each])
    return named | assignment.c.question.is_(None) if "" in wanted else named


def _asked(conn: Connection, subject: UUID, handover: Handover) -> Asked:
    """Somebody who sees the project. Raises NotFound."""
    for row in conn.execute(who_sees(subject)):
        if row.id == handover.to_id:
            return Asked(row.id, row.name, row.email, handover.id)
    raise NotFound(str(handover.to_id))
