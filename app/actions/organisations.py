"""Organisations and the people in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select

from app.actions.actor import Actor
from app.actions.answers import Summary, columns_of
from app.actions.catalogues import Released
from app.actions.organisation_sheets import answer_for, register_of
from app.core.sheet import Sheet
from app.store.sheets import write_sheet
from app.store.tables import membership, organisation, person, sheet


def add_organisation(
    conn: Connection, name: str, kind: str, at: datetime, sponsor_id: UUID | None = None
) -> UUID:
    """An organisation, with a sheet of its own."""
    added = uuid4()
    conn.execute(
        insert(organisation),
        {"id": added, "name": name, "kind": kind, "sponsor_id": sponsor_id, "created_at": at},
    )
    conn.execute(
        insert(sheet),
        {
            "subject_id": added,
            "kind": "organisation",
            "version": 0,
            "document": write_sheet(Sheet()),
            "saved_at": at,
            **columns_of(Summary(name)),
        },
    )
    return added


class NameTaken(ValueError):
    """There is an organisation of this name already."""


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation to enter."""

    name: str
    kind: str
    at: datetime


def enter_organisation(
    conn: Connection, actor: Actor, released: Released, new: NewOrganisation
) -> UUID:
    """Enter an organisation into the register, with its first answer. Raises NameTaken."""
    same = select(organisation.c.id).where(func.lower(organisation.c.name) == new.name.lower())
    if conn.execute(same).first() is not None:
        raise NameTaken(new.name)
    added = add_organisation(conn, new.name, new.kind, new.at)
    kind = register_of(released.catalogue).kind
    answer_for(conn, actor, released, added, {kind: new.kind}, new.at)
    return added


def add_person(conn: Connection, name: str, email: str, at: datetime) -> UUID:
    """A person, who may do nothing before an organisation takes them in."""
    added = uuid4()
    conn.execute(
        insert(person),
        {"id": added, "name": name, "email": email, "active": True, "created_at": at},
    )
    return added


def take_in(
    conn: Connection, person_id: UUID, organisation_id: UUID, role: str, at: datetime
) -> None:
    """Give a person a role in an organisation."""
    conn.execute(
        insert(membership),
        {
            "person_id": person_id,
            "organisation_id": organisation_id,
            "role": role,
            "status": "active",
            "since": at,
        },
    )
