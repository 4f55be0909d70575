"""Each organisation fills in its own rows on its own page, and nothing of anybody else's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.demonstration import HOME, persona_of
from app.actions.organisations import add_person, take_in
from app.actions.pages import Looked, open_project
from app.actions.together.contributions import contributions
from app.actions.together.team import join_project, join_team, whom
from app.core.sheet import Sheet
from app.store.database import read, write
from app.store.tables import organisation
from app.wsgi import create_app
from tests.web.attacker import Attacker, settings
from tests.web.conftest import Person
from tests.web.filling import Form

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
REFERENCE = "FP-0001"
OURS = f"/projects/{REFERENCE}/ours"
IVERMERE, NORTHSIDE = "London Borough of Ivermere", "Northside ICB"
ROLES = ("party", "ig_lead", "dpo")


@dataclass
class Together:
    """A project in which people of three organisations are at work."""

    app: Flask
    people: dict[tuple[str, str], Actor]

    @property
    def engine(self) -> Any:
        return self.app.extensions["fingerpost"].engine

    def person(self, name: str, role: str) -> Person:
        """Somebody of an organisation, at a browser."""
        actor = self.people[name, role]
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(
                person=str(actor.person_id),
                organisation=str(actor.organisation_id),
                role=actor.role,
            )
        return Person(self.app, client)

    def attacker(self, name: str, role: str) -> Attacker:
        return Attacker(self.app, self.person(name, role).client)

    def sheet(self) -> Sheet:
        with read(self.engine) as conn:
            return open_sheet(conn, self.people[IVERMERE, "ig_lead"], REFERENCE).sheet


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Together:
    app = create_app(settings(tmp_path_factory.mktemp("together"), repository), demonstration=True)
    found = Together(app, {})
    with write(found.engine) as conn:
        lead = persona_of(conn, "lead")
        for name in (IVERMERE, NORTHSIDE, "Capital Police Service"):
            where = conn.execute(select(organisation.c.id).where(organisation.c.name == name))
            id_: UUID = where.scalar_one()
            people = {role: _join(conn, id_, name, role) for role in ROLES}
            found.people |= {(name, role): actor for role, actor in people.items()}
            join_project(conn, lead, REFERENCE, id_, AT)
            join_team(conn, lead, REFERENCE, whom(people["party"]), AT)
    return found


def _join(conn: Any, where: UUID, name: str, role: str) -> Actor:
    person = add_person(conn, f"{role} of {name}", f"{uuid4().hex}@demo.invalid", AT)
    take_in(conn, person, where, role, AT)
    return Actor(person, f"{role} of {name}", role, where, name)


def row_of(sheet: Sheet, question: str, column: str, value: object) -> int:
    """The number of the row whose column says so."""
    return next(n for n in sheet.rows(question) if sheet.value(f"{question}/{n}/{column}") == value)


def send(person: Person, path: str, **changed: str | list[str]) -> TestResponse:
    """Send the form of a page as it stands, with some fields changed."""
    form = Form(person.open(path).html)
    return person.client.post(path, data=form.sent(**changed))


def test_it_shows_the_rows_of_ones_own_organisation_and_no_others(together: Together) -> None:
    page = together.person(IVERMERE, "party").open(OURS)
    assert "What London Borough of Ivermere adds" in page.text
    assert "Director of homes and neighbourhoods" in page.text
    assert "Written for you by The project lead" in page.text
    for theirs in ("Director of housing services", "Caldicott Guardian, Northside ICB"):
        assert theirs not in page.text


def test_what_others_wrote_is_right_once_its_organisation_says_so(together: Together) -> None:
    person = together.person(IVERMERE, "party")
    before = together.sheet()
    address = f"parties.list/{row_of(before, 'parties.list', 'name', IVERMERE)}/signatory"
    assert "Is this right for you?" in person.open(f"{OURS}/parties.list").text

    answer = send(person, f"{OURS}/parties.list", confirm=address, go=[])

    assert answer.status_code == 302
    entry = together.sheet().entries[address]
    assert entry.value == before.value(address)
    assert entry.by == "party of London Borough of Ivermere"
    history = together.person(IVERMERE, "ig_lead").open(f"/projects/{REFERENCE}/history")
    assert "confirmed" in history.text


def test_it_begins_its_own_row_and_two_who_begin_it_at_once_make_one(together: Together) -> None:
    path = f"{OURS}/agreement.schedules"
    first, second = together.person(NORTHSIDE, "party"), together.person(NORTHSIDE, "ig_lead")
    forms = [Form(each.open(path).html) for each in (first, second)]
    fields = [next(n for n, _ in form.fields if n.endswith("/rights_contact")) for form in forms]

    first.client.post(path, data=forms[0].sent(**{fields[0]: "The front desk"}))
    clash = second.client.post(path, data=forms[1].sent(**{fields[1]: "The back office"}))

    assert "Two answers to this question" in clash.text
    assert "The front desk" in clash.text
    sheet = together.sheet()
    party = row_of(sheet, "parties.list", "name", NORTHSIDE)
    assert [sheet.value(f"agreement.schedules/{n}/party") for n in sheet.rows("agreement.schedules")].count(party) == 1  # fmt: skip
    number = row_of(sheet, "agreement.schedules", "party", party)
    assert sheet.value(f"agreement.schedules/{number}") == {"owner": NORTHSIDE}
    assert sheet.value(f"agreement.schedules/{number}/rights_contact") == "The front desk"


def test_a_legal_route_that_differs_is_taken_over_and_changed_alone(together: Together) -> None:
    person = together.person(IVERMERE, "ig_lead")
    path = f"{OURS}/intent.positions"
    assert "Proposed for you: Boroughs" in unescape(person.open(path).text)
    before = together.sheet()
    party = row_of(before, "parties.list", "name", IVERMERE)
    position = row_of(before, "intent.positions", "party", party)

    answer = send(person, path, **{f"intent.positions/{position}/route": "differs"})

    assert answer.headers["Location"].endswith("/ours/law.routes")
    sheet = together.sheet()
    (ours,) = set(sheet.rows("law.routes")) - set(before.rows("law.routes"))
    assert sheet.value(f"law.routes/{ours}/party") == party
    assert sheet.value(f"law.routes/{ours}/art6") == sheet.value("law.routes/1/art6") == "e"
    send(person, f"{OURS}/law.routes", **{f"law.routes/{ours}/state": "draft"})
    assert together.sheet().value("law.routes/1/state") == before.value("law.routes/1/state")
    taken = send(person, f"{OURS}/law.routes", remove=f"law.routes/{ours}=999999", go=[])
    assert taken.status_code in (200, 302)
    send(person, f"{OURS}/law.routes", remove=_button(person, f"{OURS}/law.routes"), go=[])
    assert together.sheet().rows("law.routes") == before.rows("law.routes")


def _button(person: Person, path: str) -> str:
    found = re.search(r'name="remove" value="([^"]+)"', person.open(path).html)
    assert found
    return found[1]


FORGED = {
    "a row of another party": ("parties.list", "{other}/signatory"),
    "a legal route of its kind": ("law.routes", "1/art6"),
    "another's position": ("intent.positions", "{position}/position"),
    "no such row": ("intent.positions", "+1x/../position"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_form_changes_nothing_of_another_party(together: Together, name: str) -> None:
    question, within = FORGED[name]
    sheet = together.sheet()
    other = row_of(sheet, "parties.list", "name", NORTHSIDE)
    position = row_of(sheet, "intent.positions", "party", other)
    address = f"{question}/{within.format(other=other, position=position)}"
    attacker = together.attacker(IVERMERE, "party")
    before = attacker.kept()

    answer = attacker.save(f"{OURS}/{question}", seen=99, **{address: "declines"})

    assert answer.status_code in (302, 403, 404)
    assert attacker.kept() == before


@pytest.mark.parametrize("column", ["name", "role", "kind"])
def test_what_the_lead_says_of_a_party_is_not_its_own_to_change(
    together: Together, column: str
) -> None:
    own = row_of(together.sheet(), "parties.list", "name", IVERMERE)
    attacker = together.attacker(IVERMERE, "party")
    before = attacker.kept()
    attacker.save(f"{OURS}/parties.list", seen=99, **{f"parties.list/{own}/{column}": "processor"})
    assert attacker.kept() == before


def test_another_partys_row_is_not_taken_out(together: Together) -> None:
    sheet = together.sheet()
    position = row_of(
        sheet, "intent.positions", "party", row_of(sheet, "parties.list", "name", NORTHSIDE)
    )
    attacker = together.attacker(IVERMERE, "party")
    answer = attacker.post(
        f"{OURS}/intent.positions",
        release=attacker.release,
        remove=f"intent.positions/{position}=99999",
    )
    assert answer.status_code == 403
    assert position in together.sheet().rows("intent.positions")


def test_a_data_protection_officer_reads_it_and_fills_in_nothing(together: Together) -> None:
    officer = together.person(IVERMERE, "dpo")
    assert "Fill in" not in officer.open(OURS).text
    officer.open(f"{OURS}/parties.list", status=403)


def test_the_lead_sees_how_far_each_is_and_whom_to_ask(together: Together) -> None:
    lead = Person(together.app, together.app.test_client()).be("lead")
    page = lead.open(f"/projects/{REFERENCE}")
    assert re.search(r"What each organisation adds: \d+ of \d+ given", page.text)
    page = lead.follow("What each organisation adds")
    assert "party of London Borough of Ivermere" in page.text
    assert page.link("Nobody yet: see who is on the team Hosting supplier").endswith("/team")
    assert "waiting on" in lead.open(f"/projects/{REFERENCE}/stages/statement_of_intent").text


def test_the_contact_of_a_party_is_led_to_its_own_part(together: Together) -> None:
    contact = together.person(NORTHSIDE, "party")
    contact.open(f"/projects/{REFERENCE}")
    contact.follow("Fill in your part")
    assert contact.page.path == OURS
    # And so does "Carry on" of their first page.
    assert contact.open(f"/projects/{REFERENCE}/continue").path == OURS


def looked(together: Together) -> Looked:
    with read(together.engine) as conn:
        catalogues = together.app.extensions["fingerpost"].catalogues
        officer = together.people[IVERMERE, "dpo"]
        return open_project(conn, officer, catalogues, REFERENCE, AT.date())


def test_a_party_owes_what_is_asked_by_now_and_a_yes_to_what_others_wrote(
    together: Together,
) -> None:
    every = {each.name: each for each in contributions(looked(together), HOME)}
    hartvale = every["London Borough of Hartvale"]
    assert (hartvale.given, hartvale.asked) == (0, 8)
    assert "Legal route" in hartvale.missing()
    later = hartvale.part("agreement.schedules")
    assert not later.due
    assert later.asked == 8


def test_the_organisation_that_leads_has_given_what_its_people_answered_anywhere(
    together: Together,
) -> None:
    every = {each.name: each for each in contributions(looked(together), HOME)}
    assert every[HOME].part("parties.list").given == every[HOME].part("parties.list").asked > 0


def test_who_has_no_legal_route_is_not_asked_whether_it_is_right(together: Together) -> None:
    every = {each.name: each for each in contributions(looked(together), HOME)}
    assert "Legal route" not in every["Hosting supplier"].missing()


def test_who_is_not_among_the_parties_is_told_so_until_the_lead_adds_them_with_their_record(
    together: Together,
) -> None:
    person = together.person("Capital Police Service", "party")
    assert "not in the list of those that take part yet" in person.open(OURS).text
    person.open(f"{OURS}/parties.list", status=404)

    lead = Person(together.app, together.app.test_client()).be("lead")
    row = f"/projects/{REFERENCE}/idea/partners/parties.list/+police0"
    send(lead, row, **{"parties.list/+police0/name": "Capital Police Service"})
    page = person.open(OURS)
    assert "From Capital Police Service's record, " in page.text
    assert "not in the list" not in page.text
