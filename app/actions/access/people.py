"""The people of organisations: invited, taken in with their roles, suspended and readmitted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from app.actions.access.accounts import (
    ACTIVE,
    INVITATION,
    INVITED,
    SUSPENDED,
    Link,
    close_links,
    send_link,
)
from app.actions.access.roles import ADMINISTRATOR, GIVEN_BY_SYSTEM, ROLES, SYSTEM
from app.actions.access.sign_ins import end_everywhere, note
from app.actions.actor import Actor
from app.actions.errors import NotAllowed, NotFound
from app.store.accounts import account
from app.store.inserting import keep_once
from app.store.tables import membership, organisation, person

LONGEST_ADDRESS = 254
# Nor what cannot be seen: control characters, spaces without width, turns of the reading direction.
_NOT = r"@\s<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
ADDRESS = re.compile(rf"[^{_NOT}]+@[^{_NOT}.]+(\.[^{_NOT}.]+)+")


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organisation, with each role and its status."""

    person_id: UUID
    name: str
    email: str
    roles: tuple[tuple[str, str], ...]

    @property
    def status(self) -> str:
        """The best status among the roles."""
        statuses = {status for _, status in self.roles}
        return next((each for each in (ACTIVE, INVITED) if each in statuses), SUSPENDED)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to invite. `id`: under which; invited twice under one, they are invited once."""

    name: str
    email: str
    roles: tuple[str, ...]
    id: UUID = field(default_factory=uuid4)


def is_address(text: str) -> bool:
    """Whether this can be an email address."""
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None


# Inviting


def invite(
    conn: Connection,
    actor: Actor | None,
    organisation_id: UUID,
    who: Invited,
    at: datetime,
    lasts: timedelta,
) -> Link:
    """Invite somebody into an organisation. Nobody invites (`None`) only at a terminal.

    Whoever has an account already is taken in at once; others when they open the link.
    Raises NotAllowed or NotFound.
    """
    person_id = _person_of(conn, who, at)
    if actor is not None:
        organisation_of(conn, actor, organisation_id)
        _may_give(actor, person_id, who.roles)
    roles = ", ".join(who.roles)
    if not note(conn, "invited", person_id, at, by=actor, once=who.id, roles=roles):
        return Link(person_id, None, at, anew=False)
    has_account = conn.scalar(select(account.c.person_id).where(account.c.person_id == person_id))
    _give(conn, person_id, organisation_id, who.roles, ACTIVE if has_account else INVITED, at)
    if has_account:
        return Link(person_id, None, at)
    return send_link(conn, person_id, INVITATION, at, lasts)


def _person_of(conn: Connection, who: Invited, at: datetime) -> UUID:
    """Who has this address; somebody new, whom another may enter at the same moment."""
    same = select(person.c.id).where(func.lower(person.c.email) == who.email.lower())
    found: UUID | None = conn.scalar(same)
    if found is None:
        row = {"id": uuid4(), "name": who.name, "email": who.email.lower(), "active": True}
        keep_once(conn, person, {**row, "created_at": at})
        found = conn.execute(same).scalar_one()
    return found


# Organisations


@dataclass(frozen=True, slots=True)
class About:
    """An organisation whose people somebody looks after."""

    id: UUID
    name: str
    sponsor_id: UUID | None
    sponsor: str | None


class SharesWithOthers(Exception):
    """It takes part in a project with somebody who is not to be its sponsor."""


def organisation_of(conn: Connection, actor: Actor, organisation_id: UUID) -> About:
    """An organisation whose people this actor looks after. Raises NotFound or NotAllowed.

    Its administrator does, its sponsor's, and whoever runs the service.
    """
    by = organisation.alias("by")
    row = conn.execute(
        select(
            organisation.c.id,
            organisation.c.name,
            organisation.c.sponsor_id,
            by.c.name.label("sponsor"),
        )
        .outerjoin(by, by.c.id == organisation.c.sponsor_id)
        .where(organisation.c.id == organisation_id)
    ).one_or_none()
    if row is not None and actor.role == SYSTEM:
        return About(*row)
    if row is None or actor.organisation_id not in (row.id, row.sponsor_id):
        raise NotFound("organisation")
    if actor.role != ADMINISTRATOR:
        raise NotAllowed("An organisation's administrator looks after its people.")
    return About(*row)


def possible_sponsors(conn: Connection, organisation_id: UUID) -> list[tuple[UUID, str]]:
    """Every other organisation that takes part in its own right."""
    rows = conn.execute(
        select(organisation.c.id, organisation.c.name)
        .where(organisation.c.id != organisation_id, organisation.c.sponsor_id.is_(None))
        .order_by(func.lower(organisation.c.name))
    )
    return [(row.id, row.name) for row in rows]


def set_sponsor(
    conn: Connection, actor: Actor, organisation_id: UUID, sponsor_id: UUID | None, at: datetime
) -> None:
    """Give an organisation a sponsor, or none. Raises NotAllowed, NotFound or SharesWithOthers."""
    if actor.role != SYSTEM:
        raise NotAllowed("Only a system administrator says who sponsors an organisation.")
    if sponsor_id is not None and sponsor_id not in dict(possible_sponsors(conn, organisation_id)):
        raise NotFound("sponsor")
    own = organisation.c.id == organisation_id
    try:
        done = conn.execute(update(organisation).where(own).values(sponsor_id=sponsor_id))
    except IntegrityError as refused:  # the database itself keeps this rule
        raise SharesWithOthers from refused
    if not done.rowcount:
        raise NotFound("organisation")
    note(conn, "sponsor", None, at, by=actor, organisation=str(organisation_id), to=str(sponsor_id))


# Who is in an organisation


def people_of(conn: Connection, actor: Actor, organisation_id: UUID) -> list[Member]:
    """Everybody in an organisation, with every role. Raises NotFound or NotAllowed."""
    about = organisation_of(conn, actor, organisation_id)
    rows = conn.execute(
        select(person.c.id, person.c.name, person.c.email, membership.c.role, membership.c.status)
        .join(membership, membership.c.person_id == person.c.id)
        .where(membership.c.organisation_id == about.id)
        .order_by(func.lower(person.c.name), person.c.id, membership.c.role)
    )
    found: dict[UUID, Member] = {}
    for row in rows:
        before = found[row.id].roles if row.id in found else ()
        found[row.id] = Member(row.id, row.name, row.email, (*before, (row.role, row.status)))
    return list(found.values())


def change_roles(
    conn: Connection,
    actor: Actor,
    organisation_id: UUID,
    person_id: UUID,
    roles: tuple[str, ...],
    at: datetime,
) -> None:
    """Give a person exactly these roles in an organisation. Raises NotAllowed or NotFound."""
    member = _member(conn, actor, organisation_id, person_id)
    held = {role for role, _ in member.roles}
    _may_give(actor, person_id, held ^ set(roles))
    if not roles:
        raise NotAllowed("Whoever has no role can do nothing: suspend them instead.")
    lost = membership.c.role.in_(held - set(roles))
    conn.execute(membership.delete().where(_of(organisation_id, person_id), lost))
    _give(conn, person_id, organisation_id, tuple(set(roles) - held), member.status, at)
    note(conn, "roles_changed", person_id, at, by=actor, roles=", ".join(roles))


def suspend(
    conn: Connection, actor: Actor, organisation_id: UUID, person_id: UUID, at: datetime
) -> int:
    """Suspend a person: at once they are signed out everywhere. How many browsers that was.

    Links that were mailed open no more, unless another organisation counts on them. Raises NotAllowed
    or NotFound.
    """
    member = _member(conn, actor, organisation_id, person_id)
    _may_give(actor, person_id, [role for role, _ in member.roles])
    conn.execute(
        update(membership).where(_of(organisation_id, person_id)).values(status=SUSPENDED, since=at)
    )
    note(conn, "suspended", person_id, at, by=actor)
    theirs = (membership.c.person_id == person_id, membership.c.status != SUSPENDED)
    if conn.execute(select(membership.c.role).where(*theirs).limit(1)).first() is None:
        # An invitation that went astray would else still let its reader choose a password.
        close_links(conn, person_id, at)
    return end_everywhere(conn, person_id, at)


def readmit(
    conn: Connection, actor: Actor, organisation_id: UUID, person_id: UUID, at: datetime
) -> None:
    """End a suspension; who never chose a password stays invited. Raises NotAllowed or NotFound."""
    member = _member(conn, actor, organisation_id, person_id)
    _may_give(actor, person_id, [role for role, _ in member.roles])
    known = conn.scalar(select(account.c.person_id).where(account.c.person_id == person_id))
    status = ACTIVE if known else INVITED
    suspended = membership.c.status == SUSPENDED
    conn.execute(
        update(membership)
        .where(_of(organisation_id, person_id), suspended)
        .values(status=status, since=at)
    )
    note(conn, "readmitted", person_id, at, by=actor)


def _of(organisation_id: UUID, person_id: UUID) -> ColumnElement[bool]:
    return (membership.c.organisation_id == organisation_id) & (membership.c.person_id == person_id)


def _member(conn: Connection, actor: Actor, organisation_id: UUID, person_id: UUID) -> Member:
    for each in people_of(conn, actor, organisation_id):
        if each.person_id == person_id:
            return each
    raise NotFound("member")


def _may_give(actor: Actor, person_id: UUID, roles: Iterable[str]) -> None:
    """Nobody gives themselves a role or takes their own: so there is always an administrator left."""
    wanted = set(roles)
    if wanted - ROLES.keys():
        raise NotAllowed("There is no such role.")
    if wanted & GIVEN_BY_SYSTEM and actor.role != SYSTEM:
        raise NotAllowed("Only a system administrator gives or takes that role.")
    if person_id == actor.person_id:
        raise NotAllowed("You cannot change your own roles: ask another administrator.")


def _give(
    conn: Connection,
    person_id: UUID,
    organisation_id: UUID,
    roles: tuple[str, ...],
    status: str,
    at: datetime,
) -> None:
    held = set(conn.scalars(select(membership.c.role).where(_of(organisation_id, person_id))))
    whose = {"person_id": person_id, "organisation_id": organisation_id}
    for role in roles:
        if role not in held:
            # Another administrator may give it at the same moment.
            keep_once(conn, membership, {**whose, "role": role, "status": status, "since": at})
