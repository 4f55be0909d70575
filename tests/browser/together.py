"""A demonstration in which people of three organisations work on one project, each at a browser of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from app.actions.actor import Actor
from app.actions.demonstration import HOME, persona_of
from app.actions.organisations import add_person, take_in
from app.settings import read_settings
from app.store.database import write
from app.store.tables import organisation
from app.wsgi import create_app
from tests.browser.person import Person
from tests.serving import serving

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
IVERMERE, NORTHSIDE = "London Borough of Ivermere", "Northside ICB"
LEAD, DPO = "The project lead", "The data protection officer"
COLLEAGUE, SIRO, NEWCOMER = (
    "The housing data manager",
    "The director of corporate services",
    "A new officer",
)
AT_IVERMERE, DPO_OF_IVERMERE = "The Ivermere contact", "The Ivermere officer"
AT_NORTHSIDE = "The Northside contact"
PEOPLE = {
    # besides the demonstration's own: what they are called, their organisation, their role
    COLLEAGUE: (HOME, "contributor"),
    SIRO: (HOME, "siro"),
    NEWCOMER: (HOME, "dpo"),
    AT_IVERMERE: (IVERMERE, "party"),
    DPO_OF_IVERMERE: (IVERMERE, "dpo"),
    AT_NORTHSIDE: (NORTHSIDE, "party"),
}
Come = Callable[[str], Person]


@dataclass(frozen=True)
class Together:
    """Where it is served, and everybody in it by name."""

    app: Flask
    url: str
    people: dict[str, Actor]

    def cookie(self, name: str) -> dict[str, Any]:
        """What a browser holds in which this person is at work."""
        actor = self.people[name]
        kept = {
            "person": str(actor.person_id),
            "organisation": str(actor.organisation_id),
            "role": actor.role,
        }
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return {
            "name": self.app.config["SESSION_COOKIE_NAME"],
            "value": signer.dumps(kept),
            "url": self.url,
        }


@contextmanager
def serve(folder: Path) -> Iterator[Together]:
    """Serve such a demonstration on a free port."""
    settings = read_settings(
        {"DATABASE_URL": f"sqlite:///{folder / 'fingerpost.sqlite3'}"}, demo=True
    )
    app = create_app(settings, demonstration=True)
    with serving(app) as address:
        yield Together(app, address, _people(app))


def _people(app: Flask) -> dict[str, Actor]:
    with write(app.extensions["fingerpost"].engine) as conn:
        found = {LEAD: persona_of(conn, "lead"), DPO: persona_of(conn, "dpo")}
        for name, (where, role) in PEOPLE.items():
            at = conn.execute(select(organisation.c.id).where(organisation.c.name == where))
            id_ = at.scalar_one()
            person = add_person(conn, name, f"{uuid4().hex}@demo.invalid", AT)
            take_in(conn, person, id_, role, AT)
            found[name] = Actor(person, name, role, id_, where)
    return found
