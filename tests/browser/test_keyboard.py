"""By keyboard alone: everything can be reached in the order in which it is read, and is seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.person import Person

pytestmark = pytest.mark.browser
READ_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const own = (element) => getComputedStyle(element);
  const shows = (style) => style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
  const label = one.labels?.[0];
  const seen = shows(own(one)) || (label && (shows(getComputedStyle(label, "::before")) || shows(own(label))));
  const words = (label ?? one).innerText.replace(/\\s+/g, " ").trim() || one.getAttribute("aria-label") || one.name;
  const box = one.getBoundingClientRect();
  return { words, seen: Boolean(seen), tag: one.tagName.toLowerCase(), type: one.type ?? "", name: one.name ?? "",
    group: one.type === "radio" ? one.name : "", inView: box.bottom > 0 && box.top < innerHeight };
}"""
READ_REACHABLE = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && one.checkVisibility());
  const groups = new Set();
  return all.filter((one) => one.type !== "radio" || (!groups.has(one.name) && groups.add(one.name))).length;
}"""


def tab_through(page: Page) -> list[dict[str, object]]:
    """What the Tab key reaches, from the top of the page to its end."""
    reached: list[dict[str, object]] = []
    for _ in range(300):
        page.keyboard.press("Tab")
        focus = page.evaluate(READ_FOCUS)
        if focus is None:
            return reached
        reached.append(focus)
    raise AssertionError(f"Tab never leaves the page: {reached[-5:]}")


def test_tab_reaches_everything_once_and_shows_where_it_is(arrive: Arrive) -> None:
    person = arrive()
    moves: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: person.follow("Start something new"),
        lambda: person.follow("Projects", person.page.get_by_role("navigation", name="Menu")),
        lambda: person.follow("Library newsletter"),
        lambda: person.follow("Check your answers"),
        lambda: person.follow("Open the risk report"),
    )
    for move in moves:
        move()
        there = person.page.evaluate(READ_REACHABLE)
        reached = tab_through(person.page)
        unseen = [each["words"] for each in reached if not each["seen"]]
        assert len(reached) == there, (person.page.url, there, [each["words"] for each in reached])
        assert unseen == [], (person.page.url, unseen)
        assert reached[0]["words"] == "Skip to main content"


def test_a_project_is_begun_with_the_keyboard_alone(arrive: Arrive) -> None:
    person = arrive()
    tab_to(person, "Start something new")
    press_to_go(person, "Enter")
    tab_to(person, "What do you call it?")
    person.page.keyboard.type("Begun by keyboard")
    tab_to(person, "Yes")
    person.page.keyboard.press("Space")
    expect(person.page.get_by_role("radio", name="Yes").first).to_be_checked()
    tab_to(person, "Show the likely route")
    press_to_go(person, "Enter")

    assert re.match("Your (likely )?route", person.heading)


def tab_to(person: Person, words: str) -> None:
    """Press Tab until the focus is on this."""
    for _ in range(100):
        person.page.keyboard.press("Tab")
        focus = person.page.evaluate(READ_FOCUS)
        if focus and focus["words"] == words:
            return
    raise AssertionError(f"Tab never reaches “{words}” at {person.page.url}")


def press_to_go(person: Person, key: str) -> None:
    with person.moving():
        person.page.keyboard.press(key)
