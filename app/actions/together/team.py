"""The team of a project: the organisations that take part, who works on it for each, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.actions.access.policy import OVERSIGHT, SEES
from app.actions.actor import Actor
from app.actions.answers import Project, open_sheet, open_to_write
from app.actions.errors import NotAllowed, NotFound
from app.actions.review.acts import NewAct, append_act
from app.actions.together.passing import take_back
from app.store.tables import act, answer_event, membership, organisation, person, project_party
from app.store.team import team

LEAD, IG_LEAD = "lead", "ig_lead"
LET_GO = "let_go"
LONGEST_ABOUT = 200


class Whom(NamedTuple):
    """A person, and the organisation for which they work on a project."""

    person_id: UUID
    organisation_id: UUID


class Joined(NamedTuple):
    """Somebody who is on the team now, and how to tell them; `anew`: whether they were not before."""

    person_id: UUID
    name: str
    email: str
    anew: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works on a project, or who sees it by their role.

    `added_at`: since when they are on the team; None for who sees it by their role alone.
    `active`: whether they still have a role there that sees projects.
    """

    whom: Whom
    name: str
    roles: tuple[str, ...]
    added_at: datetime | None = None
    added_by: str = ""
    active: bool = True
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be added."""

    whom: Whom
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that takes part: its people on the team, and who sees the project besides.

    `changes`: whether this person says who is on the team for it; only then there are candidates.
    `leaves`: whether they may let it leave the project again.
    """

    id: UUID
    name: str
    since: datetime
    leads: bool
    members: tuple[Member, ...]
    overseers: tuple[Member, ...]
    candidates: tuple[Candidate, ...]
    changes: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody came onto the team or was taken off it."""

    at: datetime
    by: str
    name: str
    organisation: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Team:
    """Who works on a project, organisation by organisation, its own first.

    `invites`: organisations that this person may let take part, by id; none for most people.
    """

    parties: tuple[Party, ...]
    invites: dict[UUID, str]
    history: tuple[Step, ...]

    @property
    def people(self) -> tuple[Member, ...]:
        """Everybody on the team."""
        return tuple(member for party in self.parties for member in party.members)


def whom(actor: Actor) -> Whom:
    """The actor as somebody who works on projects."""
    return Whom(actor.person_id, actor.organisation_id)


def team_of(conn: Connection, actor: Actor, reference: str) -> Team:
    """Who is on the team, from which organisation, as what. Raises NotFound."""
    project = open_sheet(conn, actor, reference).project
    rows = conn.execute(_rows(project.id)).all()
    people = _People.of(conn, project)
    found = (
        select(organisation.c.id, organisation.c.name, project_party.c.since)
        .join(project_party, project_party.c.organisation_id == organisation.c.id)
        .where(project_party.c.project_id == project.id)
        .order_by(organisation.c.id != project.organisation_id, organisation.c.name)
    )
    parties = conn.execute(found).all()
    busy = _busy(conn, project)
    return Team(
        tuple(_party(project, actor, party, (rows, people, busy)) for party in parties),
        _others(conn, {row.id for row in parties}) if _leads(project, actor) else {},
        tuple(sorted(_history(rows), key=lambda step: step.at, reverse=True)),
    )


def join_team(conn: Connection, actor: Actor, reference: str, who: Whom, at: datetime) -> Joined:
    """Put somebody on the team. Twice is once. Raises NotFound, NotAllowed."""
    project = open_to_write(conn, actor, reference).project
    _refuse_others(project, actor, who.organisation_id)
    found = conn.execute(_active(project).where(person.c.id == who.person_id, _of(who))).first()
    if found is None:
        raise NotFound(str(who.person_id))
    anew = conn.execute(_on_team(project.id, who)).first() is None
    if anew:
        values = {"project_id": project.id, "added_at": at, "added_by": actor.name}
        conn.execute(insert(team), {"id": uuid4(), **who._asdict(), **values})
    return Joined(who.person_id, found.name, found.email, anew)


def leave_team(conn: Connection, actor: Actor, reference: str, who: Whom, at: datetime) -> str:
    """Take somebody off the team; what they answered stays, what waited for them does not. Raises NotFound, NotAllowed."""
    project = open_to_write(conn, actor, reference).project
    _refuse_others(project, actor, who.organisation_id)
    if who == Whom(project.lead_id, project.organisation_id):
        raise NotAllowed("Whoever leads the project stays on its team.")
    there = conn.execute(_on_team(project.id, who)).first()
    if there is None:
        raise NotFound(str(who.person_id))
    ended = {"left_at": at, "left_by": actor.name}
    conn.execute(update(team).where(team.c.id == there.id).values(**ended))
    take_back(conn, project.id, at)
    return str(there.name)


def join_project(
    conn: Connection, actor: Actor, reference: str, organisation_id: UUID, at: datetime
) -> str:
    """Let an organisation take part; its name. Raises NotFound, NotAllowed."""
    project = open_to_write(conn, actor, reference).project
    _refuse_who_does_not_lead(project, actor)
    name = _others(conn, set()).get(organisation_id)
    if name is None:
        raise NotFound(str(organisation_id))
    party = {"project_id": project.id, "organisation_id": organisation_id}
    there = exists().where(*(project_party.c[column] == id_ for column, id_ in party.items()))
    if not conn.execute(select(there)).scalar():
        try:
            conn.execute(insert(project_party), {**party, "since": at, "added_by": actor.name})
        except IntegrityError as refused:  # the database itself keeps this rule
            raise NotAllowed("A sponsored organisation shares only with its sponsor.") from refused
    return name


def leave_project(
    conn: Connection, actor: Actor, reference: str, organisation_id: UUID, at: datetime
) -> str:
    """Let an organisation go that has done nothing yet; its name. Raises NotFound, NotAllowed."""
    opened = open_to_write(conn, actor, reference)
    project = opened.project
    _refuse_who_does_not_lead(project, actor)
    if organisation_id == project.organisation_id:
        raise NotAllowed("The organisation that leads stays.")
    if organisation_id in _busy(conn, project):
        raise NotAllowed("It has answered or decided something here, so it stays.")
    theirs = project_party.c.organisation_id == organisation_id
    gone = conn.execute(
        delete(project_party)
        .where(project_party.c.project_id == project.id, theirs)
        .returning(project_party.c.since, project_party.c.added_by)
    ).one_or_none()
    if gone is None:
        raise NotFound(str(organisation_id))
    conn.execute(
        update(team)
        .where(
            team.c.project_id == project.id,
            team.c.organisation_id == organisation_id,
            team.c.left_at.is_(None),
        )
        .values(left_at=at, left_by=actor.name)
    )
    take_back(conn, project.id, at)
    named = select(organisation.c.name).where(organisation.c.id == organisation_id)
    name = str(conn.execute(named).scalar_one())
    # With its row goes all that said it was here, so the act says it.
    said = {
        "organisation_id": str(organisation_id),
        "organisation": name,
        "since": gone.since.isoformat(),
        "added_by": gone.added_by or "",
    }
    append_act(conn, actor, opened, NewAct(LET_GO, project.stage, at, name[:LONGEST_ABOUT], said))
    return name


# Who says who is on it


def _leads(project: Project, actor: Actor) -> bool:
    return actor.role == LEAD and actor.organisation_id == project.organisation_id


def _changes(project: Project, actor: Actor, organisation_id: UUID) -> bool:
    own = actor.role == IG_LEAD and actor.organisation_id == organisation_id
    return own or _leads(project, actor)


def _refuse_others(project: Project, actor: Actor, organisation_id: UUID) -> None:
    if not _changes(project, actor, organisation_id):
        raise NotAllowed(
            "The project lead says who is on the team; an information governance lead, for their "
            "own organisation."
        )


def _refuse_who_does_not_lead(project: Project, actor: Actor) -> None:
    if not _leads(project, actor):
        raise NotAllowed("The project lead says which organisations take part.")


# What is looked up


@dataclass(frozen=True)
class _People:
    """Everybody active in the organisations that take part, with their roles that see projects."""

    names: dict[Whom, str]
    roles: dict[Whom, tuple[str, ...]]

    @classmethod
    def of(cls, conn: Connection, project: Project) -> _People:
        names: dict[Whom, str] = {}
        roles: dict[Whom, tuple[str, ...]] = {}
        for row in conn.execute(_active(project)):
            who = Whom(row.person_id, row.organisation_id)
            names[who] = row.name
            roles[who] = (*roles.get(who, ()), row.role)
        return cls(names, roles)


def _active(project: Project) -> Any:
    return (
        select(
            person.c.name,
            person.c.email,
            membership.c.person_id,
            membership.c.organisation_id,
            membership.c.role,
        )
        .join(membership, membership.c.person_id == person.c.id)
        .join(project_party, project_party.c.organisation_id == membership.c.organisation_id)
        .where(
            project_party.c.project_id == project.id,
            membership.c.status == "active",
            membership.c.role.in_(SEES),
            person.c.active,
        )
        .order_by(person.c.name, membership.c.role)
    )


def _of(who: Whom) -> Any:
    return membership.c.organisation_id == who.organisation_id


def _rows(project_id: UUID) -> Any:
    return (
        select(team, person.c.name, organisation.c.name.label("organisation"))
        .join(person, person.c.id == team.c.person_id)
        .join(organisation, organisation.c.id == team.c.organisation_id)
        .where(team.c.project_id == project_id)
        .order_by(person.c.name)
    )


def _on_team(project_id: UUID, who: Whom) -> Any:
    return _rows(project_id).where(
        team.c.person_id == who.person_id,
        team.c.organisation_id == who.organisation_id,
        team.c.left_at.is_(None),
    )


def _busy(conn: Connection, project: Project) -> frozenset[UUID]:
    """The organisations for which somebody has answered or acted here."""
    answered = select(answer_event.c.organisation_id).where(answer_event.c.subject_id == project.id)
    acted = select(act.c.organisation_id).where(act.c.project_id == project.id)
    return frozenset(conn.scalars(answered.union(acted)))


def _others(conn: Connection, there: Iterable[UUID]) -> dict[UUID, str]:
    """The organisations that have people here who see projects, but for those that take part."""
    found = (
        select(organisation.c.id, organisation.c.name)
        .where(
            organisation.c.id.in_(
                select(membership.c.organisation_id).where(
                    membership.c.status == "active", membership.c.role.in_(SEES)
                )
            ),
            organisation.c.id.not_in([*there]),
        )
        .order_by(organisation.c.name)
    )
    return {row.id: row.name for row in conn.execute(found)}


def _party(
    project: Project,
    actor: Actor,
    party: Row[*tuple[Any, ...]],
    found: tuple[Iterable[Row[Any]], _People, frozenset[UUID]],
) -> Party:
    rows, people, busy = found
    here = [row for row in rows if row.organisation_id == party.id and row.left_at is None]
    members = tuple(_member(project, row, people) for row in here)
    on_it = {member.whom for member in members}
    others = [who for who in people.names if who.organisation_id == party.id and who not in on_it]
    overseers = tuple(
        Member(who, people.names[who], roles)
        for who in others
        if (roles := tuple(role for role in people.roles[who] if role in OVERSIGHT))
    )
    changes = _changes(project, actor, party.id)
    leads = party.id == project.organisation_id
    return Party(
        party.id,
        party.name,
        party.since,
        leads,
        members,
        overseers,
        # Whoever sees it in every role they have need not be added.
        tuple(
            Candidate(who, people.names[who], people.roles[who])
            for who in others
            if changes and not OVERSIGHT.issuperset(people.roles[who])
        ),
        changes,
        _leads(project, actor) and not leads and party.id not in busy,
    )


def _member(project: Project, row: Row[Any], people: _People) -> Member:
    who = Whom(row.person_id, row.organisation_id)
    return Member(
        who,
        row.name,
        people.roles.get(who, ()),
        row.added_at,
        row.added_by,
        who in people.names,
        who == Whom(project.lead_id, project.organisation_id),
    )


def _history(rows: Iterable[Row[Any]]) -> Iterator[Step]:
    for row in rows:
        yield Step(row.added_at, row.added_by, row.name, row.organisation, joined=True)
        if row.left_at is not None:
            yield Step(row.left_at, row.left_by, row.name, row.organisation, joined=False)
