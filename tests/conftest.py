"""What every test may ask for."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import Engine, event

from app.catalogue import reading
from app.store import database
from tests.browser.looking import PATIENCE_MS

ROOT = Path(__file__).parent.parent
# The first draws pages as the others do, without all that a person's browser is besides.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
NO_BROWSER = (
    "there is no Chromium here: install one (Debian, Ubuntu: apt-get install chromium-headless-shell) "
    "to run the tests that use the screens as a person would"
)


# The same made-up cases on every run; --hypothesis-profile=long searches others for longer.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("long", max_examples=20_000, deadline=None, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    """Make up the same cases on every run, unless another profile is asked for."""
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("same")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: whoever waits for a screen needs none."""
    return (os.cpu_count() or 1) + 1


def chromium() -> str | None:
    """Return the path of the machine's own Chromium, if it has one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that no worker is left alone with them."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without a browser, skip what needs one and say so; fail where one is required."""
    if item.get_closest_marker("browser") is None or chromium():
        return
    if os.environ.get("FINGERPOST_BROWSER") == "required":
        pytest.fail(NO_BROWSER, pytrace=False)
    pytest.skip(NO_BROWSER)


@pytest.fixture(scope="session", autouse=True)
def _keep_proofs_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests prove is kept in a folder of this run, and never in the home of who runs them."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def _wait_for_no_disk() -> Iterator[Callable[..., None]]:
    """No test pulls the plug: SQLite need not wait until each commit is on the disk.

    Programs that tests start, and kill, wait for it as they do in use.
    """
    set_up = database._speak_sqlite

    def hurry(engine: Engine, busy_timeout_ms: int) -> None:
        set_up(engine, busy_timeout_ms)

        @event.listens_for(engine, "connect")
        def _wait_for_nothing(connection: sqlite3.Connection, _entry: object) -> None:
            connection.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_speak_sqlite", hurry)
        yield set_up


@pytest.fixture
def sqlite_as_in_use(
    monkeypatch: pytest.MonkeyPatch, _wait_for_no_disk: Callable[..., None]
) -> None:
    """SQLite as it is set up for people, for the tests of that."""
    monkeypatch.setattr(database, "_speak_sqlite", _wait_for_no_disk)


@pytest.fixture(scope="session", autouse=True)
def _read_each_file_once() -> Iterator[Callable[..., object]]:
    """What a definition file says is read once for all tests of a worker, by its content."""
    read = reading.read_text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_text", lru_cache(maxsize=200)(read))
        yield read


@pytest.fixture
def files_read_as_in_use(
    monkeypatch: pytest.MonkeyPatch, _read_each_file_once: Callable[..., object]
) -> None:
    """Files are read whenever they are asked for, for the tests of what is kept of them."""
    monkeypatch.setattr(reading, "read_text", _read_each_file_once)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder that holds questionnaires/, rules/, outputs/ and app/."""
    return ROOT


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker; each test opens its own window in it."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # As root, which containers are, Chromium runs only without its own sandbox.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        running = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield running
        running.close()
