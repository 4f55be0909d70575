"""Before a project is there: what its first answers would lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.answers import Opened, Project, Summary
from app.actions.catalogues import Released
from app.actions.pages import Looked, look, summarise
from app.actions.projects import NewProject, start_project
from app.core.assessment import Assessment, assess
from app.core.days import day_of
from app.core.pipeline import Door
from app.core.sheet import Change, Sheet, Stamp, Unreadable, merge
from app.core.standing import HowMany, Likely, asked_of, likely_route

NOBODY = UUID(int=0)
WHERE = "start"
"""The page on which the quick questions are answered."""


@dataclass(frozen=True, slots=True)
class First:
    """The first answers: through which door, what was said, what could not be read, and when.

    `carried`: what comes from another project, to be confirmed. `id`: under which it is kept.
    """

    door: Door
    at: datetime
    changes: tuple[Change, ...] = ()
    drafts: tuple[Unreadable, ...] = ()
    carried: Sheet = field(default_factory=Sheet)
    id: UUID = field(default_factory=uuid4)


def imagine(released: Released, first: First) -> Looked:
    """The project that these answers would begin; nothing is kept."""
    stamp = Stamp("You", first.at, WHERE, str(released.release.id))
    sheet = merge(first.carried, _all(first), first.drafts, stamp).sheet
    stage = released.catalogue.pipeline.stages[0].id
    begun = Project(
        uuid4(),
        "",
        NOBODY,
        released.release.id,
        NOBODY,
        stage,
        first.door.code,
        1,
        first.at,
        (),
        Summary(""),
    )
    return look(Opened(begun, sheet), released, day_of(first.at))


def begin_project(conn: Connection, actor: Actor, released: Released, first: First) -> str:
    """Begin a project with its first answers; its reference."""
    imagined = imagine(released, first)
    new = NewProject(
        title=imagined.title,
        door=first.door.code,
        stage=imagined.route.stages[0],
        release_id=released.release.id,
        at=first.at,
        where=WHERE,
        changes=_all(first),
        carried=first.carried,
        id=first.id,
    )
    return start_project(conn, actor, new, summarise(released, day_of(first.at)))


def _all(first: First) -> tuple[Change, ...]:
    door = tuple(Change(id_, value) for id_, value in first.door.answers.items())
    said = {change.address for change in door}
    return door + tuple(change for change in first.changes if change.address not in said)


@dataclass(frozen=True)
class Outlook:
    """Where a project's answers lead so far, and how many questions that is for whom."""

    looked: Looked
    assessment: Assessment
    likely: Likely
    asked: Mapping[str, HowMany]


def outlook(looked: Looked) -> Outlook:
    """The likely route of a project."""
    catalogue = looked.released.catalogue
    assessment = assess(looked.facts)
    likely = likely_route(catalogue.pipeline, looked.facts, assessment)
    asked = asked_of(catalogue.pipeline, looked.facts, catalogue.questionnaires, likely.route)
    return Outlook(looked, assessment, likely, asked)
