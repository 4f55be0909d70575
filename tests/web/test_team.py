"""The team of a project: who is on it, who sees the project, and who says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions.access.policy import OVERSIGHT, SEES, Relation
from app.actions.actor import Actor
from app.store.accounts import mail
from app.store.database import read, write
from app.store.team import team
from tests.web.conftest import Person
from tests.web.matrix import MAIN, Matrix, plant, populated

AT = f"/projects/{MAIN}"
TEAM = f"{AT}/team"
OFF, IN, OWN, OTHER = Relation.OFF_TEAM, Relation.PARTICIPATING, Relation.OWN, Relation.OTHER


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    """People of every role in several organisations, some of them on the team of a project."""
    found = populated(tmp_path_factory.mktemp("team"), repository)
    plant(found)
    return found


def at(seeded: Matrix, relation: Relation, role: str) -> Person:
    return Person(seeded.app, seeded.client(seeded.people[relation, role]))


def add(seeded: Matrix, by: Person, who: Actor, status: int = 200) -> Person:
    by.open(TEAM)
    organisation = str(who.organisation_id)
    field = {f"person-{organisation}": str(who.person_id), "organisation": organisation}
    by.post(TEAM, status=status, **field)
    return by


def take_off(by: Person, who: Actor, status: int = 200) -> Person:
    by.open(TEAM)
    by.post(f"{TEAM}/off", status=status, member=f"{who.person_id}/{who.organisation_id}")
    return by


@pytest.mark.parametrize("role", sorted(SEES))
@pytest.mark.parametrize(
    "path", ["", "/report", "/history", "/idea/discover", "/documents/dpia.docx"]
)
def test_off_the_team_those_see_a_project_who_look_after_information(
    seeded: Matrix, role: str, path: str
) -> None:
    answer = seeded.client(seeded.people[OFF, role]).get(AT + path)
    assert answer.status_code == (200 if role in OVERSIGHT else 404)


@pytest.mark.parametrize("role", sorted(SEES - OVERSIGHT))
def test_on_the_team_everybody_of_an_organisation_sees_it_and_off_it_no_list_tells_of_it(
    seeded: Matrix, role: str
) -> None:
    for relation, sees in ((IN, True), (OFF, False)):
        client = seeded.client(seeded.people[relation, role])
        assert (MAIN in client.get("/projects").text) is sees
        assert client.get(AT).status_code == (200 if sees else 404)
        assert (MAIN in client.get("/queue").text) <= sees
        assert (MAIN in client.get("/projects/times").text) is sees


def test_the_lead_adds_and_takes_off_people_of_every_organisation(seeded: Matrix) -> None:
    lead, late = at(seeded, OWN, "lead"), seeded.people[OFF, "security"]
    client = seeded.client(late)
    assert client.get(AT).status_code == 404
    assert "is on the team" in add(seeded, lead, late).page.text
    assert client.get(AT).status_code == 200
    assert "no longer on the team" in take_off(lead, late).page.text
    assert client.get(AT).status_code == 404
    assert f"{late.name}, Larkhill, was taken off" in lead.page.text


def test_who_is_put_on_the_team_is_told_once_and_by_whom(seeded: Matrix) -> None:
    lead, late = at(seeded, OWN, "lead"), seeded.people[OFF, "contributor"]
    take_off(add(seeded, lead, seeded.people[OFF, "party"]), seeded.people[OFF, "party"])
    with write(seeded.engine) as conn:
        conn.execute(mail.delete())
    add(seeded, add(seeded, lead, late), late)
    with read(seeded.engine) as conn:
        sent = conn.execute(select(mail.c.letter, mail.c.body)).all()
    assert [each.letter for each in sent] == ["joined"]
    assert f"Hello {late.name}" in sent[0].body
    assert AT in sent[0].body
    assert "has put you on the team" in sent[0].body
    take_off(lead, late)


def test_an_ig_lead_says_who_is_on_the_team_for_their_own_organisation_alone(
    seeded: Matrix,
) -> None:
    ig, ours = at(seeded, OFF, "ig_lead"), seeded.people[OFF, "contributor"]
    add(seeded, ig, ours)
    assert seeded.client(ours).get(AT).status_code == 200
    theirs = seeded.people[OWN, "contributor"]
    take_off(ig, theirs, status=403)
    assert seeded.client(theirs).get(AT).status_code == 200
    take_off(ig, ours)
    add(seeded, at(seeded, IN, "lead"), ours, status=403)  # leads elsewhere, not this project
    add(seeded, at(seeded, IN, "contributor"), ours, status=403)


def test_nobody_of_an_organisation_that_takes_no_part_is_added(seeded: Matrix) -> None:
    lead, stranger = at(seeded, OWN, "lead"), seeded.people[OTHER, "lead"]
    add(seeded, lead, stranger, status=404)
    assert seeded.client(stranger).get(AT).status_code == 404


@pytest.mark.parametrize("role", ["editor", "administrator", "system"])
def test_those_who_run_the_service_cannot_be_added(seeded: Matrix, role: str) -> None:
    add(seeded, at(seeded, OWN, "lead"), seeded.people[OWN, role], status=404)


def test_whoever_leads_stays_and_whoever_begins_is_on_the_team(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    page = lead.open(TEAM)
    assert "The project lead Project lead. Leads the project" in page.text
    with write(seeded.engine) as conn:
        first = conn.execute(
            team.select().order_by(team.c.added_at).where(team.c.added_by == "The project lead")
        ).first()
    assert first is not None
    leads = Actor(first.person_id, "", "lead", first.organisation_id, "")
    assert "stays on its team" in take_off(lead, leads, status=403).page.text


def test_an_answer_stays_with_its_name_when_its_writer_is_taken_off(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    writer = seeded.people[OWN, "lead"]  # who answered in `plant`
    other = at(seeded, OWN, "ig_lead")
    take_off(other, writer)
    assert seeded.client(writer).get(AT).status_code == 404
    history = other.open(f"{AT}/history").text
    assert writer.name in history
    add(seeded, other, writer)
    assert lead.open(AT).status == 200


def test_an_organisation_takes_part_and_goes_while_it_has_done_nothing(seeded: Matrix) -> None:
    lead, dpo = at(seeded, OWN, "lead"), seeded.client(seeded.people[OTHER, "dpo"])
    elsewhere = str(seeded.people[OTHER, "dpo"].organisation_id)
    assert dpo.get(AT).status_code == 404
    lead.open(TEAM)
    lead.post(f"{TEAM}/organisations", organisation=elsewhere)
    assert dpo.get(AT).status_code == 200
    assert seeded.client(seeded.people[OTHER, "lead"]).get(AT).status_code == 404
    assert "Elsewhere" in lead.open(TEAM).text
    lead.post(f"{TEAM}/organisations/off", organisation=elsewhere)
    assert dpo.get(AT).status_code == 404
    history = lead.open(f"{AT}/history").text
    assert "let go Elsewhere" in history
    assert lead.open(AT).text.count("let go Elsewhere") == 1


def test_a_sponsored_organisation_does_not_join_others_than_its_sponsor(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    sponsored = str(seeded.people[Relation.SPONSORED, "dpo"].organisation_id)
    lead.open(TEAM)  # Larkhill takes part as well
    page = lead.post(f"{TEAM}/organisations", status=403, organisation=sponsored)
    assert "shares only with its sponsor" in page.text


def test_who_is_an_ig_lead_cannot_bring_organisations(seeded: Matrix) -> None:
    ig = at(seeded, OFF, "ig_lead")
    assert "Another organisation" not in ig.open(TEAM).text
    elsewhere = str(seeded.people[OTHER, "dpo"].organisation_id)
    ig.post(f"{TEAM}/organisations", status=403, organisation=elsewhere)


def test_nothing_chosen_is_said_beside_the_field(seeded: Matrix) -> None:
    lead = at(seeded, OWN, "lead")
    lead.open(TEAM)
    organisation = str(seeded.people[OWN, "lead"].organisation_id)
    field = {f"person-{organisation}": "", "organisation": organisation}
    assert "Choose who joins the team" in lead.post(TEAM, **field).text
    lead.open(TEAM)
    page = lead.post(f"{TEAM}/organisations", organisation="")
    assert "Choose which organisation takes part" in page.text


def test_the_project_page_leads_to_its_team(someone: Person) -> None:
    someone.be("lead").open(AT)
    assert "Team" in someone.follow("Team").html
