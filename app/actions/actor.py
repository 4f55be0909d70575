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


def everyone(conn: Connection) -> tuple[Actor, ...]:
    """Every active person in every active role, for the demonstration's bar."""
    return tuple(_actor(row) for row in conn.execute(MEMBERSHIPS))


def _actor(row: Row[*tuple[Any, ...]]) -> Actor:
    return Actor(row.id, row.name, row.role, row.organisation_id, row.organisation_name)
