"""The databases these tests run on."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes
from app.actions.demonstration import PERSONAS, persona_of, seed
from app.store.database import open_database, read
from app.store.migrate import migrate
from tests.databases import empty_url, engine, url, world

__all__ = ["empty_url", "engine", "url", "world"]

SEEDED_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Demonstration:
    """The demonstration's people and projects in a database of a test's own."""

    engine: Engine
    catalogues: Catalogues
    people: dict[str, Actor]


@pytest.fixture(scope="session")
def seeded(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Catalogues]:
    """A database with the demonstration in it, to be copied, and its compiled release."""
    file = tmp_path_factory.mktemp("demonstration") / "seeded.sqlite3"
    made = open_database(f"sqlite:///{file}")
    migrate(made)
    catalogues = Catalogues(made)
    released = catalogues.publish(repository, Notes("LOTI", "", SEEDED_AT))
    seed(made, released, repository, SEEDED_AT)
    made.dispose()
    return file, catalogues


@pytest.fixture
def demonstration(seeded: tuple[Path, Catalogues], tmp_path: Path) -> Iterator[Demonstration]:
    """A copy of it."""
    file, catalogues = seeded
    shutil.copy(file, tmp_path / "copy.sqlite3")
    copied = open_database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")
    with read(copied) as conn:
        people = {each.role: persona_of(conn, each.role) for each in PERSONAS}
    yield Demonstration(copied, catalogues, people)
    copied.dispose()
