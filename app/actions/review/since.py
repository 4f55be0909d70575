"""What changed in a project since somebody looked: answers, flags, and the law behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from app.actions.assessments import evaluate
from app.actions.catalogues import Catalogues, Released
from app.actions.definitions.law import CONFIRMED, law_hash
from app.actions.review.reports import Report
from app.actions.review.sign_off import MOVING
from app.core.assessment import Flag, assess
from app.core.days import day_of
from app.core.domains import show_date
from app.core.questions import row_label
from app.core.record import Record
from app.core.rules import FlagRule
from app.core.sheet import Entry, Sheet, answers
from app.core.standing import MOVE
from app.store.definitions import law_word
from app.store.sheets import from_text
from app.store.tables import answer_event

LONG = 300
ADDED, CHANGED, REMOVED = "added", "changed", "removed"
RAISED, CLEARED, OPEN = "raised", "cleared", "open"


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody looked: the version of the sheet they saw, and the time."""

    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """One thing that was written to a sheet, as its history keeps it."""

    version: int
    address: str
    old: Any
    new: Any
    person_id: UUID
    who: str
    at: datetime
    moved: bool


@dataclass(frozen=True, slots=True)
class AnswerChanged:
    """An answer that is not what it was: its question in words, before and after in words.

    `how`: ADDED, CHANGED or REMOVED; a row that came or went is one change. Who and when are of
    the last who wrote there.
    """

    address: str
    title: str
    how: str
    before: str
    after: str
    person_id: UUID
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlagChanged:
    """A flag that is RAISED now and was not, CLEARED, or OPEN again because an answer is missing."""

    flag: str
    title: str
    how: str
    rating: str | None = None


