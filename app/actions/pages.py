"""Opening a page of a project and saving it: one look at the answers serves everything on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from app.actions.access.policy import sees_restricted
from app.actions.actor import Actor
from app.actions.answers import Also, Opened, Posted, Summary, open_sheet, save_changes
from app.actions.assessments import About, Evaluated, evaluate_sheet, told
from app.actions.catalogues import Catalogues, Released
from app.actions.errors import NotAllowed
from app.actions.together.passing import finish_answered
from app.core.days import day_of
from app.core.facts import Facts
from app.core.journey import Journey
from app.core.parties import deciding
from app.core.pipeline import Route
from app.core.questions import Question, Suggestion, row_label
from app.core.record import Given, Record
from app.core.sheet import Change, Merged, Sheet, Unreadable
from app.core.standing import Act, settled_stages


class Answered(Protocol):
    """Something with answers: a project or an organisation, as it was opened."""

    @property
    def sheet(self) -> Sheet:
        """Its answers."""


@dataclass(frozen=True)
class Subject:
    """What questions are asked about, as its answers stand on one day: all that a page needs."""

    opened: Answered
    released: Released
    evaluated: Evaluated

    @property
    def facts(self) -> Facts:
        """What its answers say."""
        return self.evaluated.facts

    @property
    def route(self) -> Route:
        """The route they call for."""
        return self.evaluated.route

    @property
    def journey(self) -> Journey:
        """The pages of the route."""
        return self.evaluated.journey

    def person(self, actor: Actor) -> str:
        """Which of the people that are asked this actor is."""
        return actor.role

    def suggestion(self, question: Question) -> Suggestion | None:
        """The answer that the rules suggest to a question now."""
        whens = self.facts.program.suggestions.get(question.id, ())
        for suggestion, when in zip(question.suggest, whens, strict=True):
            if self.facts.truth(when) is True:
                return suggestion
        return None


@dataclass(frozen=True)
class Looked(Subject):
    """A project as its answers stand on one day."""

    opened: Opened

    @property
    def title(self) -> str:
        """What the project is called."""
        return self.opened.project.summary.title or "Untitled project"


def look(opened: Opened, released: Released, on: date) -> Looked:
    """Evaluate a project's answers."""
    settled = settled_stages(opened.project.acts)
    evaluated = evaluate_sheet(released.catalogue, opened.sheet, on, opened.project.id, settled)
    return Looked(opened, released, evaluated)


def open_project(
    conn: Connection, actor: Actor, catalogues: Catalogues, reference: str, on: date
) -> Looked:
    """A project this actor may see. Raises NotFound."""
    opened = open_sheet(conn, actor, reference)
    return look(opened, catalogues.of(conn, opened.project.release_id), on)


def summary_of(looked: Looked) -> Summary:
    """What lists show of a project."""
    title = looked.facts.values.get(looked.released.catalogue.pipeline.names.title)
    named = str(title or looked.opened.project.summary.title or "Untitled project")
    review = looked.facts.values.get(looked.released.catalogue.pipeline.names.review or "")
    on = date.fromisoformat(str(review)) if review else None
    return Summary(**counted(looked, named), next_review=on, deciding=_deciding(looked))


def _deciding(looked: Looked) -> str:
    question = looked.facts.program.questions[looked.released.catalogue.pipeline.names.parties]
    rows = deciding(looked.facts.values.get(question.id, ()))
    return "\n".join(" ".join(row_label(question, row).split()) for row in rows)


def counted(looked: Subject, title: str) -> dict[str, Any]:
    """What lists show of a subject with this title, by the fields of its summary."""
    found = looked.evaluated.brief
    asked, answered = looked.journey.counts
    return {
        "title": title,
        "route": looked.facts.values.get(looked.released.catalogue.pipeline.route.id),
        "worst_flag": found.worst,
        "asked": asked,
        "answered": answered,
        "raised": found.raised,
        "stops": found.stops,
        "undetermined": found.undetermined,
        "tasks": found.tasks,
        "asks": " ".join(_asked_for(looked)),
    }


def _asked_for(looked: Subject) -> Iterable[str]:
    """The acts that are asked for because of the answers."""
    values = looked.facts.values
    for declared in looked.released.catalogue.pipeline.acts_on(looked.route):
        if declared.asked_if is not None and values.get(declared.asked_if) is True:
            yield declared.id


def summarise(released: Released, on: date) -> Callable[[Opened], Summary]:
    """The summary that is written with answers."""
    return lambda opened: summary_of(look(opened, released, on))


@dataclass(frozen=True, slots=True)
class PageInput:
    """What was posted from one page."""

    where: str
    release_id: UUID
    at: datetime
    changes: Iterable[Change]
    drafts: Iterable[Unreadable] = ()
    also: Also | None = None
    confirm: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Saved:
    """What came of a save, and what was asked about as it is now."""

    merged: Merged
    looked: Subject


def save_page(
    conn: Connection, actor: Actor, catalogues: Catalogues, reference: str, posted: PageInput
) -> Saved:
    """Save a page. Raises NotFound, OutOfDate."""
    released = catalogues.of(conn, posted.release_id)
    posted = replace(posted, changes=[*posted.changes], drafts=[*posted.drafts])
    _leave_restricted(actor, released, posted)
    on = day_of(posted.at)
    looks: list[Looked] = []

    def summary(opened: Opened) -> Summary:
        looks.append(look(opened, released, on))
        return summary_of(looks[-1])

    merged = save_changes(
        conn,
        actor,
        reference,
        posted_of(posted),
        summary,
    )
    if not looks:
        opened = open_sheet(conn, actor, reference)
        looks.append(look(opened, released, on))
    finish_answered(conn, looks[-1].opened.project, posted.where, looks[-1].journey, posted.at)
    return Saved(merged, looks[-1])


def _leave_restricted(actor: Actor, released: Released, posted: PageInput) -> None:
    """Refuse an answer that this role does not even see. Raises NotAllowed."""
    if sees_restricted(actor.role):
        return
    asked = released.catalogue.program.questions
    addresses = [change.address for change in posted.changes]
    addresses += [draft.address for draft in posted.drafts]
    addresses += posted.confirm
    for address in addresses:
        question = asked.get(address.split("/", maxsplit=1)[0])
        if question is not None and question.restricted:
            raise NotAllowed(
                f"“{question.called}” is answered by those who look after information."
            )


def posted_of(page: PageInput) -> Posted:
    """What a page says, as it is written."""
    return Posted(
        page.changes, page.where, page.at, page.release_id, page.drafts, page.also, page.confirm
    )


def given_by(sheet: Sheet) -> dict[str, Given]:
    """Who gave each answer and when."""
    return {
        address: Given(entry.by, entry.at, entry.where)
        for address, entry in sheet.entries.items()
        if entry.value is not None
    }


def record_of(
    looked: Looked,
    stage: str | None = None,
    acts: tuple[Act, ...] | None = None,
) -> Record:
    """Everything a report or document may say of a project.

    `acts`: the whole acts, with the words people wrote; else those in brief.
    """
    project = looked.opened.project
    about = About(
        project.reference,
        str(looked.released.release.number),
        stage,
        project.acts if acts is None else acts,
        given_by(looked.opened.sheet),
        "Fingerpost",
        project.must_move.number if project.must_move else None,
    )
    return told(looked.evaluated, about)
