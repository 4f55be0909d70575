"""Mentioning people in a comment, with the keyboard, by a tap and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Looker, leading
from tests.browser.person import Person

pytestmark = pytest.mark.browser

PROJECT = "Homelessness early help"


def at_comments(person: Person) -> None:
    """From the start page to what is said about a project."""
    person.follow(PROJECT)
    person.follow("Comments")


def test_a_name_is_chosen_by_keyboard_or_tap_and_its_person_finds_it_marked(
    arrive: Callable[..., Person], looker: Looker
) -> None:
    lead, officer = arrive(), arrive()
    at_comments(lead)
    box, offered = lead.page.locator("#words"), lead.page.locator("[role=option]")
    box.press_sequentially("Is it needed, @th")
    expect(offered).to_have_count(6)
    expect(offered.nth(0)).to_have_attribute("aria-selected", "true")
    lead.look("with people to mention")
    box.press_sequentially("e data")
    expect(offered).to_have_text(["The data protection officer"])
    expect(box).to_have_attribute("aria-activedescendant", "words-names-0")
    expect(lead.page.get_by_role("status").last).to_have_text(
        "1 name. Arrow keys choose, Enter takes."
    )
    box.press("Enter")
    expect(offered).to_have_count(0)
    box.press_sequentially("? @sig")
    offered.get_by_text("The signatory").click()
    box.press_sequentially(", @dep")
    expect(offered).to_have_count(1)
    box.press("Escape")
    expect(offered).to_have_count(0)
    for _ in range(len(", @dep")):
        box.press("Backspace")
    expect(box).to_have_value("Is it needed, @The data protection officer? @The signatory")
    expect(box).to_be_focused()
    lead.page.get_by_label("Only London Borough of Carnmere").check()
    lead.press("Send")
    assert lead.sees_text("The data protection officer and the signatory will be told.")
    officer.be("DPO")
    officer.follow("Is it needed, @The data protection officer? @The signatory")
    expect(officer.page.locator("mark")).to_have_text("@The data protection officer")
    officer.look("with a mention")
    with leading(officer.page):
        officer.page.get_by_role("button", name="I have read this").click()
    expect(officer.page.get_by_text("It waits for you no longer.")).to_be_visible()
    assert looker.faults == []


def test_without_script_names_are_typed_as_the_page_lists_them(
    arrive: Callable[..., Person], looker: Looker
) -> None:
    lead = arrive(script=False)
    at_comments(lead)
    lead.page.get_by_text("Whom you can mention").click()
    lead.page.get_by_text("@The signatory").first.wait_for()
    lead.page.locator("#words").fill("@The sign, is it?")
    lead.page.get_by_label("Only London Borough of Carnmere").check()
    lead.press("Send")
    fault = lead.page.locator(".govuk-error-summary a")
    expect(fault).to_contain_text("“@The” names nobody who will read this.")
    lead.page.locator("#words").fill("@the signatory, is it?")
    lead.press("Send")
    assert lead.sees_text("The signatory will be told.")
    assert looker.faults == []
