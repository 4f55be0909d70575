"""A renewal brings every answer back as not confirmed, makes choices of law anew, and is linked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from app.actions.actor import Actor
from app.actions.answers import Opened, Posted, open_sheet, open_to_write, save_changes
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.releases import publish_files
from app.actions.errors import NotFound
from app.actions.moving import move_project, plan_move
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.pages import Looked, open_project, record_of, summarise
from app.actions.projects import NewProject, start_project
from app.actions.renewal import kin, may_renew, renew_project
from app.actions.review.acts import NewAct, append_act
from app.core.sheet import Change, answers
from app.core.standing import CLOSE
from app.store.database import read, write
from app.store.sheets import forget_sheets, from_text
from app.store.tables import answer_event
from tests.kept import who_is
from tests.tiny import Definition, sources

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BY_DOOR = {"a.door", "a.scale"}
LATER = datetime(2027, 11, 22, 9, tzinfo=UTC)
NOTES = Notes("LOTI", "", AT)
QUESTIONS: list[Definition] = [
    {"id": "a.kind", "type": "choice", "ask": "Kind?", "options": {"red": "Red", "blue": "Blue"}},
    {"id": "a.text", "type": "text", "ask": "Text?"},
    {
        "id": "a.door",
        "type": "choice",
        "ask": "Through which door?",
        "required": False,
        "options": {"new": "New", "change": "Change"},
    },
    {
        "id": "a.scale",
        "type": "choice",
        "ask": "On which scale?",
        "required": False,
        "options": {"three": "Three", "four": "Four"},
    },
    {
        "id": "a.law",
        "type": "choice",
        "ask": "Which power?",
        "options": {"old": "Old", "new": "New"},
    },
    {"id": "a.advice", "type": "text", "ask": "Advice?", "required": False},
    {
        "id": "a.routes",
        "type": "rows",
        "ask": "Routes?",
        "columns": [{"id": "name", "type": "text", "ask": "Name"}],
    },
    {
        "id": "a.flows",
        "type": "rows",
        "ask": "Flows?",
        "columns": [
            {"id": "what", "type": "text", "ask": "What"},
            {"id": "by", "type": "row_of", "rows": "a.routes", "ask": "By which route?"},
            {"id": "whose", "type": "row_of", "rows": "x.list", "ask": "Whose?"},
        ],
    },
]
RULES: Definition = {
    "flags": [
        {
            "id": "F1",
            "title": "Red",
            "when": {"===": [{"var": "a.kind"}, "red"]},
            "because": "Red is flagged.",
        }
    ]
}
PIPELINE: Definition = {
    "reuse": {"choose_again": ["a.law", "a.routes"]},
    "feedback": ["a.advice"],
    "doors": [
        {
            "code": code,
            "title": code,
            "text": code,
            "answers": {"a.door": code, "a.scale": "three"},
        }
        for code in ("new", "change")
    ],
}
GIVEN = {
    "x.title": "Warm homes",
    "a.kind": "red",
    "a.text": "Some",
    "a.door": "new",
    "a.scale": "three",
    "a.law": "old",
    "a.advice": "Go ahead",
    "a.routes/+1": {"name": "The road"},
    "x.list/+1": {"name": "Gone"},
    "x.list/+2": {"name": "Carnmere"},
    "a.flows/+1": {"what": "Names", "by": 1, "whose": 2},
}


@dataclass(frozen=True)
class Renewing:
    """A project of Ann's that was closed, and Ben, whose organisation takes no part."""

    engine: Engine
    catalogues: Catalogues
    ann: Actor
    ben: Actor
    reference: str

    def renew(self, actor: Actor | None = None) -> str:
        with write(self.engine) as conn:
            return renew_project(conn, actor or self.ann, self.catalogues, self.reference, LATER)

    def look(self, reference: str) -> Looked:
        forget_sheets()
        with read(self.engine) as conn:
            return open_project(conn, self.ann, self.catalogues, reference, LATER.date())

    def save(self, reference: str, given: dict[str, object], confirm: Iterable[str] = ()) -> None:
        with write(self.engine) as conn:
            opened = open_sheet(conn, self.ann, reference)
            released = self.catalogues.of(conn, opened.project.release_id)
            changes = [Change(a, v, opened.sheet.version) for a, v in given.items()]
            posted = Posted(changes, "q/p", LATER, released.release.id, confirm=frozenset(confirm))
            save_changes(conn, self.ann, reference, posted, summarise(released, LATER.date()))


