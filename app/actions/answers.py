"""Opening a project's answers and saving a page of them: the way of every request."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, Select

from app.actions.access.seeing import scope_of
from app.actions.actor import Actor
from app.actions.errors import Full, NotFound, OutOfDate
from app.core.questions import MAX_ROWS, TOO_MANY_ROWS
from app.core.sheet import (
    NEW_ROW,
    Change,
    Event,
    Merged,
    Sheet,
    Stamp,
    Unreadable,
    confirm,
    contested,
    merge,
    read_address,
)
from app.store.queries import ADD_EVENTS, KEEP_SHEET, PAST, PROJECT, PROJECT_TO_WRITE
from app.store.sheets import from_text, read_sheet, to_text, write_sheet
from app.store.walks import WALK, find_walk, parted, save_walk


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists show of a project; written with the answers it follows from.

    `asks`: the declared acts that the answers ask for, by id. `deciding`: the parties that sign and
    decide, a line each; None where that was not worked out yet.
    """

    title: str
    route: str | None = None
    worst_flag: str | None = None
    asked: int = 0
    answered: int = 0
    raised: int = 0
    stops: int = 0
    undetermined: int = 0
    tasks: int = 0
    next_review: date | None = None
    asks: str = ""
    deciding: str | None = None


@dataclass(frozen=True, slots=True)
class BriefAct:
    """An act as a page needs it; the whole of it is in the table of acts."""

    seq: int
    kind: str
    stage: str
    about: str
    who: str
    role: str
    organisation_id: UUID
    organisation: str
    at: datetime
    sheet_version: int
    content_hash: str | None
    seal_hash: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class MustMove:
    """The release that a project must move to before it signs, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it stands."""

    id: UUID
    reference: str
    organisation_id: UUID
    release_id: UUID
    lead_id: UUID
    stage: str
    door: str
    version: int
    created_at: datetime
    acts: tuple[BriefAct, ...]
    summary: Summary
    must_move: MustMove | None = None
    passed: str = ""
    """What waits for somebody, as `passing.passed` reads it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A project with its answers, as this actor may see them."""

    project: Project
    sheet: Sheet


Also = Callable[[Sheet], Iterable[Change]]
"""What follows for the answers from a page and the sheet it meets; it wins over what was posted."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a page says: answers and unreadable input, from which page, when, under which release.

    `seen` of every change may simply be the version of the sheet when the page was shown. `confirm`:
    the questions of which somebody says that what came from an earlier project is still true.
    """

    changes: Iterable[Change]
    where: str
    at: datetime
    release_id: UUID
    drafts: Iterable[Unreadable] = field(default=())
    also: Also | None = None
    confirm: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Brief(Summary):
    """The summary of an organisation, and what else lists and parties read of its answers."""

    brief: str = "{}"


Summarise = Callable[[Opened], Summary]


def open_sheet(conn: Connection, actor: Actor, reference: str) -> Opened:
    """A project and its answers, in one statement."""
    return _open(conn, actor, reference, PROJECT)


def open_to_write(conn: Connection, actor: Actor, reference: str) -> Opened:
    """The same, and nobody else writes to it before this transaction ends."""
    return _open(conn, actor, reference, PROJECT_TO_WRITE)


def save_changes(
    conn: Connection, actor: Actor, reference: str, posted: Posted, summary: Summarise
) -> Merged:
    """Write what a page says, with its events and what follows for the lists; three statements.

    `conn` is a connection of `store.database.write`. What is returned may be acknowledged once
    its block has ended. `summary` sees the project with the new sheet.
    """
    opened = open_to_write(conn, actor, reference)
    project = opened.project
    if project.release_id != posted.release_id:
        raise OutOfDate("the project has moved to another release since the page was shown")
    if reference.startswith(WALK):
        return _save_walk(conn, actor, opened, posted, summary)
    return write_changes(
        conn,
        actor,
        project.id,
        opened.sheet,
        posted,
        lambda sheet: summary(Opened(project, sheet)),
    )


def write_changes(
    conn: Connection,
    actor: Actor,
    subject: UUID,
    sheet: Sheet,
    posted: Posted,
    summary: Callable[[Sheet], Summary],
) -> Merged:
    """Write what a page says into the sheet of a subject that was opened to write; two statements."""
    merged = _merged(conn, actor, subject, sheet, posted)
    if merged.changed:
        result = summary(merged.sheet)
        keep_sheet(conn, subject, sheet, merged.sheet, result, posted.at)
        keep_events(conn, actor, subject, posted.release_id, merged.events)
    return merged


def _merged(conn: Connection, actor: Actor, subject: UUID, sheet: Sheet, posted: Posted) -> Merged:
    """What a page says, brought together with what was answered meanwhile."""
    changes = [*posted.changes]
    if posted.also is not None:
        follow = {change.address: change for change in posted.also(sheet)}
        changes = [change for change in changes if change.address not in follow]
        changes += follow.values()
    drafts = list(posted.drafts)
    _leave_room(sheet, [c.address for c in changes] + [draft.address for draft in drafts])
    stamp = Stamp(actor.name, posted.at, posted.where, str(posted.release_id))
    shown = _shown(conn, subject, contested(sheet, changes))
    return confirm(merge(sheet, changes, drafts, stamp, shown), posted.confirm, stamp)


