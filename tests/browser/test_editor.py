"""A LOTI editor in a browser: finds a question, words it anew, says when it is asked, adds an option."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.looking import Looker, leading

pytestmark = pytest.mark.browser
SAVE_DRAFT = "Save draft and check again"


def press(page: Page, words: str) -> None:
    """Press a button that leads to a page."""
    with leading(page):
        page.get_by_role("button", name=words).click()


def follow(page: Page, words: str) -> None:
    """Follow a link."""
    with leading(page):
        page.get_by_role("link", name=words).click()


def become_editor(page: Page, served: str) -> None:
    page.goto(served)
    press(page, "LOTI editor")


def begin(page: Page, served: str) -> str:
    """A draft of one's own; its address."""
    become_editor(page, served)
    follow(page, "Definitions")
    page.get_by_label("What will you change?").fill("Spring wording")
    press(page, "Begin a draft")
    return page.url


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_question_is_found_reworded_and_asked_under_a_condition(
    arrive: Arrive, served: str, looker: Looker, script: bool
) -> None:
    page = arrive(script=script).page
    begin(page, served)
    looker.look(page, "draft", script=script)

    page.get_by_label("Find by the words on the screen").fill("names swapped for a code")
    press(page, "Search")
    looker.look(page, "found", script=script)
    follow(page, "Could any of the information be linked")
    page.goto(page.url.replace("data.personal", "data.special"))
    looker.look(page, "form", script=script)

    page.get_by_label("Question", exact=True).fill("Do the records include any of these?")
    add_test = page.get_by_role("button", name="Add a test", exact=True)
    if script:
        add_test.click()
    else:
        with leading(page):
            add_test.click()
    page.get_by_label("Earlier question of test 2").select_option("data.identifiability")
    if not script:
        press(page, "Show its answers for test 2")
    page.get_by_label("Test 2", exact=True).select_option("is")
    page.get_by_label("Answer of test 2", exact=True).select_option("direct")
    if script:
        note = page.locator(".fp-note", has_text="In English.")
        expect(note).to_contain_text("In what form would the information travel? is With names")
        expect(page.get_by_label("Answer of test 2", exact=True)).to_be_focused()
    looker.look(page, "condition", script=script)
    page.get_by_label("What “I don't know” does").select_option("hide")
    press(page, SAVE_DRAFT)

    expect(page.get_by_text("Saved in the draft.")).to_be_visible()
    expect(page.get_by_role("link", name="See all changes (3)")).to_be_visible()
    expect(page.get_by_label("Question", exact=True)).to_have_value(
        "Do the records include any of these?"
    )
    expect(page.locator(".fp-note", has_text="In English.")).to_contain_text("is With names")
    assert not looker.faults


def test_what_is_typed_is_saved_without_a_button(
    arrive: Arrive, served: str, looker: Looker
) -> None:
    page = arrive().page
    base = begin(page, served)
    page.goto(f"{base}/edit/question/data.special")
    page.get_by_label("Question", exact=True).fill("Kept as I type?")

    expect(page.locator("#saved")).to_contain_text("Saved ")
    page.goto(f"{base}/edit/question/data.special")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Kept as I type?")
    assert not looker.faults


@pytest.fixture(scope="module")
def drafted() -> dict[str, str]:
    """The draft whose pages are looked at, by the server: one for all of them."""
    return {}


@pytest.mark.parametrize(
    "path",
    [
        "edit/flag/R17",
        "edit/score/proc.scale",
        "edit/matrix/ico_3x3",
        "edit/question/parties.list",
        "new/column/parties.list",
        "rename/data.special",
        "type/question/data.special",
        "edit/bands/ethics_bands",
        "edit/block/dpia/blocks.5",
        "file/questionnaires/concept_review.yaml",
        "file/rules/ethics.yaml",
        "file/outputs/sharing_agreement.yaml",
        "new/question/concept_review/about-people",
        "new/flag/screening",
        "option/health/of/question/data.special",
        "new-option/question/data.special",
        "remove-option/health/of/question/data.special",
        "remove/question/data.special",
        "place/data.special",
        "history",
        "discard",
    ],
)
def test_every_page_of_a_draft_can_be_used_by_all(
    arrive: Arrive, served: str, looker: Looker, drafted: dict[str, str], path: str
) -> None:
    page = arrive().page
    if served in drafted:
        become_editor(page, served)
    else:
        drafted[served] = begin(page, served)
    page.goto(f"{drafted[served]}/{path}")
    looker.look(page, path)

    assert not looker.faults


def test_two_editors_of_one_line_see_both_texts(
    arrive: Arrive, served: str, looker: Looker
) -> None:
    eve, fay = arrive().page, arrive(script=False).page
    base = begin(eve, served)
    become_editor(fay, served)
    fay.goto(f"{base}/edit/question/data.special")
    eve.goto(f"{base}/edit/question/data.special")
    eve.get_by_label("Question", exact=True).fill("Eve's?")
    press(eve, SAVE_DRAFT)
    expect(eve.get_by_text("Saved in the draft.")).to_be_visible()
    fay.get_by_label("Question", exact=True).fill("Fay's?")
    press(fay, SAVE_DRAFT)

    expect(fay.get_by_role("heading", name="This was changed twice")).to_be_visible()
    looker.look(fay, "clash", script=False)
    fay.get_by_label("What you typed").check()
    press(fay, "Save what I chose")
    fay.goto(f"{base}/edit/question/data.special")
    expect(fay.get_by_label("Question", exact=True)).to_have_value("Fay's?")
    assert not looker.faults


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_option_moves_a_score_weighs_and_an_id_is_renamed(
    arrive: Arrive, served: str, looker: Looker, script: bool
) -> None:
    page = arrive(script=script).page
    base = begin(page, served)
    page.goto(f"{base}/edit/question/data.special")
    press(page, "Down Race or ethnic origin")
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()
    expect(page.get_by_role("button", name="Up Race or ethnic origin")).to_be_visible()

    follow(page, "Rename its id")
    page.get_by_label("Its new id").fill("data.sensitive")
    press(page, "Rename it in the draft")
    expect(page.get_by_text("data.special is called data.sensitive now")).to_be_visible()

    page.goto(f"{base}/edit/score/ethics.public_good")
    press(page, "Add a part")
    page.get_by_label("Part 5", exact=True).select_option("ethics.confidentiality")
    page.get_by_label("Weight of part 5").fill("0.5")
    press(page, SAVE_DRAFT)
    expect(page.get_by_label("Weight of part 5")).to_have_value("0.5")
    looker.look(page, "weighed", script=script)
    assert not looker.faults