@pytest.fixture
def renewing(engine: Engine) -> Renewing:
    catalogues = Catalogues(engine)
    released = publish_files(
        catalogues, sources(QUESTIONS, RULES, pipeline=PIPELINE), NOTES
    ).released
    people = []
    with write(engine) as conn:
        for name, borough in (("Ann", "Carnmere"), ("Ben", "Brookvale")):
            organisation = add_organisation(conn, borough, "borough", AT)
            person = add_person(conn, name, f"{name}@{borough}.example", AT)
            take_in(conn, person, organisation, "lead", AT)
            found = who_is(conn, person)
            assert found
            people.append(found)
        ann, ben = people
        new = NewProject("Warm homes", "new", "s", released.release.id, AT)
        reference = start_project(conn, ann, new, summarise(released, AT.date()))
    made = Renewing(engine, catalogues, ann, ben, reference)
    with write(engine) as conn:
        changes = [Change(address, value) for address, value in GIVEN.items()]
        posted = Posted(changes, "q/p", AT, released.release.id)
        save_changes(conn, ann, reference, posted, summarise(released, AT.date()))
    with write(engine) as conn:
        version = open_to_write(conn, ann, reference).sheet.version
        posted = Posted([Change("x.list/1", None, version)], "q/p", AT, released.release.id)
        save_changes(conn, ann, reference, posted, summarise(released, AT.date()))
        append_act(conn, ann, open_to_write(conn, ann, reference), NewAct(CLOSE, "s", AT))
    return made


def test_everything_comes_along_but_choices_of_law_and_what_acts_answered(
    renewing: Renewing,
) -> None:
    sheet = renewing.look(renewing.renew()).opened.sheet

    assert answers(sheet) == {
        "x.title": "Warm homes",
        "a.door": "change",
        "a.scale": "three",
        "a.kind": "red",
        "a.text": "Some",
        "x.list": [{"id": 2, "name": "Carnmere"}],
        "a.flows": [{"id": 1, "what": "Names", "whose": 2}],
    }
    assert sheet.again == frozenset(sheet.entries) - BY_DOOR
    assert [(kept.into, kept.said) for kept in sheet.kept] == [
        ("a.law", "Old"),
        ("a.routes", "The road"),
    ]


def test_what_somebody_chose_instead_of_what_the_door_answered_comes_along(
    renewing: Renewing,
) -> None:
    renewing.save(renewing.reference, {"a.scale": "four"})
    sheet = renewing.look(renewing.renew()).opened.sheet

    assert (sheet.entries["a.door"].value, sheet.entries["a.scale"].value) == ("change", "four")
    assert "a.scale" in sheet.again


def test_who_answered_and_when_stays_and_the_events_say_who_brought_it_back(
    renewing: Renewing,
) -> None:
    looked = renewing.look(renewing.renew())
    entry = looked.opened.sheet.entries["a.text"]
    with read(renewing.engine) as conn:
        found = select(answer_event).where(
            answer_event.c.subject_id == looked.opened.project.id,
            answer_event.c.address == "a.text",
        )
        (event,) = conn.execute(found)

    assert (entry.by, entry.at) == ("Ann", AT)
    assert (event.who, event.at, from_text(event.new)) == ("Ann", LATER, "Some")


def test_what_is_not_confirmed_counts_as_unanswered_and_holds_the_stage_up(
    renewing: Renewing,
) -> None:
    looked = renewing.look(renewing.renew())
    (standing,) = record_of(looked).standings

    assert looked.opened.project.summary.answered == len(BY_DOOR)
    assert not standing.can_close
    assert "a.text" in {a for step in standing.unfinished for a in step.unfinished["lead"]}


def test_rules_work_with_what_is_not_confirmed_yet(renewing: Renewing) -> None:
    assert renewing.look(renewing.renew()).opened.project.summary.raised == 1


