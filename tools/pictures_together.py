"""How the pictures of working together are taken: people of three organisations at work on one project."""

from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from app.actions.together.team import join_project, join_team, whom
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
STOP = "Confidence not met"
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


def pass_on(page: Page) -> None:
    """The lead passes a page to whoever knows."""
    page.get_by_role("link", name="4. DPIA").click()
    page.get_by_role("link", name="From collecting to deleting", exact=True).click()
    page.get_by_role("link", name="Pass this page or a question to somebody").click()
    page.get_by_label("Who should answer it?").select_option(
        label="The information security lead, London Borough of Carnmere"
    )
    take(page, "passing")


def send_back(page: Page) -> None:
    """The data protection officer of the organisation that leads sends something back."""
    page.get_by_role("link", name="Write your advice").click()
    verdict = page.get_by_role("group", name=f"Your verdict : {STOP}")
    verdict.get_by_role("radio", name="Must correct before I advise").check()
    take(page, "judging")
    page.get_by_role("button", name="Send back what has to change").click()
    page.get_by_role("checkbox", name="I have read this").check()
    page.get_by_role("button", name="Send back what is ticked").click()


def mend(page: Page) -> None:
    """The lead changes the answer behind it, and says that it is done."""
    project = page.url
    page.get_by_role("link", name="3. Statement of intent").click()
    page.get_by_role("link", name="The legal route of each kind of organisation").first.click()
    page.get_by_role("button", name="Change ICB").click()
    page.get_by_role("radio", name="An Act requires or permits it and lifts the duty").check()
    page.get_by_role("button", name="Save this legal route").last.click()
    page.goto(project)
    page.get_by_role("region", name="Sent back to you").get_by_role("link").first.click()
    page.get_by_role("textbox", name=f"What was done about {STOP}").fill(
        "Health gives it under an Act that lifts the duty."
    )
    take(page, "sent_back")
    page.get_by_role("button", name=f"It is done : {STOP}").click()


def advise(page: Page) -> None:
    """The officer looks again at what changed, and advises."""
    page.get_by_role("link", name="My queue").click()
    page.get_by_role("link", name="Only the changes").first.click()
    take(page, "second_look")
    page.get_by_role("button", name=f"I am content : {STOP}").click()
    page.get_by_role("textbox", name="Your advice as a whole").fill(
        "Go ahead once the faults that are known are labelled."
    )
    page.get_by_role("radio", name="Yes, under conditions").check()
    page.get_by_role("button", name="Read it once more and send").click()
    for box in page.get_by_role("checkbox", name="I have read this").all():
        box.check()
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
        pass_on(come(browser, together, LEAD))
        send_back(come(browser, together, DPO))
        mend(come(browser, together, LEAD))
        advise(come(browser, together, DPO))
        adopt(come(browser, together, DPO_OF_IVERMERE))
        browser.close()


if __name__ == "__main__":
    main()
