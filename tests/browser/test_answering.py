"""Answering in a browser: it saves as one types, shows what is asked now, and loses nothing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Arrive
from tests.browser.looking import Looker
from tests.browser.person import SAVE, Person
from tests.browser.stages import IG_LEAD, LEAD

pytestmark = pytest.mark.browser
PROJECT = "Library newsletter"
SAVED = re.compile(r"^Saved \d\d:\d\d")
SUMMARY = "What do you want to do, in a few sentences a resident would understand?"
START = "When would the information first be used?"


def open_stage(person: Person, stage: str, project: str = PROJECT) -> Person:
    """To the task list of a stage, by the tracker of its project."""
    person.follow("Projects", person.page.get_by_role("navigation", name="Menu"))
    person.follow(project)
    tracker = person.page.get_by_role("listitem").filter(has_text=stage).get_by_role("link")
    with person.moving():
        tracker.first.click()
    return person


def open_page(person: Person, stage: str, page: str, project: str = PROJECT) -> Page:
    """To a page of questions, by the task list."""
    open_stage(person, stage, project).follow(page)
    return person.page


def status(page: Page) -> Locator:
    """What the page says of saving; beside it stands who else is here."""
    return page.locator("#saved")


def test_typing_is_saved_and_is_there_after_reloading(arrive: Arrive) -> None:
    page = open_page(arrive(), "Concept review", "The project in short")
    box = page.get_by_label(SUMMARY)
    box.fill("One supplier sends one letter a month.")
    expect(status(page)).to_have_text(SAVED)
    page.reload()

    expect(box).to_have_value("One supplier sends one letter a month.")
    expect(status(page)).to_have_text(SAVED)


def test_a_question_that_a_choice_brings_appears_and_goes_without_reloading(
    arrive: Arrive, looker: Looker
) -> None:
    person = arrive()
    page = open_page(person, "Concept review", "Putting information together")
    matching = page.get_by_role("group", name=re.compile("put together or compared"))
    key = page.get_by_role("group", name=re.compile("two records are about the same person"))
    expect(key).to_have_count(0)
    page.evaluate("window.sameDocument = true")
    matching.get_by_role("radio", name="Yes").check()
    expect(key).to_be_visible()
    person.look("appeared")
    matching.get_by_role("radio", name="No", exact=True).check()
    expect(key).to_be_hidden()

    assert page.evaluate("window.sameDocument") is True
    assert looker.faults == []


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_people_answer_one_question_and_both_texts_are_shown(
    arrive: Arrive, looker: Looker, script: bool
) -> None:
    mine, theirs = arrive(script=script), arrive(script=script)
    theirs.be(IG_LEAD)
    my_page = open_page(mine, "Concept review", "The project in short")
    their_page = open_page(theirs, "Concept review", "The project in short")
    their_page.get_by_label(SUMMARY).fill(f"Theirs, {script}.")
    theirs.press(SAVE)
    my_page.get_by_label(SUMMARY).fill(f"Mine, {script}.")
    if not script:
        mine.press(SAVE)

    expect(my_page.get_by_text("Two answers to this question.")).to_be_visible()
    expect(my_page.get_by_text(f"Theirs, {script}.")).to_be_visible()
    expect(my_page.get_by_label(SUMMARY)).to_have_value(f"Mine, {script}.")
    mine.look("conflict")
    mine.press(SAVE)
    my_page = open_page(mine, "Concept review", "The project in short")
    expect(my_page.get_by_label(SUMMARY)).to_have_value(f"Mine, {script}.")
    assert looker.faults == []


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_date_that_is_none_is_kept_with_its_error_and_the_rest_is_saved(
    arrive: Arrive, looker: Looker, script: bool
) -> None:
    person = arrive(script=script)
    page = open_page(person, "Concept review", "The project in short")
    date = page.get_by_role("group", name=START)
    page.get_by_label(SUMMARY).fill(f"Kept, {script}.")
    for part, typed in (("Day", "31"), ("Month", "2"), ("Year", "2027")):
        date.get_by_label(part).fill(typed)
    person.press(SAVE)

    expect(page.get_by_role("heading", name="1 answer needs another look")).to_be_visible()
    expect(date.get_by_label("Day")).to_have_value("31")
    expect(date).to_have_accessible_description(re.compile("Error:"))
    expect(page.get_by_label(SUMMARY)).to_have_value(f"Kept, {script}.")
    person.look("error")
    page.get_by_role("main").get_by_role(
        "link", name=re.compile("date", re.IGNORECASE)
    ).first.click()
    date.get_by_label("Day").fill("1")
    person.press(SAVE)
    assert person.heading != "The project in short"
    assert looker.faults == []


def test_leaving_and_returning_lands_on_the_next_unfinished_question(arrive: Arrive) -> None:
    person = arrive()
    person.follow("Start something new")
    person.page.get_by_label("What do you call it?").fill("Left and found again")
    person.press("Show the likely route")
    person.follow("Start with the first question")
    unfinished = person.heading
    person.follow("Start", person.page.get_by_role("navigation", name="Menu"))
    person.follow("Left and found again")
    person.follow("Continue")

    assert person.heading == unfinished
    assert LEAD in person.page.get_by_role("banner").inner_text()
