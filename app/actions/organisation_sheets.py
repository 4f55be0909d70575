"""What organisations say of themselves: opening a record, saving a page of it, and what lists read of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select, update

from app.actions.actor import Actor
from app.actions.answers import Brief, Summary, columns_of, write_changes
from app.actions.assessments import evaluate_sheet
from app.actions.catalogues import Catalogues, Released
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.pages import PageInput, Saved, Subject, counted, posted_of
from app.catalogue import Catalogue
from app.core.days import day_of
from app.core.journey import Step
from app.core.moving import readable
from app.core.register import Register
from app.core.same import Same
from app.core.sheet import Change, Sheet
from app.store.queries import ORGANISATION, ORGANISATION_TO_WRITE, ORGANISATIONS
from app.store.sheets import read_sheet, to_text
from app.store.tables import organisation, sheet

KEEPER = "lead"
"""The person whom a record asks: whoever keeps it, whatever else they are."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, and whether this actor may change its record."""

    id: UUID
    name: str
    sponsor: str | None
    may_change: bool
    release_id: UUID


@dataclass(frozen=True, slots=True)
class OpenedOrganisation:
    """An organisation with its answers."""

    organisation: Organisation
    sheet: Sheet


@dataclass(frozen=True)
class OrganisationLooked(Subject):
    """An organisation as its answers stand on one day."""

    opened: OpenedOrganisation

    @property
    def register(self) -> Register:
        """What is asked of organisations."""
        return register_of(self.released.catalogue)

    def person(self, actor: Actor) -> str:
        """Everything is asked of whoever keeps the record."""
        del actor
        return KEEPER

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of setting up: the pages it is asked."""
        return self.journey.steps

    @property
    def done(self) -> int:
        """How many steps are complete."""
        return sum(step.complete for step in self.steps)


@dataclass(frozen=True, slots=True)
class Fact:
    """What an organisation says in brief; `at`: when it was answered, unless it was worked out."""

    value: object
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """An organisation in a list: its facts in brief, and how far its record is."""

    id: UUID
    name: str
    kind: str
    saved_at: datetime
    summary: Summary
    facts: Mapping[str, Fact]
    done: int
    steps: int


def register_of(catalogue: Catalogue) -> Register:
    """What a release asks organisations. Raises NotFound when it asks nothing of them."""
    theirs = catalogue.organisations or catalogue
    if not isinstance(theirs.pipeline, Register):
        raise NotFound("organisations")
    return theirs.pipeline


def open_organisation(
    conn: Connection, actor: Actor, catalogues: Catalogues, reference: str, on: date
) -> OrganisationLooked:
    """An organisation's record, in one statement. Raises NotFound."""
    opened = _open(conn, actor, reference, ORGANISATION)
    released = catalogues.of(conn, opened.organisation.release_id).of_organisations
    return look_at(opened, released, on)


def own_record(conn: Connection, actor: Actor, newest: Released, on: date) -> OrganisationLooked:
    """The record of the actor's own organisation, in one statement. Raises NotFound."""
    opened = _open(conn, actor, str(actor.organisation_id), ORGANISATION)
    return look_at(opened, newest.of_organisations, on)


def look_at(opened: OpenedOrganisation, released: Released, on: date) -> OrganisationLooked:
    """Evaluate an organisation's answers, as far as the newest questions read them."""
    catalogue = released.catalogue
    seen = _readable(Same(catalogue), Same(opened.sheet))
    evaluated = evaluate_sheet(catalogue, seen, on, opened.organisation.id)
    return OrganisationLooked(opened, released, evaluated)


@lru_cache(maxsize=64)
def _readable(catalogue: Same[Catalogue], sheet: Same[Sheet]) -> Sheet:
    return readable(catalogue.it.program, sheet.it)


def save_organisation_page(
    conn: Connection, actor: Actor, catalogues: Catalogues, reference: str, page: PageInput
) -> Saved:
    """Save a page of a record. Raises NotFound, NotAllowed, OutOfDate."""
    opened = _open(conn, actor, reference, ORGANISATION_TO_WRITE)
    released = catalogues.of(conn, opened.organisation.release_id).of_organisations
    return _save(conn, actor, opened, released, page)


def check_may_change(about: Organisation) -> None:
    """Only its own people and those of its sponsor change a record. Raises NotAllowed."""
    if not about.may_change:
        raise NotAllowed(f"Only people of {about.name} or of its sponsor change its record.")


