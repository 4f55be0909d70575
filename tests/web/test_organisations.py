"""Organisations on the screen: the map, a record with its pages, and a party that takes facts from it."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.actions.organisations import add_person, take_in
from app.catalogue import content_hash, read_files
from app.store.database import write
from app.store.releases import Publication, keep_release
from app.web.site import Site, now
from tests.web.conftest import Person, serve, statements

ASKED = "questionnaires/organisations/set_up.yaml"
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def partners(someone: Person) -> str:
    """Where the parties of a project of one's own are listed; those of the samples stay as they are."""
    someone.open("/start/new")
    place = someone.post("/start/new", **{"project.title": "Who takes part"}).path
    return f"/projects/{place.split('/')[2]}/idea/partners"


def engine_of(product: Flask) -> Site:
    site: Site = product.extensions["fingerpost"]
    return site


def record(someone: Person, name: str) -> str:
    """The address of an organisation's record."""
    links = someone.open("/organisations").read.links
    return next(link.url for link in links if link.words == name)


def enter(someone: Person, name: str, kind: str = "voluntary") -> str:
    """Add an organisation of one's own; the address of its record."""
    someone.open("/organisations/new")
    fields = {"organisation-name": name, "organisation-kind": kind}
    return someone.post("/organisations/new", **fields).path


def shown_value(html: str, address: str) -> str:
    found = re.search(rf'name="{re.escape(address)}" value="([^"]*)"', html)
    assert found, address
    return found[1]


# The map


def test_the_menu_leads_to_a_map_of_roles_gaps_and_dates(someone: Person) -> None:
    someone.open("/")
    page = someone.follow("Organisations")

    for said in (
        "DPO",
        "SIRO",
        "Caldicott Guardian",
        "IG lead",
        "Signatory",
        "Checked",
        "Head of information rights",
        "Gap. The delegation has ended Director of strategy",
        "Also the DPO: cannot do both on one project",
        "Shared with other organisations",
        "Not needed",
    ):
        assert said in page.text, said
    assert page.html.count('class="is-gap"') == 4
    # Each cell keeps the name of its column when the table becomes cards.
    lines = page.html.count('role="rowheader"')
    assert page.html.count('data-label="Caldicott Guardian"') == lines >= 8


@pytest.mark.parametrize(
    ("words", "there", "gone"),
    [
        ("Gaps only", "Lantern Outreach", "London Borough of Carnmere"),
        ("London borough", "London Borough of Carnmere", "Lantern Outreach"),
        ("NHS body", "Northside ICB", "London Borough of Hartvale"),
    ],
)
def test_the_map_may_show_some_of_them(someone: Person, words: str, there: str, gone: str) -> None:
    someone.open("/organisations")
    page = someone.follow(words)
    assert there in page.text
    assert gone not in page.text.split("Who holds which role")[1]


def test_the_map_takes_two_statements(someone: Person, product: Flask) -> None:
    someone.open("/organisations")
    with statements(engine_of(product).engine) as sent:
        someone.open("/organisations")
    assert len(sent) == 2, sent


# A record


def test_a_record_shows_its_steps_its_gap_score_its_flags_and_who_said_what(
    someone: Person,
) -> None:
    page = someone.open(record(someone, "Lantern Outreach"))
    for said in (
        "Charity or community group",
        "9 of 9 steps complete: 100%",
        "Assurance None Two or more of the five are missing",
        "Gaps in assurance 4 Our published rule",
        "No data protection officer",
        "UK GDPR Art 37(1)",
        "Not yet confirmed by a DPO",
        "Chief executive The information governance lead,",
    ):
        assert said in page.text, said


def test_what_is_out_of_date_is_flagged(someone: Person) -> None:
    page = someone.open(record(someone, "Capital Fire Service"))
    assert "Assurance Expired" in page.text
    assert "The assurance is out of date" in page.text
    assert "Nobody has checked the record for a year" in page.text


def test_a_sponsored_organisation_names_its_sponsor(someone: Person) -> None:
    page = someone.open(record(someone, "Bridge Street Academy"))
    assert "School or college. Sponsored by London Borough of Carnmere" in page.text
    assert "4 of 9 steps complete: 44%" in page.text


