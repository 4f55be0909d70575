"""Digests: what waits, what is late and what changed, once, in titles and links only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from app.actions.actor import Actor
from app.actions.answers import Posted, open_sheet, save_changes
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.releases import publish_files
from app.actions.jobs import work_once
from app.actions.mail.reminders import HowOften, choose_how_often
from app.actions.mail.reminding import ask_for_reminders, letter_work, remind_everybody
from app.actions.mail.telling import Message, Post, tell_soon
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.catalogue.letters import read_letters
from app.core.sheet import Change
from app.settings import content_root
from app.store.accounts import mail
from app.store.database import read, write
from app.store.tables import person, project, sheet
from app.store.team import assignment
from tests.kept import who_is
from tests.tiny import PIPELINE, sources

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NOTES = Notes("LOTI", "", MONDAY)
SECRET = "Quillwhistle"  # noqa: S105 - a word that stands in answers alone
TITLE = "Warm homes"
PEOPLE = {**PIPELINE["people"], "ig_lead": {"title": "IG lead"}}  # type: ignore[dict-item]


@dataclass(frozen=True)
class Office:
    """Ann leads a project in one organisation, Ian looks after information there, Ben is elsewhere."""

    engine: Engine
    catalogues: Catalogues
    post: Post
    people: dict[str, Actor]
    reference: str

    def remind(self, at: datetime) -> int:
        return remind_everybody(self.engine, self.catalogues, self.post, at)

    def mails(self, name: str = "") -> list[Any]:
        with read(self.engine) as conn:
            found = conn.execute(select(mail).order_by(mail.c.at)).all()
        return [each for each in found if each.recipient.startswith(name.lower())]

    def pass_on(self, to: str, due: date) -> None:
        with write(self.engine) as conn:
            subject = select(project.c.id).where(project.c.reference == self.reference)
            row = {
                "id": self.people[to].person_id,
                "project_id": conn.execute(subject).scalar_one(),
                "page": "q/p",
                "to_whom": to,
                "note": SECRET,
                "person_id": self.people["Ann"].person_id,
                "who": "Ann",
                "at": MONDAY,
                "to_id": self.people[to].person_id,
                "due_on": due,
            }
            conn.execute(insert(assignment), row)

    def choose(self, name: str, often: HowOften) -> None:
        with write(self.engine) as conn:
            choose_how_often(conn, self.people[name], often, MONDAY)


@pytest.fixture
def office(engine: Engine) -> Office:
    catalogues = Catalogues(engine)
    asked = [{"id": "a.text", "type": "text", "ask": "Text?"}]
    files = sources(asked, pipeline={"people": PEOPLE})
    released = publish_files(catalogues, files, NOTES).released
    people = {}
    with write(engine) as conn:
        ours = add_organisation(conn, "Carnmere", "borough", MONDAY)
        theirs = add_organisation(conn, "Brookvale", "borough", MONDAY)
        for name, where, role in (
            ("Ann", ours, "lead"),
            ("Ian", ours, "ig_lead"),
            ("Ben", theirs, "lead"),
        ):
            id_ = add_person(conn, name, f"{name.lower()}@demo.invalid", MONDAY)
            take_in(conn, id_, where, role, MONDAY)
            found = who_is(conn, id_)
            assert found
            people[name] = found
        new = NewProject(TITLE, "new", "s", released.release.id, MONDAY)
        reference = start_project(conn, people["Ann"], new, summarise(released, MONDAY.date()))
    with write(engine) as conn:
        version = open_sheet(conn, people["Ann"], reference).sheet.version
        changes = [Change("a.text", SECRET, version), Change("x.title", TITLE, version)]
        posted = Posted(changes, "q/p", MONDAY, released.release.id)
        save_changes(conn, people["Ann"], reference, posted, summarise(released, MONDAY.date()))
    post = Post(read_letters(content_root()), "https://fingerpost.example")
    return Office(engine, catalogues, post, people, reference)


def test_a_digest_tells_the_title_and_where_it_is_and_nothing_that_was_answered(
    office: Office,
) -> None:
    office.remind(MONDAY)
    (ann,) = office.mails("ann")
    assert TITLE in ann.body
    assert f"https://fingerpost.example/projects/{office.reference}\n" in ann.body
    assert not any(SECRET in each.subject + each.body for each in office.mails())


def test_whoever_takes_no_part_is_told_nothing(office: Office) -> None:
    office.remind(MONDAY)
    assert office.mails("ben") == []


def test_what_others_changed_is_told_and_what_one_changed_oneself_is_not(office: Office) -> None:
    office.remind(MONDAY + timedelta(hours=1))
    (ian,) = office.mails("ian")
    (ann,) = office.mails("ann")
    assert "2 answers changed" in ian.body
    assert "changed" not in ann.body


def test_a_week_has_one_digest_however_often_reminders_are_asked_for(office: Office) -> None:
    for hours in (0, 1, 24, 6 * 24):
        office.remind(MONDAY + timedelta(hours=hours))
    assert len(office.mails("ann")) == 1
    office.remind(MONDAY + WEEK)
    assert len(office.mails("ann")) == 2


def test_whoever_chose_so_is_written_to_every_day(office: Office) -> None:
    office.choose("Ann", HowOften.DAILY)
    for hours in (0, 1, 24):
        office.remind(MONDAY + timedelta(hours=hours))
    assert len(office.mails("ann")) == 2


def test_whoever_wants_only_what_is_urgent_hears_of_it_once(office: Office) -> None:
    office.choose("Ann", HowOften.URGENT)
    office.remind(MONDAY)
    assert office.mails("ann") == []
    office.pass_on("Ann", (MONDAY + 3 * DAY).date())
    office.remind(MONDAY)
    assert office.mails("ann") == []
    for days in (1, 2, 3):
        office.remind(MONDAY + days * DAY)
    (ann,) = office.mails("ann")
    assert "by 26 November 2026" in ann.body


def test_what_is_late_comes_first(office: Office) -> None:
    office.pass_on("Ann", (MONDAY - DAY).date())
    office.remind(MONDAY)
    (ann,) = office.mails("ann")
    assert ann.body.index("Late\n") < ann.body.index("A page was passed to you")
    assert ann.body.index("A page was passed to you") < ann.body.index("Waits for you")


@pytest.mark.parametrize(("days", "told"), [(60, True), (61, False), (-3, True)])
def test_a_review_that_comes_near_is_told_to_who_leads_and_who_looks_after_it(
    office: Office, days: int, told: bool
) -> None:
    with write(office.engine) as conn:
        conn.execute(
            update(sheet)
            .where(sheet.c.title == TITLE)
            .values(next_review=(MONDAY + days * DAY).date())
        )
    office.remind(MONDAY)
    said = ["A review comes near" in each.body for each in office.mails()]
    assert said == [told, told]


def test_somebody_who_left_is_written_to_no_more(office: Office) -> None:
    with write(office.engine) as conn:
        conn.execute(update(person).where(person.c.name == "Ann").values(active=False))
    office.remind(MONDAY)
    assert office.mails("ann") == []


def test_a_worker_writes_the_days_reminders_and_what_is_told_at_once_one_time(
    office: Office,
) -> None:
    ann = office.people["Ann"]
    message = Message(
        "yes_asked", (ann.person_id,), {"who": "Eve", "title": "Draft"}, "/definitions"
    )
    for _ in range(2):
        with write(office.engine) as conn:
            tell_soon(conn, message, "draft:1", MONDAY)
        ask_for_reminders(office.engine, MONDAY)
        work = letter_work(office.post)
        while work_once(office.engine, office.catalogues, MONDAY, work):
            pass
    told = [each.letter for each in office.mails("ann")]
    assert sorted(told) == ["digest", "yes_asked"]
    asked = next(each for each in office.mails("ann") if each.letter == "yes_asked")
    assert "Eve asks for your yes" in asked.body
    assert "https://fingerpost.example/definitions" in asked.body
