"""Before a project is there: what its first answers would lead to, and what an earlier one brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.answers import Opened, Project, Summary
from app.actions.catalogues import Released
from app.actions.pages import Looked, look, summarise
from app.actions.projects import NewProject, start_project
from app.core.assessment import Assessment, assess
from app.core.pipeline import Door
from app.core.program import Program
from app.core.questions import Column, type_of
from app.core.sheet import Change, Sheet, Stamp, Unreadable, merge
from app.core.standing import Asked, Likely, asked_of, likely_route

NOBODY = UUID(int=0)
WHERE = "start"
"""The page on which the quick questions are answered."""


@dataclass(frozen=True, slots=True)
class First:
    """The first answers: through which door, what was said, what could not be read, and when."""

    door: Door
    at: datetime
    changes: tuple[Change, ...] = ()
    drafts: tuple[Unreadable, ...] = ()


def imagine(released: Released, first: First) -> Looked:
    """The project that these answers would begin; nothing is kept."""
    stamp = Stamp("You", first.at, WHERE, str(released.release.id))
    sheet = merge(Sheet(), _all(first), first.drafts, stamp).sheet
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
    return look(Opened(begun, sheet), released, first.at.date())


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
    )
    return start_project(conn, actor, new, summarise(released, first.at.date()))


def _all(first: First) -> tuple[Change, ...]:
    door = tuple(Change(id_, value) for id_, value in first.door.answers.items())
    said = {change.address for change in door}
    return door + tuple(change for change in first.changes if change.address not in said)


def bring_back(answers: Mapping[str, object], program: Program) -> Iterator[Change]:
    """The answers of an earlier project as those of a new one, as far as they are still asked."""
    numbers = {
        id_: {row["id"]: n for n, row in enumerate(rows, 1)}
        for id_, rows in answers.items()
        if isinstance(rows, list) and rows and isinstance(rows[0], dict)
    }
    for id_, value in answers.items():
        question = program.questions.get(id_)
        if question is None:
            continue
        if id_ in numbers and question.type == "rows":
            yield from _rows(id_, value, question.columns, numbers)
        elif question.type != "rows" and not type_of(question).from_file(question, value).error:
            yield Change(id_, value)


def _rows(
    id_: str, rows: object, columns: Iterable[Column], numbers: Mapping[str, Mapping[int, int]]
) -> Iterator[Change]:
    known = {column.id: column for column in columns if not column.derived}
    for n, row in enumerate(rows if isinstance(rows, list) else (), 1):
        kept: dict[str, object] = {}
        for name, value in row.items():
            column = known.get(name)
            if column is None:
                continue
            # Rows are numbered anew, and what refers to them with them.
            said = (
                numbers.get(column.rows or "", {}).get(value) if column.type == "row_of" else value
            )
            if said is not None and not type_of(column).from_file(column, said).error:
                kept[name] = said
        yield Change(f"{id_}/+{n}", {"owner": None, **kept})


@dataclass(frozen=True)
class Outlook:
    """Where a project's answers lead so far, and how many questions that is for whom."""

    looked: Looked
    assessment: Assessment
    likely: Likely
    asked: Mapping[str, Asked]


def outlook(looked: Looked) -> Outlook:
    """The likely route of a project."""
    catalogue = looked.released.catalogue
    assessment = assess(looked.facts)
    likely = likely_route(catalogue.pipeline, looked.facts, assessment)
    asked = asked_of(catalogue.pipeline, looked.facts, catalogue.questionnaires, likely.route)
    return Outlook(looked, assessment, likely, asked)