def test_a_new_organisation_answers_page_by_page_until_its_steps_are_done(
    someone: Person,
) -> None:
    name = f"Bow Trust {uuid4().hex}"
    home = enter(someone, name)
    assert "0 of 9 steps complete: 0%" in someone.page.text
    assert "Added." in someone.page.text

    someone.follow("Continue with “What kind of organisation it is”")
    page = f"{home}/set_up/registration"
    assert someone.page.path == page
    assert 'value="voluntary" checked' in someone.page.html
    seen = someone.page.read.hidden["seen"]
    someone.post(page, **{"org.kind": "voluntary", "org.nation": "england", "go": "on"}, seen=seen)
    # Something is still to answer here: saving leads on to the next page, as in a project.
    assert someone.page.path == f"{home}/set_up/contact"
    assert "Save and continue" in someone.page.html
    assert f"Back to {name}" in someone.page.html
    assert "Pass this page" not in someone.page.text
    assert f"{name} Charity or community group. 0 of 9 steps" in someone.open("/organisations").text


def test_an_organisations_page_takes_two_statements_and_saving_it_four(
    someone: Person, product: Flask
) -> None:
    page = f"{enter(someone, f'Statements {uuid4().hex}')}/set_up/administrator"
    someone.open(page)
    with statements(engine_of(product).engine) as sent:
        someone.open(page)
    assert len(sent) == 2, sent
    token = someone.page.read.hidden
    fields = {**token, "record.keeper": "Manager", "record.deputy": "", "go": "on"}
    with statements(engine_of(product).engine) as sent:
        response = someone.client.post(page, data=fields)
    assert response.status_code == 302
    assert len(sent) == 4, sent


def test_answers_are_saved_as_one_types(someone: Person) -> None:
    page = f"{enter(someone, f'Typing {uuid4().hex}')}/set_up/registration"
    opened = someone.open(page)
    assert f'data-autosave="{page}/save"' in opened.html
    fields = {**opened.read.hidden, "org.kind": "voluntary", "org.registered": "registered"}
    told = someone.client.post(f"{page}/save", data=fields).get_json()
    assert {"org.ico_number", "org.registered_until"} <= set(told["shown"])
    assert "org.not_registered_why" in told["hidden"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"organisation-name": " ", "organisation-kind": "nhs"}, "Enter what it is called"),
        ({"organisation-name": "Some Trust"}, "Choose what kind of organisation it is"),
        ({"organisation-name": "Some Trust", "organisation-kind": "x"}, "Choose what kind"),
        ({"organisation-name": "x" * 301, "organisation-kind": "nhs"}, "another look"),
        (
            {"organisation-name": "london borough of carnmere", "organisation-kind": "borough"},
            "There is an organisation of this name already",
        ),
    ],
)
def test_an_organisation_without_name_or_kind_is_not_added(
    someone: Person, fields: dict[str, str], said: str
) -> None:
    someone.open("/organisations/new")
    page = someone.post("/organisations/new", **fields)
    assert said in page.text
    assert page.path == "/organisations/new"
    assert "Error:" in page.html


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/nobody",
        f"/organisations/{NOBODY}",
        f"/organisations/{NOBODY}/set_up/registration",
        "/organisations/FP-0001/idea/outcome",
    ],
)
def test_there_is_no_page_of_what_is_not_there(someone: Person, path: str) -> None:
    someone.open("/")
    someone.open(path, status=404)


def test_a_project_has_no_pages_of_organisations_nor_they_of_projects(someone: Person) -> None:
    home = record(someone, "London Borough of Carnmere")
    someone.open("/projects/FP-0001/set_up/registration", status=404)
    someone.open(f"{home}/idea/partners", status=404)
    someone.open(f"{home}/who_decides/nothing", status=404)


def test_a_record_that_others_keep_may_be_read_and_not_changed(
    someone: Person, product: Flask
) -> None:
    name, at = f"Elsewhere {uuid4().hex}", now()
    home = enter(someone, name)
    page = f"{home}/set_up/administrator"
    someone.open(page)
    with write(engine_of(product).engine) as conn:
        keeper = add_person(conn, "A keeper", f"{uuid4().hex}@elsewhere.invalid", at)
        take_in(conn, keeper, UUID(home.rpartition("/")[2]), "lead", at)

    someone.post(page, status=403, **{"record.keeper": "Somebody", "go": "on"})
    someone.open(page, status=403)
    read = someone.open(home)
    assert "Its own people keep this record. You may read it." in read.text
    assert f'href="{page}"' not in read.html
    assert "Somebody" not in read.text


# A party takes its facts from the record


