"""The blank questionnaire to take to a meeting: each question once, with room to write."""

from __future__ import annotations

from collections.abc import Iterator

from app.core import text
from app.core.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Run, Tone
from app.core.outputs import Piece
from app.core.questions import Question
from app.core.record import Record

_LINES = {
    "text": 2,
    "number": 1,
    "date": 1,
    "long_text": 5,
    "justification": 4,
    "row_of": 1,
    "rows": 6,
}
"""How many lines there are to write on, where an answer is not ticked."""


def questions(record: Record, _piece: Piece) -> Iterator[Block]:
    """The blank questionnaire of this route, with guidance, to take to a meeting."""
    for name in record.pipeline.asked_by(record.route):
        questionnaire = record.questionnaires[name]
        yield Heading(questionnaire.title, 1)
        seen: set[str] = set()
        for section in questionnaire.sections:
            yield Heading(section.title, 2)
            for page in section.pages:
                for placement in page.questions:
                    question = record.question(placement.id)
                    # What is only offered is printed once it is asked.
                    may = name not in record.route.optional or question.id in record.facts.shown
                    first = question.id not in seen and _asked_first_here(record, question.id, name)
                    if may and first:
                        yield from _blank(record, question)
                    seen.add(question.id)


def _asked_first_here(record: Record, id_: str, name: str) -> bool:
    route = record.pipeline.asked_by(record.route)
    first = next(
        (p.questionnaire for p in record.facts.program.places[id_] if p.questionnaire in route),
        name,
    )
    return first == name


def _blank(record: Record, question: Question) -> Iterator[Block]:
    yield Heading(question.ask, 3, numbered=False)
    who = (Run(f"For: {record.person(question.for_)}", Tone.QUIET),)
    yield Paragraph(who, Tone.QUIET)
    if question.hint:
        yield Paragraph(text.runs(question.hint))
    yield from _guide(question.guide or "")
    if question.labels:
        yield Bullets(tuple(text.plain(f"☐ {label}") for label in question.labels.values()))
    elif question.columns:
        asked = [c for c in question.columns if not c.derived]
        yield Bullets(tuple(text.plain(c.ask or c.called) for c in asked))
    lines = _LINES.get(question.type, 0)
    if lines:
        # A form that is filled in by hand needs room for the hand.
        yield Facts(question.called, (("Answer", Cell(((),) * lines)),))


def _guide(guide: str) -> Iterator[Block]:
    """Guidance as paragraphs and lists."""
    for part in text.paragraphs(guide):
        lines = part.split("\n")
        items = [line[2:] for line in lines if line.startswith("- ")]
        said = " ".join(line for line in lines if not line.startswith("- "))
        if said:
            yield Paragraph(text.runs(said), Tone.QUIET)
        if items:
            yield Bullets(tuple(text.runs(item) for item in items))
