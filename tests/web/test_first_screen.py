"""The first screen: each role arrives where its work is, and goes where it asks to go."""

import pytest
from flask import Flask

from app.actions.access.policy import OVERSIGHT
from app.actions.access.roles import ROLES
from app.actions.demonstration import PERSONAS
from app.web.access import line_of
from app.web.first_screen import FIRST, START, first_screen, lead_on
from tests.web.conftest import Person

ARRIVES = {
    "lead": "/",
    "ig_lead": "/queue",
    "security": "/",
    "party": "/",
    "dpo": "/queue",
    "signatory": "/queue",
    "editor": "/definitions",
}


def test_every_persona_has_a_first_screen() -> None:
    assert set(ARRIVES) == {each.role for each in PERSONAS}


@pytest.mark.parametrize("role", ARRIVES)
def test_in_the_demonstration_one_arrives_at_ones_work(someone: Person, role: str) -> None:
    assert someone.be(role).page.path == ARRIVES[role]
    someone.open("/about")
    assert someone.post("/demo/persona", persona=role, next="/projects").path == "/projects"


@pytest.mark.parametrize("role", ARRIVES)
def test_the_name_of_the_service_leads_to_ones_work(someone: Person, role: str) -> None:
    page = someone.be(role).open("/projects")
    assert page.link("Fingerpost") == ARRIVES[role]


@pytest.mark.parametrize("role", ARRIVES)
def test_the_start_page_is_there_for_whoever_asks_for_it(someone: Person, role: str) -> None:
    page = someone.be(role).open("/")
    assert page.path == page.link("Start") == "/"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_nobody_is_led_to_what_is_not_theirs(role: str) -> None:
    line = line_of(FIRST.get(role, START), "GET")
    assert line is not None
    assert not line.refuses(role)


@pytest.mark.parametrize("role", sorted(OVERSIGHT))
def test_whoever_reviews_sees_the_queue_first(product: Flask, role: str) -> None:
    with product.test_request_context("/"):
        assert first_screen(role) == lead_on("/", role) == lead_on("", role) == "/queue"
        assert lead_on("/projects/FP-0001", role) == "/projects/FP-0001"
