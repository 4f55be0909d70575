"""The whole product with its demonstration, and a person who looks hard at every page they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from app.settings import Settings
from app.wsgi import create_app
from tests.web.audit import Link, Read, faults, read_page

DATABASE = "fingerpost.sqlite3"


@dataclass
class Opened:
    """A page that was opened."""

    path: str
    status: int
    html: str

    @property
    def read(self) -> Read:
        return read_page(self.html)

    @property
    def text(self) -> str:
        """All words of its main part."""
        from html import unescape
        from re import sub

        main = self.html.split('id="main"', 1)[-1].split("<footer", 1)[0]
        return " ".join(unescape(sub(r"<[^>]*>", " ", main)).split())

    def link(self, words: str) -> str:
        """The address of the first link with these words. Fails when there is none."""
        found = self.find(words)
        assert found, (
            f"no link “{words}” on {self.path}: {[link.words for link in self.read.links]}"
        )
        return found.url

    def find(self, words: str) -> Link | None:
        return next((link for link in self.read.links if words in link.words), None)


@dataclass
class Person:
    """Somebody at a browser. Every page they open is looked at: see `audit.faults`."""

    app: Flask
    client: FlaskClient
    page: Opened = field(default_factory=lambda: Opened("", 0, ""))

    def be(self, role: str) -> "Person":
        """Look at the product as somebody else."""
        self.open("/")
        self.post("/demo/persona", persona=role, next="/")
        return self

    def open(self, path: str, status: int = 200) -> Opened:
        """Open a page, following where it leads."""
        response = self.client.get(path, follow_redirects=True)
        return self._look(response, path, status)

    def follow(self, words: str) -> Opened:
        """Follow a link of the page by its words."""
        return self.open(self.page.link(words))

    def post(self, path: str, status: Any = 200, **fields: Any) -> Opened:
        """Send a form of the page that is open, with its hidden fields."""
        hidden = {name: values for name, values in self.page.read.hidden.items() if name != "next"}
        token = hidden.get("csrf_token", [""])[:1]
        data = {**hidden, "csrf_token": token, **fields}
        response = self.client.post(path, data=data, follow_redirects=True)
        return self._look(response, path, status)

    def _look(self, response: Any, path: str, status: int) -> Opened:
        self.page = Opened(
            response.request.path, response.status_code, response.get_data(as_text=True)
        )
        assert response.status_code == status, (
            f"{path} answered {response.status_code}: {self.page.text[:400]}"
        )
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        if response.mimetype == "text/html":
            found = faults(self.page.html)
            assert not found, f"{self.page.path}: {found}"
        return self.page


def serve(folder: Path, repository: Path) -> Flask:
    """The application with the demonstration's people and projects; it hides no fault."""
    settings = Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=repository,
        database_url=f"sqlite:///{folder / DATABASE}",
        trusted_hosts=("localhost",),
    )
    app = create_app(settings, demonstration=True)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The database of a demonstration as it begins, to be copied."""
    folder = tmp_path_factory.mktemp("begun")
    serve(folder, repository).extensions["fingerpost"].engine.dispose()
    return folder / DATABASE


@pytest.fixture(scope="module")
def product(begun: Path, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """The product that the tests of one module share: what they do in it, no other module sees."""
    folder = tmp_path_factory.mktemp("product")
    copy(begun, folder)
    return serve(folder, repository)


@pytest.fixture(scope="session")
def own_product(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A product in which drafts of definitions are made, for all tests of the editor."""
    from tests.web.editing import serve

    return serve(f"sqlite:///{tmp_path_factory.mktemp('editor')}/fingerpost.sqlite3")


@pytest.fixture
def eve(own_product: Flask) -> Any:
    """A LOTI editor in a draft of their own."""
    from tests.web.editing import Editor

    return Editor(own_product, own_product.test_client()).begin()


@pytest.fixture
def someone(product: Flask) -> Person:
    """A project lead at a browser."""
    return Person(product, product.test_client())


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database, without BEGIN, COMMIT and PRAGMA."""
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        statement = str(arguments[2])
        if statement.split(maxsplit=1)[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
