"""How the pictures of the main pages in the README are taken; run it when the screens change."""

from io import BytesIO
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bench.process import serving

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 900
COLOURS = 128
WORKER_RESTS, PATIENCE = 3_000, 60_000  # milliseconds


def take(page: Page, name: str) -> None:
    """Keep what a person sees first of this page."""
    shot = Image.open(BytesIO(page.screenshot(animations="disabled")))
    shot.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(
        PICTURES / f"{name}.png", optimize=True
    )
    print(f"{name:14}{page.title()}")


def walk(page: Page, start: str) -> None:
    """Go from page to page by what is written on the links."""
    page.goto(start)
    take(page, "start")
    page.get_by_role("link", name="Carnmere safeguarding hub", exact=True).click()
    take(page, "project")
    project = page.url
    page.get_by_role("link", name="Open the risk report").click()
    take(page, "risk_report")
    page.goto(project)
    page.get_by_role("link", name="2. Concept review").click()
    page.get_by_role("link", name="What kind of information").click()
    take(page, "question")
    page.goto(project)
    page.get_by_role("link", name="Read Data protection impact assessment").click()
    take(page, "document")
    page.goto(project)
    page.get_by_role("link", name="Why this route").click()
    take(page, "route")
    page.goto(start)
    page.get_by_role("link", name="Homelessness early help", exact=True).click()
    page.get_by_role("link", name="4. DPIA").click()
    take(page, "tasks")
    page.get_by_role("link", name="Review and publication").click()
    take(page, "suggestion")


def edit(page: Page, start: str) -> None:
    """Change a question as a LOTI editor, walk the draft, and see what publishing it would do."""
    page.goto(start)
    page.get_by_role("button", name="LOTI editor").click()
    page.get_by_role("link", name="Definitions").click()
    page.get_by_label("What will you change?").fill("Spring wording")
    page.get_by_role("button", name="Begin a draft").click()
    draft = page.url
    page.goto(f"{draft}/edit/question/data.special")
    page.get_by_label("Question", exact=True).fill("Do the records include any of these?")
    page.get_by_role("button", name="Save draft and check again").click()
    take(page, "editor")
    page.goto(f"{draft}/new-option/question/data.special")
    page.get_by_label("What it says").fill("Immigration status")
    page.get_by_role("button", name="Add this option").click()
    page.goto(f"{draft}/preview")
    page.get_by_label("Sample: Homelessness data linking").check()
    page.get_by_role("button", name="Walk the draft").click()
    page.goto(f"{page.url}/concept_review/kind-of-information")
    take(page, "preview")
    page.goto(f"{draft}/publish")
    run = page.get_by_role("button", name="Run the checks")
    if run.count():
        run.click()
    while page.get_by_role("link", name="Look again").count():
        page.wait_for_timeout(WORKER_RESTS)
        page.reload()
    take(page, "publish")
    page.goto(f"{start}definitions/digest")
    take(page, "digest")


def main() -> None:
    """Serve a new demonstration and take its pictures."""
    PICTURES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        serving(Path(folder)) as (_, visitor, _seconds),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(PATIENCE)
        walk(page, f"http://127.0.0.1:{visitor.port}/")
        edit(page, f"http://127.0.0.1:{visitor.port}/")
        browser.close()


if __name__ == "__main__":
    main()
