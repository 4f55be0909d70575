"""What a project lends: the words that were chosen and agreed to, and nothing else it knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.actions.actor import Actor
from app.actions.answers import Posted, open_sheet, save_changes
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.releases import publish_files
from app.actions.errors import NotAllowed, NotFound
from app.actions.library import (
    Lending,
    Search,
    answer_asked,
    ask_to_publish,
    begin_from,
    lendable,
    open_entry,
    search_library,
    take_out,
    waits_in_library,
)
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.pages import open_project, summarise
from app.actions.projects import NewProject, start_project
from app.actions.review.acts import acts_of
from app.catalogue import BadDefinitions, compile_catalogue
from app.core.sheet import Change, answers
from app.store.database import read, write
from app.store.library import library
from app.store.tables import job
from tests.kept import who_is
from tests.tiny import PIPELINE, sources

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
NOTES = Notes("LOTI", "", AT)
CANARY = "Quillwhistle"
LONG: dict[str, Any] = {"type": "long_text", "ask": "Why?", "required": False}
QUESTIONS = [
    {"id": "a.why", **LONG},
    {"id": "a.good", **LONG},
    {"id": "a.note", **LONG},
    {"id": "a.weak", **LONG, "restricted": True, "for": "lead"},
    {
        "id": "a.for",
        "type": "multi",
        "ask": "For what?",
        "options": {"home": "Homes", "care": "Care"},
    },
]
PEOPLE = {**PIPELINE["people"], "ig_lead": {"title": "IG lead"}}  # type: ignore[dict-item]
GIVEN = {
    "x.title": f"{CANARY} project",
    "x.list/+1": {"name": f"{CANARY} council, asked of Kit {CANARY}"},
    "a.why": "Warm words",
    "a.good": f"{CANARY} good",
    "a.note": f"{CANARY} note",
    "a.weak": f"{CANARY} weakness",
    "a.for": ["home"],
}


def files(wording: list[str]) -> dict[str, bytes]:
    reuse = {"wording": wording, "topics": "a.for"}
    door = {"code": "new", "title": "New", "text": "New."}
    return sources(QUESTIONS, pipeline={"people": PEOPLE, "reuse": reuse, "doors": [door]})


@dataclass(frozen=True)
class Lent:
    """Ann leads a project in an organisation with Ian, who looks after information; Ben is elsewhere."""

    engine: Engine
    catalogues: Catalogues
    people: dict[str, Actor]
    reference: str

    def ask(self, name: str = "Ann", chosen: tuple[str, ...] = ("a.why",)) -> None:
        with write(self.engine) as conn:
            looked = open_project(
                conn, self.people[name], self.catalogues, self.reference, AT.date()
            )
            lending = Lending("Warm homes", "In short", chosen, AT)
            ask_to_publish(conn, self.people[name], looked, lending)

    def answer(self, name: str = "Ian", *, yes: bool = True) -> None:
        with write(self.engine) as conn:
            looked = open_project(
                conn, self.people[name], self.catalogues, self.reference, AT.date()
            )
            answer_asked(conn, self.people[name], looked, yes, AT)

    def found(self, **wanted: str) -> list[str]:
        with read(self.engine) as conn:
            return [each.title for each in search_library(conn, Search(**wanted))]


@pytest.fixture
def lent(engine: Engine) -> Lent:
    catalogues = Catalogues(engine)
    released = publish_files(catalogues, files(["a.why", "a.good"]), NOTES).released
    people = {}
    with write(engine) as conn:
        ours = add_organisation(conn, "Carnmere", "borough", AT)
        theirs = add_organisation(conn, "Brookvale", "nhs", AT)
        for name, where, role in (
            ("Ann", ours, "lead"),
            ("Ian", ours, "ig_lead"),
            ("Ben", theirs, "lead"),
        ):
            id_ = add_person(conn, name, f"{name}@demo.invalid", AT)
            take_in(conn, id_, where, role, AT)
            found = who_is(conn, id_)
            assert found
            people[name] = found
        new = NewProject("x", "new", "s", released.release.id, AT)
        reference = start_project(conn, people["Ann"], new, summarise(released, AT.date()))
    with write(engine) as conn:
        posted = Posted([Change(a, v) for a, v in GIVEN.items()], "q/p", AT, released.release.id)
        save_changes(conn, people["Ann"], reference, posted, summarise(released, AT.date()))
    return Lent(engine, catalogues, people, reference)


def test_only_words_that_the_definitions_name_can_be_lent(lent: Lent) -> None:
    with read(lent.engine) as conn:
        looked = open_project(conn, lent.people["Ann"], lent.catalogues, lent.reference, AT.date())
    assert [each.id for each in lendable(looked)] == ["a.why", "a.good"]


@pytest.mark.parametrize("wrong", ["a.weak", "a.for", "a.nothing"])
def test_what_is_restricted_or_no_text_is_never_named_for_lending(wrong: str) -> None:
    with pytest.raises(BadDefinitions):
        compile_catalogue(files([wrong]))


def test_no_word_of_the_project_that_was_not_chosen_is_kept_told_or_taken_over(lent: Lent) -> None:
    lent.ask()
    lent.answer()
    ben = lent.people["Ben"]
    with write(lent.engine) as conn:
        entry = open_entry(conn, lent.reference)
        made = begin_from(conn, ben, lent.catalogues, lent.reference, AT)
        begun = open_sheet(conn, ben, made).sheet
        row = conn.execute(select(library)).one()
        told = [each.payload for each in conn.execute(select(job))]
    assert CANARY not in repr(entry) + repr(begun) + repr(row) + repr(told)
    assert answers(begun) == {"a.why": "Warm words", "x.title": "Warm homes"}
    assert begun.again == {"a.why"}
    assert begun.entries["a.why"].by == "Carnmere (Warm homes)"


def test_it_is_found_by_every_word_the_topic_and_the_kind_once_it_is_published(lent: Lent) -> None:
    lent.ask()
    assert lent.found() == []
    lent.answer()
    for wanted in ({}, {"words": "WARM words"}, {"topic": "home"}, {"kind": "borough"}):
        assert lent.found(**wanted) == ["Warm homes"], wanted
    for wanted in ({"words": "warm cold"}, {"topic": "care"}, {"kind": "nhs"}):
        assert lent.found(**wanted) == [], wanted


def test_it_waits_for_the_information_governance_lead_of_its_own_organisation(lent: Lent) -> None:
    lent.ask()
    with read(lent.engine) as conn:
        waits = {
            name: [each.reference for each in waits_in_library(conn, actor)]
            for name, actor in lent.people.items()
        }
        asked = conn.execute(select(job.c.payload).where(job.c.kind == "tell")).scalar_one()
    assert waits == {"Ann": [], "Ian": [lent.reference], "Ben": []}
    assert str(lent.people["Ian"].person_id) in asked


@pytest.mark.parametrize("name", ["Ann", "Ben"])
def test_nobody_else_says_yes(lent: Lent, name: str) -> None:
    lent.ask()
    with pytest.raises((NotAllowed, NotFound)):
        lent.answer(name)
    assert lent.found() == []


def test_only_a_lead_asks(lent: Lent) -> None:
    with pytest.raises(NotAllowed):
        lent.ask("Ian")


def test_what_was_refused_or_taken_out_is_not_there(lent: Lent) -> None:
    lent.ask()
    lent.answer(yes=False)
    assert lent.found() == []
    lent.ask()
    lent.answer()
    with write(lent.engine) as conn:
        ian = lent.people["Ian"]
        looked = open_project(conn, ian, lent.catalogues, lent.reference, AT.date())
        take_out(conn, ian, looked, AT)
        row = conn.execute(select(library)).one()
    assert lent.found() == []
    assert (row.words, row.searched) == ("{}", "")
    with read(lent.engine) as conn, pytest.raises(NotFound):
        open_entry(conn, lent.reference)


def test_the_project_keeps_who_asked_and_what_was_answered(lent: Lent) -> None:
    lent.ask()
    lent.answer(yes=False)
    lent.ask()
    lent.answer()
    with read(lent.engine) as conn:
        done = [
            (act.kind, act.who)
            for act in acts_of(conn, lent.people["Ann"], lent.reference)
            if act.kind.startswith("library_")
        ]
    assert done == [
        ("library_asked", "Ann"),
        ("library_refused", "Ian"),
        ("library_asked", "Ann"),
        ("library_published", "Ian"),
    ]


def test_to_ask_again_takes_out_what_was_published_until_it_is_agreed_to(lent: Lent) -> None:
    lent.ask()
    lent.answer()
    lent.ask(chosen=("a.why", "a.good"))
    assert lent.found() == []


def test_what_is_asked_twice_in_the_same_words_is_asked_once(lent: Lent) -> None:
    def asked() -> tuple[int, int]:
        with read(lent.engine) as conn:
            acts = acts_of(conn, lent.people["Ann"], lent.reference)
            return len(acts), conn.scalar(select(func.count()).select_from(job)) or 0

    lent.ask()
    once = asked()
    lent.ask()
    assert asked() == once == (1, 1)
    lent.ask(chosen=("a.why", "a.good"))
    assert asked()[0] == 2
    lent.answer(yes=False)
    lent.ask(chosen=("a.why", "a.good"))
    assert asked()[0] == 4
