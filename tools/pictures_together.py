"""How the pictures of working together are taken: people of three organisations at work on one project."""

from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from app.actions.team import join_project, join_team, whom
from app.store.database import write
from tests.browser.together import (
    AT,
    AT_IVERMERE,
    AT_NORTHSIDE,
    DPO,
    DPO_OF_IVERMERE,
    LEAD,
    Together,
    serve,
)
from tools.pictures import HEIGHT, PATIENCE, PICTURES, WIDTH, take

REFERENCE = "FP-0001"
ALL_RIGHT = "Save, and all of it is right for us"


def join(together: Together) -> None:
    """Let the other organisations take part, with their contacts on the team."""
    with write(together.app.extensions["fingerpost"].engine) as conn:
        for name in (AT_IVERMERE, AT_NORTHSIDE):
            there, lead = together.people[name], together.people[LEAD]
            join_project(conn, lead, REFERENCE, there.organisation_id, AT)
            join_team(conn, lead, REFERENCE, whom(there), AT)


def come(browser: Browser, together: Together, name: str) -> Page:
    """The project, open before somebody."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, java_script_enabled=True, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE)
    context.add_cookies([together.cookie(name)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{together.url}projects/{REFERENCE}")
    return page


def contribute(page: Page) -> None:
    """The contact of an organisation fills in its part."""
    page.get_by_role("link", name="Fill in your part").click()
    take(page, "ours")
    page.get_by_role("link", name="Say whether it is right Positions of the parties").click()
    page.get_by_role("radio", name="Ours differs").scroll_into_view_if_needed()
    take(page, "our_route")
    page.get_by_role("radio", name="It is right for us").check()
    page.get_by_role("button", name=ALL_RIGHT).click()


def follow(page: Page) -> None:
    """The lead sees how far each organisation is."""
    page.get_by_role("link", name="What each organisation adds", exact=True).click()
    take(page, "contributions")


def advise(page: Page) -> None:
    """The data protection officer of the organisation that leads advises."""
    page.get_by_role("link", name="Write your advice").click()
    take(page, "advising")
    page.get_by_role("textbox", name="Your advice as a whole").fill(
        "Go ahead once the duty of confidence is met for every route."
    )
    page.get_by_role("radio", name="Yes, under conditions").check()
    page.get_by_role("button", name="Send this advice").click()


def adopt(page: Page) -> None:
    """Another organisation's officer adopts it with a note."""
    page.get_by_role("link", name="Decisions and advice").click()
    page.get_by_role("link", name="Do it now : Advice adopted by each organisation").click()
    page.get_by_role("radio", name="I adopt it with a note").check()
    take(page, "adopting")


def main() -> None:
    """Serve such a demonstration and take its pictures."""
    PICTURES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        serve(Path(folder)) as together,
        sync_playwright() as playwright,
    ):
        join(together)
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox"]
        )
        contribute(come(browser, together, AT_IVERMERE))
        follow(come(browser, together, LEAD))
        advise(come(browser, together, DPO))
        adopt(come(browser, together, DPO_OF_IVERMERE))
        browser.close()


if __name__ == "__main__":
    main()
