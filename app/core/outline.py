"""What a document may say: compose(outline, record) -> blocks.

Nothing is printed that was never asked; what is asked and blank is shown as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from app.core import logic, papers, parts, text
from app.core.blocks import (
    Block,
    Bullets,
    Cell,
    Clause,
    Document,
    Facts,
    Heading,
    Paragraph,
    Part,
    Run,
    Runs,
    Table,
    Tone,
)
from app.core.faults import Faults
from app.core.logic import Expression
from app.core.outputs import Further, Listing, Outline, Piece, Said, has_schedules, tells_acts
from app.core.questions import Asked, Column, Question
from app.core.record import NOT_ANSWERED, NOT_GIVEN, Record, is_gap
from app.core.widths import widths

Row = Mapping[str, Any]


def compose(outline: Outline, record: Record) -> Document:
    """The document of an outline for one project on one day."""
    composer = _Composer(record, outline, scheduled=has_schedules(outline.blocks))
    blocks = tuple(composer.blocks(outline.blocks))
    # A stop that was lifted is printed in every document, with the reason.
    if outline.as_ == "word" and not tells_acts(outline.blocks):
        blocks += tuple(parts.lifted(record))
    return Document(record.control, blocks, outline.contents)


class _Composer:
    """Writes blocks, in the whole project or within one row of it."""

    def __init__(
        self,
        record: Record,
        outline: Outline,
        rows: Question | None = None,
        row: Row | None = None,
        *,
        scheduled: bool = False,
    ) -> None:
        self.record = record
        self.outline = outline
        self.rows = rows
        self.row = row
        self.scheduled = scheduled  # whether the document has a schedule for each party

    def blocks(self, pieces: tuple[Piece, ...]) -> Iterator[Block]:
        """The blocks of these pieces; a heading with nothing below it is left out."""
        waiting: list[Heading] = []
        for piece in pieces:
            for block in self.piece(piece):
                if isinstance(block, Heading):
                    waiting = [held for held in waiting if held.level < block.level]
                    waiting.append(block)
                else:
                    yield from waiting
                    waiting = []
                    yield block

    def piece(self, piece: Piece) -> Iterator[Block]:
        writer = _WRITERS[piece.kind]
        return writer(self, piece)

    # Texts

    def fill(self, name: str) -> Run | None:
        """What stands at {name}: an answer, a derived fact, or a column of this row."""
        if "." not in name and self.row is not None and self.rows is not None:
            return self.column(name)
        if name in self.record.facts.program.questions:
            blank = self.gap(self.record.question(name), blank=self.record.facts.blank(name))
            return blank or self.cut(self.record.answer(name))
        label = self.record.label(name)
        return Run(NOT_ANSWERED, Tone.UNANSWERED) if label is None else Run(label)

    def gap(self, asked: Asked, *, blank: bool) -> Run | None:
        """What was asked and is still blank, where the outline names its gaps."""
        if self.outline.gaps == "plain" or not blank:
            return None
        return Run(f"[{NOT_ANSWERED}: {asked.ask or asked.called}]", Tone.UNANSWERED)

    def cut(self, run: Run) -> Run:
        """An answer cut where a sentence ends, where the outline wants them short."""
        most = self.outline.at_most
        return run if most is None else Run(text.shorten(run.text, most), run.tone, run.to)

    def column(self, name: str) -> Run:
        if self.rows is None or self.row is None:
            return Run(NOT_ANSWERED, Tone.UNANSWERED)
        column, value = self.rows.column(name), self.row.get(name)
        return self.gap(column, blank=value is None) or self.record.said(
            column, value, self.rows.id
        )

    def asked(self, source: str) -> bool:
        """Whether everything a text names is asked (or derived): otherwise it is left out."""
        facts = self.record.facts
        for name in text.places(source):
            if "." in name and name in facts.program.questions and name not in facts.shown:
                return False
            if "." not in name and not self.column_asked(name):
                return False
        return True

    def says(self, source: str) -> bool:
        """Whether a text is asked and names more than what may be left blank, and was."""
        names = text.places(source) if self.outline.gaps == "plain" else ()
        return self.asked(source) and not (names and all(map(self.record.left_blank, names)))

    def column_asked(self, name: str) -> bool:
        if self.row is None or self.rows is None:
            return False
        address = f"{self.rows.id}/{self.row['id']}/{name}"
        return name in self.row or address in self.record.facts.waiting

    def runs(self, source: str) -> Runs:
        return text.runs(source, self.fill)

    def heading(self, piece: Piece) -> Iterator[Block]:
        if self.asked(piece.heading or ""):
            words = "".join(run.text for run in self.runs(piece.heading or ""))
            yield Heading(words, piece.level)

    def paragraph(self, piece: Piece) -> Iterator[Block]:
        said = [self.runs(each) for each in text.paragraphs(piece.text or "") if self.says(each)]
        if piece.else_ and (not said or any(is_gap(run) for runs in said for run in runs)):
            yield from self.blocks(piece.else_)
        else:
            yield from map(Paragraph, said)

    def bullets(self, piece: Piece) -> Iterator[Block]:
        items = tuple(self.runs(each) for each in piece.bullets or () if self.asked(each))
        if items:
            yield Bullets(items)

    def clause(self, piece: Piece) -> Iterator[Block]:
        title = piece.clause or ""
        for each in piece.paragraphs():
            if self.asked(each.text):
                letters = tuple(map(self.runs, self.lettered(each)))
                yield Clause(title, self.runs(each.text), letters, locked=piece.locked)
                title = ""  # what follows is one more paragraph of the same clause

    def lettered(self, paragraph: Further) -> Iterator[str]:
        """The texts below a paragraph that have something to say."""
        for part in paragraph.parts:
            holds = isinstance(part, str) or papers.holds(part.if_, self.record.facts)
            said = part if isinstance(part, str) else part.text
            if holds and self.says(said):
                yield said

    def facts(self, piece: Piece) -> Iterator[Block]:
        """Labels and what is said of each; in a form, with room to write."""
        room: tuple[Runs, ...] = ((), ()) if piece.form else ()
        said = ((label, (*self.lines_of(each), *room)) for label, each in piece.fields.items())
        blank = ((Run(NOT_GIVEN, Tone.QUIET),),)
        pairs = tuple((label, Cell(lines or blank)) for label, lines in said)
        yield Facts(piece.form or piece.facts or "", pairs, show_caption=True)

    # Answers

    def answers(self, piece: Piece) -> Iterator[Block]:
        yield from self.pairs(piece.title or "Answers", piece.answers or ())

    def pairs(self, caption: str, ids: tuple[str, ...]) -> Iterator[Block]:
        """Questions and their answers; rows follow as tables of their own."""
        record = self.record
        shown = [id_ for id_ in ids if id_ in record.facts.shown or self.derived(id_)]
        plain = [id_ for id_ in shown if not self.is_rows(id_)]
        if plain:
            yield Facts(caption, tuple((self.label(id_), self.cell(id_)) for id_ in plain))
        for id_ in shown:
            if self.is_rows(id_):
                question = record.question(id_)
                yield from self.table(question, question.called, (), record.facts.values.get(id_))

    def derived(self, id_: str) -> bool:
        return id_ not in self.record.facts.program.questions and self.record.label(id_) is not None

    def is_rows(self, id_: str) -> bool:
        question = self.record.facts.program.questions.get(id_)
        return question is not None and question.type == "rows"

    def label(self, id_: str) -> str:
        question = self.record.facts.program.questions.get(id_)
        return (question.ask or "") if question else self.record.facts.program.scope[id_].name

    def cell(self, id_: str) -> Cell:
        if id_ not in self.record.facts.program.questions:
            return Cell((text.plain(self.record.label(id_) or ""),))
        answer = self.cut(self.record.answer(id_))
        said = text.paragraphs(answer.text) or [answer.text]
        lines = [(Run(line, answer.tone),) for line in said]
        who = self.record.who_gave(id_)
        return Cell((*lines, who) if who else tuple(lines))

    def answers_of(self, piece: Piece) -> Iterator[Block]:
        questionnaire = self.record.questionnaires.get(piece.answers_of or "")
        if questionnaire is None:
            return
        seen: set[str] = set(piece.except_)
        for section in questionnaire.sections:
            blocks: list[Block] = []
            for page in section.pages:
                ids = tuple(dict.fromkeys(p.id for p in page.questions if p.id not in seen))
                seen.update(ids)
                blocks += self.pairs(page.title, ids)
            if blocks:
                # In a document of its own the questionnaire is named at the top already.
                own = questionnaire.title == self.outline.title
                named = "" if own else f"{questionnaire.title}: "
                yield Heading(f"{named}{section.title}", 2)
                yield from blocks

    def table_of_rows(self, piece: Piece) -> Iterator[Block]:
        question = self.record.facts.program.questions.get(piece.rows or "")
        if question is not None and question.id in self.record.facts.shown:
            rows = self.related(question, piece.of)
            if not rows and piece.otherwise:
                yield Paragraph(self.runs(piece.otherwise))
                return
            title = piece.title or question.called
            yield from self.table(question, title, piece.columns, rows and rows[: piece.first])
            yield from papers.rows_left_out(question, len(rows or ()), piece.first)

    def related(self, question: Question, of: str | None) -> list[Row] | None:
        """The rows of a question; with `of`, within a row, only those that refer to it."""
        rows = self.record.facts.values.get(question.id)
        if not of or self.row is None or not rows:
            return rows
        if question.id == self.record.pipeline.names.routes:
            return parts.routes_of(rows, self.row)
        return [row for row in rows if row.get(of) == self.row["id"]]

    # Tables of texts

    def table_of_texts(self, piece: Piece) -> Iterator[Block]:
        """Lines under a header, or one row; for each row of a question if it says so."""
        header = tuple(piece.row) or piece.header
        lines = (tuple(piece.row.values()),) if piece.row else piece.lines
        inner = list(self.walk(piece)) if piece.each else [self]
        pairs = ((each, line) for each in inner for line in lines)
        rows = tuple(tuple(c.said_in(cell, piece.blank) for cell in line) for c, line in pairs)
        if rows or self.outline.as_ == "csv":
            yield Table(piece.table or "", header, rows, widths(header, rows))
        elif piece.otherwise:
            yield Paragraph(self.runs(piece.otherwise))

    def said_in(self, cell: Said | tuple[Said, ...], blank: str | None) -> Cell:
        """A cell of such a table: its texts and lists, but for what is not asked."""
        if isinstance(cell, str) and not cell.strip():
            return Cell(((), ()))  # room to write
        said = cell if isinstance(cell, tuple) else (cell,)
        lines = [line for each in said for line in self.lines_of(each)]
        if blank is not None:
            known = [line for line in lines if not any(map(is_gap, line))]
            # One gap in a cell is said once, however many of its lines are blank.
            gap = [(Run(blank, Tone.UNANSWERED),)] if len(known) < len(lines) or not lines else []
            lines = [*known, *gap]
        return Cell(tuple(lines) or (text.plain("–"),))

    def lines_of(self, said: Said) -> Iterator[Runs]:
        if isinstance(said, Listing):
            yield from self.listed(said)
            return
        for part in text.paragraphs(said):
            if self.asked(part):
                yield self.runs(part)

    def listed(self, listing: Listing) -> Iterator[Runs]:
        """Rows in a few words each, none twice."""
        question = self.record.question(listing.rows)
        if question.id not in self.record.facts.shown:
            return
        rows = self.related(question, listing.of)
        if rows is None:
            yield (Run(NOT_ANSWERED, Tone.UNANSWERED),)
            return
        where = self.where(question, listing.where)
        codes = {code["id"]: code for code in self.record.facts.encoded.get(question.id, ())}
        named = [(question.column(name), name) for name in listing.columns]
        said = dict.fromkeys(
            ", ".join(
                self.record.said(column, row[name], question.id).text
                for column, name in named
                if name in row
            ).rstrip(".;")
            for row in rows
            if where is None or logic.truth(where, logic.Record(codes[row["id"]]))
        )
        words = "; ".join(filter(None, said))
        if words:
            yield (self.cut(Run(words)),)

    def table(
        self, question: Question, caption: str, names: tuple[str, ...], rows: list[Row] | None
    ) -> Iterator[Block]:
        if rows is None:
            yield Facts(caption, ((question.ask, Cell(((Run(NOT_ANSWERED, Tone.UNANSWERED),),))),))
            return
        if not rows:
            yield Facts(caption, ((question.ask, Cell((text.plain(question.none or "None"),))),))
            return
        columns = [question.column(name) for name in names] or self.widest(question)
        header = tuple(column.called for column in columns)
        cells = tuple(
            tuple(self.in_row(question, row, column) for column in columns) for row in rows
        )
        yield Table(caption, header, cells, widths(header, cells))

    def widest(self, question: Question) -> list[Column]:
        """At most six columns, those somebody answered first."""
        rows = self.record.facts.values.get(question.id, ())
        used = [c for c in question.columns if any(c.id in row for row in rows)]
        return (used or list(question.columns))[:6]

    def in_row(self, question: Question, row: Row, column: Column) -> Cell:
        address = f"{question.id}/{row['id']}/{column.id}"
        if column.id not in row and address not in self.record.facts.waiting:
            return Cell((text.plain("–"),))
        return Cell(((self.record.said(column, row.get(column.id), question.id),),))

    # Structure

    def under_condition(self, piece: Piece) -> Iterator[Block]:
        holds = papers.holds(piece.if_, self.record.facts)
        yield from self.blocks(piece.blocks if holds else piece.else_)

    def for_each(self, piece: Piece) -> Iterator[Block]:
        for inner in islice(self.walk(piece), piece.first):
            yield from inner.blocks(piece.blocks)

    def walk(self, piece: Piece) -> Iterator[_Composer]:
        """A composer within each row that `each` walks through and `where` lets pass."""
        facts = self.record.facts
        question = facts.program.questions.get(piece.each or "")
        if question is None:
            return
        where = self.where(question, piece.where)
        codes = {code["id"]: code for code in facts.encoded.get(question.id, ())}
        for row in self.related(question, piece.of) or ():
            if where is None or logic.truth(where, logic.Record(codes[row["id"]])):
                yield _Composer(self.record, self.outline, question, row)

    def where(self, question: Question, raw: object) -> Expression | None:
        """A condition over the columns of a row."""
        if raw is None:
            return None
        columns = self.record.facts.program.scope[question.id].columns
        return logic.read(raw, columns, (), Faults("outputs"))

    def schedule(self, piece: Piece) -> Iterator[Block]:
        words = "".join(run.text for run in self.runs(piece.schedule or ""))
        anchor = f"schedule-{self.row['id']}" if self.row else None
        yield Part(words, anchor)
        yield from self.blocks(piece.blocks)

    def part(self, piece: Piece) -> Iterator[Block]:
        if piece.part == "legal_routes" and self.row is not None:
            yield from parts.legal_routes(self.record, self.row)
        elif piece.part == "signatures":
            yield from parts.signatures(self.record, scheduled=self.scheduled)
        else:
            yield from parts.PARTS[piece.part or ""](self.record, piece)


_WRITERS = {
    "heading": _Composer.heading,
    "text": _Composer.paragraph,
    "bullets": _Composer.bullets,
    "clause": _Composer.clause,
    "facts": _Composer.facts,
    "form": _Composer.facts,
    "answers": _Composer.answers,
    "answers_of": _Composer.answers_of,
    "rows": _Composer.table_of_rows,
    "table": _Composer.table_of_texts,
    "if": _Composer.under_condition,
    "each": _Composer.for_each,
    "schedule": _Composer.schedule,
    "part": _Composer.part,
}
