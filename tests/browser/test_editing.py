"""A LOTI editor from the first word to the release: wording, then an option and a rule, with a second yes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Locator, Page, expect

from app.actions.jobs import work_once
from app.proving import WORK
from app.settings import read_settings
from app.web.site import Site
from app.wsgi import create_app
from tests.browser.conftest import Arrive
from tests.browser.looking import Looker, leading
from tests.serving import serving

pytestmark = pytest.mark.browser
SIGNS_OF_YAML = ("- id:", "===", "show_if", "{var:", ".yaml")
OLD, NEW = "What held you up at this stage?", "What made you wait at this stage?"
OPTION = "Immigration status"
HEALTH = "Health, disability or care needs"
TITLE = "Immigration status is shared"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Site]]:
    """A demonstration of its own, whose releases and projects this file may change."""
    database = tmp_path_factory.mktemp("edited") / "fingerpost.sqlite3"
    settings = read_settings({"DATABASE_URL": f"sqlite:///{database}"}, demo=True)
    app = create_app(settings, demonstration=True)
    with serving(app) as address:
        yield address, app.extensions["fingerpost"]


@pytest.fixture
def served(site: tuple[str, Site]) -> str:
    """Its address."""
    return site[0]


@pytest.fixture
def work(site: tuple[str, Site]) -> Callable[[], None]:
    """What `fingerpost work` does, until nothing is left."""

    def until_done() -> None:
        while work_once(site[1].engine, site[1].catalogues, datetime.now(UTC), WORK):
            pass

    return until_done


class Desk:
    """Somebody at a browser, who is looked over the shoulder on every page."""

    def __init__(self, page: Page, looker: Looker, served: str) -> None:
        self.page = page
        self.looker = looker
        self.served = served
        self.draft = ""

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def be(self, persona: str) -> None:
        self.page.goto(self.served)
        with leading(self.page):
            self.page.get_by_role("button", name=persona, exact=True).click()

    def look(self, label: str = "") -> None:
        self.looker.look(self.page, label)

    def follow(self, words: str) -> None:
        with leading(self.page):
            self.page.get_by_role("link", name=words).first.click()
        self.look()

    def press(self, words: str) -> None:
        with leading(self.page):
            self.page.get_by_role("button", name=words, exact=True).click()
        self.look()

    def meets_no_yaml(self) -> None:
        said = self.main.inner_text()
        assert not [sign for sign in SIGNS_OF_YAML if sign in said], self.page.url

    def begin(self, name: str) -> None:
        self.be("LOTI editor")
        self.follow("Definitions")
        self.page.get_by_label("What will you change?").fill(name)
        self.press("Begin a draft")
        self.draft = self.page.url

    def open(self, words: str) -> None:
        """One of the ways from the page of the draft."""
        self.page.goto(self.draft)
        with leading(self.page):
            self.main.get_by_role("link", name=words, exact=True).click()
        self.look()

    @property
    def publish_button(self) -> Locator:
        return self.page.get_by_role("button", name="Publish release")

    def publish(self) -> None:
        with leading(self.page):
            self.publish_button.click()
        expect(self.page.get_by_text("is published. Projects stay on theirs")).to_be_visible()
        self.look("published")

    def checked(self, work: Callable[[], None]) -> None:
        """The page on which it is published, with everything worked out."""
        self.open("Publish")
        self.press("Run the checks")
        work()
        self.press("Look again")


@pytest.fixture
def desk(arrive: Arrive, looker: Looker, served: str) -> Desk:
    return Desk(arrive().page, looker, served)


def words_of(download: Path) -> str:
    """All words of a Word file."""
    document = docx.Document(str(download))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_wording_is_changed_seen_and_published_without_meeting_yaml(
    desk: Desk, work: Callable[[], None], tmp_path: Path
) -> None:
    page = desk.page
    desk.begin("Plainer words")
    page.get_by_label("Find by the words on the screen").fill(OLD)
    desk.press("Search")
    desk.meets_no_yaml()
    with leading(page):
        desk.main.get_by_role("link", name=OLD).first.click()
    page.get_by_label("Question", exact=True).fill(NEW)
    desk.press("Save draft and check again")
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()

    desk.open("Preview")
    page.get_by_label("Sample: Homelessness data linking").check()
    desk.press("Walk the draft")
    expect(page.get_by_text("Preview of a draft, as Project lead.")).to_be_visible()
    walk = page.url
    desk.follow("Read Questions to take to a meeting")
    expect(desk.main).to_contain_text(NEW)
    desk.meets_no_yaml()
    page.goto(walk)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Word version of Questions to take to a meeting").click()
    word = tmp_path / "questions.docx"
    waiting.value.save_as(word)
    assert NEW in words_of(word)

    desk.checked(work)
    expect(desk.main).to_contain_text("0 projects change")
    desk.look("worked out")
    desk.meets_no_yaml()
    page.get_by_label("Notes for everyone who uses this").fill("A plainer question.")
    desk.publish()
    assert not desk.looker.faults


def test_a_rule_is_added_found_wrong_mended_agreed_and_a_project_moves(
    desk: Desk, arrive: Arrive, work: Callable[[], None]
) -> None:
    desk.begin("Immigration status")
    desk.page.goto(f"{desk.draft}/new-option/question/data.special")
    desk.page.get_by_label("What it says").fill(OPTION)
    desk.press("Add this option")
    rule = add_a_rule_that_contradicts_itself(desk)

    desk.checked(work)
    desk.look("a finding")
    expect(desk.main).to_contain_text("can never be raised")
    expect(desk.main).to_contain_text("Nearest mend:")
    assert not desk.publish_button.count()

    mend(desk, rule)
    walk_and_keep_as_an_example(desk)
    desk.checked(work)
    desk.page.get_by_label("Notes for everyone who uses this").fill("Immigration status by name.")
    desk.page.get_by_label("The data protection officer, London Borough of Carnmere").check()
    desk.press("Ask for a yes")
    assert not desk.publish_button.count()

    agree(Desk(arrive().page, desk.looker, desk.served))
    desk.page.goto(f"{desk.draft}/publish")
    desk.look("agreed")
    desk.publish()

    move_a_project(Desk(arrive().page, desk.looker, desk.served))
    assert not desk.looker.faults


def add_a_rule_that_contradicts_itself(desk: Desk) -> str:
    """A flag by form; where it is edited."""
    page = desk.page
    page.goto(f"{desk.draft}/new/flag/screening")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Because", exact=True).fill(
        "People stay away when they fear it is passed on."
    )
    page.get_by_label("Source", exact=True).fill("A rule of this service")
    _test_line(page, 1, OPTION)
    page.get_by_role("button", name="Add a test", exact=True).click()
    _test_line(page, 2, "None of these")
    expect(page.locator(".fp-note", has_text="In English.")).to_contain_text(OPTION)
    desk.press("Add it to the draft")
    expect(page.get_by_text("Added to the draft.")).to_be_visible()
    return page.url


def mend(desk: Desk, rule: str) -> None:
    """Either of the two is enough, and the second is another."""
    page = desk.page
    page.goto(rule)
    page.get_by_label("Joined").select_option(label="Any of these tests holds")
    page.get_by_label("Answer of test 2", exact=True).select_option(label=HEALTH)
    desk.press("Save draft and check again")
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()


def walk_and_keep_as_an_example(desk: Desk) -> None:
    """See the flag on a walk, and keep the walk as an example of the rule."""
    page = desk.page
    desk.open("Preview")
    page.get_by_label("Sample: Homelessness data linking").check()
    desk.press("Walk the draft")
    walk = page.url
    page.goto(f"{walk}/concept_review/kind-of-information")
    page.get_by_role("group", name="Does it include any of these?").get_by_label(OPTION).check()
    desk.press("Save and continue")
    desk.follow("Flags")
    expect(desk.main).to_contain_text(TITLE)
    desk.follow("Save as an example")
    page.get_by_label("Find a rule").fill(TITLE)
    desk.press("Search")
    page.get_by_role("radio").first.check()
    desk.press("Save as an example")
    expect(desk.main).to_contain_text("As it says")


def agree(officer: Desk) -> None:
    """An officer who was asked finds the draft and says yes."""
    officer.be("DPO")
    officer.follow("Definitions")
    for link in (
        officer.main.get_by_role("link", name="Immigration status").first,
        officer.main.get_by_role("link", name="Publish", exact=True),
    ):
        with leading(officer.page):
            link.click()
    officer.look("asked")
    officer.press("Yes, it can go out like this")
    expect(officer.main).to_contain_text("said yes")


def move_a_project(lead: Desk) -> None:
    """A project moves to the release, and is told what that does to it."""
    lead.be("Project lead")
    lead.follow("Homelessness early help")
    lead.follow("move to another")
    lead.look("moving")
    expect(lead.main).to_contain_text(TITLE)
    with leading(lead.page):
        lead.main.get_by_role("button").first.click()
    expect(lead.main).to_contain_text("Moved")


def _test_line(page: Page, number: int, answer: str) -> None:
    """One line of the builder: the sensitive information includes an option."""
    page.get_by_label(f"Earlier question of test {number}").select_option("data.special")
    page.get_by_label(f"Test {number}", exact=True).select_option("includes")
    page.get_by_label(f"Answer of test {number}", exact=True).select_option(label=answer)
