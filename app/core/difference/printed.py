"""What a document rests on: the facts its blocks read, and the parts that tell of everything judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.core import text
from app.core.difference.change import Definitions
from app.core.difference.graph import Graph
from app.core.outputs import Listing, Outline, Piece
from app.core.program import bases
from app.core.questions import Question

JUDGED = frozenset(
    [
        "risk_top",
        "verdict",
        "top_risks",
        "flag_list",
        "flags",
        "tolerances",
        "unknown",
        "next",
        "unconfirmed",
        "matrix",
        "scores",
        "flow",
        "acts",
    ]
)
"""The parts that tell of flags."""

DETAILED = frozenset(["risk_top", "flags", "unknown", "next", "tolerances"])
"""Those that tell the questions and answers behind them, or count what is left to answer."""

ROWS = {
    "top_risks": ("risks",),
    "risks": ("risks",),
    "matrix": ("risks",),
    "flow": ("parties", "flows", "items", "routes"),
    "legal_routes": ("routes", "parties"),
    "legislation": ("routes",),
    "unconfirmed": ("routes",),
    "signatures": ("parties",),
}
"""Which questions of the pipeline are behind a part that the engine builds."""

FILES = "attachments"
"""The part that lists the files that were given."""

WHOLE = "questions"
PIPELINE = "the pipeline"
"""What is said of people, stages and routes, as something that a document prints."""


def of_offer(id_: str) -> str:
    """The words of an offer, as something that a document prints."""
    return f"the offer {id_}"


def of_levels(id_: str) -> str:
    """The levels of a score's band, as something that a document prints."""
    return f"the levels of {id_}"


def of_questionnaire(name: str) -> str:
    """The titles within a questionnaire, as something that a document prints."""
    return f"the questionnaire {name}"


@dataclass(frozen=True, slots=True)
class Printed:
    """What one document rests on.

    `ids`: facts, and whatever else is named by `of_offer`, `of_questionnaire` and PIPELINE; `asked`:
    those whose question is printed with the answer; `gaps`: a question is printed where its answer is
    missing; `judged`: it tells of flags; `detailed`: and of what is behind them; `whole`: it prints
    every question of the route.
    """

    ids: frozenset[str]
    asked: frozenset[str]
    gaps: bool
    judged: bool
    detailed: bool
    whole: bool

    def join(self, other: Printed) -> Printed:
        """What either of two rests on."""
        return Printed(
            self.ids | other.ids,
            self.asked | other.asked,
            self.gaps or other.gaps,
            self.judged or other.judged,
            self.detailed or other.detailed,
            self.whole or other.whole,
        )


def printed(outline: Outline, definitions: Definitions, graph: Graph) -> Printed:
    """Everything that the blocks of an outline read."""
    reading = _Reading(definitions, graph)
    reading.ids |= set(text_names(outline.subtitle)) | {definitions.pipeline.names.title}
    reading.condition(outline.if_)
    reading.pieces(outline.blocks)
    ids, asked, gaps = frozenset(reading.ids), frozenset(reading.asked), outline.gaps == "named"
    return Printed(ids, asked, gaps, reading.judged, reading.detailed, reading.whole)


def text_names(words: str | None) -> Iterator[str]:
    """The facts that a text names; a column of a row stands for the rows, which are named elsewhere."""
    return (name for name in text.places(words or "") if "." in name)


class _Reading:
    """One reading of an outline."""

    def __init__(self, definitions: Definitions, graph: Graph) -> None:
        self.definitions = definitions
        self.program = definitions.program
        self.graph = graph
        self.ids: set[str] = set()
        self.asked: set[str] = set()
        self.judged = self.detailed = False
        self.whole = False

    def pieces(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self.piece(piece)
            self.pieces((*piece.blocks, *piece.else_))

    def piece(self, piece: Piece) -> None:
        for words in _texts(piece):
            self.ids.update(text_names(words))
        for condition in piece.conditions():
            self.condition(condition)
        self.asked.update(piece.answers or ())
        self.ids.update(piece.answers or ())
        for rows in (piece.rows, piece.each):
            self.rows(rows)
        for listing in piece.listings():
            self.rows(listing.rows)
        self.derived(piece)
        if piece.answers_of is not None:
            self.answers_of(piece.answers_of)
        if piece.part is not None:
            self.part(piece.part)

    def derived(self, piece: Piece) -> None:
        """Scores and decisions with their reasons, and what is offered."""
        self.ids |= self.graph.cone([*piece.scores, *filter(None, (piece.decision,))])
        self.ids.update(map(of_levels, piece.scores))
        self.offer(piece.offer)

    def offer(self, id_: str | None) -> None:
        offering = self.program.offers.get(id_ or "")
        if offering is None:
            return
        self.ids.add(of_offer(offering.rule.id))
        self.rows(offering.rule.each)
        supposed = offering.rule.supposed
        if supposed is not None:
            self.rows(supposed.rows)
            self.ids.update(supposed.codes.values())
        for entry in offering.rule.entries:
            for raw in (entry.when, *(each.when for each in entry.unless)):
                self.condition(raw)

    def answers_of(self, name: str) -> None:
        questionnaire = self.definitions.questionnaires.get(name)
        if questionnaire is None:
            return
        self.ids.add(of_questionnaire(name))
        for _, page in questionnaire.pages():
            for id_ in page.ids:
                self.ids.add(id_)
                self.asked.add(id_)
                self.rows(id_)

    def part(self, name: str) -> None:
        pipeline = self.definitions.pipeline
        self.judged |= name in JUDGED
        self.detailed |= name in DETAILED
        self.whole |= name == WHOLE
        self.ids |= {PIPELINE, pipeline.route.id}
        if name == FILES:
            self.ids |= {q.id for q in self.program.questions.values() if q.type == "file"}
        for key in ROWS.get(name, ()):
            self.rows(getattr(pipeline.names, key))
        if name in ROWS:
            question = self.program.questions.get(pipeline.names.routes or "")
            for column in question.columns if question else ():
                self.offer(column.options_from)

    def rows(self, id_: str | None) -> None:
        """A rows question, and the rows that its columns refer to."""
        question: Question | None = self.program.questions.get(id_ or "")
        if question is None:
            return
        self.ids.add(question.id)
        self.asked.add(question.id)
        self.ids.update(column.rows for column in question.columns if column.rows)

    def condition(self, raw: Any) -> None:
        self.ids |= bases(named(raw))


def named(raw: Any) -> Iterator[str]:
    """The ids that a condition reads, as it is written."""
    if isinstance(raw, dict):
        for key, inner in raw.items():
            if key == "var" and isinstance(inner, str):
                yield from (inner,) if "." in inner else ()
            else:
                yield from named(inner)
    elif isinstance(raw, list | tuple):
        for inner in raw:
            yield from named(inner)


def _texts(piece: Piece) -> Iterator[str]:
    """Every text of a block."""
    said = (each for each in piece.said() if not isinstance(each, Listing))
    yield from filter(
        None,
        (
            piece.heading,
            piece.text,
            piece.otherwise,
            piece.facts,
            piece.form,
            piece.table,
            piece.title,
            piece.schedule,
            piece.clause,
            *said,
            *(piece.bullets or ()),
            *(words for each in piece.paragraphs() for words in each.texts()),
        ),
    )
