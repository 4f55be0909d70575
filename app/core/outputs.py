"""Outlines of documents as the files in outputs/ say them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from app.core.models import Condition, Id, Model, Short, Text

KINDS = (
    "heading",
    "text",
    "bullets",
    "answers",
    "answers_of",
    "rows",
    "table",
    "if",
    "each",
    "schedule",
    "clause",
    "facts",
    "form",
    "part",
)

OFFER_COLUMNS = (2, 3)  # what is offered and why, then perhaps its limits and source


class Listing(Model):
    """Rows said in a cell of a table: their columns, row after row, none twice."""

    rows: Id
    columns: tuple[str, ...] = Field(strict=False)
    of: str | None = None
    where: Condition | None = None


Said = Text | Listing
Several = Annotated[tuple[Said, ...], Field(strict=False)]
Line = Annotated[tuple[Said | Several, ...], Field(strict=False)]


class Point(Model):
    """A lettered text of a clause that is printed only where a condition surely holds."""

    if_: Condition = Field(alias="if")
    text: Text


Points = tuple[Text | Point, ...]


class Further(Model):
    """One more numbered paragraph of a clause: 3.2 after 3.1."""

    text: Text
    parts: Points = Field((), strict=False)

    def texts(self) -> tuple[str, ...]:
        """Everything it says."""
        return (self.text, *(p.text if isinstance(p, Point) else p for p in self.parts))


class Piece(Model):
    """One block of an outline; exactly one of its kinds is given."""

    heading: Text | None = None
    level: int = 1
    text: Text | None = None
    bullets: tuple[Text, ...] | None = Field(None, strict=False)
    answers: tuple[Id, ...] | None = Field(None, strict=False)
    answers_of: Short | None = None
    except_: tuple[Id, ...] = Field((), alias="except", strict=False)
    rows: Id | None = None
    columns: tuple[str, ...] = Field((), strict=False)
    of: str | None = None
    first: int | None = None
    otherwise: Text | None = None
    table: Text | None = None
    header: tuple[Text, ...] = Field((), strict=False)
    lines: tuple[Line, ...] = Field((), strict=False)
    row: dict[str, Said | Several] = Field(default_factory=dict, strict=False)
    blank: Text | None = None
    title: Text | None = None
    if_: Condition | None = Field(None, alias="if")
    each: Id | None = None
    where: Condition | None = None
    blocks: tuple[Piece, ...] = Field((), strict=False)
    else_: tuple[Piece, ...] = Field((), alias="else", strict=False)
    schedule: Text | None = None
    clause: Text | None = None
    locked: bool = False
    parts: Points = Field((), strict=False)
    then: tuple[Further, ...] = Field((), strict=False)
    facts: Text | None = None
    form: Text | None = None
    fields: dict[str, str | Listing] = Field(default_factory=dict, strict=False)
    part: Short | None = None
    scores: tuple[Id, ...] = Field((), strict=False)
    decision: Id | None = None
    offer: Id | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Piece:
        kinds = self.kinds()
        if len(kinds) != 1:
            said = " and ".join(kinds) or "none of them"
            message = f"a block is exactly one of {', '.join(KINDS)}; this has {said}"
            raise ValueError(message)
        if self.table is not None:
            self._sound_table()
        elif self.header and (self.offer is None or len(self.header) not in OFFER_COLUMNS):
            message = "'header' has the titles of a table, or the two or three of an offer"
            raise ValueError(message)
        if self.clause is not None and not self.text:
            message = "a clause has a text: what it says before its lettered parts"
            raise ValueError(message)
        if (self.form is None and self.facts is None) != (not self.fields):
            message = "facts and a form have 'fields': a mapping of label to what is said there"
            raise ValueError(message)
        return self

    def _sound_table(self) -> None:
        """A table is written by lines under a header, or by one row said for each."""
        if bool(self.row) == bool(self.lines):
            message = "a table has 'header' and 'lines', or 'row': a mapping of title to text"
            raise ValueError(message)
        uneven = [n for n, line in enumerate(self.lines, 1) if len(line) != len(self.header)]
        if uneven:
            message = f"line {uneven[0]} of the table has not as many cells as its header"
            raise ValueError(message)

    def paragraphs(self) -> tuple[Further, ...]:
        """The numbered paragraphs of a clause."""
        first = (Further(text=self.text, parts=self.parts),) if self.text else ()
        return (*first, *self.then) if self.clause is not None else ()

    def conditions(self) -> tuple[Any, ...]:
        """What has to hold for this block, or for a lettered text in it, to be printed."""
        every = (part for each in self.paragraphs() for part in each.parts)
        points = (part.if_ for part in every if isinstance(part, Point))
        return (*points, *(() if self.if_ is None else (self.if_,)))

    def said(self) -> tuple[Said, ...]:
        """Everything that the cells of a table, facts or a form say."""
        cells = [*self.row.values(), *(cell for line in self.lines for cell in line)]
        inner = (each for cell in cells for each in (cell if isinstance(cell, tuple) else (cell,)))
        return (*inner, *self.fields.values())

    def listings(self) -> tuple[Listing, ...]:
        """The lists of rows in the cells of a table, facts or a form."""
        return tuple(each for each in self.said() if isinstance(each, Listing))

    def kinds(self) -> list[str]:
        """The kinds given here."""
        found = [k for k in KINDS if getattr(self, "if_" if k == "if" else k) is not None]
        # A clause has a text of its own; a table may have a line for each row.
        return [
            k
            for k in found
            if not (k == "text" and "clause" in found) and not (k == "each" and "table" in found)
        ]

    @property
    def kind(self) -> str:
        """The kind of this block."""
        return self.kinds()[0]


class Outline(Model):
    """One output file.

    `as_` csv: one table, written as a file of comma-separated values. `for_`: whom it is for, a
    code under `readers` in the pipeline. `if_`: offered only where this surely holds. `at_most`:
    letters an answer is cut to. `gaps` named: a blank in a text says what was asked. `restricted`:
    it prints restricted answers, and is there for those who look after information alone.
    """

    title: Text
    file: Short
    marking: Text = "OFFICIAL"
    about: Text | None = None
    contents: bool = True
    subtitle: Text | None = None
    as_: Literal["word", "csv"] = Field("word", alias="as")
    for_: Short | None = Field(None, alias="for")
    if_: Condition | None = Field(None, alias="if")
    at_most: int | None = None
    gaps: Literal["plain", "named"] = "plain"
    restricted: bool = False
    blocks: tuple[Piece, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _one_table(self) -> Outline:
        if self.as_ == "csv" and [piece.kind for piece in self.blocks] != ["table"]:
            message = "'as: csv' is one table: its only block is of the kind 'table'"
            raise ValueError(message)
        return self

    @property
    def file_name(self) -> str:
        """The name of the file, with its ending."""
        return f"{self.file}.{'csv' if self.as_ == 'csv' else 'docx'}"


def has_schedules(pieces: Iterable[Piece]) -> bool:
    """Whether each party has a schedule of its own."""
    return any(
        (piece.each and any(inner.schedule for inner in piece.blocks))
        or has_schedules(piece.blocks)
        for piece in pieces
    )


def tells_acts(pieces: Iterable[Piece]) -> bool:
    """Whether an outline prints what people did."""
    return any(
        piece.part == "acts" or tells_acts((*piece.blocks, *piece.else_)) for piece in pieces
    )
