"""What every request shares: the database, the catalogues, the clock, and who is here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, g, request, session
from sqlalchemy import Connection, Engine

from app.actions.access.sign_ins import id_of
from app.actions.actor import Actor, Here, roles_of, who_is_here
from app.actions.answers import Project
from app.actions.catalogues import Catalogues
from app.core.days import LONDON, day_of
from app.settings import Settings
from app.store.database import act_for, read, write
from app.web.access import admit
from app.web.walked import as_walked

UNATTENDED = frozenset({"projects.here"})
MANY = 12  # organisations: more of them are counted, and folded up under a few words
SEEN_AGAIN = 60  # seconds: a cookie is not written anew for every page


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
    return day_of(now())


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


class ProofNeeded(Exception):
    """Whoever is here must say once more who they are, before an act that binds."""


def fresh() -> None:
    """Go on only if whoever is here proved it a moment ago. Raises ProofNeeded.

    Ask within `reading` or `writing`; in the demonstration nobody proves anything.
    """
    if site().demo:
        return
    if now() - here().fresh_at > timedelta(minutes=site().settings.fresh_minutes):
        raise ProofNeeded


def here() -> Here:
    """Who is here and how they proved it; within `reading` or `writing`."""
    found: Here = g.here
    return found


def may_act_as(role: str) -> bool:
    """Whether whoever is here has this role in the same organisation, and acts in another one now."""
    if site().demo:  # its bar changes roles
        return False
    found = here()
    own = found.actor.organisation_id
    return any(each.role == role and each.organisation_id == own for each in found.others)


def _actor(conn: Connection) -> Actor:
    actor = as_walked(_persona(conn) if site().demo else _signed_in(conn))
    g.actor = actor
    act_for(conn, actor.organisation_id)
    admit(conn, actor)
    return actor


def _persona(conn: Connection) -> Actor:
    person, organisation, role = map(session.get, ("person", "organisation", "role"))
    if not person:
        raise SignInNeeded
    for actor in roles_of(conn, UUID(person)):
        if (str(actor.organisation_id), actor.role) == (organisation, role):
            return actor
    session.clear()
    raise SignInNeeded


def _signed_in(conn: Connection) -> Actor:
    """Whoever is signed in in this browser. Its cookie holds a token and when it was last used."""
    at = now()
    idle = int(at.timestamp()) - int(session.get("seen", 0))
    token = session.get("sid")
    if not token or idle > site().settings.idle_minutes * 60:
        raise SignInNeeded
    found = who_is_here(conn, id_of(str(token)), at)
    if found is None:
        raise SignInNeeded
    # What a page does by itself keeps nobody signed in.
    if idle >= SEEN_AGAIN and request.endpoint not in UNATTENDED:
        session["seen"] = int(at.timestamp())
    g.here = found
    return found.actor


def on_project(project: Project) -> None:
    """Say which project a page is about: what holds for all its pages is shown on each."""
    g.project = project


def clock_time(at: datetime) -> str:
    """A moment as a time of day in London: "14:32"."""
    return f"{at.astimezone(LONDON):%H:%M}"


def day_words(at: datetime | date) -> str:
    """A moment or date as "14 May 2026", in London."""
    local = day_of(at) if isinstance(at, datetime) else at
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
