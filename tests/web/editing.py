"""A LOTI editor at a browser, in a draft of a product in which drafts are made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from app.actions.definitions.drafts import draft_files, draft_history, open_draft
from app.actions.demonstration import persona_of
from app.catalogue.things import find
from app.settings import Settings
from app.store.database import read
from app.store.drafts import Event
from app.wsgi import create_app
from tests.web.conftest import Person
from tests.web.filling import Form

ROOT = Path(__file__).parent.parent.parent
CONCEPT = "questionnaires/concept_review.yaml"
SPECIAL = "question/data.special"
Sent = Mapping[str, str | list[str]]


def serve(url: str) -> Flask:
    """The product with its demonstration, on a database of its own."""
    settings = Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=ROOT,
        database_url=url,
        trusted_hosts=("localhost",),
    )
    app = create_app(settings, demonstration=True)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


class Editor(Person):
    """A LOTI editor at a browser, in a draft."""

    base: str

    def begin(self, name: str = "Spring wording") -> "Editor":
        self.be("editor")
        self.open("/definitions")
        self.post("/definitions/drafts", name=name)
        self.base = self.page.path
        return self

    def join(self, base: str) -> "Editor":
        self.be("editor")
        self.base = base
        return self

    @property
    def form(self) -> Form:
        return Form(self.page.html)

    def token(self) -> dict[str, str]:
        """The token of the page, for what a script sends."""
        return {"csrf_token": self.page.read.hidden["csrf_token"][0]}

    def edit(self, what: str) -> "Editor":
        self.open(f"{self.base}/edit/{what}")
        return self

    def send(self, changed: Sent | None = None, **more: str | list[str]) -> "Editor":
        """Send the form of the page with some fields changed."""
        sent, fields = self.form, {"do": "save", **(changed or {}), **more}
        response = self.client.post(sent.action, data=sent.sent(**fields), follow_redirects=True)
        self._look(response, sent.action, 200)
        return self

    def files(self) -> dict[str, bytes]:
        engine = self.app.extensions["fingerpost"].engine
        with read(engine) as conn:
            actor = persona_of(conn, "editor")
            return draft_files(conn, open_draft(conn, actor, self.base.rsplit("/", 1)[1]))

    def text(self, path: str = CONCEPT) -> str:
        return self.files()[path].decode()

    def thing(self, what: str) -> dict[str, Any]:
        """A definition as the draft says it."""
        kind, _, id_ = what.partition("/")
        found = find(self.files(), kind, id_)
        assert found
        value: dict[str, Any] = found.value
        return value

    def events(self) -> tuple[Event, ...]:
        engine = self.app.extensions["fingerpost"].engine
        with read(engine) as conn:
            actor = persona_of(conn, "editor")
            return draft_history(conn, open_draft(conn, actor, self.base.rsplit("/", 1)[1]))

    def lines(self, path: str = CONCEPT) -> tuple[set[str], set[str]]:
        """The lines that the draft lost and won."""
        old, new = (ROOT / path).read_text().splitlines(), self.text(path).splitlines()
        return set(old) - set(new), set(new) - set(old)
