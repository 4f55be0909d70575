"""Signing in, in a real browser: by keyboard and without script, every state looked hard at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page, expect

from app.actions.access.first import invite_first
from app.settings import Settings
from app.store.database import write
from app.wsgi import create_app
from tests.accounts.conftest import BETTER
from tests.browser.looking import Looker, leading, open_window
from tests.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path, repository: Path) -> Flask:
    return create_app(
        Settings(
            secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
            fingerpost_content=repository,
            database_url=f"sqlite:///{tmp_path / 'fingerpost.sqlite3'}",
            trusted_hosts=("127.0.0.1",),
            base_url="http://127.0.0.1",
        )
    )


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the product on a free port."""
    with serving(app) as address:
        yield address.rstrip("/")


@pytest.fixture
def link(app: Flask) -> str:
    """The path of the first administrator's invitation."""
    engine = app.extensions["fingerpost"].engine
    with write(engine) as conn:
        first = invite_first(
            conn, ("Ann Alder", "ann@loti.example"), ("LOTI", "gla"), datetime.now(UTC), again=False
        )
    return f"/welcome/{first.token}"


@dataclass
class Guest:
    """Somebody at a browser, who looks hard at every page."""

    page: Page
    looker: Looker
    script: bool

    def look(self, label: str) -> None:
        self.looker.look(self.page, label, script=self.script)

    def type(self, **fields: str) -> None:
        """Fill in fields by the beginning of their labels, and press Enter."""
        for label, text in fields.items():
            self.page.get_by_label(label.replace("_", " ")).fill(text)
        last = self.page.locator("main form input:not([type=hidden]):not([readonly])").last
        with leading(self.page):
            last.press("Enter")

    def press(self, words: str) -> None:
        with leading(self.page):
            self.page.get_by_role("button", name=words).click()

    def follow(self, words: str) -> None:
        with leading(self.page):
            self.page.get_by_role("link", name=words).click()


@pytest.fixture(scope="module")
def seen() -> dict[str, int]:
    """What has been looked at here: the way in is the same for all."""
    return {}


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def guest(
    request: pytest.FixtureRequest, browser: Browser, seen: dict[str, int]
) -> Iterator[Guest]:
    opened = open_window(browser, script=request.param)
    looker = Looker(seen)
    yield Guest(opened.new_page(), looker, request.param)
    opened.close()
    assert looker.faults == []


def come_in(guest: Guest) -> None:
    """From the link of an invitation to the first page."""
    page, look = guest.page, guest.look
    look("welcome")
    guest.type(Choose_a_password="password1234")  # noqa: S106 - refused
    expect(page.get_by_text("too easy to guess").first).to_be_visible()
    look("a password that is too easy")
    guest.type(Choose_a_password=BETTER)
    look("saved")
    guest.follow("Sign in")
    look("sign in")
    page.get_by_label("Email address").fill("ann@loti.example")
    guest.type(Password="wrong")  # noqa: S106 - wrong
    look("wrong")
    guest.type(Password=BETTER)
    look("set up codes")
    secret = page.get_by_text("Or type this into the app").locator("strong")
    key = secret.inner_text()
    guest.type(Six_figures="000000")
    look("a code that does not fit")
    assert secret.inner_text() == key
    guest.type(Six_figures=TOTP(key=key).generate().token)
    expect(page.locator("code")).to_have_count(8)
    look("recovery codes")
    guest.follow("I have kept them")


def test_the_first_administrator_comes_in_invites_somebody_and_leaves(
    guest: Guest, site: str, link: str
) -> None:
    guest.page.goto(site + link)
    come_in(guest)
    guest.follow("People")
    guest.look("people")
    guest.follow("Invite somebody")
    guest.press("Send the invitation")
    guest.look("an invitation with gaps")
    guest.page.get_by_label("Project lead").check()
    guest.page.get_by_label("What is their name?").fill("Bo Birch")
    guest.page.get_by_label("What is their email address?").fill("bo@carnmere.example")
    guest.press("Send the invitation")
    expect(guest.page.get_by_role("cell", name=re.compile("Bo Birch")).first).to_be_visible()
    guest.follow("Change Bo Birch")
    guest.look("somebody invited")
    guest.press("Suspend Bo Birch")
    guest.follow("Change Bo Birch")
    guest.look("somebody suspended")


def test_ones_own_account_and_the_pages_around_it(guest: Guest, site: str, link: str) -> None:
    guest.page.goto(site + link)
    come_in(guest)
    for path, label in (
        ("/account", "one's own account"),
        ("/account/password", "another password"),
        ("/account/codes", "another app"),
        ("/account/again?next=/account", "proof again"),
        ("/sign-in/forgotten", "forgotten"),
        ("/welcome/x", "a link that opens no more"),
    ):
        guest.page.goto(site + path)
        guest.look(label)
    guest.page.goto(f"{site}/account")
    guest.press("Sign out")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    guest.look("signed out")
