"""The whole product behind a real server, and people who use it in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.catalogue import Catalogue
from app.settings import read_settings
from app.wsgi import create_app
from tests.browser.looking import Looker, open_window
from tests.browser.person import Person
from tests.serving import serving
from tests.shipped import shipped_catalogue

Arrive = Callable[..., Person]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration of its own on a free port."""
    database = tmp_path_factory.mktemp("served") / "fingerpost.sqlite3"
    settings = read_settings({"DATABASE_URL": f"sqlite:///{database}"}, demo=True)
    with serving(create_app(settings, demonstration=True)) as address:
        yield address


@pytest.fixture(scope="session")
def catalogue(repository: Path) -> Catalogue:
    """The definitions that are served."""
    return shipped_catalogue()


@pytest.fixture(scope="session")
def looked_at() -> dict[str, int]:
    """What has been looked at in this run: each state of a page is looked at once."""
    return {}


@pytest.fixture
def looker(looked_at: dict[str, int]) -> Looker:
    """Looks hard at every page; knows what this test found."""
    return Looker(looked_at)


@pytest.fixture
def arrive(browser: Browser, served: str, looker: Looker) -> Iterator[Arrive]:
    """Somebody who has just opened the start page; each call is somebody else's browser."""
    contexts = []

    def arrived(*, script: bool = True) -> Person:
        context = open_window(browser, script=script)
        contexts.append(context)
        person = Person(context.new_page(), looker, script)
        person.begin(served)
        return person

    yield arrived
    for context in contexts:
        context.close()
