"""What a signature binds: the answers printed in the common body and in each schedule, or behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.actions.review.sign_off import ANY_ROW, BODY
from app.core import text
from app.core.outputs import Listing, Outline, Piece
from app.core.parties import deciding, named
from app.core.parts import routes_of
from app.core.questions import Question, row_label
from app.core.record import Record

ROUTES = "legal_routes"
DRAWN = {ROUTES: "routes", "legislation": "routes", "flow": "flows", "risks": "risks"}
"""Which question of the pipeline is behind a part that the engine builds."""

FILES = "attachments"
"""The part that lists the files that were given."""


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that signs: the row it stands in, and its name."""

    row: int
    name: str

    @property
    def schedule(self) -> str:
        """The part of an agreement that is its own."""
        return schedule_of(self.row)


def schedule_of(row: int) -> str:
    """The part that belongs to a row of the parties."""
    return f"schedule/{row}"


def parties_to_sign(record: Record) -> tuple[Party, ...]:
    """The organisations that sign: all parties but processors, which act on instructions."""
    question = record.question(record.pipeline.names.parties)
    return tuple(
        Party(row["id"], row_label(question, row))
        for row in deciding(record.facts.values.get(question.id, ()))
    )


def party_of(record: Record, organisation: str) -> Party | None:
    """The party an organisation is, whether named in full or in short ("Carnmere")."""
    every = parties_to_sign(record)
    found = named([party.name for party in every], organisation)
    return None if found is None else every[found]


def material(record: Record, outline: Outline) -> dict[str, frozenset[str]]:
    """For each part of a document, the addresses a change of which touches its signatures."""
    reading = _Reading(record)
    reading.pieces(outline.blocks)
    found = {part: frozenset(addresses) for part, addresses in reading.found.items()}
    return {BODY: frozenset(), **found}


class _Reading:
    """One reading of an outline: which part rests on which addresses."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.found: defaultdict[str, set[str]] = defaultdict(set)

    def pieces(
        self,
        pieces: Iterable[Piece],
        part: str = BODY,
        row: tuple[Question, Mapping[str, Any]] | None = None,
    ) -> None:
        for piece in pieces:
            here = part
            if piece.schedule is not None and row is not None:
                here = schedule_of(row[1]["id"])
            self.found[here] |= {a for name in _names(piece) for a in self._addresses(name, row)}
            self.found[here] |= set(self._rows(piece, row)) | set(self._files(piece))
            for listing in (*piece.listings(), *self._drawn(piece)):
                self.found[here] |= set(self._rows(listing, row))
            if piece.each is None:
                self.pieces((*piece.blocks, *piece.else_), here, row)
                continue
            question = self.record.question(piece.each)
            for each in self.record.facts.values.get(question.id, ()):
                self.found[here] |= set(self._columns_said(piece, (question, each)))
                self.pieces(piece.blocks, here, (question, each))

    def _columns_said(self, piece: Piece, row: tuple[Question, Mapping[str, Any]]) -> Iterator[str]:
        """The columns that a line of a table names, for one row."""
        for name in _names(piece) if piece.table else ():
            yield from self._addresses(name, row)

    def _addresses(
        self, name: str, row: tuple[Question, Mapping[str, Any]] | None
    ) -> Iterator[str]:
        """The addresses of a name in an outline: a column of this row, a question, a derived fact."""
        program = self.record.facts.program
        if "." not in name:
            if row is not None and _is_material(row[0], name):
                yield f"{row[0].id}/{row[1]['id']}/{name}"
            return
        for root in program.roots.get(name, frozenset({name})):
            question = program.questions.get(root.split("/")[0])
            if question is not None:
                yield from _all_of(question)

    def _drawn(self, piece: Piece) -> Iterator[Listing]:
        """The rows behind what the engine builds; of the legal routes in a schedule, the party's."""
        rows = getattr(self.record.pipeline.names, DRAWN.get(piece.part or "", ""), None)
        if rows is not None:
            yield Listing(rows=rows, columns=(), of="party" if piece.part == ROUTES else None)

    def _files(self, piece: Piece) -> Iterator[str]:
        """The questions whose files a part lists."""
        asked = self.record.facts.program.questions.values() if piece.part == FILES else ()
        yield from (q.id for q in asked if q.type == "file" and q.material)

    def _rows(
        self, piece: Piece | Listing, row: tuple[Question, Mapping[str, Any]] | None
    ) -> Iterator[str]:
        """The columns printed of a table; within a schedule only the rows that belong to its party."""
        if piece.rows is None:
            return
        question = self.record.question(piece.rows)
        columns = [c for c in piece.columns or _columns(question) if _is_material(question, c)]
        numbers: list[object] = [ANY_ROW]
        link = getattr(piece, "of", None)
        if link is not None and row is not None:
            every = self.record.facts.values.get(question.id, ())
            own = [each for each in every if each.get(link) == row[1]["id"]]
            if question.id == self.record.pipeline.names.routes:
                own = [dict(each) for each in routes_of(every, row[1])]
            numbers = [each["id"] for each in own]
        for number in numbers:
            yield from (f"{question.id}/{number}/{column}" for column in columns)


def _all_of(question: Question) -> Iterator[str]:
    if question.type != "rows":
        if question.material:
            yield question.id
        return
    for column in _columns(question):
        if _is_material(question, column):
            yield f"{question.id}/{ANY_ROW}/{column}"


def _columns(question: Question) -> list[str]:
    return [column.id for column in question.columns if not column.derived]


def _is_material(question: Question, column: str) -> bool:
    known = {each.id: each for each in question.columns}
    return question.material and column in known and known[column].material


def _names(piece: Piece) -> Iterator[str]:
    """Every id and column an outline's block names."""
    texts = (
        piece.heading,
        piece.text,
        piece.facts,
        piece.form,
        piece.schedule,
        piece.clause,
        *(said for said in piece.said() if isinstance(said, str)),
        *(piece.bullets or ()),
        *(said for each in piece.paragraphs() for said in each.texts()),
    )
    for words in texts:
        yield from text.places(words or "")
    yield from (*(piece.answers or ()), *piece.scores)
    yield from filter(None, (piece.decision, piece.offer))
    for condition in piece.conditions():
        yield from _read(condition)


def _read(condition: Any) -> Iterator[str]:
    """The ids a condition reads, as it is written."""
    if isinstance(condition, Mapping):
        for operator, inner in condition.items():
            if operator == "var" and isinstance(inner, str) and "." in inner:
                yield inner
            else:
                yield from _read(inner)
    elif isinstance(condition, list | tuple):
        for inner in condition:
            yield from _read(inner)
