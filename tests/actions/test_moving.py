"""A project moves to another release in one transaction, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.actions.actor import Actor
from app.actions.answers import Posted, open_sheet, save_changes
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.releases import publish_files
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.moving import Plan, move_project, plan_move, stay
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.actions.review.acts import acts_of, hash_of
from app.actions.review.reports import open_report
from app.core.sheet import Change, answers
from app.store.database import read, write
from app.store.sheets import forget_sheets
from app.store.tables import answer_event, project
from tests.databases import add_party
from tests.kept import who_is
from tests.tiny import sources

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
NOTES = Notes("LOTI", "", AT)
KIND = {"id": "a.kind", "type": "choice", "ask": "Kind?", "options": {"red": "Red", "blue": "Blue"}}
TEXT = {"id": "a.text", "type": "text", "ask": "Text?"}
AFTER = {**KIND, "id": "b.kind", "options": {"x": "X", "y": "Y", "blue": "Blue"}}
TOLD = {"questions": {"a.kind": "b.kind"}, "options": {"b.kind": {"red": ["x", "y"]}}}


@dataclass(frozen=True)
class Moving:
    """A project of Ann's, answered under release 1, and Ben's organisation in it; release 2 is there."""

    engine: Engine
    catalogues: Catalogues
    ann: Actor
    ben: Actor
    reference: str

    def plan(self, number: int, actor: Actor | None = None) -> Plan:
        with read(self.engine) as conn:
            at = AT.date(), AT
            return plan_move(conn, actor or self.ann, self.catalogues, self.reference, number, at)

    def move(self, number: int, actor: Actor | None = None) -> None:
        plan = self.plan(number, actor)
        opened = plan.before.opened
        with write(self.engine) as conn:
            seen = opened.sheet.version, opened.project.version
            move_project(conn, actor or self.ann, plan, seen)

    def answers(self) -> dict[str, object]:
        forget_sheets()  # as a worker that has not met the project
        with read(self.engine) as conn:
            return answers(open_sheet(conn, self.ann, self.reference).sheet)

    def save(self, given: Mapping[str, Any]) -> None:
        with write(self.engine) as conn:
            opened = open_sheet(conn, self.ann, self.reference)
            released = self.catalogues.of(conn, opened.project.release_id)
            changes = [Change(a, v, opened.sheet.version) for a, v in given.items()]
            posted = Posted(changes, "q/p", AT, released.release.id)
            save_changes(conn, self.ann, self.reference, posted, summarise(released, AT.date()))


@pytest.fixture
def moving(engine: Engine) -> Moving:
    catalogues = Catalogues(engine)
    first = publish_files(catalogues, sources([KIND, TEXT]), NOTES).released
    people = []
    with write(engine) as conn:
        for name, borough, role in (("Ann", "Carnmere", "lead"), ("Ben", "Brookvale", "dpo")):
            organisation = add_organisation(conn, borough, "borough", AT)
            person = add_person(conn, name, f"{name}@{borough}.example", AT)
            take_in(conn, person, organisation, role, AT)
            found = who_is(conn, person)
            assert found
            people.append(found)
        ann, ben = people
        new = NewProject("Warm homes", "new", "s", first.release.id, AT)
        reference = start_project(conn, ann, new, summarise(first, AT.date()))
        add_party(conn, ann, reference, ben.organisation_id, AT)
    publish_files(catalogues, sources([AFTER, TEXT], pipeline={"converters": TOLD}), NOTES)
    made = Moving(engine, catalogues, ann, ben, reference)
    made.save({"a.kind": "red", "a.text": "Some", "x.list/+1": {"name": "Carnmere"}})
    return made


def test_a_move_and_the_way_back(moving: Moving) -> None:
    rows = [{"id": 1, "name": "Carnmere"}]
    moving.move(2)
    assert moving.answers() == {"a.text": "Some", "x.list": rows}
    moving.move(1)
    assert moving.answers() == {"a.kind": "red", "a.text": "Some", "x.list": rows}


def test_a_move_appends_events_and_an_act_to_the_chain_and_changes_none(moving: Moving) -> None:
    with read(moving.engine) as conn:
        before = conn.execute(select(answer_event).order_by(answer_event.c.seq)).all()
    moving.move(2)
    with read(moving.engine) as conn:
        after = conn.execute(select(answer_event).order_by(answer_event.c.seq)).all()
        acts = acts_of(conn, moving.ann, moving.reference)
        release_id = conn.scalar(select(project.c.release_id))

    assert after[: len(before)] == before
    (event,) = after[len(before) :]
    assert (event.address, event.old, event.new) == ("a.kind", '"red"', "null")
    assert (event.place, event.release_id, event.who) == (":move", release_id, "Ann")
    assert [(act.kind, act.about, act.who) for act in acts] == [("move", "2", "Ann")]
    assert acts[0].hash == hash_of(acts[0])
    assert [each["fate"] for each in acts[0].content["answers"]] == ["again"]


def test_what_the_list_shows_of_a_project_is_written_with_its_move(moving: Moving) -> None:
    moving.move(2)
    with read(moving.engine) as conn:
        summary = open_sheet(conn, moving.ann, moving.reference).project.summary

    assert (summary.asked, summary.answered) == (4, 2)


def test_who_saved_meanwhile_is_not_overrun(moving: Moving) -> None:
    plan = moving.plan(2)
    opened = plan.before.opened
    moving.save({"a.text": "Other"})

    with pytest.raises(OutOfDate), write(moving.engine) as conn:
        move_project(conn, moving.ann, plan, (opened.sheet.version, opened.project.version))
    assert moving.answers()["a.text"] == "Other"


def test_two_who_move_at_once_move_once(moving: Moving) -> None:
    plan = moving.plan(2)
    seen = plan.before.opened.sheet.version, plan.before.opened.project.version
    moving.move(2)

    with pytest.raises(OutOfDate), write(moving.engine) as conn:
        move_project(conn, moving.ann, plan, seen)


@pytest.mark.parametrize("role", ["dpo", "lead", "ig_lead"])
def test_only_the_organisation_that_leads_moves_a_project(moving: Moving, role: str) -> None:
    with pytest.raises(NotAllowed):
        moving.move(2, replace(moving.ben, role=role))


@pytest.mark.parametrize("number", [1, 3])
def test_a_project_moves_only_to_another_release_that_is_there(moving: Moving, number: int) -> None:
    with pytest.raises(NotFound):
        moving.plan(number)


# Projects that must move


def held(moving: Moving) -> bool:
    with read(moving.engine) as conn:
        report = open_report(conn, moving.ann, moving.catalogues, moving.reference, AT.date())
    return all("must_move" in each.needs for each in report.record.standings)


def say_why_not(moving: Moving, actor: Actor) -> None:
    with read(moving.engine) as conn:
        report = open_report(conn, actor, moving.catalogues, moving.reference, AT.date())
    with write(moving.engine) as conn:
        stay(conn, actor, report, ("It relies on another power.", AT))


def test_a_project_is_held_until_it_moves_or_a_dpo_says_why_not(moving: Moving) -> None:
    made = sources([AFTER, TEXT], {"flags": []}, pipeline={"converters": TOLD, "title": "New"})
    publish_files(moving.catalogues, made, NOTES, must_move="A power was repealed.")
    assert held(moving)

    say_why_not(moving, moving.ben)
    assert not held(moving)

    moving.move(2)  # an earlier release than the one that must be moved to: what was said has ended
    assert held(moving)
    moving.move(3)
    assert not held(moving)


def test_saying_twice_why_not_is_saying_it_once(moving: Moving) -> None:
    made = sources([AFTER, TEXT], pipeline={"converters": TOLD, "title": "New"})
    publish_files(moving.catalogues, made, NOTES, must_move="A power was repealed.")
    say_why_not(moving, moving.ben)
    say_why_not(moving, moving.ben)

    with read(moving.engine) as conn:
        assert len(acts_of(conn, moving.ann, moving.reference)) == 1


def test_nobody_but_a_dpo_says_why_not_and_of_no_project_that_need_not_move(
    moving: Moving,
) -> None:
    with pytest.raises(NotFound):
        say_why_not(moving, moving.ben)
    with pytest.raises(NotAllowed):
        say_why_not(moving, moving.ann)
