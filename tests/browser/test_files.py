"""Bringing a file in a browser: with and without a script nothing typed beside it is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.brought import docx, pdf
from tests.browser.conftest import Arrive
from tests.browser.looking import Looker
from tests.browser.person import SAVE, Person
from tests.browser.stages import IG_LEAD
from tests.browser.test_answering import open_page

pytestmark = pytest.mark.browser
DIAGRAM = "Upload a data-flow diagram"
PROJECT = "Homelessness early help"
DECIDES = "Does it move for everyone at once, or person by person?"


def page_of(person: Person) -> Page:
    person.be(IG_LEAD)
    return open_page(person, "DPIA", "How it moves", PROJECT)


def choose(page: Page, path: Path) -> None:
    page.get_by_label(re.compile(DIAGRAM)).set_input_files(path)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_file_is_brought_with_the_button_refused_with_a_message_and_taken_away(
    arrive: Arrive, looker: Looker, tmp_path: Path, script: bool
) -> None:
    person = arrive(script=script)
    page = page_of(person)
    good, bad = tmp_path / "Flows.docx", tmp_path / "Bad.pdf"
    good.write_bytes(docx())
    bad.write_bytes(b"MZ" + bytes(100))

    choose(page, bad)
    one, other = ("Both", "For everyone at once") if script else ("For everyone at once", "Both")
    page.get_by_role("group", name=DECIDES).get_by_role("radio", name=one).check()
    person.press(SAVE)
    expect(page.locator(".govuk-error-summary")).to_contain_text("“Bad.pdf” is named as a PDF")
    expect(page.get_by_role("group", name=DECIDES).get_by_role("radio", name=one)).to_be_checked()
    person.look(f"refused {script}")

    choose(page, good)
    page.get_by_role("group", name=DECIDES).get_by_role("radio", name=other).check()
    person.press(SAVE)
    page = page_of(person)
    expect(page.get_by_role("link", name="Flows.docx")).to_be_visible()
    expect(page.get_by_role("group", name=DECIDES).get_by_role("radio", name=other)).to_be_checked()
    person.look(f"brought {script}")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Flows.docx").click()
    assert Path(fetched.value.path()).read_bytes() == docx()

    page.get_by_label("Take this file away").check()
    person.press(SAVE)
    page = page_of(person)
    expect(page.get_by_role("link", name="Flows.docx")).to_have_count(0)
    assert looker.faults == []


def test_saving_as_one_types_sends_no_file(arrive: Arrive, tmp_path: Path) -> None:
    page = page_of(arrive())
    path = tmp_path / "Flows.pdf"
    path.write_bytes(pdf())
    choose(page, path)
    with page.expect_request(re.compile(r"/flows/save$")) as sent:
        page.get_by_role("group", name=DECIDES).get_by_role(
            "radio", name="Person by person"
        ).check()
    body = sent.value.post_data_buffer or b""
    assert b"share.trigger" in body
    assert b"Flows.pdf" not in body
    assert page.get_by_label(re.compile(DIAGRAM)).input_value().endswith("Flows.pdf")
