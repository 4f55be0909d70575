"""A legal gateway is confirmed in place by an officer, as a rule is; the digest leads there and to forms."""

import pytest
from flask import Flask

from app.actions.definitions.drafts import draft_files, list_drafts
from app.actions.definitions.publishing import LAW, weigh_draft
from app.actions.demonstration import persona_of
from app.catalogue.things import ENTRY, find
from app.store.database import read
from tests.web.conftest import Person
from tests.web.editing import Editor

GATEWAY = "law.gateway_list/G01"
OTHER = "law.gateway_list/G05"


@pytest.fixture
def dpo(own_product: Flask) -> Person:
    return Person(own_product, own_product.test_client()).be("dpo")


def test_an_officer_confirms_a_gateway_into_a_draft_with_their_own_yes(dpo: Person) -> None:
    dpo.open("/definitions/digest")
    assert "Gateways and other entries not confirmed" in dpo.page.text
    dpo.follow("G01 Public service delivery")
    assert dpo.page.path == f"/definitions/law/{GATEWAY}"
    for said in (
        "Statutory gateways, G01",
        "Digital Economy Act 2017, s.35",
        "Not for everybody (1)",
    ):
        assert said in dpo.page.text
    dpo.post(dpo.page.path, said="confirmed")
    assert "Confirmed, in a draft with your yes." in dpo.page.text

    with read(dpo.app.extensions["fingerpost"].engine) as conn:
        officer = persona_of(conn, "dpo")
        draft = next(
            each for each in list_drafts(conn, officer) if each.name.startswith("Law confirmed")
        )
        found = find(draft_files(conn, draft), ENTRY, GATEWAY)
        weighed = weigh_draft(conn, persona_of(conn, "editor"), draft.id)
    assert found
    assert found.value["checked"]
    assert found.value["checked_by"].startswith(officer.name)
    assert weighed.only_confirms
    assert [(need.kind, need.met is not None) for need in weighed.needs] == [(LAW, True)]


def test_a_gateway_is_disputed_with_a_reason(dpo: Person) -> None:
    dpo.open(f"/definitions/law/{OTHER}")
    dpo.post(dpo.page.path, said="disputed", reason="")
    assert "Enter what is not as it says" in dpo.page.text
    dpo.post(dpo.page.path, said="disputed", reason="Section 115 was amended.")
    dpo.open("/definitions/digest")
    assert "Section 115 was amended." in dpo.page.text


def test_what_a_rule_stops_and_the_act_of_a_gateway_are_told_by_name_and_lead_to_the_law(
    dpo: Person,
) -> None:
    page = dpo.open("/definitions/law/R134")
    assert "Stops, once confirmed DPIA, Sharing agreement" in page.text
    page = dpo.open(f"/definitions/law/{GATEWAY}")
    assert page.link("Digital Economy Act 2017, s.35").endswith("/ukpga/2017/30/section/35")


@pytest.mark.parametrize("id_", ["law.gateway_list/G999", "law.gateway_list", "no/such", "x" * 90])
def test_what_states_no_law_is_not_found(dpo: Person, id_: str) -> None:
    dpo.open(f"/definitions/law/{id_}", 404)


def test_an_editor_is_led_from_the_digest_to_the_forms_and_an_officer_is_not(
    eve: Editor, dpo: Person
) -> None:
    eve.open("/definitions/digest")
    edits = [link.url for link in eve.page.read.links if link.words.startswith("Edit")]
    assert f"/definitions/edit/entry/{GATEWAY}" in edits
    assert any(url.startswith("/definitions/edit/flag/") for url in edits)
    assert not any(
        "/definitions/edit/" in link.url for link in dpo.open("/definitions/digest").read.links
    )