def answer_for(
    conn: Connection,
    actor: Actor,
    released: Released,
    organisation_id: UUID,
    given: Mapping[str, object],
    at: datetime,
) -> None:
    """Answer questions of a record, each on the page that asks it; `released`: what organisations are asked.

    Raises NotFound, NotAllowed, OutOfDate.
    """
    pages: dict[str, list[Change]] = {}
    for id_, value in given.items():
        place = released.catalogue.program.places[id_][0]
        pages.setdefault(f"{place.questionnaire}/{place.page}", []).append(Change(id_, value))
    for where, changes in pages.items():
        opened = _open(conn, actor, str(organisation_id), ORGANISATION_TO_WRITE)
        seen = [change._replace(seen=opened.sheet.version) for change in changes]
        _save(conn, actor, opened, released, PageInput(where, released.release.id, at, seen))


def _save(
    conn: Connection,
    actor: Actor,
    opened: OpenedOrganisation,
    released: Released,
    page: PageInput,
) -> Saved:
    about = opened.organisation
    check_may_change(about)
    if page.release_id != about.release_id:
        raise OutOfDate("newer questions were published since the page was shown")
    on = day_of(page.at)

    def look(now: Sheet) -> OrganisationLooked:
        return look_at(OpenedOrganisation(about, now), released, on)

    posted = posted_of(page)
    merged = write_changes(
        conn, actor, about.id, opened.sheet, posted, lambda now: brief_of(look(now))
    )
    return Saved(merged, look(merged.sheet))


def brief_of(looked: OrganisationLooked) -> Brief:
    """What lists and parties read of a record: evaluated once, when it is saved."""
    values, entries = looked.facts.values, looked.opened.sheet.entries
    facts = {
        id_: {"value": values[id_], "at": entries[id_].at.isoformat() if id_ in entries else None}
        for id_ in looked.register.kept_in_brief()
        if id_ in values
    }
    told = {"facts": facts, "done": looked.done, "steps": len(looked.steps)}
    return Brief(**counted(looked, looked.opened.organisation.name), brief=to_text(told))


def list_organisations(conn: Connection) -> tuple[ListedOrganisation, ...]:
    """Every organisation by its name; one statement, and no rule is evaluated."""
    return tuple(_listed(row) for row in conn.execute(ORGANISATIONS))


def refresh(conn: Connection, released: Released, organisation_id: UUID, on: date) -> bool:
    """Work out again what lists show of a record: certificates and delegations end on days.

    Answers stay as they are; returns whether lists show something else.
    """
    row = conn.execute(ORGANISATION_TO_WRITE, {"organisation": organisation_id}).one()
    about = Organisation(row.id, row.name, None, may_change=False, release_id=row.release_id)
    opened = OpenedOrganisation(about, read_sheet(row.document))
    result = columns_of(brief_of(look_at(opened, released, on)))
    shown = select(*(sheet.c[name] for name in result)).where(sheet.c.subject_id == organisation_id)
    if conn.execute(shown).one()._asdict() == result:
        return False
    conn.execute(update(sheet).where(sheet.c.subject_id == organisation_id).values(**result))
    return True


def organisation_ids(conn: Connection) -> list[UUID]:
    """Every organisation there is."""
    return list(conn.execute(select(organisation.c.id)).scalars())


def _open(
    conn: Connection, actor: Actor, reference: str, statement: Select[Any]
) -> OpenedOrganisation:
    try:
        wanted = UUID(reference)
    except ValueError:
        raise NotFound(reference) from None
    row = conn.execute(statement, {"organisation": wanted}).one_or_none()
    if row is None:
        raise NotFound(reference)
    theirs = actor.organisation_id in (row.id, row.sponsor_id)
    return OpenedOrganisation(
        Organisation(
            row.id, row.name, row.sponsor_name, theirs or not row.has_people, row.release_id
        ),
        read_sheet(row.document),
    )


def _listed(row: Any) -> ListedOrganisation:
    told = json.loads(row.brief) if row.brief else {}
    facts = {
        id_: Fact(
            fact["value"], datetime.fromisoformat(fact["at"]) if fact["at"] is not None else None
        )
        for id_, fact in told.get("facts", {}).items()
    }
    return ListedOrganisation(
        row.id,
        row.name,
        row.kind,
        row.saved_at,
        Summary(*(getattr(row, name) for name in Summary.__slots__)),
        facts,
        told.get("done", 0),
        told.get("steps", 0),
    )
