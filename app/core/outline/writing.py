"""The blocks of an outline, one after the other: each kind of piece has its writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from app.core import papers, parts, text
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
    Tone,
)
from app.core.outline.here import Here
from app.core.outline.tables import lines_of, pairs, table_of_rows, table_of_texts
from app.core.outputs import Further, Outline, Piece, has_schedules, tells_acts
from app.core.record import NOT_GIVEN, Record, is_gap


def compose(outline: Outline, record: Record) -> Document:
    """The document of an outline for one project on one day."""
    here = Here(record, outline, scheduled=has_schedules(outline.blocks))
    blocks = tuple(_blocks(here, outline.blocks))
    # A stop that was lifted is printed in every document, with the reason.
    if outline.as_ == "word" and not tells_acts(outline.blocks):
        blocks += tuple(parts.lifted(record))
    return Document(record.control, blocks, outline.contents)


def _blocks(here: Here, pieces: tuple[Piece, ...]) -> Iterator[Block]:
    """The blocks of these pieces; a heading with nothing below it is left out."""
    waiting: list[Heading] = []
    for piece in pieces:
        for block in _WRITERS[piece.kind](here, piece):
            if isinstance(block, Heading):
                waiting = [held for held in waiting if held.level < block.level]
                waiting.append(block)
            else:
                yield from waiting
                waiting = []
                yield block


# Words


def _heading(here: Here, piece: Piece) -> Iterator[Block]:
    source = piece.heading or ""
    if here.asks(source):
        yield Heading(here.words(source), piece.level)


def _paragraphs(here: Here, piece: Piece) -> Iterator[Block]:
    said = [here.runs(each) for each in text.paragraphs(piece.text or "") if here.says(each)]
    if piece.else_ and (not said or any(is_gap(run) for runs in said for run in runs)):
        yield from _blocks(here, piece.else_)
    else:
        yield from map(Paragraph, said)


def _bullets(here: Here, piece: Piece) -> Iterator[Block]:
    items = tuple(here.runs(each) for each in piece.bullets or () if here.asks(each))
    if items:
        yield Bullets(items)


def _clause(here: Here, piece: Piece) -> Iterator[Block]:
    title = piece.clause or ""
    for each in piece.paragraphs():
        if here.asks(each.text):
            letters = tuple(map(here.runs, _lettered(here, each)))
            yield Clause(title, here.runs(each.text), letters, locked=piece.locked)
            title = ""  # what follows is one more paragraph of the same clause


def _lettered(here: Here, paragraph: Further) -> Iterator[str]:
    """The texts below a paragraph that have something to say."""
    for part in paragraph.parts:
        holds = isinstance(part, str) or papers.holds(part.if_, here.record.facts)
        said = part if isinstance(part, str) else part.text
        if holds and here.says(said):
            yield said


def _facts(here: Here, piece: Piece) -> Iterator[Block]:
    """Labels and what is said of each; in a form, with room to write."""
    room: tuple[Runs, ...] = ((), ()) if piece.form else ()
    said = ((label, (*lines_of(here, each), *room)) for label, each in piece.fields.items())
    blank = ((Run(NOT_GIVEN, Tone.QUIET),),)
    told = tuple((label, Cell(lines or blank)) for label, lines in said)
    yield Facts(piece.form or piece.facts or "", told, show_caption=True)


# Answers


def _answers(here: Here, piece: Piece) -> Iterator[Block]:
    yield from pairs(here, piece.title or "Answers", piece.answers or ())


def _answers_of(here: Here, piece: Piece) -> Iterator[Block]:
    """All answers of a questionnaire, under the titles of its sections."""
    questionnaire = here.record.questionnaires.get(piece.answers_of or "")
    if questionnaire is None:
        return
    seen: set[str] = set(piece.except_)
    for section in questionnaire.sections:
        blocks: list[Block] = []
        for page in section.pages:
            ids = [id_ for id_ in dict.fromkeys(page.ids) if id_ not in seen]
            seen.update(ids)
            blocks += pairs(here, page.title, ids)
        if blocks:
            # In a document of its own the questionnaire is named at the top already.
            own = questionnaire.title == here.outline.title
            named = "" if own else f"{questionnaire.title}: "
            yield Heading(f"{named}{section.title}", 2)
            yield from blocks


# Structure


def _under_condition(here: Here, piece: Piece) -> Iterator[Block]:
    holds = papers.holds(piece.if_, here.record.facts)
    yield from _blocks(here, piece.blocks if holds else piece.else_)


def _for_each(here: Here, piece: Piece) -> Iterator[Block]:
    for inner in islice(here.each(piece), piece.first):
        yield from _blocks(inner, piece.blocks)


def _schedule(here: Here, piece: Piece) -> Iterator[Block]:
    anchor = f"schedule-{here.row['id']}" if here.row else None
    yield Part(here.words(piece.schedule or ""), anchor)
    yield from _blocks(here, piece.blocks)


def _part(here: Here, piece: Piece) -> Iterator[Block]:
    if piece.part == "legal_routes" and here.row is not None:
        yield from parts.legal_routes(here.record, here.row)
    elif piece.part == "signatures":
        yield from parts.signatures(here.record, scheduled=here.scheduled)
    else:
        yield from parts.PARTS[piece.part or ""](here.record, piece)


_WRITERS: Mapping[str, Callable[[Here, Piece], Iterator[Block]]] = {
    "heading": _heading,
    "text": _paragraphs,
    "bullets": _bullets,
    "clause": _clause,
    "facts": _facts,
    "form": _facts,
    "answers": _answers,
    "answers_of": _answers_of,
    "rows": table_of_rows,
    "table": table_of_texts,
    "if": _under_condition,
    "each": _for_each,
    "schedule": _schedule,
    "part": _part,
}
