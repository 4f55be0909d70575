"""Work that waits for an organisation: who has taken it, and who covers for somebody who is away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from app.actions.access.seeing import who_sees
from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.errors import NotFound
from app.store.inserting import put
from app.store.tables import membership, person, project
from app.store.team import claim, cover


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the same organisation in the same role."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a piece of work, and who covers for them today."""

    person: Colleague
    deputy: Colleague | None
    since: datetime

    def is_with(self, person_id: UUID) -> bool:
        """Whether it is for this person to do now."""
        return (self.deputy or self.person).id == person_id


@dataclass(frozen=True, slots=True)
class Cover:
    """Who does somebody's work, until which day."""

    deputy: Colleague
    until: date


def colleagues(
    conn: Connection, actor: Actor, reference: str | None = None
) -> tuple[Colleague, ...]:
    """Everybody in the actor's role at their organisation, the actor among them.

    `reference`: only those who see this project. Raises NotFound.
    """
    if reference is not None:
        subject = open_sheet(conn, actor, reference).project.id
        return tuple(
            Colleague(row.id, row.name)
            for row in conn.execute(who_sees(subject))
            if (row.organisation_id, row.role) == (actor.organisation_id, actor.role)
        )
    found = (
        select(person.c.id, person.c.name)
        .join(membership, membership.c.person_id == person.c.id)
        .where(
            membership.c.organisation_id == actor.organisation_id,
            membership.c.role == actor.role,
            membership.c.status == "active",
            person.c.active,
        )
        .order_by(person.c.name)
    )
    return tuple(Colleague(row.id, row.name) for row in conn.execute(found))


def holders(conn: Connection, actor: Actor, on: date) -> Mapping[str, Holder]:
    """Who has what of the queue of the actor's organisation in their role, by project; one statement."""
    deputy = person.alias("deputy")
    found = (
        select(
            project.c.reference,
            claim.c.at,
            person.c.id,
            person.c.name,
            deputy.c.id.label("deputy_id"),
            deputy.c.name.label("deputy_name"),
        )
        .join(project, project.c.id == claim.c.project_id)
        .join(person, person.c.id == claim.c.person_id)
        .outerjoin(
            cover, and_(_covers(actor), cover.c.person_id == person.c.id, cover.c.until >= on)
        )
        .outerjoin(deputy, deputy.c.id == cover.c.deputy_id)
        .where(claim.c.organisation_id == actor.organisation_id, claim.c.role == actor.role)
    )
    return {
        row.reference: Holder(
            Colleague(row.id, row.name),
            Colleague(row.deputy_id, row.deputy_name) if row.deputy_id else None,
            row.at,
        )
        for row in conn.execute(found)
    }


def give_work(conn: Connection, actor: Actor, reference: str, to: UUID, at: datetime) -> Colleague:
    """Give a piece of work to somebody in the same role, or take it oneself. Raises NotFound."""
    subject = open_sheet(conn, actor, reference).project.id
    whom = _colleague(conn, actor, to, reference)
    work = {
        "project_id": subject,
        "organisation_id": actor.organisation_id,
        "role": actor.role,
    }
    put(conn, claim, work, {"person_id": whom.id, "by": actor.name, "at": at})
    return whom


def put_back(conn: Connection, actor: Actor, reference: str) -> None:
    """Put a piece of work back into the queue, for anybody in the role to take. Raises NotFound."""
    subject = open_sheet(conn, actor, reference).project.id
    conn.execute(
        delete(claim).where(
            claim.c.project_id == subject,
            claim.c.organisation_id == actor.organisation_id,
            claim.c.role == actor.role,
        )
    )


def covered(conn: Connection, actor: Actor, on: date) -> Cover | None:
    """Who covers for the actor on a day."""
    found = conn.execute(
        select(person.c.id, person.c.name, cover.c.until)
        .join(person, person.c.id == cover.c.deputy_id)
        .where(_covers(actor), cover.c.person_id == actor.person_id, cover.c.until >= on)
    ).one_or_none()
    return Cover(Colleague(found.id, found.name), found.until) if found else None


def let_cover(conn: Connection, actor: Actor, deputy: UUID, until: date) -> Colleague:
    """Let a colleague do what is with the actor, the last day included. Raises NotFound."""
    whom = _colleague(conn, actor, deputy)
    if whom.id == actor.person_id:
        raise NotFound(str(deputy))
    own = {
        "organisation_id": actor.organisation_id,
        "role": actor.role,
        "person_id": actor.person_id,
    }
    put(conn, cover, own, {"deputy_id": whom.id, "until": until})
    return whom


def end_cover(conn: Connection, actor: Actor) -> None:
    """Do one's own work again."""
    conn.execute(delete(cover).where(_covers(actor), cover.c.person_id == actor.person_id))


def _covers(actor: Actor) -> ColumnElement[bool]:
    return and_(cover.c.organisation_id == actor.organisation_id, cover.c.role == actor.role)


def _colleague(
    conn: Connection, actor: Actor, person_id: UUID, reference: str | None = None
) -> Colleague:
    """Raise NotFound for whoever is not in the actor's role there, or does not see the project."""
    for each in colleagues(conn, actor, reference):
        if each.id == person_id:
            return each
    raise NotFound(str(person_id))
