"""Inviting, roles and suspension: who may, what the link opens, and that it takes effect at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from flask import g
from sqlalchemy import select, update

from app.actions.actor import Actor, Here
from app.actions.organisations import add_organisation
from app.cli import main
from app.store.accounts import account, invitation
from app.store.database import counting, read, write
from app.store.tables import job, membership, organisation, person
from app.web.site import may_act_as
from tests.accounts.conftest import BETTER, GOOD, House, Visitor


@dataclass
class Town:
    """An organisation with an administrator who is signed in, and a project lead."""

    house: House
    id: UUID
    admin: Visitor
    lead: str
    lead_id: UUID

    @property
    def at(self) -> str:
        return f"/people/{self.id}"

    def suspend(self, person_id: UUID) -> None:
        self.admin.open(f"{self.at}/{person_id}")
        self.admin.post(f"{self.at}/{person_id}/suspend")

    def invite(self, email: str, *roles: str, status: int = 200) -> None:
        self.admin.open(f"{self.at}/invite", 200)
        self.admin.send(status, name="Bo Birch", email=email, roles=list(roles))


@pytest.fixture
def town(house: House) -> Town:
    name = uuid4().hex[:12]
    id_ = house.organisation(f"Brookvale {name}")
    house.person(f"admin.{name}@x.example", id_, "administrator")
    lead_id = house.person(f"lead.{name}@x.example", id_, "lead")
    admin = house.visitor().sign_in(f"admin.{name}@x.example")
    admin.set_up()
    return Town(house, id_, admin, f"lead.{name}@x.example", lead_id)


def fresh_address() -> str:
    return f"{uuid4().hex[:12]}@x.example"


# Inviting


def test_an_invitation_lets_its_reader_in_once(town: Town) -> None:
    email = fresh_address()
    town.invite(email, "lead", "security")
    assert "Bo Birch" in town.admin.page.text
    assert "Invited" in town.admin.page.text
    link = town.house.link("invitation")
    reader = town.house.visitor()
    reader.open(link)
    reader.send(400, name="Bo Birch", password="bo birch 2026")  # noqa: S106 - refused
    reader.send(name="Bo Birch-Ash", password=BETTER)
    assert "Your password is saved" in reader.page.text
    reader.sign_in(email, BETTER)
    assert "Bo Birch-Ash" in reader.open("/account").text
    assert "Information security lead" in reader.page.text
    house_guest = town.house.visitor()
    house_guest.open(link, 404)
    token = house_guest.open("/sign-in").read.hidden["csrf_token"]
    data = {"name": "Eve", "password": GOOD, "csrf_token": token}
    assert house_guest.client.post(link, data=data).status_code == 404


UNSEEN = [
    pytest.param("\u202e", id="right-to-left-override"),
    pytest.param("\x00", id="nul"),
    pytest.param("\x1b[2K", id="control"),
]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_holds_nothing_that_cannot_be_seen(town: Town, unseen: str) -> None:
    """It is printed in documents and emails, beside what this person decides."""
    said = f"Bo {unseen}Birch"
    town.admin.open(f"{town.at}/invite")
    refused = unseen != "\u202e"
    email = fresh_address()
    town.admin.send(name=said, email=email, roles=["lead"])
    assert ("cannot be printed" in town.admin.page.text) is refused
    if refused:
        town.invite(email, "lead")
    reader = town.house.visitor()
    reader.open(town.house.link("invitation"))
    reader.send(400 if refused else 200, name=said, password=BETTER)
    if refused:
        reader.send(name="Bo Birch", password=BETTER)
    assert "Bo Birch" in town.admin.open(town.at).text
    assert unseen not in town.admin.page.html


@pytest.mark.parametrize("unseen", [*UNSEEN, pytest.param("\u200b", id="no-width")])
def test_an_address_holds_nothing_that_cannot_be_seen(town: Town, unseen: str) -> None:
    town.invite(f"bo{unseen}@x.example", "lead")
    assert "Enter an email address" in town.admin.page.text


def test_an_invitation_calls_roles_as_people_do(town: Town) -> None:
    town.invite(fresh_address(), "caldicott", "lead", "security")
    said = town.house.letters("invitation")[-1].body
    assert "Caldicott Guardian, project lead and information security lead" in said


def test_an_invitation_says_who_invites_and_whether_a_telephone_is_needed(town: Town) -> None:
    for role, asked in (("dpo", True), ("contributor", False)):
        town.invite(fresh_address(), role)
        letter = town.house.letters("invitation")[-1]
        asks = town.lead.partition("@")[0].replace("lead", "admin", 1)
        assert f"ask {asks} for another" in letter.body
        assert ("Have your telephone at hand" in letter.body) is asked


def test_whom_to_invite_is_told_by_what_each_role_does_and_who_is_missing(town: Town) -> None:
    page = town.admin.open(town.at, 200)
    missing = "Nobody here is information governance lead, data protection officer,"
    assert missing in page.text
    assert "Its record: officers, contacts and assurance" in page.text
    invite = town.admin.open(f"{town.at}/invite", 200).text
    assert "Advises and never decides. Asks for codes from an app." in invite
    assert "Invites the people of the organisation, and keeps its record." in invite


def test_an_organisation_without_people_says_whom_to_invite_first(house: House) -> None:
    name = uuid4().hex[:12]
    runs, empty = house.organisation(f"Service {name}"), house.organisation(f"Empty {name}")
    house.person(f"system.{name}@x.example", runs, "system")
    system = house.visitor().sign_in(f"system.{name}@x.example")
    system.set_up()
    assert "Invite an organisation administrator first" in system.open(f"/people/{empty}", 200).text


def test_an_invitation_that_is_sent_twice_by_one_form_is_one(town: Town) -> None:
    email, there = fresh_address(), f"{town.at}/invite"
    sent = {"name": "Bo Birch", "email": email, "roles": ["lead"]}
    _twice(town, there, there, sent)
    assert [each.recipient for each in town.house.letters("invitation")] == [email]
    first = town.house.link("invitation")
    town.house.visitor().open(first)

    page = town.admin.open(town.at).link("Bo Birch")
    _twice(town, page, f"{page}/invite-again", {})
    assert len(town.house.letters("invitation")) == 2
    town.house.visitor().open(first, 404)
    town.house.visitor().open(town.house.link("invitation"))


def test_whoever_has_an_account_is_taken_in_and_told_once(town: Town) -> None:
    elsewhere = town.house.organisation(f"Carnmere {uuid4().hex[:8]}")
    email = fresh_address()
    town.house.person(email, elsewhere, "lead")
    there = f"{town.at}/invite"
    _twice(town, there, there, {"name": "Bo Birch", "email": email, "roles": ["security"]})
    assert [each.recipient for each in town.house.letters("added")] == [email]


def _twice(town: Town, page: str, path: str, fields: dict[str, Any]) -> None:
    """Send the form of a page, and the very same again."""
    hidden = {n: v[0] for n, v in town.admin.open(page).read.hidden.items() if n != "next"}
    for _ in range(2):
        sent = town.admin.client.post(path, data={**hidden, **fields})
        assert sent.status_code == 302, sent.text[:300]


def test_an_invitation_runs_out(town: Town) -> None:
    town.invite(fresh_address(), "lead")
    link = town.house.link("invitation")
    town.house.clock.on(hours=24, seconds=1)
    town.house.visitor().open(link, 404)


def test_an_invitation_opens_no_more_once_whoever_was_invited_is_suspended(town: Town) -> None:
    """It may have gone to somebody else: they would choose the password, and be let in later."""
    email = fresh_address()
    town.invite(email, "lead")
    astray = town.house.link("invitation")
    with read(town.house.engine) as conn:
        person_id = conn.scalar(select(person.c.id).where(person.c.email == email))
    assert person_id
    town.suspend(person_id)
    town.house.visitor().open(astray, 404)
    town.admin.open(f"{town.at}/{person_id}")
    town.admin.post(f"{town.at}/{person_id}/readmit")
    town.house.visitor().open(astray, 404)
    town.admin.open(f"{town.at}/{person_id}")
    town.admin.post(f"{town.at}/{person_id}/invite-again")
    town.house.visitor().open(town.house.link("invitation"))


def test_an_invitation_still_opens_for_another_organisation_that_counts_on_it(town: Town) -> None:
    email = fresh_address()
    town.invite(email, "lead")
    with read(town.house.engine) as conn:
        person_id = conn.scalar(select(person.c.id).where(person.c.email == email))
    assert person_id
    with write(town.house.engine) as conn:
        other = add_organisation(conn, f"Carnmere {uuid4().hex}", "borough", town.house.clock.at)
        values = {"person_id": person_id, "organisation_id": other, "role": "lead"}
        row = {**values, "status": "invited", "since": town.house.clock.at}
        conn.execute(membership.insert().values(row))
    town.suspend(person_id)
    town.house.visitor().open(town.house.link("invitation"))


def test_another_invitation_closes_the_one_before(town: Town) -> None:
    email = fresh_address()
    town.invite(email, "lead")
    before = town.house.link("invitation")
    one = re.search(rf"{town.at}/[0-9a-f-]{{36}}", town.admin.open(town.at).link("Change Bo Birch"))
    assert one
    town.admin.open(one[0])
    town.house.clock.on(seconds=1)
    town.admin.post(f"{one[0]}/invite-again")
    after = town.house.link("invitation")
    assert before != after
    town.house.visitor().open(before, 404)
    town.house.visitor().open(after)


def test_whoever_was_invited_may_do_nothing_before_they_open_the_link(town: Town) -> None:
    email = fresh_address()
    town.invite(email, "lead")
    town.house.visitor().sign_in(email, GOOD, 401)
    # Not even with a password that came from nowhere: the status is looked at, not the role alone.
    with write(town.house.engine) as conn:
        who = conn.scalar(select(person.c.id).where(person.c.email == email))
        conn.execute(
            account.insert(),
            {
                "person_id": who,
                "password": town.house.keys.hash(GOOD),
                "totp_counter": -1,
                "recovery_codes": "[]",
                "stamp": "",
                "changed_at": town.house.clock.at,
            },
        )
    town.house.visitor().sign_in(email, GOOD, 403)


def test_whoever_has_several_roles_is_led_to_the_others_from_every_page(town: Town) -> None:
    email = fresh_address()
    town.house.person(email, town.id, "lead", "contributor")
    page = town.house.visitor().sign_in(email).open("/")
    assert page.link("Change role").endswith("/account#act-for")
    lead = town.house.visitor().sign_in(town.lead).open("/")
    assert "Change role" not in lead.text


@pytest.mark.parametrize(
    ("role", "same", "told"),
    [("signatory", True, True), ("signatory", False, False), ("dpo", True, False)],
)
def test_another_role_counts_in_the_organisation_one_acts_for_alone(
    house: House, role: str, *, same: bool, told: bool
) -> None:
    here = Actor(uuid4(), "Bo Birch", "siro", uuid4(), "Brookvale")
    elsewhere = here.organisation_id if same else uuid4()
    other = replace(here, role=role, organisation_id=elsewhere)
    with house.app.test_request_context():
        g.here = Here(here, (other,), "code", house.clock.at, house.clock.at)
        assert may_act_as("signatory") is told


def test_one_person_serves_several_organisations_and_chooses_for_whom(
    town: Town,
) -> None:
    other = town.house.organisation(f"Bellmead {uuid4().hex}")
    email = fresh_address()
    town.house.person(email, other, "ig_lead")
    town.invite(email, "lead")
    assert len(town.house.letters("added")) >= 1
    shared = town.house.visitor().sign_in(email)
    shared.open("/account")
    shared.post("/account/act-as", role=f"{town.id} lead")
    assert "Brookvale" in shared.page.text
    assert "Project lead, Brookvale" in shared.open("/projects").html
    shared.open("/account")
    shared.post("/account/act-as", status=403, role=f"{town.id} dpo")
    shared.open("/account")
    shared.post("/account/act-as", status=403, role=f"{uuid4()} lead")


@pytest.mark.parametrize(
    ("name", "email", "roles"),
    [
        ("", "a@x.example", ["lead"]),
        ("Bo", "not an address", ["lead"]),
        ("Bo", "a@x.example\r\nBcc: all@x.example", ["lead"]),
        ("Bo", "a@x", ["lead"]),
        ("Bo", "<a@x.example>", ["lead"]),
        ("Bo", "a" * 250 + "@x.example", ["lead"]),
        ("Bo", "a@x.example", []),
        ("B" * 201, "a@x.example", ["lead"]),
    ],
)
def test_what_cannot_be_invited_is_said(
    town: Town, name: str, email: str, roles: list[str]
) -> None:
    before = len(town.house.letters("invitation"))
    town.admin.open(f"{town.at}/invite")
    town.admin.send(name=name, email=email, roles=roles)
    assert town.admin.page.read.title.startswith("Error:")
    assert len(town.house.letters("invitation")) == before


# Who may


@pytest.mark.parametrize("role", ["editor", "system", "owner", "../dpo"])
def test_an_administrator_gives_no_role_that_is_not_theirs_to_give(town: Town, role: str) -> None:
    town.invite(fresh_address(), role, status=403)
    town.admin.open(f"{town.at}/{town.lead_id}")
    town.admin.post(f"{town.at}/{town.lead_id}/roles", status=403, roles=["lead", role])


def test_nobody_changes_their_own_roles(town: Town) -> None:
    with read(town.house.engine) as conn:
        me = conn.scalar(
            select(membership.c.person_id).where(
                membership.c.organisation_id == town.id, membership.c.role == "administrator"
            )
        )
    town.admin.open(f"{town.at}/{me}")
    for path, fields in (
        ("roles", {"roles": ["administrator", "signatory"]}),
        ("roles", {"roles": ["lead"]}),
        ("suspend", {}),
    ):
        town.admin.open(f"{town.at}/{me}")
        town.admin.open(town.at)
        town.admin.open(f"{town.at}/invite")
        town.admin.post(f"{town.at}/{me}/{path}", status=403, **fields)


@pytest.mark.parametrize("role", ["lead", "ig_lead", "dpo", "signatory", "editor"])
def test_others_see_no_people_page(town: Town, role: str) -> None:
    email = fresh_address()
    town.house.person(email, town.id, role)
    visitor = town.house.visitor().sign_in(email)
    if visitor.page.path == "/sign-in/code":
        visitor.set_up()
    visitor.open(town.at, 404)


def test_an_administrator_sees_no_people_of_others(town: Town, house: House) -> None:
    other = house.organisation(f"Bellmead {uuid4().hex}")
    someone = house.person(fresh_address(), other, "lead")
    for path in ("", "/invite", f"/{someone}", f"/{town.lead_id}", "/sponsor"):
        town.admin.open(f"/people/{other}{path}", 404)
    town.admin.open(f"{town.at}/{someone}", 404)
    town.admin.open(town.at)
    town.admin.post(f"{town.at}/{someone}/suspend", status=404)
    town.admin.open(town.at)
    town.admin.post(f"/people/{other}/{someone}/suspend", status=404)


def test_a_sponsors_administrator_looks_after_the_people_of_the_sponsored(
    town: Town, house: House
) -> None:
    harbour = house.organisation(f"Harbour {uuid4().hex}", town.id)
    page = town.admin.open(f"/people/{harbour}")
    assert "shares information only with Brookvale" in page.text


def test_every_page_tells_people_of_a_sponsored_organisation_with_whom_they_share(
    town: Town, house: House
) -> None:
    email = fresh_address()
    house.person(email, house.organisation(f"Harbour {uuid4().hex}", town.id), "lead")
    visitor = house.visitor().sign_in(email)
    for path in ("/", "/projects", "/account", "/start/new"):
        assert "which shares only with Brookvale" in visitor.open(path).html


# At once


def test_who_is_suspended_is_signed_out_everywhere_at_once(town: Town) -> None:
    browsers = [town.house.visitor().sign_in(town.lead) for _ in range(3)]
    town.admin.open(f"{town.at}/{town.lead_id}")
    town.admin.post(f"{town.at}/{town.lead_id}/suspend")
    assert "Suspended" in town.admin.page.text
    assert [each.client.get("/projects").status_code for each in browsers] == [303] * 3
    town.house.visitor().sign_in(town.lead, GOOD, 403)
    town.admin.open(f"{town.at}/{town.lead_id}")
    town.admin.post(f"{town.at}/{town.lead_id}/readmit")
    # What was ended stays ended.
    assert browsers[0].client.get("/projects").status_code == 303
    town.house.visitor().sign_in(town.lead)


def test_a_suspension_that_only_the_database_knows_of_counts_as_well(town: Town) -> None:
    lead = town.house.visitor().sign_in(town.lead)
    mine = membership.c.person_id == town.lead_id
    for column, value, back in (("status", "suspended", "active"), ("status", "invited", "active")):
        with write(town.house.engine) as conn:
            conn.execute(update(membership).where(mine).values({column: value}))
        assert lead.client.get("/projects").status_code == 303
        with write(town.house.engine) as conn:
            conn.execute(update(membership).where(mine).values({column: back}))
        assert lead.client.get("/projects").status_code == 200
    with write(town.house.engine) as conn:
        conn.execute(update(person).where(person.c.id == town.lead_id).values(active=False))
    assert lead.client.get("/projects").status_code == 303


def test_roles_change_with_the_next_click(town: Town) -> None:
    lead = town.house.visitor().sign_in(town.lead)
    town.admin.open(f"{town.at}/{town.lead_id}")
    town.admin.post(f"{town.at}/{town.lead_id}/roles", roles=["contributor"])
    assert "Contributor" in lead.open("/account").text
    assert "Project lead" not in lead.page.text


def test_changing_people_asks_for_proof_that_is_new(town: Town) -> None:
    town.admin.open(f"{town.at}/{town.lead_id}")
    town.house.clock.on(minutes=6)
    town.admin.post(f"{town.at}/{town.lead_id}/suspend")
    assert town.admin.page.path == "/account/again"
    assert town.house.visitor().sign_in(town.lead).page.status == 200


# Sponsors


def test_only_a_system_administrator_says_who_sponsors_whom(town: Town, house: House) -> None:
    town.admin.open(f"{town.at}/sponsor")
    town.admin.post(f"{town.at}/sponsor", status=403, sponsor="none")
    email = fresh_address()
    house.person(email, house.organisation(f"LOTI {uuid4().hex}"), "system")
    system = house.visitor().sign_in(email)
    system.set_up()
    harbour = house.organisation(f"Harbour {uuid4().hex}")
    system.open(f"/people/{harbour}/sponsor")
    system.send(sponsor=str(town.id))
    assert "shares information only with Brookvale" in system.page.text
    system.open(f"/people/{town.id}/sponsor")
    system.post(f"/people/{town.id}/sponsor", status=404, sponsor=str(harbour))
    with read(house.engine) as conn:
        given = conn.scalar(select(organisation.c.sponsor_id).where(organisation.c.id == harbour))
    assert given == town.id


def test_whoever_runs_the_service_sees_what_has_not_left_and_nobody_else(
    town: Town, house: House
) -> None:
    email = fresh_address()
    town.invite(email, "lead")
    town.admin.open("/people/e-mails", 404)
    boss = fresh_address()
    house.person(boss, house.organisation(f"LOTI {uuid4().hex}"), "system")
    system = house.visitor().sign_in(boss)
    system.set_up()
    system.open("/people")
    page = system.follow("Emails that have not left")
    assert email in page.text
    assert "Waits to be sent" in page.text
    assert "/welcome/" not in page.html


# Passwords forgotten


def test_a_forgotten_password_is_chosen_anew_with_a_link_and_codes_stay(town: Town) -> None:
    email = fresh_address()
    town.house.person(email, town.id, "dpo")
    before = town.house.visitor().sign_in(email)
    before.set_up()
    visitor = town.house.visitor()
    visitor.open("/sign-in/forgotten")
    visitor.send(email=email.upper())
    town.house.work()
    link = town.house.link("reset")
    visitor.open(link)
    visitor.send(password=BETTER)
    assert before.client.get("/account").status_code == 303
    visitor.sign_in(email, BETTER)
    assert visitor.page.path == "/sign-in/code"
    assert "secret" not in visitor.page.read.hidden, "codes are asked for, not set up anew"


def test_forgotten_says_the_same_to_everybody_and_mails_only_who_is_there(town: Town) -> None:
    before = len(town.house.letters("reset"))
    pages = []
    for email in (town.lead, "nobody@x.example", "no address"):
        visitor = town.house.visitor()
        visitor.open("/sign-in/forgotten")
        visitor.send(email=email)
        pages.append(visitor.page.text)
    assert len(set(pages)) == 1
    town.house.work()
    assert len(town.house.letters("reset")) == before + 1


def test_whoever_is_suspended_is_sent_no_link_and_those_sent_open_no_more(town: Town) -> None:
    visitor = town.house.visitor()
    visitor.open("/sign-in/forgotten")
    visitor.send(email=town.lead)
    town.house.work()
    visitor.open(town.house.link("reset"))
    town.suspend(town.lead_id)
    visitor.open(town.house.link("reset"), 404)
    sent = len(town.house.letters("reset"))
    town.house.clock.on(minutes=2)
    visitor.open("/sign-in/forgotten")
    visitor.send(email=town.lead)
    town.house.work()
    assert len(town.house.letters("reset")) == sent


def test_whoever_asks_twice_at_once_gets_one_link_that_opens(town: Town) -> None:
    visitor = town.house.visitor()
    for _ in range(2):
        visitor.open("/sign-in/forgotten")
        visitor.send(email=town.lead)
    town.house.work()
    assert len(town.house.letters("reset")) == 1
    town.house.visitor().open(town.house.link("reset"))
    town.house.clock.on(minutes=2)
    visitor.open("/sign-in/forgotten")
    visitor.send(email=town.lead)
    town.house.work()
    assert len(town.house.letters("reset")) == 2


def test_forgotten_asks_the_database_the_same_of_everybody(town: Town) -> None:
    asked = []
    for email in (town.lead, "nobody@x.example"):
        visitor = town.house.visitor()
        visitor.open("/sign-in/forgotten")
        with counting(town.house.engine) as statements:
            visitor.send(email=email)
        asked.append(statements.sent)
    assert asked[0] == asked[1]


def test_the_address_that_was_asked_about_is_forgotten_once_the_letter_is_written(
    town: Town,
) -> None:
    visitor = town.house.visitor()
    visitor.open("/sign-in/forgotten")
    visitor.send(email=town.lead)
    with read(town.house.engine) as conn:
        assert any(town.lead in each for each in conn.scalars(select(job.c.payload)))
    town.house.work()
    with read(town.house.engine) as conn:
        assert not any(town.lead in each for each in conn.scalars(select(job.c.payload)))


def test_a_link_for_a_password_lasts_an_hour_and_ends_when_the_password_changes(
    town: Town,
) -> None:
    for later in (True, False):
        visitor = town.house.visitor()
        visitor.open("/sign-in/forgotten")
        visitor.send(email=town.lead)
        town.house.work()
        link = town.house.link("reset")
        if later:
            town.house.clock.on(hours=1, seconds=1)
        else:
            with write(town.house.engine) as conn:
                mine = account.c.person_id == town.lead_id
                conn.execute(update(account).where(mine).values(stamp=uuid4().hex))
        town.house.visitor().open(link, 404)


def test_a_link_is_made_of_our_own_address_and_kept_only_as_a_hash(town: Town) -> None:
    town.invite(fresh_address(), "lead")
    link = town.house.link("invitation")
    assert "http://localhost/welcome/" in town.house.letters("invitation")[-1].body
    with read(town.house.engine) as conn:
        assert link.rpartition("/")[2] not in set(conn.scalars(select(invitation.c.id)))


# The first one


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, house: House) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", str(house.engine.url))
    monkeypatch.setenv("BASE_URL", "http://localhost")
    return CliRunner()


def test_the_first_administrator_is_invited_at_a_terminal(
    terminal: CliRunner, house: House
) -> None:
    email = fresh_address()
    asked = ["invite", email, "--name", "Ann Alder", "--organisation", f"LOTI {uuid4().hex}"]
    said = terminal.invoke(main, asked)
    assert said.exit_code == 0
    link = re.search(r"http://localhost(/welcome/\S+)", said.output)
    assert link
    visitor = house.visitor()
    visitor.open(link[1])
    visitor.send(name="Ann Alder", password=BETTER)
    visitor.sign_in(email, BETTER)
    visitor.set_up()
    assert "System administrator" in visitor.open("/account").text
    assert visitor.open("/people").path.startswith("/people/")
    refused = terminal.invoke(main, asked)
    assert (refused.exit_code, "--again" in refused.output) == (1, True)
    again = terminal.invoke(main, [*asked, "--again"])
    link = re.search(r"http://localhost(/welcome/\S+)", again.output)
    assert link
    assert visitor.client.get("/account").status_code == 200, "nothing ends before the link is used"
    visitor.open(link[1])
    visitor.send(name="Ann Alder", password=GOOD)
    visitor.sign_in(email, GOOD)
    assert "secret" in visitor.page.read.hidden, "codes are set up anew"


def test_what_is_no_address_is_not_invited(terminal: CliRunner) -> None:
    said = terminal.invoke(main, ["invite", "ann", "--name", "Ann", "--organisation", "LOTI"])
    assert said.exit_code == 1


def test_there_is_nobody_in_a_new_installation(engine: object) -> None:
    with read(engine) as conn:  # type: ignore[arg-type]
        assert conn.execute(select(person.c.id)).all() == []
        assert conn.execute(select(account.c.person_id)).all() == []
