"""What every request shares: the database, the catalogues, the clock, and who is here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app, g, session
from sqlalchemy import Connection, Engine

from app.actions.actor import Actor, roles_of
from app.actions.answers import Project
from app.actions.catalogues import Catalogues
from app.settings import Settings
from app.store.database import read, write
from app.web.access import admit

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Site:
    """One running Fingerpost."""

    settings: Settings
    engine: Engine
    catalogues: Catalogues
    demo: bool = False


def site() -> Site:
    """The running Fingerpost of this request."""
    found: Site = current_app.extensions["fingerpost"]
    return found


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in London."""
    return now().astimezone(LONDON).date()


class SignInNeeded(Exception):
    """Nobody is here."""


@contextmanager
def reading() -> Iterator[tuple[Connection, Actor]]:
    """A connection to read with, and who is here."""
    with read(site().engine) as conn:
        yield conn, _actor(conn)


@contextmanager
def writing() -> Iterator[tuple[Connection, Actor]]:
    """One transaction to write in, and who is here; kept when the block ends well."""
    with write(site().engine) as conn:
        yield conn, _actor(conn)


def _actor(conn: Connection) -> Actor:
    person = session.get("person")
    if not person:
        raise SignInNeeded
    for actor in roles_of(conn, UUID(person)):
        if str(actor.organisation_id) == session.get("organisation") and actor.role == session.get(
            "role"
        ):
            g.actor = actor
            admit(conn, actor)
            return actor
    session.clear()
    raise SignInNeeded


def on_project(project: Project) -> None:
    """Say which project a page is about: what holds for all its pages is shown on each."""
    g.project = project


def clock_time(at: datetime) -> str:
    """A moment as a time of day in London: "14:32"."""
    return f"{at.astimezone(LONDON):%H:%M}"


def day_words(at: datetime | date) -> str:
    """A moment or date as "14 May 2026", in London."""
    local = at.astimezone(LONDON).date() if isinstance(at, datetime) else at
    return f"{local.day} {local:%B %Y}"


def moment_words(at: datetime) -> str:
    """A moment as people say it: "Today, 09:12" or "14 May 2026"."""
    local = at.astimezone(LONDON)
    away = (today() - local.date()).days
    if away == 0:
        return f"Today, {local:%H:%M}"
    if away == 1:
        return f"Yesterday, {local:%H:%M}"
    return day_words(local)


Context = dict[str, Any]
