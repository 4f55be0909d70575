"""Who does something: a person, in a role, for an organisation."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.store.queries import MEMBERSHIPS, PERSON


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, and for whom."""

    person_id: UUID
    name: str
    role: str
    organisation_id: UUID
    organisation_name: str


def roles_of(conn: Connection, person_id: UUID) -> tuple[Actor, ...]:
    """Every role in which the person may act now; one statement. Empty: may do nothing."""
    return tuple(_actor(row) for row in conn.execute(PERSON, {"person": person_id}))


def who_is(
    conn: Connection, person_id: UUID, organisation_id: UUID | None = None, role: str | None = None
) -> Actor | None:
    """The person as an actor: in the organisation and role asked for, or else the first."""
    return next(
        (
            actor
            for actor in roles_of(conn, person_id)
            if organisation_id in (None, actor.organisation_id) and role in (None, actor.role)
        ),
        None,
    )


def everyone(conn: Connection) -> tuple[Actor, ...]:
    """Every active person in every active role, for the demonstration's bar."""
    return tuple(_actor(row) for row in conn.execute(MEMBERSHIPS))


def _actor(row: Row[*tuple[Any, ...]]) -> Actor:
    return Actor(row.id, row.name, row.role, row.organisation_id, row.organisation_name)
