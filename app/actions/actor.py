"""Who does something: a person, in a role, for an organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.actions.access.roles import WITH_CODE
from app.store.accounts import SIGNED_IN
from app.store.queries import MEMBERSHIPS, PERSON

PASSWORD = "password"  # noqa: S105 - how somebody proved who they are


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, and for whom.

    `notes`: how often their organisation's own guidance was changed; 0: it has none.
    """

    person_id: UUID
    name: str
    role: str
    organisation_id: UUID
    organisation_name: str
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """Who is here: whom they act as, as whom they might act, and since when that is proven.

    `sponsor`: the only one with whom the organisation they act for shares.
    """

    actor: Actor
    others: tuple[Actor, ...]
    proof: str
    fresh_at: datetime
    ends_at: datetime
    sponsor: str | None = None


def roles_of(conn: Connection, person_id: UUID) -> tuple[Actor, ...]:
    """Every role in which the person may act now; one statement. Empty: may do nothing."""
    return tuple(_actor(row) for row in conn.execute(PERSON, {"person": person_id}))


def everyone(conn: Connection) -> tuple[Actor, ...]:
    """Every active person in every active role, for the demonstration's bar."""
    return tuple(_actor(row) for row in conn.execute(MEMBERSHIPS))


def who_is_here(conn: Connection, sign_in_id: str, now: datetime) -> Here | None:
    """Whoever is signed in so, in one statement; None when ended, or when nothing is theirs to do."""
    found = conn.execute(SIGNED_IN, {"token": sign_in_id, "now": now}).all()
    # A role that came after the sign-in may ask for more proof than was given then.
    rows = [row for row in found if row.proof != PASSWORD or row.role not in WITH_CODE]
    if not rows:
        return None
    chosen = _chosen(rows)
    others = tuple(_actor(row) for row in rows if row is not chosen)
    proven = chosen.proof, chosen.fresh_at, chosen.ends_at
    return Here(_actor(chosen), others, *proven, chosen.sponsor_name)


def _chosen(rows: Sequence[Row[*tuple[Any, ...]]]) -> Row[*tuple[Any, ...]]:
    """The role that was chosen; or another in its organisation; or the first there is."""
    there = [row for row in rows if row.organisation_id == row.chosen_id]
    return next((row for row in there if row.role == row.chosen_role), (there or rows)[0])


def _actor(row: Row[*tuple[Any, ...]]) -> Actor:
    where = row.organisation_id, row.organisation_name
    return Actor(row.id, row.name, row.role, *where, row.notes_version or 0)
