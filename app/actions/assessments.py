"""Assessing answers and writing the documents: from a sheet or from a file, the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.actions.sign_off import content_hash
from app.catalogue import Catalogue
from app.core.assessment import assess
from app.core.blocks import Control, Document
from app.core.facts import Facts, facts
from app.core.journey import journey
from app.core.outline import compose
from app.core.record import Given, Record
from app.core.pipeline import Route
from app.core.standing import CLOSE, Act, standings
from app.core.telling import assessment_data
from app.documents.word import to_word


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose answers these are, and what is known besides them."""

    answers: Mapping[str, Any]
    on: date
    reference: str = ""
    release: str = "unpublished"
    stage: str | None = None
    acts: tuple[Act, ...] = ()
    given: Mapping[str, Given] = field(default_factory=dict)
    author: str = ""


def told(catalogue: Catalogue, subject: Subject) -> Record:
    """Everything a report or document may say of a subject."""
    found = facts(catalogue.program, subject.answers, subject.on)
    pipeline = catalogue.pipeline
    route = pipeline.path(found.values.get(pipeline.route.id))
    pages = journey(found, catalogue.questionnaires, pipeline.asked_by(route), route.optional)
    assessment = assess(found, subject.stage or _reached(route, subject.acts))
    title = str(found.values.get(pipeline.names.title) or subject.reference or "Untitled project")
    record = Record(
        Control(
            title,
            title if not subject.reference else f"{subject.reference} {title}",
            "",
            f"{subject.release} ({catalogue.hash[:12]})",
            "",
            subject.on.isoformat(),
            author=subject.author,
        ),
        pipeline,
        catalogue.questionnaires,
        found,
        assessment,
        pages,
        route,
        standings(pipeline, catalogue.program, route, assessment, pages, subject.acts),
        subject.acts,
        subject.given,
    )
    return replace(record, control=replace(record.control, content_hash=_hash(catalogue, record)))


def _reached(route: Route, acts: Iterable[Act]) -> str | None:
    """The stage a project has reached by its acts: what was "not done yet" counts there."""
    closed = {act.stage for act in acts if act.kind == CLOSE}
    return next((id_ for id_ in route.stages if id_ not in closed), None) if closed else None


def _hash(catalogue: Catalogue, record: Record) -> str:
    data = assessment_data(record)
    said = {key: data[key] for key in ("flags", "scores", "decisions", "tasks")}
    return content_hash(catalogue.hash, counted(record.facts), said)


def counted(found: Facts) -> dict[str, Any]:
    """The answers that count: those asked and given."""
    return {id_: found.values[id_] for id_ in sorted(found.shown) if id_ in found.values}


def ignored(catalogue: Catalogue, answers: Iterable[str], found: Facts) -> list[str]:
    """The ids answered but not asked."""
    return [id_ for id_ in catalogue.program.questions if id_ in answers and id_ not in found.shown]


def document(catalogue: Catalogue, record: Record, output: str) -> Document:
    """One output composed for a subject. Raises KeyError for an unknown output."""
    outline = catalogue.outlines[output]
    status = (
        "Signed"
        if any(act.kind == "signature" and act.about == output for act in record.acts)
        else "Draft"
    )
    control = replace(record.control, title=outline.title, marking=outline.marking, status=status)
    return compose(outline, replace(record, control=control))


def written(catalogue: Catalogue, record: Record, output: str) -> bytes:
    """One output as a Word file."""
    return to_word(document(catalogue, record, output))
