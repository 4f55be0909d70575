"""The files that answer questions of a project, as a document lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core import text
from app.core.blocks import Block, Cell, Heading, Paragraph, Run, Table, Tone
from app.core.outputs import Piece
from app.core.questions import Question, describe_file, file_day
from app.core.record import RESTRICTED, Record

TITLE = "Attachments"
GROUP = 8  # letters of a hash that stand together: a line breaks between groups


def attachments(record: Record, piece: Piece) -> Iterator[Block]:
    """A table of the files that were given; nothing where there are none.

    The hash ties each file to this document: the same hash, the same file to the last byte.
    """
    given = [(question, record.facts.values[question.id]) for question in _answered(record)]
    if not given:
        return
    title = piece.title or TITLE
    yield Heading(title, piece.level)
    yield Table(
        title,
        ("File", "What it answers", "SHA-256"),
        tuple(_row(record, question, answer) for question, answer in given),
        (36, 34, 30),
        show_caption=False,
    )
    yield Paragraph(
        text.plain(
            "The files themselves are kept with the project. A file with the same SHA-256 is the same file."
        ),
        Tone.QUIET,
    )


def _answered(record: Record) -> list[Question]:
    """The questions that a file answers, in the order in which they are asked."""
    program = record.facts.program
    asked = (q for q in program.questions.values() if q.type == "file")
    there = [q for q in asked if q.id in record.facts.shown and q.id in record.facts.values]
    return sorted(there, key=lambda q: program.places[q.id][0].rank)


def _row(record: Record, question: Question, answer: Mapping[str, Any]) -> tuple[Cell, ...]:
    asked = Cell((text.plain(question.called),))
    if question.restricted and not record.sees_restricted:
        return (Cell(((Run(RESTRICTED, Tone.QUIET),),)), asked, Cell((text.plain("–"),)))
    about = f"{describe_file(answer)}, {file_day(answer)}"
    groups = " ".join(answer["hash"][at : at + GROUP] for at in range(0, 64, GROUP))
    return (
        Cell((text.plain(answer["name"]), (Run(about, Tone.QUIET),))),
        asked,
        Cell(((Run(groups, Tone.QUIET),),)),
    )
