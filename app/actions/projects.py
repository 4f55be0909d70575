"""Projects: how one is begun, which ones somebody sees, and what happened in one."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, or_, select, update

from app.actions.access.seeing import seen_by
from app.actions.actor import Actor
from app.actions.answers import (
    Opened,
    Project,
    Summarise,
    Summary,
    columns_of,
    keep_events,
    open_sheet,
)
from app.core.moving import begun_with
from app.core.sheet import Change, Sheet, Stamp, merge
from app.store.queries import SUMMARY
from app.store.sheets import from_text, to_text, write_sheet
from app.store.tables import (
    answer_event,
    counter,
    organisation,
    person,
    project,
    project_party,
    sheet,
)
from app.store.team import team


@dataclass(frozen=True, slots=True)
class NewProject:
    """How a project begins: through which door, at which stage, with which answers.

    `carried`: what it begins with from another project, to be confirmed.
    """

    title: str
    door: str
    stage: str
    release_id: UUID
    at: datetime
    where: str = "start"
    changes: Iterable[Change] = field(default=())
    carried: Sheet = field(default_factory=Sheet)
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Listed:
    """A project in a list."""

    reference: str
    organisation: str
    lead: str
    stage: str
    saved_at: datetime
    summary: Summary


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of one answer."""

    seq: int
    version: int
    address: str
    old: object
    new: object
    who: str
    organisation: str
    where: str
    at: datetime


def start_project(conn: Connection, actor: Actor, new: NewProject, summary: Summarise) -> str:
    """Begin a project; its reference, as in FP-0001."""
    number = conn.execute(
        update(counter)
        .where(counter.c.name == "project")
        .values(value=counter.c.value + 1)
        .returning(counter.c.value)
    ).scalar_one()
    begun = Project(
        id=new.id,
        reference=f"FP-{number:04d}",
        organisation_id=actor.organisation_id,
        release_id=new.release_id,
        lead_id=actor.person_id,
        stage=new.stage,
        door=new.door,
        version=1,
        created_at=new.at,
        acts=(),
        summary=Summary(new.title),
    )
    stamp = Stamp(actor.name, new.at, new.where, str(new.release_id))
    merged = merge(new.carried, new.changes, (), stamp)
    begun = replace(begun, summary=summary(Opened(begun, merged.sheet)))
    _keep(conn, begun, merged.sheet, actor.name)
    came = tuple(begun_with(new.carried, stamp))
    keep_events(conn, actor, begun.id, new.release_id, (*came, *merged.events))
    return begun.reference


def begun_already(conn: Connection, id_: UUID) -> str | None:
    """The reference of the project under this id, if somebody has begun it."""
    # Who sends the same form at the same moment waits here until the other's is kept.
    conn.execute(select(counter.c.value).where(counter.c.name == "project").with_for_update())
    found = select(project.c.reference).where(project.c.id == id_)
    return conn.execute(found).scalar_one_or_none()


def list_projects(conn: Connection, actor: Actor, most: int | None = None) -> tuple[Listed, ...]:
    """The projects that the actor sees, the last saved first, or so many of them; one statement.

    No rule is evaluated: what lists show was written with the answers.
    """
    found = (
        select(
            project.c.reference,
            organisation.c.name.label("organisation"),
            person.c.name.label("lead"),
            project.c.stage,
            sheet.c.saved_at,
            *SUMMARY,
        )
        .join(sheet, sheet.c.subject_id == project.c.id)
        .join(organisation, organisation.c.id == project.c.organisation_id)
        .join(person, person.c.id == project.c.lead_id)
        .where(seen_by(actor))
        .order_by(sheet.c.saved_at.desc(), project.c.reference.desc())
        .limit(most)
    )
    return tuple(
        Listed(
            row.reference,
            row.organisation,
            row.lead,
            row.stage,
            row.saved_at,
            Summary(*(getattr(row, name) for name in Summary.__slots__)),
        )
        for row in conn.execute(found)
    )


def history(
    conn: Connection,
    actor: Actor,
    reference: str,
    address: str = "",
    limit: int = 200,
    before: int | None = None,
) -> tuple[Happening, ...]:
    """What was answered, by whom and when, the last first.

    Of the whole project, or of one question, row or column and what lies within it. `before`: only
    what came before the event of this number.
    """
    subject = open_sheet(conn, actor, reference).project.id
    found = (
        select(answer_event, organisation.c.name.label("organisation"))
        .join(organisation, organisation.c.id == answer_event.c.organisation_id)
        .where(answer_event.c.subject_id == subject)
        .order_by(answer_event.c.seq.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(answer_event.c.seq < before)
    if address:
        within = answer_event.c.address.startswith(address + "/", autoescape=True)
        found = found.where(or_(answer_event.c.address == address, within))
    return tuple(
        Happening(
            row.seq,
            row.version,
            row.address,
            from_text(row.old),
            from_text(row.new),
            row.who,
            row.organisation,
            row.place,
            row.at,
        )
        for row in conn.execute(found)
    )


def _keep(conn: Connection, begun: Project, answers: Sheet, who: str) -> None:
    columns = ("id", "reference", "organisation_id", "release_id", "lead_id", "stage", "door")
    conn.execute(
        insert(project),
        {
            **{name: getattr(begun, name) for name in columns},
            "version": begun.version,
            "acts": to_text([]),
            "created_at": begun.created_at,
        },
    )
    conn.execute(
        insert(sheet),
        {
            "subject_id": begun.id,
            "kind": "project",
            "version": answers.version,
            "document": write_sheet(answers),
            "saved_at": begun.created_at,
            **columns_of(begun.summary),
        },
    )
    conn.execute(
        insert(project_party),
        {
            "project_id": begun.id,
            "organisation_id": begun.organisation_id,
            "since": begun.created_at,
            "added_by": who,
        },
    )
    # Whoever begins a project is on its team.
    conn.execute(
        insert(team),
        {
            "id": uuid4(),
            "project_id": begun.id,
            "person_id": begun.lead_id,
            "organisation_id": begun.organisation_id,
            "added_at": begun.created_at,
            "added_by": who,
        },
    )
