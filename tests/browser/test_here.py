"""Two people on one page hear of each other and both save; each is told what the other did since."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Looker
from tests.browser.person import SAVE, Person

pytestmark = pytest.mark.browser

PROJECT = "Homelessness early help"
PAGE = "What stands in the way?"


def at_page(person: Person) -> None:
    """From the start page to a page of the first stage."""
    person.follow(PROJECT)
    person.follow("1. Idea")
    person.follow(PAGE)


def test_two_people_on_a_page_hear_of_each_other_and_of_what_changed(
    arrive: Callable[..., Person], looker: Looker
) -> None:
    lead, contact = arrive(), arrive()
    contact.be("Party contact")
    lead.follow(PROJECT)
    lead.press("I have seen this")
    assert lead.sees_text("Nothing has changed since you last looked")
    lead.follow("1. Idea")
    lead.follow(PAGE)
    at_page(contact)
    here = contact.page.locator("#here")
    expect(here).to_have_text("Also on this page now: The project lead")
    contact.look("with somebody else")
    lead.page.reload()
    expect(lead.page.locator("#here")).to_have_text(
        "Also on this page now: The contact of a partner"
    )

    box = contact.page.get_by_role("textbox").first
    box.fill("Nobody sees the same family twice.")
    contact.press(SAVE)
    lead.press(SAVE)

    lead.page.goto(lead.page.url.split("/projects/")[0])
    lead.follow(PROJECT)
    assert lead.sees_text("Since you last looked")
    assert lead.sees_text("The contact of a partner")
    lead.look("with news")
    lead.press("I have seen this")
    assert not lead.sees_text("Since you last looked")
    assert looker.faults == []
