"""What stands around every page: the same for all who see the same, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.actions.access.roles import ADMINISTRATOR, EDITOR
from app.web.frame import Frame, entry_of, frame
from app.wsgi import create_app
from tests.web.attacker import settings

AT = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Flask]:
    app = create_app(settings(tmp_path_factory.mktemp("frame"), repository))
    yield app
    app.extensions["fingerpost"].engine.dispose()


def seen(
    product: Flask, role: str | None, entry: str = "", root: str = "", *, demonstration: bool = True
) -> Frame:
    with product.test_request_context("/", base_url=f"http://localhost{root}"):
        return frame(root, role, entry, "release 3", AT, demonstration=demonstration)


@pytest.mark.parametrize(
    ("role", "demonstration", "entries"),
    [
        (None, False, []),
        (None, True, ["Start", "Projects", "My queue", "Organisations"]),
        ("lead", False, ["Start", "Projects", "My queue", "Organisations"]),
        (EDITOR, False, ["Start", "Projects", "My queue", "Organisations", "Definitions"]),
        (ADMINISTRATOR, False, ["Start", "Projects", "My queue", "Organisations", "People"]),
    ],
)
def test_the_menu_is_the_role_s(
    product: Flask, role: str | None, demonstration: bool, entries: list[str]
) -> None:
    menu = str(seen(product, role, demonstration=demonstration).menu)
    assert [part.partition("<")[0] for part in menu.split('">')[2:] if part[0] != "<"] == entries


def test_the_entry_under_which_one_is_is_marked_and_no_other(product: Flask) -> None:
    menu = str(seen(product, "lead", entry_of("reports.give")).menu)
    assert menu.count("aria-current") == 1
    assert 'aria-current="true">My queue<' in menu


def test_where_the_site_is_mounted_every_address_begins(product: Flask) -> None:
    below = seen(product, "lead", root="/fingerpost")
    assert 'href="/fingerpost/projects"' in below.menu
    assert 'href="/projects"' in seen(product, "lead").menu


def test_the_footer_names_the_release_and_leads_to_all_of_them_who_may_see_them(
    product: Flask,
) -> None:
    assert "release 3, published 14 May 2026." in seen(product, None).footer
    assert "Releases" not in seen(product, None).footer
    assert "Releases" in seen(product, "lead").footer


@pytest.mark.parametrize(
    ("endpoint", "entry"),
    [
        ("start.home", "start.home"),
        ("start.begin", "start.home"),
        ("projects.one", "projects.list_all"),
        ("pages.show", "projects.list_all"),
        ("reports.cover", "reports.queue"),
        ("organisation_pages.show", "organisations.ig_map"),
        ("editor.digest", "editor.home"),
        ("about.about", ""),
        ("", "projects.list_all"),
    ],
)
def test_every_page_is_under_one_entry(endpoint: str, entry: str) -> None:
    assert entry_of(endpoint) == entry
