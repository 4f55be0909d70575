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
        walk(page, f"http://127.0.0.1:{visitor.port}/")
        browser.close()


if __name__ == "__main__":
    main()
