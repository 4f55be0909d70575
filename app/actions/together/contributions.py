"""What each organisation adds to a project: which rows are its own, and how far it is with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.actions.access.policy import POLICY
from app.actions.access.seeing import who_sees
from app.actions.actor import Actor
from app.actions.answers import Project
from app.actions.errors import NotFound
from app.actions.pages import Looked
from app.actions.parties import RECORDS, place_of_record
from app.core import logic
from app.core.facts import Facts
from app.core.parts import routes_of
from app.core.pipeline import Pipeline
from app.core.program import ColumnNode
from app.core.questions import Column, Question, row_label
from app.core.sheet import Entry, Sheet

PARTY = "party"
"""The person of the definitions who answers for one organisation, about that organisation only."""

OURS = "ours/"
"""Begins the place of an answer that an organisation gave, or said is right, on its own page."""

FILLS = POLICY["project.contribute"].roles
"""Who fills in what their organisation adds."""

Row = Mapping[str, Any]


class Source(StrEnum):
    """Where an answer of an organisation came from."""

    BLANK = "blank"
    OURS = "ours"  # the organisation itself gave it, or said that it is right
    RECORD = "record"  # its own record says so
    PROPOSED = "proposed"  # somebody else wrote it for it


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer that an organisation owes or has given. `row` is None while there is no row yet."""

    column: Column
    row: int | None
    entry: Entry | None
    source: Source

    @property
    def counts(self) -> bool:
        """Whether it is asked for, or given although it need not be."""
        wanted = self.column.required or self.column.confirms is not None
        return wanted or self.source is not Source.BLANK

    @property
    def given(self) -> bool:
        """Whether the organisation stands by it."""
        return self.source in (Source.OURS, Source.RECORD)


@dataclass(frozen=True)
class Part:
    """The rows of one question that belong to one organisation.

    `refers`: the column by which a row names it; "" for the parties themselves. `adds`: the
    organisation begins a row when there is none. `due`: asked by the stage where the project stands.
    """

    question: Question
    columns: tuple[Column, ...]
    refers: str
    adds: bool
    due: bool
    stage: str
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]

    @property
    def asked(self) -> int:
        """How many answers are asked for."""
        return sum(cell.counts for cell in self.cells)

    @property
    def given(self) -> int:
        """How many of them the organisation stands by."""
        return sum(cell.counts and cell.given for cell in self.cells)

    @property
    def proposed(self) -> int:
        """How many were written by others and wait for its yes."""
        return sum(cell.source is Source.PROPOSED for cell in self.cells)


@dataclass(frozen=True)
class Contribution:
    """All that one organisation adds; `party` is its row among the parties."""

    name: str
    party: Row
    parts: tuple[Part, ...]

    @cached_property
    def due(self) -> tuple[Part, ...]:
        """What is asked of it by now."""
        return tuple(part for part in self.parts if part.due)

    @property
    def asked(self) -> int:
        """How many answers are asked of it by now."""
        return sum(part.asked for part in self.due)

    @property
    def given(self) -> int:
        """How many of them it stands by."""
        return sum(part.given for part in self.due)

    @property
    def complete(self) -> bool:
        """Whether nothing of what is asked by now is missing."""
        return self.given == self.asked

    def part(self, question: str) -> Part:
        """Its rows of one question. Raises NotFound."""
        for part in self.parts:
            if part.question.id == question:
                return part
        raise NotFound(question)

    def missing(self) -> list[str]:
        """What is not given yet, by name."""
        return [
            cell.column.called
            for part in self.due
            for cell in part.cells
            if cell.counts and not cell.given
        ]


def place_of_ours(organisation_id: UUID) -> str:
    """Where an answer stands that an organisation gave on its own page."""
    return f"{OURS}{organisation_id}"


def contributions(looked: Looked, leads: str) -> tuple[Contribution, ...]:
    """What every party adds.

    `leads`: the organisation that leads; what its people answered anywhere is its own.
    """
    shared = _Shared.of(looked)
    rows = looked.facts.values.get(shared.parties.id, ())
    return tuple(shared.with_party(row, leads) for row in rows)


def contribution_of(looked: Looked, actor: Actor) -> Contribution | None:
    """What the organisation of this person adds; None while it is not among the parties."""
    shared = _Shared.of(looked)
    row = _own_row(looked, shared.parties, actor)
    leads = actor.organisation_name if _leads(looked.opened.project, actor) else ""
    return shared.with_party(row, leads) if row is not None else None


def proposals(looked: Looked, party: Row, question: str) -> list[Row]:
    """The rows of a question that hold for a party: those that name it alone, or those for its like."""
    rows: Iterable[Row] = looked.facts.values.get(question, ())
    pipeline = looked.released.catalogue.pipeline
    if question == pipeline.names.routes:
        return routes_of(rows, party)
    refers = names_party(pipeline, looked.facts.program.questions[question])
    own = [row for row in rows if row.get(refers) == party["id"]]
    return own or [row for row in rows if not row.get(refers)]


def asked_of_row(
    facts: Facts, question: Question, columns: Iterable[Column], row: Row | None
) -> Iterator[Column]:
    """The columns that are asked of a row now: of a new one, those asked of every row."""
    for column in columns:
        if row is None:
            asked = column.show_if is None
        else:
            asked = column.id in row or _owed(facts, question, row, column)
        if asked:
            yield column