@dataclass(frozen=True, slots=True)
class LawChanged:
    """A move to another release, or words of an officer on the law behind a rule that is raised."""

    title: str
    text: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed since a moment, the last answers first."""

    since: Moment
    answers: tuple[AnswerChanged, ...] = ()
    flags: tuple[FlagChanged, ...] = ()
    law: tuple[LawChanged, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answers or self.flags or self.law)

    def by_others(self, person_id: UUID) -> Changes:
        """The same without the answers that this person gave."""
        theirs = tuple(each for each in self.answers if each.person_id != person_id)
        return replace(self, answers=theirs)


@dataclass(frozen=True)
class Then:
    """A project as it stood at a moment: its answers as rows, and what the rules said of them."""

    answers: Mapping[str, Any]
    flags: Mapping[str, Flag]


def changes_since(
    conn: Connection, catalogues: Catalogues, report: Report, since: Moment
) -> Changes:
    """What changed in a project since a moment; two statements, and one more after a move.

    `report` is the project as it stands now (`open_report`, or `follow_project(...).report`). What
    is restricted is told as its record tells it.
    """
    written = _written(conn, report, since)
    law = (*_moves(report, since.at), *_told_of_law(conn, report, since.at))
    if not written and not law and report.record.facts.on == day_of(since.at):
        return Changes(since)
    then = _then(conn, catalogues, report, written, since)
    return compare(report.record, then, written, since, law)


def compare(
    record: Record,
    then: Then,
    written: Iterable[Written],
    since: Moment,
    law: Iterable[LawChanged] = (),
) -> Changes:
    """What differs between a project now and as it stood then; pure."""
    return Changes(
        since, tuple(_answers(record, then, written)), tuple(_flags(record, then)), tuple(law)
    )


def sheet_before(sheet: Sheet, written: Iterable[Written]) -> Sheet:
    """A sheet as it was before these were written."""
    entries = dict(sheet.entries)
    for one in reversed([*written]):
        cells: Mapping[str, Any] = {}
        if one.address.count("/") == 1 and isinstance(one.old, Mapping):
            # The whole of a row that went stands in the event: its columns left with it.
            cells = {f"{one.address}/{column}": value for column, value in one.old.items()}
        for address, value in {**cells, one.address: one.old}.items():
            entry = entries.get(address) or Entry(None, one.who, one.at, "", one.version)
            entries[address] = entry._replace(value=value)
    return replace(sheet, entries=entries)


# Answers


def _answers(record: Record, then: Then, written: Iterable[Written]) -> Iterator[AnswerChanged]:
    first: dict[str, Written] = {}
    last: dict[str, Written] = {}
    for one in written:
        if not one.moved:
            first.setdefault(one.address, one)
            last[one.address] = one
    rows = {a for a in first if a.count("/") == 1 and _came_or_went(first[a], last[a])}
    for address in sorted(last, key=lambda each: last[each].at, reverse=True):
        before, after = first[address].old, last[address].new
        within_row = address.rsplit("/", 1)[0] in rows and address.count("/") == 2
        if before != after and not within_row:
            yield _answer(record, then, first[address], last[address])


def _came_or_went(first: Written, last: Written) -> bool:
    return (first.old is None) != (last.new is None)


def _answer(record: Record, then: Then, first: Written, last: Written) -> AnswerChanged:
    address, before, after = first.address, first.old, last.new
    how = ADDED if before is None else REMOVED if after is None else CHANGED
    said = (in_words(record, address, before), in_words(record, address, after))
    if said[0] == said[1]:  # what is restricted reads alike before and after
        said = ("", said[1])
    title = called(record, address, then.answers)
    return AnswerChanged(address, title, how, *said, last.person_id, last.who, last.at)


def called(record: Record, address: str, earlier: Mapping[str, Any] | None = None) -> str:
    """What an address is called, rows by their names; `earlier`: answers with rows that are gone."""
    id_, *rest = address.split("/")
    question = record.facts.program.questions.get(id_)
    if question is None:
        return "A question of an earlier release"
    if not rest:
        return question.called
    row = record.row(address) or next(
        (each for each in (earlier or {}).get(id_, ()) if str(each["id"]) == rest[0]), None
    )
    name = row_label(question, row) if row else f"{question.row_name} {rest[0]}"
    column = next((c for c in question.columns if rest[1:] == [c.id]), None)
    return f"{name}: {column.called}" if column else f"{question.row_name} “{name}”"


def in_words(record: Record, address: str, value: Any) -> str:
    """A value in words; as it was kept when its question is gone or has changed."""
    if value is None or address.count("/") == 1:
        return ""
    id_ = address.split("/", maxsplit=1)[0]
    if id_ not in record.facts.program.questions and not record.sees_restricted:
        return "An answer of an earlier release"  # whether it was restricted is not known here
    try:
        said = record.said(record.asked(address), value, id_).text
    except (KeyError, TypeError, ValueError, AttributeError):
        said = show_date(value) if isinstance(value, str) and value[:4].isdecimal() else str(value)
    return said if len(said) <= LONG else f"{said[:LONG]}…"


# Flags


def _flags(record: Record, then: Then) -> Iterator[FlagChanged]:
    now = {flag.id: flag for flag in record.assessment.flags}
    for flag in record.raised:
        before = then.flags.get(flag.id)
        if before is None or not before.raised:
            yield FlagChanged(flag.id, flag.rule.title, RAISED, flag.rating)
    raised = {flag.id for flag in record.raised}
    open_ = {flag.id for flag in record.open}
    for id_, flag in then.flags.items():
        if flag.raised and id_ not in raised:
            how = OPEN if id_ in open_ else CLEARED
            yield FlagChanged(id_, now[id_].rule.title if id_ in now else flag.rule.title, how)


# The law


def _moves(report: Report, at: datetime) -> Iterator[LawChanged]:
    for act in report.opened.project.acts:
        if act.kind == MOVE and act.at > at:
            text = f"The project moved to release {act.about} of the questions and rules."
            yield LawChanged("Another release", text, act.who, act.at)


def _told_of_law(conn: Connection, report: Report, at: datetime) -> tuple[LawChanged, ...]:
    """What officers said since of the law behind rules that are raised here, in these very words."""
    rules = {flag.id: flag.rule for flag in report.record.raised}
    found = select(law_word).where(law_word.c.at > at).order_by(law_word.c.at)
    return tuple(
        _law(rules[row.rule], row.said, f"{row.who}, {row.organisation}", row.at)
        for row in conn.execute(found)
        if row.rule in rules and law_hash(rules[row.rule]) == row.hash
    )


def _law(rule: FlagRule, said: str, who: str, at: datetime) -> LawChanged:
    text = (
        "The law behind it was confirmed."
        if said == CONFIRMED
        else "The law behind it is disputed."
    )
    return LawChanged(rule.title, text, who, at)


# What was


def _written(conn: Connection, report: Report, since: Moment) -> tuple[Written, ...]:
    found = (
        select(answer_event)
        .where(
            answer_event.c.subject_id == report.opened.project.id,
            answer_event.c.version > since.version,
        )
        .order_by(answer_event.c.seq)
    )
    return tuple(
        Written(
            row.version,
            row.address,
            from_text(row.old),
            from_text(row.new),
            row.person_id,
            row.who,
            row.at,
            row.place == MOVING,
        )
        for row in conn.execute(found)
    )


def _then(
    conn: Connection,
    catalogues: Catalogues,
    report: Report,
    written: tuple[Written, ...],
    since: Moment,
) -> Then:
    released = _released_then(conn, catalogues, report, since)
    given = answers(sheet_before(report.opened.sheet, written))
    on: date = min(day_of(since.at), report.record.facts.on)
    found = evaluate(released.catalogue, given, on).facts
    judged = assess(found, report.stage).flags
    return Then(given, {flag.id: flag for flag in judged})


def _released_then(
    conn: Connection, catalogues: Catalogues, report: Report, since: Moment
) -> Released:
    """The release under which the project was answered then."""
    moves = (a for a in report.opened.project.acts if a.kind == MOVE and a.at > since.at)
    if next(moves, None) is None:
        return report.looked.released
    last = (
        select(answer_event.c.release_id)
        .where(
            answer_event.c.subject_id == report.opened.project.id,
            answer_event.c.version <= since.version,
        )
        .order_by(answer_event.c.seq.desc())
        .limit(1)
    )
    # Nobody had answered anything then: there is nothing that another release could read otherwise.
    release_id = conn.execute(last).scalar_one_or_none() or report.looked.released.release.id
    return catalogues.of(conn, release_id)
