"""A page says before its sign-in ends, goes on at one press, and loses nothing that was typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.looking import open_window

pytestmark = pytest.mark.browser

SITE = "http://fingerpost.test"
SCRIPT = Path(__file__).parents[2] / "app" / "web" / "static" / "src" / "fingerpost.js"
BEGAN = 1_800_000_000
IDLE = 30 * 60
ENDS = BEGAN + 8 * 60 * 60


@pytest.fixture
def told() -> list[str]:
    """What the server was told."""
    return []


@pytest.fixture
def page(browser: Browser, told: list[str]) -> Iterator[Page]:
    context = open_window(browser)
    opened = context.new_page()

    def answer(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(content_type="text/javascript", path=SCRIPT)
        elif route.request.method == "POST":
            told.append(route.request.post_data or "")
            route.fulfill(content_type="application/json", body="{}")
        else:
            route.fulfill(
                content_type="text/html",
                body=f'<!doctype html><script type="module" src="/f.js"></script><body data-here="/here" '
                f'data-idle="{IDLE}" data-ends="{ENDS}" data-token="t"><form id="answers">'
                '<textarea id="why" name="why"></textarea></form>',
            )

    opened.route(f"{SITE}/**", answer)
    # Time passes only where a test lets it, however long the machine takes.
    opened.clock.install(time=BEGAN - 3600)
    opened.clock.pause_at(BEGAN)
    opened.goto(f"{SITE}/page")
    yield opened
    context.close()


def type_for_ten_minutes(page: Page) -> None:
    """Somebody types, and the server has heard of it before they go on."""
    with page.expect_response(f"{SITE}/here"):
        page.keyboard.press("a")
        page.clock.run_for(10 * 60 * 1000)


def test_nothing_is_said_while_there_is_time(page: Page, told: list[str]) -> None:
    page.clock.run_for(26 * 60 * 1000)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert told == []


def test_before_it_ends_one_button_goes_on(page: Page, told: list[str]) -> None:
    page.fill("#why", "Because.")
    page.clock.run_for(27 * 60 * 1000 + 30_000)
    expect(page.get_by_role("alert")).to_contain_text("within 3 minutes")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert told == ["csrf_token=t"]
    assert page.input_value("#why") == "Because."


def test_somebody_who_types_is_not_asked(page: Page, told: list[str]) -> None:
    for _ in range(8):
        type_for_ten_minutes(page)
        expect(page.get_by_role("alert")).to_have_count(0)
    assert len(told) == 8


def test_the_end_of_a_long_day_is_said_and_cannot_be_put_off(page: Page) -> None:
    for _ in range(47):
        type_for_ten_minutes(page)
    page.keyboard.press("a")
    page.clock.run_for(8 * 60 * 1000)
    expect(page.get_by_role("alert")).to_contain_text("after a long day")
    expect(page.get_by_role("button", name="Stay signed in")).to_have_count(0)
    page.clock.run_for(3 * 60 * 1000)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out now")
