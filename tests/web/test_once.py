"""A form that begins something, sent twice, begins one thing; sent with other words, another."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.conftest import Person
from tests.web.test_start import HARMLESS, begun

KEY = re.compile(r'name="once" value="([0-9a-f]+)"')
ANSWERS: dict[str, Any] = {**HARMLESS, "project.title": "Begun by a double click"}


def form(someone: Person, path: str, **fields: Any) -> dict[str, Any]:
    """What is sent from a page as it stands now."""
    hidden = {n: v for n, v in someone.open(path).read.hidden.items() if n != "next"}
    return {**hidden, "csrf_token": hidden["csrf_token"][:1], **fields}


def send(someone: Person, path: str, data: dict[str, Any]) -> str:
    """Send it; where that leads."""
    response = someone.client.post(path, data=data)
    assert response.status_code == 302, response.text[:400]
    return str(response.location)


@pytest.mark.parametrize(("path", "fields"), [("/start/new", ANSWERS), ("/start/urgent", {})])
def test_a_form_that_is_sent_twice_begins_one_project(
    someone: Person, path: str, fields: dict[str, Any]
) -> None:
    data = form(someone, path, **fields)
    assert send(someone, path, data) == send(someone, path, data)
    assert send(someone, path, form(someone, path, **fields)) != send(someone, path, data)


def test_a_renewal_that_is_sent_twice_is_one(someone: Person) -> None:
    path = f"/projects/{begun(someone, 'new', **ANSWERS)}/renew"
    data = form(someone, path)
    assert send(someone, path, data) == send(someone, path, data)


def test_the_same_page_with_other_words_begins_another(someone: Person) -> None:
    data = form(someone, "/start/new", **ANSWERS)
    other = {**data, "project.title": "Something else"}
    assert send(someone, "/start/new", data) != send(someone, "/start/new", other)


def test_a_page_that_needs_another_look_keeps_its_key(someone: Person) -> None:
    data = form(someone, "/start/new", **{**ANSWERS, "project.title": "x" * 400})
    again = someone.client.post("/start/new", data=data).text
    assert KEY.findall(again) == data["once"]


@pytest.mark.parametrize("following", [{}, {"next": "question:data.special"}], ids=["home", "edit"])
def test_a_draft_that_is_begun_twice_is_one(someone: Person, following: dict[str, str]) -> None:
    someone.be("editor")
    data = form(someone, "/definitions", name="Begun by a double click", **following)
    assert "once" in data
    there = send(someone, "/definitions/drafts", data)
    assert send(someone, "/definitions/drafts", data) == there
    assert send(someone, "/definitions/drafts", {**data, "name": "Another"}) != there


def test_an_organisation_that_is_entered_twice_is_one(someone: Person) -> None:
    someone.be("ig_lead")
    path = "/organisations/new"
    said = {"organisation-name": "Entered by a double click", "organisation-kind": "borough"}
    data = form(someone, path, **said)
    there = send(someone, path, data)
    assert send(someone, path, data) == there
    again = {**said, "organisation-name": "entered by a DOUBLE click"}
    page = someone.client.post(path, data=form(someone, path, **again)).text
    assert "There is an organisation of this name already" in page