def test_choosing_an_organisation_fills_in_what_its_record_says(
    someone: Person, product: Flask, partners: str
) -> None:
    name = f"Quayside {uuid4().hex}"
    home = enter(someone, name)
    someone.open(f"{home}/who_decides/advisers")
    someone.post(
        someone.page.path,
        **{"who.dpo_state": "shared", "who.ig_lead_state": "none_yet", "go": "on"},
    )
    someone.post(
        someone.page.path,
        **{"who.dpo_state": "shared", "who.dpo": "Shared officer", "go": "on"},
    )

    new = someone.open(f"{partners}/parties.list/+{uuid4().hex[:8]}")
    assert f'<option value="{name}"></option>' in new.html
    assert "Choose it from the list" in new.text
    row = someone.post(
        new.path, **{f"parties.list/{new.path.rpartition('/')[2]}/name": name.upper(), "go": "on"}
    )
    # What came is shown to be confirmed.
    address = f"parties.list/{row.path.rpartition('/')[2]}"
    assert row.path.startswith(f"{partners}/parties.list/")
    assert f"3 answers came from {name}'s record. Look at them once." in row.text
    assert shown_value(row.html, f"{address}/name") == name
    assert shown_value(row.html, f"{address}/dpo") == "Shared officer"
    assert f"From {name}'s record," in row.text
    assert "has changed its record since" not in row.text
    with statements(engine_of(product).engine) as sent:
        someone.open(row.path)
    # One more than an ordinary page: the organisations to choose from.
    assert len(sent) == 3, sent

    # Confirming changes nothing of where it came from.
    given = _row_fields(someone, address)
    someone.post(row.path, **given, go="on")
    assert f"From {name}'s record," in someone.open(row.path).text

    # The record changes: the row says so and stays as it is until the button is pressed.
    someone.open(f"{home}/who_decides/advisers")
    someone.post(
        someone.page.path,
        **{"who.dpo_state": "shared", "who.dpo": "New officer", "go": "on"},
    )
    page = someone.open(row.path)
    assert f"{name} has changed its record since DPO New officer" in page.text
    assert "Newer facts in its record" in someone.open(partners).text
    someone.open(row.path)
    assert shown_value(page.html, f"{address}/dpo") == "Shared officer"
    page = someone.post(row.path, **_row_fields(someone, address), go="newer")
    assert shown_value(page.html, f"{address}/dpo") == "New officer"
    assert "1 answer came from" in page.text
    assert "has changed its record since" not in someone.open(row.path).text
    assert "Newer facts in its record" not in someone.open(partners).text


def _row_fields(someone: Person, address: str) -> dict[str, str]:
    """What the page of the row would post again."""
    html = someone.page.html
    texts = re.findall(rf'name="({re.escape(address)}/[a-z_]+)" value="([^"]*)"', html)
    chosen = re.findall(
        rf'name="({re.escape(address)}/[a-z_]+)"[^>]* value="([^"]*)" checked', html
    )
    return {**{k: v for k, v in texts if k.rpartition("/")[2] in TEXTS}, **dict(chosen)}


TEXTS = ("name", "ico_number", "ig_lead", "dpo", "siro", "caldicott", "signatory")


def test_a_party_may_still_be_given_any_name(someone: Person, partners: str) -> None:
    new = someone.open(f"{partners}/parties.list/+{uuid4().hex[:8]}")
    address = f"parties.list/{new.path.rpartition('/')[2]}"
    page = someone.post(new.path, **{f"{address}/name": "Acme Hosting <b>", "go": "on"})
    assert page.path == partners
    assert "Acme Hosting <b>" in page.text


def test_other_rows_and_records_offer_no_names(someone: Person) -> None:
    page = someone.open("/projects/FP-0001/concept_review/flows/share.flows/1")
    assert "<datalist" not in page.html


def test_a_name_in_the_list_is_escaped(someone: Person, partners: str) -> None:
    name = f'"><b>{uuid4().hex}'
    enter(someone, name)
    page = someone.open(f"{partners}/parties.list/+{uuid4().hex[:8]}")
    assert name not in page.html
    assert "&#34;&gt;&lt;b&gt;" in page.html


def test_an_organisation_is_added_in_a_process_that_has_not_met_the_newest_release(
    tmp_path: Path, repository: Path
) -> None:
    app = serve(tmp_path, repository)
    newer = {**read_files(repository)}
    newer[ASKED] += b"# a newer line\n"
    with write(engine_of(app).engine) as conn:
        keep_release(conn, Publication(newer, content_hash(newer), "LOTI", "", now()))
    administrator = Person(app, app.test_client())

    assert enter(administrator, "Fenmere Advice").startswith("/organisations/")
    assert "Added." in administrator.page.text