def _leave_room(sheet: Sheet, addresses: Iterable[str]) -> None:
    """Refuse rows for which a list has no room. Raises Full."""
    places = [read_address(each) for each in addresses if f"/{NEW_ROW}" in each]
    new = {place.row_address: place.question for place in places}
    coming = Counter(new[row] for row in new.keys() - sheet.added.keys())
    for question, number in coming.items():
        if len(sheet.rows(question)) + number > MAX_ROWS:
            raise Full(TOO_MANY_ROWS)


def keep_sheet(
    conn: Connection,
    subject: UUID,
    before: Sheet,
    sheet: Sheet,
    summary: Summary,
    at: datetime,
) -> None:
    """Write a sheet over the one it came of."""
    kept = conn.execute(
        KEEP_SHEET,
        {
            "subject": subject,
            "version_before": before.version,
            "version_now": sheet.version,
            "document_now": write_sheet(sheet, before),
            "saved_at_now": at,
            **{f"{name}_now": value for name, value in columns_of(summary).items()},
        },
    )
    if kept.rowcount != 1:
        raise OutOfDate("somebody else has written to the sheet")


def keep_events(
    conn: Connection, actor: Actor, subject: UUID, release_id: UUID, events: Iterable[Event]
) -> None:
    """Append what happened to the sheet's history."""
    rows = [
        {
            "subject_id": subject,
            "seq": event.seq,
            "version": event.version,
            "address": event.address,
            "old": to_text(event.old),
            "new": to_text(event.new),
            "person_id": actor.person_id,
            "organisation_id": actor.organisation_id,
            "who": event.by,
            "place": event.where,
            "at": event.at,
            "release_id": release_id,
        }
        for event in events
    ]
    if rows:
        conn.execute(ADD_EVENTS, rows)


def columns_of(summary: Summary) -> dict[str, object]:
    """The summary by its columns."""
    brief = summary.brief if isinstance(summary, Brief) else None
    return {"brief": brief, **{name: getattr(summary, name) for name in Summary.__slots__}}


_SUMMARY = attrgetter(*Summary.__slots__)


def project_of(row: Row[Any]) -> Project:
    """A project from a row of the statements above."""
    return Project(
        row.id,
        row.reference,
        row.organisation_id,
        row.release_id,
        row.lead_id,
        row.stage,
        row.door,
        row.version,
        row.created_at,
        read_acts(row.acts),
        Summary(*_SUMMARY(row)),
        MustMove(row.must_move_to, row.must_move_because) if row.must_move_to else None,
        getattr(row, "passed", None) or "",  # the day's reassessment asks for less
    )


def read_acts(text: str) -> tuple[BriefAct, ...]:
    """The acts in brief that a project's row repeats."""
    return tuple(
        BriefAct(
            **{
                **act,
                "organisation_id": UUID(act["organisation_id"]),
                "at": datetime.fromisoformat(act["at"]),
            }
        )
        for act in from_text(text)
    )


def _open_walk(conn: Connection, actor: Actor, reference: str, *, to_write: bool) -> Opened:
    """A walk through a draft, as if it were a project: nothing else knows of it. Raises NotFound."""
    key, _ = parted(reference)
    walk = find_walk(conn, key, to_write=to_write)
    if walk is None or walk.person_id != actor.person_id:
        raise NotFound(reference)
    project = Project(
        id=uuid5(walk.draft_id, key),
        reference=reference,
        organisation_id=actor.organisation_id,
        release_id=walk.draft_id,
        lead_id=actor.person_id,
        stage=walk.stage,
        door="",
        version=walk.version,
        created_at=walk.at,
        acts=(),
        summary=Summary(walk.title),
    )
    return Opened(project, read_sheet(walk.document))


def _save_walk(
    conn: Connection, actor: Actor, opened: Opened, posted: Posted, summary: Summarise
) -> Merged:
    """Keep the answers of a walk, without the history that a project has."""
    merged = _merged(conn, actor, opened.project.id, opened.sheet, posted)
    walk = find_walk(conn, parted(opened.project.reference)[0])
    if merged.changed and walk is not None:
        title = summary(Opened(opened.project, merged.sheet)).title
        document = write_sheet(merged.sheet, opened.sheet)
        save_walk(conn, replace(walk, title=title, document=document, saved_at=posted.at))
    return merged


def _open(conn: Connection, actor: Actor, reference: str, statement: Select[Any]) -> Opened:
    if reference.startswith(WALK):
        return _open_walk(conn, actor, reference, to_write=statement is PROJECT_TO_WRITE)
    row = conn.execute(statement, {"reference": reference, **scope_of(actor)}).one_or_none()
    if row is None:
        raise NotFound(reference)
    return Opened(project_of(row), read_sheet(row.document))


def _shown(
    conn: Connection, subject: UUID, changes: Iterable[Change]
) -> Mapping[tuple[str, int], object]:
    """What a page showed where others have written since: one more statement, seldom needed."""
    seen = {(change.address, change.seen) for change in changes}
    if not seen:
        return {}
    shown: dict[tuple[str, int], object] = dict.fromkeys(seen)
    addresses = sorted({address for address, _ in seen})
    for row in conn.execute(PAST, {"subject": subject, "addresses": addresses}):
        for address, version in seen:
            if address == row.address and row.version <= version:
                shown[address, version] = from_text(row.new)
    return shown
