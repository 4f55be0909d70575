"""What is passed to somebody waits for them until it is answered, and only who sees it is asked."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from app.actions.answers import open_sheet
from app.actions.errors import NotFound
from app.actions.projects import NewProject, start_project
from app.actions.together.passing import (
    Handover,
    assign_page,
    assignments,
    finish_assignment,
    passed,
    take_back,
    yours,
)
from app.actions.together.team import Whom, leave_team
from app.store.database import read, write
from app.store.tables import membership
from app.store.team import team
from tests.databases import NOW, World, summarise

SOON = date(2026, 12, 3)


def start(world: World, title: str) -> str:
    with write(world.engine) as conn:
        new = NewProject(title, "new", "idea", world.release_id, NOW)
        return start_project(conn, world.ann, new, summarise)


def test_a_page_left_for_a_colleague_waits_until_it_is_done(world: World) -> None:
    handover = Handover("dpia/security", "Sam in security", "Which cloud?", NOW)
    with write(world.engine) as conn:
        assign_page(conn, world.ann, world.reference, handover)
    with read(world.engine) as conn:
        (waiting,) = assignments(conn, world.ben, world.reference)
    assert (waiting.page, waiting.to_whom) == (handover.page, handover.to_whom)
    assert (waiting.note, waiting.who, waiting.at, waiting.done_at) == (
        "Which cloud?",
        "Ann",
        NOW,
        None,
    )

    with write(world.engine) as conn:
        finish_assignment(conn, world.ben, world.reference, waiting.id, NOW)
    with read(world.engine) as conn:
        assert assignments(conn, world.ann, world.reference)[0].done_at == NOW


def test_a_page_of_another_project_cannot_be_finished_from_this_one(world: World) -> None:
    other = start(world, "Other")
    with write(world.engine) as conn:
        assign_page(conn, world.ann, other, Handover("idea/aim", "Sam", "", NOW))
        (left,) = assignments(conn, world.ann, other)

    for assignment in (left.id, uuid4()):
        with pytest.raises(NotFound), write(world.engine) as conn:
            finish_assignment(conn, world.ann, world.reference, assignment, NOW)


def test_what_is_passed_to_somebody_is_theirs_with_its_day_and_comes_with_the_project(
    world: World,
) -> None:
    handover = Handover("dpia/security", "", "Which cloud?", NOW, world.ben.person_id, "", SOON)
    with write(world.engine) as conn:
        told = assign_page(conn, world.ann, world.reference, handover)
    assert told
    assert (told.name, told.email) == ("Ben", "Ben@Brookvale.example")
    with read(world.engine) as conn:
        (one,) = yours(conn, world.ben)
        assert yours(conn, world.ann) == ()
        (brief,) = passed(open_sheet(conn, world.ann, world.reference).project)
    assert (one.reference, one.title, one.assignment.due_on) == (
        world.reference,
        "Warm homes",
        SOON,
    )
    assert (brief.page, brief.question, brief.to_whom, brief.due_on, brief.to_id) == (
        "dpia/security",
        "",
        "Ben",
        SOON,
        world.ben.person_id,
    )


@pytest.mark.parametrize(("days", "late"), [(-1, False), (0, False), (1, True)])
def test_it_is_late_when_its_day_has_passed(world: World, days: int, late: bool) -> None:
    _pass(world, SOON)
    with read(world.engine) as conn:
        (one,) = yours(conn, world.ben)
    assert one.is_late(SOON + timedelta(days=days)) is late


def _pass(world: World, due: date | None, question: str = "") -> None:
    with write(world.engine) as conn:
        handover = Handover("dpia/security", "", "", NOW, world.ben.person_id, question, due)
        assign_page(conn, world.ann, world.reference, handover)


def test_what_is_due_first_comes_first_and_what_has_no_day_last(world: World) -> None:
    days = [None, SOON, SOON - timedelta(days=9)]
    for due in days:
        _pass(world, due)
    with read(world.engine) as conn:
        assert [one.assignment.due_on for one in yours(conn, world.ben)] == days[::-1]
        open_ = list(passed(open_sheet(conn, world.ben, world.reference).project))
    assert len(open_) == len(days)


def test_nobody_is_asked_who_does_not_see_the_project(world: World) -> None:
    for whom in (world.stranger.person_id, uuid4()):
        handover = Handover("dpia/security", "", "", NOW, whom)
        with pytest.raises(NotFound), write(world.engine) as conn:
            assign_page(conn, world.ann, world.reference, handover)


@pytest.mark.parametrize("how", ["suspended", "taken off"])
def test_whoever_no_longer_sees_the_project_is_asked_nothing_of_it(world: World, how: str) -> None:
    _pass(world, SOON)
    theirs = world.ben.person_id
    with write(world.engine) as conn:
        if how == "taken off":
            conn.execute(update(team).where(team.c.person_id == theirs).values(left_at=NOW))
        else:
            gone = membership.c.person_id == theirs
            conn.execute(update(membership).where(gone).values(status="suspended"))
    with read(world.engine) as conn:
        assert (yours(conn, world.ben) == ()) is (how == "taken off")
    with pytest.raises(NotFound):
        _pass(world, SOON)


@pytest.mark.parametrize("how", ["suspended", "taken off"])
def test_what_waits_for_somebody_who_no_longer_sees_the_project_is_open_again(
    world: World, how: str
) -> None:
    _pass(world, SOON)
    with write(world.engine) as conn:
        ann = Handover("dpia/need", "", "", NOW, world.ann.person_id)
        assign_page(conn, world.ann, world.reference, ann)
        project = open_sheet(conn, world.ann, world.reference).project
        if how == "taken off":
            whom = Whom(world.ben.person_id, world.ben.organisation_id)
            leave_team(conn, world.ann, world.reference, whom, NOW)
        else:
            gone = membership.c.person_id == world.ben.person_id
            conn.execute(update(membership).where(gone).values(status="suspended"))
            assert take_back(conn, project.id, NOW) == 1
        assert take_back(conn, project.id, NOW) == 0
        left = passed(open_sheet(conn, world.ann, world.reference).project)
        assert [each.to_whom for each in left] == ["Ann"]
