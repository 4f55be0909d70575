"""Organisations and the people in them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select

from app.actions.actor import Actor
from app.actions.answers import Summary, columns_of
from app.actions.catalogues import Released
from app.actions.organisation_sheets import answer_for, register_of
from app.core.sheet import Sheet
from app.store.inserting import insert_into
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
    _begin_sheet(conn, added, name, at)
    return added


def _begin_sheet(conn: Connection, organisation_id: UUID, name: str, at: datetime) -> None:
    conn.execute(
        insert(sheet),
        {
            "subject_id": organisation_id,
            "kind": "organisation",
            "version": 0,
            "document": write_sheet(Sheet()),
            "saved_at": at,
            **columns_of(Summary(name)),
        },
    )


class NameTaken(ValueError):
    """There is an organisation of this name already."""


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation to enter. `id`: under which; entered twice under one, it is entered once."""

    name: str
    kind: str
    at: datetime
    id: UUID = field(default_factory=uuid4)


def enter_organisation(
    conn: Connection, actor: Actor, released: Released, new: NewOrganisation
) -> UUID:
    """Enter an organisation into the register, with its first answer. Raises NameTaken."""
    same = select(organisation.c.id).where(func.lower(organisation.c.name) == new.name.lower())
    if conn.scalars(same).first() is None and _entered(conn, new):
        kind = register_of(released.catalogue).kind
        answer_for(conn, actor, released, new.id, {kind: new.kind}, new.at)
        return new.id
    # It was there, or somebody entered it at the same moment: perhaps the same form, sent twice.
    own = select(organisation.c.id).where(organisation.c.id == new.id)
    if conn.scalars(own).first() is None:
        raise NameTaken(new.name)
    return new.id


def _entered(conn: Connection, new: NewOrganisation) -> bool:
    """Whether it was entered now; not when its id or its name is there."""
    row = {"id": new.id, "name": new.name, "kind": new.kind, "created_at": new.at}
    kept = insert_into(conn, organisation).values(row).on_conflict_do_nothing()
    if conn.execute(kept.returning(organisation.c.id)).one_or_none() is None:
        return False
    _begin_sheet(conn, new.id, new.name, new.at)
    return True


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
