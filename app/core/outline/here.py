"""What a text of an outline says where it stands: in the whole project, or within one row of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core import logic, parts, text
from app.core.blocks import Run, Runs, Tone
from app.core.faults import Faults
from app.core.logic import Expression
from app.core.outputs import Outline, Piece
from app.core.questions import Asked, Question
from app.core.record import NOT_ANSWERED, Record

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Here:
    """A place in a document; `rows` and `row`: the row that it stands in.

    `scheduled`: whether the document has a schedule for each party.
    """

    record: Record
    outline: Outline
    rows: Question | None = None
    row: Row | None = None
    scheduled: bool = False

    # Texts

    def runs(self, source: str) -> Runs:
        """A text with the answers in their places."""
        return text.runs(source, self._fill)

    def words(self, source: str) -> str:
        """The same without marks."""
        return "".join(run.text for run in self.runs(source))

    def asks(self, source: str) -> bool:
        """Whether everything a text names is asked (or derived): otherwise it is left out."""
        facts = self.record.facts
        for name in text.places(source):
            if "." in name and name in facts.program.questions and name not in facts.shown:
                return False
            if "." not in name and not self._has_column(name):
                return False
        return True

    def says(self, source: str) -> bool:
        """Whether a text is asked and names more than what may be left blank, and was."""
        names = text.places(source) if self.outline.gaps == "plain" else ()
        return self.asks(source) and not (names and all(map(self.record.left_blank, names)))

    def cut(self, run: Run) -> Run:
        """An answer cut where a sentence ends, where the outline wants them short."""
        most = self.outline.at_most
        return run if most is None else Run(text.shorten(run.text, most), run.tone, run.to)

    def _fill(self, name: str) -> Run | None:
        """What stands at {name}: an answer, a derived fact, or a column of this row."""
        if "." not in name and self.row is not None and self.rows is not None:
            column, value = self.rows.column(name), self.row.get(name)
            gap = self._gap(column, blank=value is None)
            return gap or self.record.said(column, value, self.rows.id)
        if name in self.record.facts.program.questions:
            gap = self._gap(self.record.question(name), blank=self.record.facts.blank(name))
            return gap or self.cut(self.record.answer(name))
        label = self.record.label(name)
        return Run(NOT_ANSWERED, Tone.UNANSWERED) if label is None else Run(label)

    def _gap(self, asked: Asked, *, blank: bool) -> Run | None:
        """What was asked and is still blank, where the outline names its gaps."""
        if self.outline.gaps == "plain" or not blank:
            return None
        return Run(f"[{NOT_ANSWERED}: {asked.ask or asked.called}]", Tone.UNANSWERED)

    def _has_column(self, name: str) -> bool:
        if self.row is None or self.rows is None:
            return False
        address = f"{self.rows.id}/{self.row['id']}/{name}"
        return name in self.row or address in self.record.facts.waiting

    # Rows

    def related(self, question: Question, of: str | None) -> list[Row] | None:
        """The rows of a question; with `of`, within a row, only those that refer to it."""
        rows = self.record.facts.values.get(question.id)
        if not of or self.row is None or not rows:
            return rows
        if question.id == self.record.pipeline.names.routes:
            return parts.routes_of(rows, self.row)
        return [row for row in rows if row.get(of) == self.row["id"]]

    def chosen(self, question: Question, of: str | None, where: object) -> list[Row] | None:
        """Those of them that a condition over their columns lets pass; None where nothing is said."""
        rows, test = self.related(question, of), self._test(question, where)
        if test is None or not rows:
            return rows
        codes = {code["id"]: code for code in self.record.facts.encoded.get(question.id, ())}
        return [row for row in rows if logic.truth(test, logic.Record(codes[row["id"]]))]

    def each(self, piece: Piece) -> Iterator[Here]:
        """Within each row that `each` walks through and `where` lets pass."""
        question = self.record.facts.program.questions.get(piece.each or "")
        if question is not None:
            for row in self.chosen(question, piece.of, piece.where) or ():
                yield replace(self, rows=question, row=row)

    def _test(self, question: Question, raw: object) -> Expression | None:
        """A condition over the columns of a row."""
        if raw is None:
            return None
        # The loader has checked it; reading it again here finds no fault.
        columns = self.record.facts.program.scope[question.id].columns
        return logic.read(raw, columns, (), Faults("outputs"))