def who_fills(conn: Connection, project_id: UUID) -> dict[str, list[str]]:
    """Who can fill in what an organisation adds, by its name in small letters; one statement."""
    found: dict[str, list[str]] = {}
    for row in conn.execute(who_sees(project_id)):
        if row.role in FILLS:
            names = found.setdefault(row.organisation.casefold(), [])
            if row.name not in names:
                names.append(row.name)
    return found


def _owed(facts: Facts, question: Question, row: Row, column: Column) -> bool:
    """Whether a row lacks this answer, and nothing it depends on is still open."""
    address = f"{question.id}/{row['id']}"
    if f"{address}/{column.id}" not in facts.waiting:
        return False
    node = facts.program.nodes.get(f"{question.id}/{column.id}")
    reads = logic.reads(node.when) if isinstance(node, ColumnNode) else ()
    return not any(f"{address}/{name}" in facts.waiting for name in reads)


def _own_row(looked: Looked, question: Question, actor: Actor) -> Row | None:
    """The row that is called as the organisation is, or that was taken from its record."""
    rows: Iterable[Row] = looked.facts.values.get(question.id, ())
    wanted, record = actor.organisation_name.casefold(), place_of_record(actor.organisation_id)
    sheet = looked.opened.sheet
    called = [row for row in rows if row_label(question, row).strip().casefold() == wanted]
    taken = [
        row
        for row in rows
        if any(entry.where == record for _, entry in sheet.cells(f"{question.id}/{row['id']}"))
    ]
    return next(iter(called or taken), None)


def _leads(project: Project, actor: Actor) -> bool:
    return project.organisation_id == actor.organisation_id


@dataclass(frozen=True)
class _Shared:
    """The questions of a project of which each party fills in its own rows."""

    looked: Looked
    parties: Question
    questions: tuple[Question, ...]

    @classmethod
    def of(cls, looked: Looked) -> _Shared:
        names = looked.released.catalogue.pipeline.names
        parties = looked.facts.program.questions[names.parties]
        return cls(looked, parties, tuple(_shared_out(looked, parties)))

    def with_party(self, row: Row, leads: str) -> Contribution:
        """What one party adds."""
        name = row_label(self.parties, row)
        own = bool(leads) and name.strip().casefold() == leads.casefold()
        parts = (_part(self.looked, question, row, leads=own) for question in self.questions)
        return Contribution(name, row, tuple(part for part in parts if part.cells))


def _shared_out(looked: Looked, parties: Question) -> Iterator[Question]:
    """The questions of which each party fills in its own rows, in the order in which they are asked."""
    facts, pipeline = looked.facts, looked.released.catalogue.pipeline
    every = [
        q for q in facts.program.questions.values() if q.type == "rows" and q.id in facts.shown
    ]
    confirmed = {c.confirms.rows for q in every for c in q.columns if c.confirms}
    places = facts.program.places
    for question in sorted(every, key=lambda each: places[each.id][0].rank):
        theirs = question.for_ == PARTY or question.id in confirmed
        if question.id == parties.id or (theirs and names_party(pipeline, question)):
            yield question


def names_party(pipeline: Pipeline, question: Question) -> str:
    """The column by which a row names a party; "" when there is none, and for the parties themselves."""
    parties = pipeline.names.parties
    return next((c.id for c in question.columns if c.rows == parties), "")


def own_columns(pipeline: Pipeline, question: Question) -> tuple[Column, ...]:
    """The columns of a question that a party fills in, in its own rows."""
    refers, parties = names_party(pipeline, question), question.id == pipeline.names.parties
    return tuple(
        column
        for column in question.columns
        if not column.derived and column.id != refers and (not parties or column.for_ == PARTY)
    )


def _part(looked: Looked, question: Question, party: Row, *, leads: bool) -> Part:
    pipeline, facts = looked.released.catalogue.pipeline, looked.facts
    parties = question.id == pipeline.names.parties
    refers, columns = names_party(pipeline, question), own_columns(pipeline, question)
    rows: tuple[Row, ...] = (party,)
    if not parties:
        values: Iterable[Row] = facts.values.get(question.id, ())
        rows = tuple(row for row in values if row.get(refers) == party["id"])
    adds = question.for_ == PARTY and not parties
    stage = pipeline.stage_of(facts.program.places[question.id][0].questionnaire)
    cells = [
        _cell(looked.opened.sheet, question, column, row, leads=leads)
        for row in rows or ((None,) if adds else ())
        for column in asked_of_row(facts, question, columns, row)
        if column.confirms is None or proposals(looked, party, column.confirms.rows)
    ]
    order = list(looked.route.stages)
    now = looked.opened.project.stage
    due = now not in order or (stage.id in order and order.index(stage.id) <= order.index(now))
    return Part(question, columns, refers, adds, due, stage.title, rows, tuple(cells))


def _cell(
    sheet: Sheet, question: Question, column: Column, row: Row | None, *, leads: bool
) -> Cell:
    if row is None:
        return Cell(column, None, None, Source.BLANK)
    entry = sheet.entries.get(f"{question.id}/{row['id']}/{column.id}")
    return Cell(column, int(row["id"]), entry, _source(entry, leads=leads))


def _source(entry: Entry | None, *, leads: bool) -> Source:
    if entry is None or entry.value is None:
        return Source.BLANK
    if leads or entry.where.startswith(OURS):
        return Source.OURS
    return Source.RECORD if entry.where.startswith(RECORDS) else Source.PROPOSED
