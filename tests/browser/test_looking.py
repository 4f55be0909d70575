"""The one who looks at pages sees what is wrong with them."""

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import Looker, open_window

pytestmark = pytest.mark.browser
SITE = "http://fingerpost.test"
GOOD = (
    '<!doctype html><html lang="en-GB"><title>A page</title>'
    '<meta name="viewport" content="width=device-width"><header></header>'
    "<main><h1>A page</h1>{}</main><footer></footer>"
)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>Nothing is wrong here.</p>", ""),
        ('<p role="alert">Error</p><input>', "label: "),
        ('<p role="alert" style="color: #ccc">Error</p>', "color-contrast: "),
        ('<p role="alert">Error</p><div style="width: 400px">Wide</div>', "scrolls sideways"),
    ],
    ids=["sound", "no label", "pale", "wide"],
)
def test_what_is_wrong_is_seen(browser: Browser, body: str, fault: str, script: bool) -> None:
    with open_window(browser, script=script) as context:
        page = context.new_page()
        page.route(
            "**/*", lambda route: route.fulfill(content_type="text/html", body=GOOD.format(body))
        )
        page.goto(f"{SITE}/page")
        looker = Looker({})
        looker.look(page, script=script)

    where = "/page error" if script else "/page error without script"
    seen = [each.removeprefix(f"{where}: ")[: len(fault)] for each in looker.faults]
    assert seen == ([fault] if fault else [])


def test_a_state_is_looked_at_once(browser: Browser) -> None:
    with open_window(browser) as context:
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=GOOD))
        page.goto(f"{SITE}/projects/FP-0001/idea")
        looker = Looker({})
        looker.look(page)
        page.goto(f"{SITE}/projects/FP-0002/idea")
        looker.look(page)

    assert looker.seen == {"/projects/FP/idea": 2}


def test_looking_leaves_a_page_without_scripts_as_it_was(browser: Browser) -> None:
    body = '<p>Plain</p><script>document.querySelector("p").textContent = "Run"</script>'
    with open_window(browser, script=False) as context:
        page = context.new_page()
        page.route(
            "**/*", lambda route: route.fulfill(content_type="text/html", body=GOOD.format(body))
        )
        page.goto(f"{SITE}/page")
        Looker({}).look(page, script=False)
        assert page.locator("p").inner_text() == "Plain"
        page.reload()
        assert page.locator("p").inner_text() == "Plain"
        page.goto(f"{SITE}/another")
        assert page.locator("p").inner_text() == "Plain"
