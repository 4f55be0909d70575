"""Answers, rows and texts of a document as tables, and what stands in their cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core import papers, parts, text
from app.core.blocks import Block, Cell, Facts, Paragraph, Run, Runs, Table, Tone
from app.core.outline.here import Here, Row
from app.core.outputs import Listing, Piece, Said
from app.core.questions import Column, Question
from app.core.record import NOT_ANSWERED, Record, is_gap
from app.core.widths import widths

MOST_COLUMNS = 6  # of a table of rows whose columns nobody chose


# Questions and answers


def pairs(here: Here, caption: str, ids: Iterable[str]) -> Iterator[Block]:
    """Questions and their answers; rows follow as tables of their own."""
    record = here.record
    questions, facts = record.facts.program.questions, record.facts
    shown = [id_ for id_ in ids if id_ in facts.shown or _is_known(record, id_)]
    rows = [id_ for id_ in shown if id_ in questions and questions[id_].type == "rows"]
    plain = [id_ for id_ in shown if id_ not in rows]
    if plain:
        yield Facts(caption, tuple((_asked(record, id_), _answer(here, id_)) for id_ in plain))
    for id_ in rows:
        yield from _table(record, questions[id_], questions[id_].called, (), facts.values.get(id_))


def _is_known(record: Record, id_: str) -> bool:
    """Whether this is a derived fact that has a value."""
    return id_ not in record.facts.program.questions and record.label(id_) is not None


def _asked(record: Record, id_: str) -> str:
    program = record.facts.program
    return program.questions[id_].ask if id_ in program.questions else program.scope[id_].name


def _answer(here: Here, id_: str) -> Cell:
    record = here.record
    if id_ not in record.facts.program.questions:
        return Cell((text.plain(record.label(id_) or ""),))
    answer = here.cut(record.answer(id_))
    said = text.paragraphs(answer.text) or [answer.text]
    lines = tuple((Run(line, answer.tone),) for line in said)
    who = record.who_gave(id_)
    return Cell((*lines, who) if who else lines)


# Rows


def table_of_rows(here: Here, piece: Piece) -> Iterator[Block]:
    """The rows of a question, or those of them that refer to this row."""
    facts = here.record.facts
    question = facts.program.questions.get(piece.rows or "")
    if question is None or question.id not in facts.shown:
        return
    rows = here.related(question, piece.of)
    if not rows and piece.otherwise:
        yield Paragraph(here.runs(piece.otherwise))
        return
    title = piece.title or question.called
    yield from _table(here.record, question, title, piece.columns, rows and rows[: piece.first])
    yield from papers.rows_left_out(question, len(rows or ()), piece.first)


def _table(
    record: Record,
    question: Question,
    caption: str,
    names: tuple[str, ...],
    rows: list[Row] | None,
) -> Iterator[Block]:
    if rows is None:
        yield Facts(caption, ((question.ask, Cell(((Run(NOT_ANSWERED, Tone.UNANSWERED),),))),))
        return
    if not rows:
        yield Facts(caption, ((question.ask, Cell((text.plain(question.none or "None"),))),))
        return
    columns = [question.column(name) for name in names] or _used(record, question)
    if len(columns) > MOST_COLUMNS:
        columns = [each for each in columns if each.required or any(each.id in row for row in rows)]
    header = tuple(column.called for column in columns)
    cells = tuple(
        tuple(_in_row(record, question, row, column) for column in columns) for row in rows
    )
    if question.id == record.pipeline.names.risks:
        header, cells = _numbered(record, question, header, rows, cells)
    yield Table(caption, header, cells, widths(header, cells))


def _numbered(
    record: Record,
    question: Question,
    header: tuple[str, ...],
    rows: list[Row],
    cells: tuple[tuple[Cell, ...], ...],
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Each risk with the number by which the matrix names it."""
    numbers = {row["id"]: str(n) for n, row in enumerate(record.facts.values[question.id], 1)}
    numbered = (
        (Cell((text.plain(numbers[row["id"]]),)), *line)
        for row, line in zip(rows, cells, strict=True)
    )
    return (parts.NUMBER, *header), tuple(numbered)


def _used(record: Record, question: Question) -> list[Column]:
    """The first columns that somebody answered."""
    rows = record.facts.values.get(question.id, ())
    used = [c for c in question.columns if any(c.id in row for row in rows)]
    return (used or list(question.columns))[:MOST_COLUMNS]


def _in_row(record: Record, question: Question, row: Row, column: Column) -> Cell:
    address = f"{question.id}/{row['id']}/{column.id}"
    if column.id not in row and address not in record.facts.waiting:
        return Cell((text.plain("–"),))
    return Cell(((record.said(column, row.get(column.id), question.id),),))


# Texts


def table_of_texts(here: Here, piece: Piece) -> Iterator[Block]:
    """Lines under a header, or one row; for each row of a question if it says so."""
    header = tuple(piece.row) or piece.header
    lines = (tuple(piece.row.values()),) if piece.row else piece.lines
    places = here.each(piece) if piece.each else (here,)
    rows = tuple(
        tuple(_said_in(place, cell, piece.blank) for cell in line)
        for place in places
        for line in lines
    )
    if rows or here.outline.as_ == "csv":
        yield Table(piece.table or "", header, rows, widths(header, rows))
    elif piece.otherwise:
        yield Paragraph(here.runs(piece.otherwise))


def _said_in(here: Here, cell: Said | tuple[Said, ...], blank: str | None) -> Cell:
    """A cell of such a table: its texts and lists, but for what is not asked."""
    if isinstance(cell, str) and not cell.strip():
        return Cell(((), ()))  # room to write
    said = cell if isinstance(cell, tuple) else (cell,)
    lines = [line for each in said for line in lines_of(here, each)]
    if blank is not None:
        known = [line for line in lines if not any(map(is_gap, line))]
        # One gap in a cell is said once, however many of its lines are blank.
        gap = [(Run(blank, Tone.UNANSWERED),)] if len(known) < len(lines) or not lines else []
        lines = [*known, *gap]
    return Cell(tuple(lines) or (text.plain("–"),))


def lines_of(here: Here, said: Said) -> Iterator[Runs]:
    """What a text, or a list of rows, says in a cell: a line for each paragraph that is asked."""
    if isinstance(said, Listing):
        yield from _listed(here, said)
        return
    for part in text.paragraphs(said):
        if here.asks(part):
            yield here.runs(part)


def _listed(here: Here, listing: Listing) -> Iterator[Runs]:
    """Rows in a few words each, none twice."""
    record, question = here.record, here.record.question(listing.rows)
    if question.id not in record.facts.shown:
        return
    rows = here.chosen(question, listing.of, listing.where)
    if rows is None:
        yield (Run(NOT_ANSWERED, Tone.UNANSWERED),)
        return
    columns = [question.column(name) for name in listing.columns]
    said = dict.fromkeys(
        ", ".join(
            record.said(column, row[column.id], question.id).text
            for column in columns
            if column.id in row
        ).rstrip(".;")
        for row in rows
    )
    words = "; ".join(filter(None, said))
    if words:
        yield (here.cut(Run(words)),)
