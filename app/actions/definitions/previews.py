"""What a change of the definitions would do to live projects: begun, looked at, cancelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.jobs import PREVIEW, add_job
from app.catalogue import content_hash
from app.core.wording import count
from app.store.database import seeing_all
from app.store.previews import (
    CANCELLED,
    WAITING,
    WORKING,
    Effect,
    NewPreview,
    Preview,
    effects_of,
    find_preview,
    keep_preview,
    latest_preview,
    note,
    projects_of,
)
from app.store.releases import release_files
from app.store.sheets import from_text
from app.store.tables import organisation, project, sheet

SHOWN = 100
NAMED = 8  # organisations told by name


@dataclass(frozen=True, slots=True)
class Looked:
    """A preview with what was found so far, gravest first."""

    preview: Preview
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """A project that would be otherwise: whose it is, and whether that is this person's organisation.

    `reference`: "" for those of others. Whoever writes a rule could else ask of each what it answered.
    """

    reference: str
    organisation: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """What to look at: the files as they would be, and the release and draft they come from."""

    files: Mapping[str, bytes]
    base_id: UUID
    at: datetime
    draft_id: UUID | None = None


def begin_preview(conn: Connection, actor: Actor, ask: Ask) -> UUID:
    """Ask what these definitions would do to every live project; the id of the preview.

    The same definitions that are being looked at already are looked at once. `fingerpost work` does
    it; `preview_of` tells how far it is, and `preview_of_files` finds the last one of some files.
    """
    hashed = content_hash(ask.files)
    known = latest_preview(conn, hashed)
    if known is not None and known.running:
        return known.id
    base = release_files(conn, ask.base_id)
    changed: dict[str, bytes | None] = {
        path: content for path, content in ask.files.items() if base.get(path) != content
    }
    changed.update(dict.fromkeys(path for path in base if path not in ask.files))
    new = NewPreview(
        ask.base_id, ask.draft_id, hashed, changed, actor.person_id, actor.name, ask.at
    )
    id_ = keep_preview(conn, new)
    add_job(conn, PREVIEW, str(id_), {"preview": str(id_)}, ask.at)
    return id_


def preview_of(conn: Connection, id_: str | UUID) -> Looked:
    """A preview, with what was found. Raises NotFound."""
    found = find_preview(conn, _uuid(id_))
    if found is None:
        raise NotFound(str(id_))
    return Looked(found, effects_of(conn, found.id))


def preview_of_files(conn: Connection, hashed: str) -> Looked | None:
    """The last preview of the files with this content hash that was not cancelled."""
    found = latest_preview(conn, hashed)
    return Looked(found, effects_of(conn, found.id)) if found else None


def cancel_preview(conn: Connection, id_: str | UUID, at: datetime) -> None:
    """Stop looking; what was found so far is dropped. Raises NotFound."""
    found = preview_of(conn, id_).preview
    note(conn, found.id, WAITING, WORKING, state=CANCELLED, ended_at=at)


def touched_projects(
    conn: Connection, actor: Actor, id_: str | UUID, seq: int, start: int = 0
) -> tuple[Touched, ...]:
    """The projects for which one thing would be otherwise, so many at a time."""
    references = projects_of(conn, _uuid(id_), seq)[start : start + SHOWN]
    wanted = (
        select(project.c.reference, project.c.organisation_id, organisation.c.name)
        .join(organisation, organisation.c.id == project.c.organisation_id)
        .where(project.c.reference.in_(references))
        .order_by(project.c.reference)
    )
    with seeing_all(conn):
        rows = conn.execute(wanted).all()
    own = actor.organisation_id
    return tuple(
        Touched(
            row.reference if row.organisation_id == own else "",
            row.name,
            row.organisation_id == own,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds an answer that would be hidden: so many projects, of these organisations."""

    projects: int
    organisations: tuple[tuple[str, int], ...]

    def words(self) -> str:
        """How many and whose, as a sentence."""
        if not self.projects:
            return "No live project holds such an answer."
        named = [f"{name} ({number})" for name, number in self.organisations[:NAMED]]
        more = len(self.organisations) - NAMED
        others = [f"{count(more, 'more organisation')}"] if more > 0 else []
        holds = "holds" if self.projects == 1 else "hold"
        whose = ", ".join([*named, *others])
        return f"{count(self.projects, 'live project')} {holds} such an answer: {whose}."


def who_holds(conn: Connection, question: str, option: str | None = None) -> Holders:
    """How many live projects have answered a question, or chosen one of its options, and whose.

    Said before something is deleted. The answers themselves are not told.
    """
    named = question.partition("/")[0].replace("_", "\\_")
    # Sheets are written without spaces: what is read here is what `write_sheet` writes.
    answered = f'%"{named}":{{"value":'
    told, blank = _like(f"{answered}%"), _like(f"{answered}null%")
    if "/" not in question and option is None:
        plain = dict(_counted(conn, told & ~blank))
        rows = _read(conn, _like(f'%"{named}/%'), question, option)
        return _holders([plain, rows])
    maybe = _like(f'%"{named}/%') if "/" in question else told & _like(f'%"{option or ""}%')
    return _holders([_read(conn, maybe, question, option)])


def _like(pattern: str) -> ColumnElement[bool]:
    return sheet.c.document.like(pattern, escape="\\")


def _counted(conn: Connection, where: ColumnElement[bool]) -> Iterable[tuple[str, int]]:
    counted = select(organisation.c.name, func.count()).select_from(_OWNED).where(where)
    with seeing_all(conn):
        return [(row[0], row[1]) for row in conn.execute(counted.group_by(organisation.c.name))]


def _read(
    conn: Connection, where: ColumnElement[bool], question: str, option: str | None
) -> dict[str, int]:
    """The same where only reading the sheets can tell."""
    found = select(organisation.c.name, sheet.c.document).select_from(_OWNED).where(where)
    with seeing_all(conn):
        return Counter(
            name for name, document in conn.execute(found) if _holds(document, question, option)
        )


_OWNED = sheet.join(project, project.c.id == sheet.c.subject_id).join(
    organisation, organisation.c.id == project.c.organisation_id
)


def _holders(parts: Iterable[Mapping[str, int]]) -> Holders:
    counted: Counter[str] = Counter()
    for part in parts:
        counted.update(part)
    return Holders(counted.total(), tuple(sorted(counted.items())))


def _holds(document: str, question: str, option: str | None) -> bool:
    # A column of rows is named "rows/column", as an address without the number of its row.
    asked, _, column = question.partition("/")
    for address, entry in from_text(document).get("entries", {}).items():
        place = address.split("/")
        if place[0] != asked or entry["value"] is None or (column and place[2:] != [column]):
            continue
        value = entry["value"]
        if option is None or option in (value if isinstance(value, list) else [value]):
            return True
    return False


def _uuid(id_: str | UUID) -> UUID:
    try:
        return id_ if isinstance(id_, UUID) else UUID(id_)
    except ValueError:
        raise NotFound(str(id_)) from None
