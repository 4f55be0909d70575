"""What is counted over all projects once a day; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.figures import RESTS_AFTER, known_figures
from app.actions.definitions.releases import publish_files
from app.actions.jobs import reassess
from app.actions.pages import PageInput, save_page, summarise
from app.actions.projects import NewProject, start_project
from app.core.sheet import Change
from app.store.database import read, write
from tests.databases import NOW, World
from tests.tiny import sources

QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "a.one",
        "type": "choice",
        "ask": "One?",
        "options": {"yes": "Yes", "no": "No", "unsure": "I don't know"},
    },
    {"id": "a.held", "type": "text", "ask": "What held you up?", "required": False},
]


def begin(world: World, catalogues: Catalogues, **answers: str) -> None:
    """A project of Ann's with these answers, saved on one page."""
    released = catalogues.newest()
    ann: Actor = world.ann
    with write(world.engine) as conn:
        summary = summarise(released, NOW.date())
        new = NewProject("One", "new", "s", released.release.id, NOW)
        reference = start_project(conn, ann, new, summary)
        changes = [Change(id_.replace("_", "."), value) for id_, value in answers.items()]
        save_page(
            conn, ann, catalogues, reference, PageInput("q/p", released.release.id, NOW, changes)
        )


@pytest.fixture
def catalogues(world: World) -> Catalogues:
    found = Catalogues(world.engine)
    with write(world.engine) as conn:
        conn.exec_driver_sql("DELETE FROM team")
        conn.exec_driver_sql("DELETE FROM project_party")
        conn.exec_driver_sql("DELETE FROM project")
    pipeline = {"feedback": ["a.held"]}
    publish_files(found, sources(QUESTIONS, pipeline=pipeline), Notes("LOTI", "First.", NOW))
    return found


def test_questions_left_unsure_pages_left_and_what_held_people_up(
    world: World, catalogues: Catalogues
) -> None:
    begin(world, catalogues, a_one="unsure", a_held="Waiting for replies.")
    begin(world, catalogues, a_one="yes")
    later = NOW + RESTS_AFTER + timedelta(minutes=1)
    reassess(world.engine, catalogues, later)
    with read(world.engine) as conn:
        found = known_figures(conn)

    assert found
    assert (found.projects, found.at) == (2, later)
    assert found.unsure == (("a.one", 1, 2),)
    assert ("q/p", 2) in found.stops
    assert [(id_, words) for _, id_, words in found.held] == [("a.held", "Waiting for replies.")]


def test_a_project_that_was_saved_lately_does_not_rest(
    world: World, catalogues: Catalogues
) -> None:
    begin(world, catalogues, a_one="yes")
    reassess(world.engine, catalogues, NOW + RESTS_AFTER - timedelta(minutes=1))
    with read(world.engine) as conn:
        found = known_figures(conn)

    assert found
    assert found.stops == ()
    assert found.unsure == ()


def test_nothing_is_known_before_the_first_count(world: World) -> None:
    with read(world.engine) as conn:
        assert known_figures(conn) is None


def test_a_day_counted_again_takes_the_place_of_the_one_before(
    world: World, catalogues: Catalogues
) -> None:
    for number in (1, 2):
        begin(world, catalogues, a_one="unsure")
        reassess(world.engine, catalogues, NOW + timedelta(days=number))
        with read(world.engine) as conn:
            found = known_figures(conn)
        assert found
        assert found.unsure == (("a.one", number, number),)