def test_one_button_confirms_the_questions_of_a_page_and_nothing_else(renewing: Renewing) -> None:
    reference = renewing.renew()
    renewing.save(reference, {}, ["a.kind", "a.flows", "a.law"])
    looked = renewing.look(reference)
    sheet = looked.opened.sheet

    assert {address.partition("/")[0] for address in sheet.again} == {"x.title", "a.text", "x.list"}
    assert sheet.entries["a.kind"].at == sheet.entries["a.flows/1/what"].at == LATER
    # A choice of law is no button's to confirm, and the flow misses its route.
    assert looked.opened.project.summary.answered == 1 + len(BY_DOOR)
    with read(renewing.engine) as conn:
        found = select(answer_event).where(
            answer_event.c.subject_id == looked.opened.project.id,
            answer_event.c.address == "a.kind",
        )
        assert [(e.old, e.new) for e in conn.execute(found)][-1] == ('"red"', '"red"')


def test_a_changed_answer_needs_no_confirmation_and_an_unchanged_one_does(
    renewing: Renewing,
) -> None:
    reference = renewing.renew()
    renewing.save(reference, {"a.kind": "blue", "a.text": "Some"})
    again = renewing.look(reference).opened.sheet.again

    assert "a.kind" not in again
    assert "a.text" in again


def test_once_all_is_confirmed_and_chosen_the_stage_can_be_closed(renewing: Renewing) -> None:
    reference = renewing.renew()
    renewing.save(
        reference,
        {"a.law": "new", "a.routes": [], "a.flows/1/by": None},
        ["x.title", "a.kind", "a.text", "x.list", "a.flows"],
    )
    (standing,) = record_of(renewing.look(reference)).standings
    left = {a for step in standing.unfinished for a in step.unfinished["lead"]}

    assert left == {"a.flows/1/by"}  # its route is gone, so somebody says anew which


def test_the_two_are_linked_for_those_who_see_both(renewing: Renewing) -> None:
    made = renewing.renew()
    with read(renewing.engine) as conn:
        (old,) = kin(conn, renewing.ann, made)
        (new,) = kin(conn, renewing.ann, renewing.reference)
        others = kin(conn, renewing.ben, renewing.reference)

    assert (old.reference, old.later) == (renewing.reference, False)
    assert (new.reference, new.later) == (made, True)
    assert others == ()


def test_nobody_renews_what_they_do_not_see(renewing: Renewing) -> None:
    with pytest.raises(NotFound):
        renewing.renew(renewing.ben)


def test_the_earlier_project_stays_as_it_was(renewing: Renewing) -> None:
    before = renewing.look(renewing.reference).opened
    renewing.renew()
    assert renewing.look(renewing.reference).opened == before


def test_a_project_is_offered_for_renewal_once_something_was_closed(renewing: Renewing) -> None:
    old: Opened = renewing.look(renewing.reference).opened
    new: Opened = renewing.look(renewing.renew()).opened

    assert may_renew(old, LATER.date())
    assert not may_renew(new, LATER.date())


def test_a_move_to_another_release_confirms_nothing_and_brings_no_choice_of_law_back(
    renewing: Renewing,
) -> None:
    made = renewing.renew()
    renamed = [{**q, "id": "b.text"} if q["id"] == "a.text" else q for q in QUESTIONS]
    told = {**PIPELINE, "converters": {"questions": {"a.text": "b.text"}}}
    publish_files(renewing.catalogues, sources(renamed, RULES, pipeline=told), NOTES)
    with write(renewing.engine) as conn:
        at = LATER.date(), LATER
        plan = plan_move(conn, renewing.ann, renewing.catalogues, made, 2, at)
        opened = plan.before.opened
        move_project(conn, renewing.ann, plan, (opened.sheet.version, opened.project.version))
    looked = renewing.look(made)
    sheet = looked.opened.sheet

    assert looked.released.release.number == 2
    assert "b.text" in sheet.again
    assert sheet.again == frozenset(sheet.entries) - BY_DOOR
    assert sheet.value("a.law") is None
    assert [kept.into for kept in sheet.kept if kept.afresh] == ["a.law", "a.routes"]


def test_a_renewal_under_a_newer_release_begins_with_what_that_release_can_read(
    renewing: Renewing,
) -> None:
    renamed = [{**q, "id": "b.text"} if q["id"] == "a.text" else q for q in QUESTIONS]
    told = {**PIPELINE, "converters": {"questions": {"a.text": "b.text"}}}
    publish_files(renewing.catalogues, sources(renamed, RULES, pipeline=told), NOTES)
    sheet = renewing.look(renewing.renew()).opened.sheet

    assert sheet.value("b.text") == "Some"
    assert "a.text" not in sheet.entries
    assert "b.text" in sheet.again
