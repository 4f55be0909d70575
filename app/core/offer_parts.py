"""What a document says of an offer made row by row: chosen, offered, not offered and unconfirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.core import report, text
from app.core.blocks import Block, Cell, Facts, Heading, Paragraph, Run, Runs, Table, Tone
from app.core.offering import Offered, offered_to_rows
from app.core.outputs import Piece
from app.core.program import Offering
from app.core.questions import Question, row_label
from app.core.record import Record
from app.core.rules import Entry

Row = Mapping[str, Any]


def by_row(record: Record, piece: Piece) -> Iterator[Block]:
    """Each row with its answers, what is offered to it, and what was looked at and is not."""
    program = record.facts.program
    offering = program.offers[piece.offer or ""]
    question = program.questions.get(offering.rule.each or "")
    if question is None:
        return
    every = offered_to_rows(offering, record.facts)
    found = {str(each.row["id"]): each for each in every if each.row and "id" in each.row}
    rows = record.facts.values.get(question.id, ())
    for row in rows:
        yield Heading(_title(record, question, row), 2)
        yield _answers(record, question, row)
        mine = found.get(str(row["id"]))
        if mine is None:
            yield Paragraph(text.plain("Nothing is offered here: it is not for this one."))
        else:
            yield from _tables(record, mine, _chosen(question, row, offering))
    for each in every if not rows else ():
        yield Heading(_supposed(record, question, each.row or {}), 2)
        yield from _tables(record, each, ())


def _title(record: Record, question: Question, row: Row) -> str:
    named = any(column.type == "text" and column.id in row for column in question.columns[:1])
    return row_label(question, row) if named else _supposed(record, question, row)


def _supposed(record: Record, question: Question, row: Row) -> str:
    """A row told by its first two choices."""
    domain = record.facts.program.scope[question.id]
    known = [c for c in question.columns if c.type == "choice" and c.id in row]
    # What tells rows apart is what an offer reads: the kind of organisation, and for what.
    told = [c for c in known if c.id in ("kind", "purpose")] or known[:2]
    return ": ".join(domain.columns[c.id].label(row[c.id]) for c in told) or question.called


def _answers(record: Record, question: Question, row: Row) -> Facts:
    pairs = []
    for column in question.columns[1:]:
        waits = f"{question.id}/{row['id']}/{column.id}" in record.facts.waiting
        if column.id in row or (waits and column.required and not column.derived):
            said = record.said(column, row.get(column.id), question.id)
            pairs.append((column.called, Cell(((said,),))))
    return Facts(_title(record, question, row), tuple(pairs))


def _tables(record: Record, found: Offered, chosen: tuple[str, ...]) -> Iterator[Block]:
    if found.entries:
        rows = tuple(
            (
                _law(record, entry, chosen),
                Cell((text.plain(entry.because or ""),)),
                _limits(record, entry),
            )
            for entry in sorted(found.entries, key=lambda entry: entry.code not in chosen)
            if entry.act
        )
        header = ("Offered", "Why", "Limits and source")
        if rows:
            yield Table("What the law offers here", header, rows, (25, 26, 49))
    yield from _near(record, found, chosen)
    if found.open:
        names = "; ".join(entry.title for entry in found.open)
        yield Paragraph(text.plain(f"May still be offered, once more is known: {names}."))


def _near(record: Record, found: Offered, chosen: tuple[str, ...]) -> Iterator[Block]:
    if found.near:
        near = tuple(
            (_law(record, each.entry, chosen), Cell((text.plain(each.because),)))
            for each in found.near
        )
        yield Table("Looked at and not offered", ("Not offered", "Why not"), near, (38, 62))


def not_offered(record: Record, piece: Piece) -> Iterator[Block]:
    """What an offer does not offer, though it came close, and why."""
    yield from _near(record, record.assessment.offers[piece.offer or ""], ())


def _law(record: Record, entry: Entry, chosen: tuple[str, ...]) -> Cell:
    mark: tuple[Runs, ...] = ((Run("Chosen", Tone.TAG),),) if entry.code in chosen else ()
    named = (report.cited(record, entry.law, Tone.QUIET),) if entry.law else ()
    return Cell(((Run(entry.title, Tone.STRONG),), *named, *mark))


def _limits(record: Record, entry: Entry) -> Cell:
    said = [text.runs(each) for each in (entry.limits, entry.commencement) if each]
    return Cell((*said, report.source(record, entry.source, entry.checked)))


def _chosen(question: Question, row: Row, offering: Offering) -> tuple[str, ...]:
    """The entries that this row relies on."""
    names = [c.id for c in question.columns if c.options_from == offering.rule.id]
    return tuple(code for name in names for code in row.get(name) or ())


def unconfirmed(record: Record, piece: Piece) -> Iterator[Block]:
    """What rows rely on although nobody has confirmed the law of it, and flags of such law."""
    offering = record.facts.program.offers[piece.offer or ""]
    question = record.facts.program.questions.get(offering.rule.each or "")
    rows = record.facts.values.get(question.id, ()) if question else ()
    chosen = {c for row in rows for c in _chosen(question, row, offering)} if question else set()
    entries = [e for e in offering.rule.entries if e.code in chosen and not e.checked]
    lines = [_line(e.title, e.commencement or e.limits, e.source) for e in entries]
    flags = [flag.rule for flag in record.raised if not flag.rule.checked]
    lines += [_line(rule.title, rule.because, rule.source) for rule in flags]
    if lines:
        header = ("What", "What to look at", "Source")
        yield Table("What nobody has confirmed", header, tuple(lines), (26, 46, 28))
    else:
        said = "Everything relied on here has a source that was read. A lawyer still decides."
        yield Paragraph(text.plain(said))


def _line(title: str, about: str | None, source: str | None) -> tuple[Cell, ...]:
    parts: Iterable[str] = (title, about or "–", source or "–")
    return tuple(Cell((text.runs(part),)) for part in parts)
