"""The Acts that the legal routes rely on, as the list of gateways states them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.core import report, text
from app.core.blocks import Block, Cell, Run, Table, Tone
from app.core.domains import show_date
from app.core.outputs import Piece
from app.core.questions import Question
from app.core.record import Record
from app.core.rules import Entry


def legislation(record: Record, _piece: Piece) -> Iterator[Block]:
    """What each Act relied on allows, where it applies and what it does not cover."""
    names = record.pipeline.names
    if not names.routes or names.routes not in record.facts.shown:
        return
    question = record.question(names.routes)
    entries = tuple(relied_on(record, question, record.facts.values.get(question.id, ())))
    if entries:
        yield Table(
            "Acts relied on",
            ("Act", "What it allows, and to whom", "Limits and source"),
            tuple(_line(record, entry) for entry in entries),
            (28, 40, 32),
        )


def relied_on(
    record: Record, question: Question, routes: Iterable[Mapping[str, Any]]
) -> Iterator[Entry]:
    """The gateways that some route names and that an Act stands behind, in the order of the list."""
    routes = tuple(routes)
    for column in question.columns:
        offering = record.facts.program.offers.get(column.options_from or "")
        if offering is None:
            continue
        chosen = {code for route in routes for code in _codes(route.get(column.id))}
        yield from (e for e in offering.rule.entries if e.code in chosen and e.act)


def _codes(answer: Any) -> Iterable[str]:
    if answer is None:
        return ()
    return answer if isinstance(answer, list | tuple) else (answer,)


def _line(record: Record, entry: Entry) -> tuple[Cell, ...]:
    where = f"Extent: {entry.extent}. " if entry.extent else ""
    since = f"In force from {show_date(entry.effective_from)}." if entry.effective_from else ""
    start = " ".join(filter(None, (since, entry.commencement)))
    first = (report.cited(record, entry.law or ""), (Run(f"{where}{start}".strip(), Tone.QUIET),))
    allows = tuple(text.plain(said) for said in (entry.text or entry.title, entry.who) if said)
    limits = (text.plain(entry.limits),) if entry.limits else ()
    last = (*limits, report.source(record, entry.source, entry.checked))
    return tuple(
        Cell(tuple(line for line in cell if line and line[0].text))
        for cell in (first, allows, last)
    )
