"""Nothing typed is lost when a sign-in ends, and acts that bind ask once more who is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions.catalogues import Notes
from app.actions.definitions.releases import publish_files
from app.store.database import read
from app.store.releases import release_files
from app.store.tables import person
from app.wsgi import create_app
from tests.accounts.conftest import GOOD, House, Visitor
from tests.web.test_start import WEIGHTY

TYPED = "Because the shelter has asked us,\nand “nobody” knows <b>why</b>."


@pytest.fixture
def lead(house: House) -> Visitor:
    """A project lead whose organisation has a project, at a page of it."""
    name = uuid4().hex[:12]
    where = house.organisation(f"Carnmere {name}")
    house.person(f"lead.{name}@x.example", where, "lead")
    house.person(f"dpo.{name}@x.example", where, "dpo")
    visitor = house.visitor().sign_in(f"lead.{name}@x.example")
    visitor.open("/start/new")
    visitor.post("/start/new", **WEIGHTY)
    return visitor


def project(visitor: Visitor) -> str:
    return "/".join(visitor.page.path.split("/")[:3])


def test_a_page_of_answers_that_comes_too_late_is_kept_and_sent_again(
    house: House, lead: Visitor
) -> None:
    page = f"{project(lead)}/idea/motivate"
    lead.open(page)
    question = next(f for f in lead.page.read.inputs if f["type"] == "textarea")["name"]
    house.clock.on(minutes=31)
    lead.post(page, **{question: TYPED, "go": "on"})
    assert lead.page.path == "/sign-in"
    assert "What you typed is kept" in lead.page.text
    email = next(iter(_addresses(house, "lead.")))
    lead.send(email=email, password=GOOD)
    assert "What you typed is still here" in lead.page.text
    assert "Because the shelter has asked us" in lead.page.text
    lead.post(page, **{question: TYPED})
    lead.open(page)
    assert "Because the shelter has asked us" in lead.page.text


def test_what_a_kept_form_is_about_is_kept_with_it(house: House, lead: Visitor) -> None:
    at = project(lead)
    page = f"{at}/comments?about=idea/motivate"
    lead.open(page)
    house.clock.on(minutes=31)
    lead.post(page, words=TYPED, audience="ours")
    lead.send(email=_addresses(house, "lead.")[0], password=GOOD)
    assert "What you typed is still here" in lead.page.text
    lead.send(words=TYPED)
    said = lead.open(page).text
    assert "Because the shelter has asked us" in said
    assert "Because the shelter has asked us" not in lead.open(f"{at}/comments?about=R10").text


def _addresses(house: House, begins: str) -> list[str]:
    """The addresses of the newest people."""
    with read(house.engine) as conn:
        newest = select(person.c.email).order_by(person.c.created_at.desc())
        return [each for each in conn.scalars(newest) if each.startswith(begins)]


def test_what_one_person_typed_is_shown_to_nobody_else(house: House, lead: Visitor) -> None:
    page = f"{project(lead)}/idea/motivate"
    lead.open(page)
    question = next(f for f in lead.page.read.inputs if f["type"] == "textarea")["name"]
    house.clock.on(minutes=31)
    lead.post(page, **{question: TYPED})
    other = f"{uuid4().hex[:12]}@x.example"
    house.person(other, house.organisation(f"Elsewhere {uuid4().hex}"), "lead")
    lead.open("/sign-in")
    lead.send(email=other, password=GOOD)
    assert "shelter" not in lead.page.text


def test_after_a_day_it_is_gone(house: House, lead: Visitor) -> None:
    page = f"{project(lead)}/idea/motivate"
    lead.open(page)
    question = next(f for f in lead.page.read.inputs if f["type"] == "textarea")["name"]
    house.clock.on(minutes=31)
    lead.post(page, **{question: TYPED})
    house.clock.on(days=1, seconds=1)
    lead.sign_in(_addresses(house, "lead.")[0])
    assert "shelter" not in lead.page.text


def test_a_form_of_nobody_is_not_kept_but_shown_again(house: House, lead: Visitor) -> None:
    page = f"{project(lead)}/idea/motivate"
    hidden = lead.open(page).read.hidden
    stranger = house.visitor()
    token = stranger.open("/sign-in").read.hidden["csrf_token"]
    data = {**hidden, "csrf_token": token, "idea.why": TYPED}
    answer = stranger.client.post(page, data=data)
    assert answer.status_code == 401
    assert "Because the shelter has asked us" in answer.text


def test_a_page_that_saves_by_itself_is_told(house: House, lead: Visitor) -> None:
    lead.open(f"{project(lead)}/idea/motivate")
    form = next(each for each in lead.page.read.forms if "data-autosave" in each)
    house.clock.on(minutes=31)
    answer = lead.client.post(
        form["data-autosave"], data=lead.page.read.hidden, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 401
    assert answer.is_json


def test_advice_asks_who_is_there_and_is_sent_with_what_was_typed(
    house: House, lead: Visitor
) -> None:
    at = project(lead)
    dpo = house.visitor().sign_in(_addresses(house, "dpo.")[0])
    dpo.set_up()
    dpo.open(f"{at}/advice")
    dpo.post(f"{at}/advice", advice=TYPED, proceed="go")
    assert "Because the shelter has asked us" in dpo.page.text
    house.clock.on(minutes=6)
    dpo.post(f"{at}/advice/send", read="advice")
    assert dpo.page.path == "/account/again"
    dpo.send(401, proof="000000")
    dpo.send(proof=dpo.code())
    assert "Nothing was done yet" in dpo.page.text
    dpo.post(f"{at}/advice/send", read="advice")
    assert "Your advice is sent" in dpo.page.html
    # Within five minutes nobody is asked again.
    dpo.open(f"{at}/advice")
    dpo.post(f"{at}/advice", advice=TYPED + " And more.", proceed="go")
    dpo.post(f"{at}/advice/send", read="advice")
    assert "Your advice is sent" in dpo.page.html


def test_what_proves_somebody_is_never_kept(house: House, lead: Visitor) -> None:
    lead.open("/account/password")
    house.clock.on(minutes=31)
    lead.post("/account/password", password="walnut ferry copper")  # noqa: S106 - is not kept
    assert lead.page.path == "/sign-in"
    lead.send(email=_addresses(house, "lead.")[0], password=GOOD)
    assert "walnut" not in lead.page.html
    assert lead.page.path == "/account"


ACTS = {
    # what an editor or an officer answers for by name: the role, where it is sent, what with
    "publishing a draft": ("editor", f"/definitions/drafts/{uuid4()}/publish", {"notes": TYPED}),
    "a yes to a draft": ("dpo", f"/definitions/drafts/{uuid4()}/answer", {"said": "yes"}),
    "confirming the law": ("dpo", "/definitions/law/R22", {"said": "confirmed"}),
    "disputing the law": ("dpo", "/definitions/law/R22", {"said": "disputed", "reason": TYPED}),
    "projects that must move": ("dpo", "/definitions/releases/1/must-move", {"reason": TYPED}),
}


@pytest.mark.parametrize("act", ACTS)
def test_whoever_decides_on_definitions_says_once_more_who_they_are(house: House, act: str) -> None:
    role, address, fields = ACTS[act]
    name = uuid4().hex[:12]
    house.person(f"{role}.{name}@x.example", house.organisation(f"Carnmere {name}"), role)
    visitor = house.visitor().sign_in(f"{role}.{name}@x.example")
    visitor.set_up()
    visitor.open("/definitions/releases")
    house.clock.on(minutes=6)
    visitor.post(address, **fields)
    assert visitor.page.path == "/account/again"
    visitor.send(proof=visitor.code())
    assert "Nothing was done yet" in visitor.page.text
    assert [f["action"] for f in visitor.page.read.forms if f["action"] == address]


def test_being_content_asks_once_more_who_one_is(house: House, lead: Visitor) -> None:
    at = project(lead)
    dpo = house.visitor().sign_in(_addresses(house, "dpo.")[0])
    dpo.set_up()
    dpo.open(f"{at}/advice")
    house.clock.on(minutes=6)
    dpo.post(f"{at}/sent-back/content", about="idea.why")
    assert dpo.page.path == "/account/again"
    dpo.send(proof=dpo.code())
    assert "Nothing was done yet" in dpo.page.text
    dpo.post(f"{at}/sent-back/content", 404, about="idea.why")  # nothing was sent back


def test_saying_that_a_project_need_not_move_asks_once_more_who_one_is(
    served: Flask, house: House, tmp_path: Path
) -> None:
    given = served.extensions["fingerpost"].settings
    own = replace(given, database_url=f"sqlite:///{tmp_path / 'own.sqlite3'}")
    inn = House(create_app(own), house.clock)
    where = inn.organisation("Carnmere")
    for role in ("lead", "dpo"):
        inn.person(f"{role}@x.example", where, role)
    lead = inn.visitor().sign_in("lead@x.example")
    lead.open("/start/new")
    lead.post("/start/new", **WEIGHTY)
    at = f"{project(lead)}/move/stay"
    catalogues = inn.app.extensions["fingerpost"].catalogues
    with read(inn.engine) as conn:
        files = release_files(conn, catalogues.newest().release.id)
    files["rules/idea.yaml"] += b"\n# said otherwise\n"
    publish_files(catalogues, files, Notes("LOTI", "", house.clock.at), must_move="Repealed.")
    dpo = inn.visitor().sign_in("dpo@x.example")
    dpo.set_up()
    dpo.open(at)
    house.clock.on(minutes=6)
    dpo.post(at, reason="It closes next week.")
    assert dpo.page.path == "/account/again"
    dpo.send(proof=dpo.code())
    assert "Nothing was done yet" in dpo.page.text
    dpo.post(at, reason="It closes next week.")
    assert "The project can sign and close stages on its release" in dpo.page.html
