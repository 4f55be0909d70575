"""The product as it is served to people who sign in, and people at browsers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select

from app.actions.access.accounts import find_account, set_password
from app.actions.jobs import work_once
from app.actions.mail.reminding import letter_work
from app.actions.mail.telling import Post
from app.actions.organisations import add_organisation, add_person, take_in
from app.catalogue.letters import read_letters
from app.settings import Settings, content_root
from app.store.accounts import attempt, mail
from app.store.database import read, write
from app.store.tables import job
from app.web.accounts.keys import Keys
from app.wsgi import create_app
from tests.databases import empty_url, engine, url, world
from tests.web.conftest import Person

__all__ = ["empty_url", "engine", "url", "world"]
GOOD = "seagull lantern oxide"
BETTER = "walnut ferry copper meadow"


@dataclass
class Clock:
    """The time that the product believes it is."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def on(self, **more: int) -> None:
        self.at += timedelta(**more)


@dataclass
class House:
    """The product, its people, and the clock on the wall."""

    app: Flask
    clock: Clock

    @property
    def engine(self) -> Engine:
        found: Engine = self.app.extensions["fingerpost"].engine
        return found

    @property
    def keys(self) -> Keys:
        found: Keys = self.app.extensions["fingerpost.door"].keys
        return found

    def organisation(self, name: str, sponsor: UUID | None = None) -> UUID:
        with write(self.engine) as conn:
            return add_organisation(conn, name, "borough", self.clock.at, sponsor)

    def person(self, email: str, where: UUID, *roles: str, password: str = GOOD) -> UUID:
        """Somebody with an account and these roles."""
        with write(self.engine) as conn:
            found = find_account(conn, email=email)
            id_ = (
                found.person_id
                if found
                else add_person(conn, email.partition("@")[0], email, self.clock.at)
            )
            for role in roles:
                take_in(conn, id_, where, role, self.clock.at)
            if found is None:
                set_password(conn, id_, self.keys.hash(password), self.clock.at)
        return id_

    def forget(self) -> None:
        """Leave nothing of other tests, whose clocks may have been hours ahead of this one's."""
        with write(self.engine) as conn:
            for table in (attempt, mail, job):
                conn.execute(delete(table))

    def visitor(self) -> Visitor:
        return Visitor(self.app, self.app.test_client(), house=self)

    def letters(self, letter: str) -> list[Any]:
        with read(self.engine) as conn:
            return list(
                conn.execute(select(mail).where(mail.c.letter == letter).order_by(mail.c.at))
            )

    def work(self) -> None:
        """Do what waits for `fingerpost work`."""
        catalogues = self.app.extensions["fingerpost"].catalogues
        more = letter_work(Post(read_letters(content_root()), "http://localhost"))
        while work_once(self.engine, catalogues, self.clock.at, more):
            pass

    def link(self, letter: str) -> str:
        """The path of the link in the newest letter of a kind."""
        found = re.search(r"http://localhost(/\S+)", self.letters(letter)[-1].body)
        assert found
        return found[1]


@dataclass
class Visitor(Person):
    """Somebody at a browser, who may have a telephone."""

    house: House = field(kw_only=True)
    secret: str = ""

    def sign_in(
        self, email: str, password: str = GOOD, status: int = 200, next_: str = ""
    ) -> Visitor:
        self.open("/sign-in" + (f"?next={next_}" if next_ else ""))
        self.send(status, email=email, password=password)
        return self

    def send(self, status: Any = 200, **fields: Any) -> None:
        """Send the page's form, to where it goes."""
        form = next(f for f in self.page.read.forms if "sign-out" not in f["action"])
        self.post(form["action"], status, **fields)

    def code(self) -> str:
        """A code from the app, newer than any before."""
        self.house.clock.on(seconds=60)
        return str(self.totp().generate(self.house.clock.at.timestamp()).token)

    def totp(self) -> Any:
        return self.house.keys._security.totp_factory._totp.from_source(self.secret)

    def set_up(self) -> list[str]:
        """Set up the app on the page that asks for it; the recovery codes."""
        self.secret = self.page.read.hidden["secret"][0]
        self.send(code=self.code())
        return re.findall(r"<code>([0-9a-f-]+)</code>", self.page.html)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """The product without the demonstration, as it is tried out on one machine."""
    folder = tmp_path_factory.mktemp("served")
    settings = Settings(
        secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
        fingerpost_content=repository,
        database_url=f"sqlite:///{folder / 'fingerpost.sqlite3'}",
        trusted_hosts=("localhost",),
        base_url="http://localhost",
    )
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


@pytest.fixture
def house(served: Flask, monkeypatch: pytest.MonkeyPatch) -> House:
    """The product at a time that can be moved."""
    clock = Clock()
    for module in (
        "app.web.site",
        "app.web.away",
        "app.web.letters",
        "app.web.accounts.common",
        "app.web.accounts.codes",
        "app.web.accounts.signing_in",
        "app.web.accounts.own",
        "app.web.accounts.people",
        "app.web.accounts.sso",
    ):
        monkeypatch.setattr(f"{module}.now", clock.now)
    monkeypatch.setattr("passlib.totp.TOTP.now", staticmethod(clock.seconds))
    here = House(served, clock)
    here.forget()
    return here
