"""A definition as text in a real browser: told, completed, explained, saved, and merged with others'."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Arrive
from tests.browser.looking import leading
from tests.browser.person import Person

pytestmark = pytest.mark.browser
FILE = "rules/contradictions.yaml"  # no other file names what it defines
TEXT = """flags:
  - id: T1
    title: A test
    because: It matters.
    when: {"===": [{var: data.personal}, "yes"]}
    raised_by: [{data.personal: "yes"}]
    not_by: [{data.personal: "no"}]
"""

WHEN = "flags:\n  - id: T1\n    when:\n"
ROWS = 'some:\n        - {var: parties.list}\n        - "===":\n'


def begin(arrive: Arrive, *, script: bool = True) -> Person:
    """Somebody from LOTI with a draft of their own."""
    person = arrive(script=script)
    person.be("LOTI editor")
    person.follow("Definitions")
    person.page.get_by_label("What will you change?").fill("A test")
    person.press("Begin a draft")
    return person


def open_text(person: Person, draft: str, file: str = FILE) -> Page:
    """Open a file of a draft as text, until the editor knows what may be written there."""
    page = person.page
    if not person.script:
        with person.moving():
            page.goto(f"{draft}/text/{file}", wait_until="domcontentloaded")
        return page
    with page.expect_response(re.compile(r"/words")) as words, person.moving():
        page.goto(f"{draft}/text/{file}", wait_until="domcontentloaded")
    words.value.finished()
    # What the page reads after that it reads later.
    page.evaluate("async (address) => { await (await fetch(address)).json(); }", words.value.url)
    return page


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="The text of this file")


def write(page: Page, text: str) -> None:
    """Paste a text in place of all that is there."""
    box(page).focus()
    page.keyboard.press("Control+a")
    box(page).evaluate(
        """(box, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def test_a_fault_is_told_at_its_line_as_one_types_and_mended_with_one_button(
    arrive: Arrive,
) -> None:
    person = begin(arrive)
    page = open_text(person, person.page.url)
    write(page, TEXT.replace("data.personal}, ", "data.presonal}, "))

    told = page.locator("#told li")
    expect(told).to_have_text(
        "Line 5: Nothing here is called 'data.presonal'. Did you mean data.personal?"
    )
    expect(page.locator("#count")).to_have_text(re.compile(r"^1 fault"))
    person.look("fault")
    told.get_by_role("link").click()
    page.locator(".cm-lintRange-error").hover()
    page.get_by_role("button", name="Write data.personal").click()

    expect(told).to_have_count(0)
    assert "{var: data.personal}, " in box(page).inner_text()
    saved(page)
    assert person.troubles == []


def test_a_draft_keeps_what_is_faulty_and_opens_it_again(arrive: Arrive) -> None:
    person = begin(arrive)
    page = open_text(person, person.page.url)
    write(page, "flags: [{id: \n\tnever mind")
    saved(page)

    page.reload()
    expect(box(page)).to_contain_text("never mind")
    expect(page.locator("#told li").first).to_contain_text("A bracket is not closed")
    assert person.troubles == []


def test_names_options_and_keys_are_offered_where_they_fit(arrive: Arrive) -> None:
    person = begin(arrive)
    page = open_text(person, person.page.url)
    cases = (
        ("flags:\n  - id: T1\n    when: {var: data.", "data.personal", True),
        ('flags:\n  - id: T1\n    when: {"===": [{var: data.personal}, ', "yes", True),
        ("flags:\n  - id: T1\n    when: {in: [{var: data.personal}, [", "unsure", True),
        ("flags:\n  - id: T1\n    bec", "because", True),
        ("flags:\n  - id: T1\n    title: T\n    t", "task_until", True),
        ("flags:\n  - id: T1\n    title: T\n    t", "title", False),
        ("flags:\n  - id: T1\n    when: {at", "at_least", True),
        ("flags:\n  - id: T1\n    severity: ", "severe", True),
        ("flags:\n  - id: T1\n    blocks: [", "dpia", True),
        ("flags:\n  - id: T1\n    raised_by: [{data.personal: ", "unsure", True),
        ("flags:\n  - id: T1\n    when: {some: [{var: parties.list}, {===: [{var: ", "role", True),
        (
            "flags:\n  - id: T1\n    when: {some: [{var: parties.list}, {===: [{var: ",
            "data.personal",
            False,
        ),
        ("flags:\n  - id: T1\n    when: {var: data.", "title", False),
        # The same over several lines
        (f'{WHEN}      "===":\n        - {{var: data.personal}}\n        - ', "yes", True),
        (f"{WHEN}      in:\n        - {{var: data.personal}}\n        - [", "unsure", True),
        (f"{WHEN}      in:\n        - var: data.personal\n        - - ", "unsure", True),
        (f"{WHEN}      and:\n        - {{var: data.personal}}\n        - at", "at_least", True),
        (f"{WHEN}      {ROWS}            - {{var: ", "role", True),
        (f"{WHEN}      {ROWS}            - {{var: ", "data.personal", False),
        (f"{WHEN}      {ROWS}            - {{var: role}}\n            - ", "controller", True),
    )
    for text, wanted, offered in cases:
        write(page, text)
        page.keyboard.press("Control+Space")
        first = page.locator(".cm-tooltip-autocomplete li").first
        expect(first).to_be_visible()
        labels = page.locator(".cm-tooltip-autocomplete .cm-completionLabel").all_inner_texts()
        assert (wanted in labels) is offered, (text, labels[:20])
        page.keyboard.press("Escape")
    person.look("completed")


def test_a_chosen_word_is_written_and_leaves_a_sound_text(arrive: Arrive) -> None:
    person = begin(arrive)
    page = open_text(person, person.page.url)
    write(page, 'conditions:\n  - id: t.one\n    title: One\n    when: {"===": [{var: data.pers')
    page.keyboard.press("Control+Space")
    page.locator(".cm-tooltip-autocomplete").get_by_text("data.personal", exact=True).wait_for()
    page.wait_for_timeout(120)  # the editor takes no key for a choice that has only just appeared
    page.keyboard.press("Enter")
    expect(box(page)).to_contain_text("[{var: data.personal")


def test_pointing_at_a_word_says_what_it_means(arrive: Arrive) -> None:
    person = begin(arrive)
    page = open_text(person, person.page.url)
    write(page, TEXT)
    saved(page)
    hover(page, "data.personal")
    expect(page.locator(".cm-explained")).to_contain_text("yes: Yes")
    hover(page, "because")
    expect(page.locator(".cm-explained")).to_contain_text("Why this matters")
    assert person.troubles == []


def hover(page: Page, word: str) -> None:
    """Point at the first place of a word."""
    page.mouse.move(0, 0)
    expect(page.locator(".cm-explained")).to_have_count(0)
    place = page.evaluate(
        """(word) => {
          const walk = document.createTreeWalker(document.querySelector(".cm-content"), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const at = walk.currentNode.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walk.currentNode, at);
            range.setEnd(walk.currentNode, at + word.length);
            const rect = range.getBoundingClientRect();
            return [rect.x + rect.width / 2, rect.y + rect.height / 2];
          }
        }""",
        word,
    )
    assert place, f"“{word}” is not in the box"
    page.mouse.move(*place)
    page.mouse.move(place[0] + 1, place[1])


def test_tab_moves_text_and_escape_then_tab_leaves_the_box(arrive: Arrive) -> None:
    person = begin(arrive)
    page = open_text(person, person.page.url)
    write(page, "flags: []")
    page.keyboard.press("Tab")
    expect(box(page)).to_be_focused()
    assert box(page).inner_text().startswith("  flags: []")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(box(page)).not_to_be_focused()
    expect(page.get_by_role("button", name="Save draft and check")).to_be_focused()


def test_without_a_script_the_box_is_plain_and_faults_lead_to_their_lines(arrive: Arrive) -> None:
    person = begin(arrive, script=False)
    page = open_text(person, person.page.url)
    page.get_by_label("The text of this file").fill(TEXT.replace("because:", "becuase:"))
    person.press("Save draft and check")

    link = page.get_by_role("link", name="Line 4")
    assert "'becuase' is no key here. Did you mean because?" in person.main_text
    assert link.first.get_attribute("href") == "#line-4"
    assert page.locator("#line-4").inner_text().strip() == "becuase: It matters."
    page.get_by_label("The text of this file").fill(TEXT)
    person.press("Save draft and check")
    assert "0 faults" in person.main_text
    assert page.get_by_label("The text of this file").input_value() == TEXT


def test_changes_of_two_people_come_together_and_the_same_line_is_told(arrive: Arrive) -> None:
    mine = begin(arrive)
    draft = mine.page.url
    page = open_text(mine, draft)
    write(page, TEXT)
    saved(page)
    other = arrive()
    other.be("LOTI editor")
    theirs = open_text(other, draft)
    write(theirs, TEXT.replace("A test", "Their test"))
    saved(theirs)

    write(page, TEXT.replace("It matters.", "It matters much."))
    expect(box(page)).to_contain_text("Their test")
    assert "It matters much." in box(page).inner_text()
    saved(page)

    write(page, TEXT.replace("A test", "My own test"))
    saved(page)
    write(theirs, TEXT.replace("A test", "Theirs once more"))
    expect(theirs.locator("#saved")).to_contain_text("somebody else changed the same lines")
    with leading(theirs):
        theirs.get_by_role("button", name="Save draft and check").click()
    expect(theirs.get_by_role("heading", name="Not saved: somebody else")).to_be_visible()
    expect(theirs.get_by_role("alert")).to_contain_text("My own test")
    expect(box(theirs)).to_contain_text("Theirs once more")
    other.look("conflict")
    with leading(theirs):
        theirs.get_by_role("button", name="Save draft and check").click()
    expect(theirs.get_by_role("alert")).to_have_count(0)
    expect(box(theirs)).to_contain_text("Theirs once more")


def test_somebody_who_only_reads_gets_a_box_that_cannot_be_changed(arrive: Arrive) -> None:
    person = begin(arrive)
    draft = person.page.url
    officer = arrive()
    officer.be("DPO")
    page = open_text(officer, draft)
    expect(page.get_by_role("button", name="Save draft and check")).to_have_count(0)
    box(page).focus()
    page.keyboard.insert_text("x")
    assert not box(page).inner_text().startswith("x")
    assert officer.troubles == []


def test_every_state_of_the_page_stands_before_axe_and_a_small_screen(
    arrive: Arrive,
) -> None:
    person = begin(arrive)
    page = open_text(person, person.page.url)
    write(page, TEXT.replace('"yes"]}', '"yse"]}'))
    expect(page.locator("#told li")).to_have_count(1)
    person.look("told")
    page.locator(".cm-lintRange-error").hover()
    page.locator(".cm-tooltip-lint").wait_for()
    person.look("tooltip")
    assert person.looker.faults == []
