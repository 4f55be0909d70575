"""A database can be brought to these tables from nothing, and refuses to forget."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, delete, func, insert, inspect, select, table, text, update
from sqlalchemy.exc import DBAPIError, StatementError

import app.store
from app.actions.organisation_sheets import list_organisations
from app.store.columns import Moment, NaiveTime
from app.store.database import open_database, read, write
from app.store.migrate import HEAD, MIGRATIONS, OfALaterProgram, migrate, revision
from app.store.tables import APPEND_ONLY, counter, metadata, organisation, person, sheet
from tests.databases import NOW, World

# Tables stand in several modules: all of them are known here, whatever else was imported.
for each in iter_modules(app.store.__path__, "app.store."):
    import_module(each.name)


def test_from_nothing_to_the_tables_the_program_knows_back_and_again(empty_url: str) -> None:
    engine = open_database(empty_url)
    for _ in range(2):
        migrate(engine)
        with read(engine) as conn:
            context = MigrationContext.configure(conn, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
            assert revision(conn) == HEAD
        migrate(engine, "base")
        with read(engine) as conn:
            assert set(inspect(conn).get_table_names()) == {"alembic_version"}
    engine.dispose()


def test_the_newest_migration_is_the_one_a_start_looks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_what_a_later_program_made_is_refused_and_left_as_it_is(world: World) -> None:
    version = table("alembic_version", column("version_num"))
    with write(world.engine) as conn:
        conn.execute(update(version).values(version_num="later"))

    with pytest.raises(OfALaterProgram, match=f"stands at later.*knows {HEAD}"):
        migrate(world.engine)
    with read(world.engine) as conn:
        assert revision(conn) == "later"


def test_migrating_again_changes_nothing(world: World) -> None:
    migrate(world.engine)

    with read(world.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(person)) == 3
        assert conn.scalar(select(counter.c.value)) == 1


def test_an_organisation_kept_before_the_map_is_on_it_without_facts(empty_url: str) -> None:
    engine = open_database(empty_url)
    migrate(engine, "0001")
    older = [c.name for c in metadata.tables["sheet"].columns if c.name not in ("brief", "asks")]
    kept = {"id": uuid4(), "name": "Carnmere", "kind": "borough", "created_at": NOW}
    summary = dict.fromkeys(("asked", "answered", "raised", "stops", "undetermined", "tasks"), 0)
    with write(engine) as conn:
        conn.execute(insert(organisation), kept)
        conn.execute(
            insert(table("sheet", *(column(name, sheet.c[name].type) for name in older))),
            {
                "subject_id": kept["id"],
                "kind": "organisation",
                "version": 0,
                "title": "Carnmere",
                "saved_at": NOW,
                "document": "{}",
                **summary,
            },
        )
    migrate(engine)

    with read(engine) as conn:
        (listed,) = list_organisations(conn)
    assert (listed.name, listed.facts, listed.steps) == ("Carnmere", {}, 0)
    engine.dispose()


def test_several_processes_may_start_at_once(empty_url: str) -> None:
    engines = [open_database(empty_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, engines))

    with read(engines[0]) as conn:
        assert revision(conn) == HEAD
    for engine in engines:
        engine.dispose()


def test_every_moment_in_the_tables_has_a_zone() -> None:
    times = [c for t in metadata.tables.values() for c in t.columns if "at" in c.name.split("_")]

    assert times
    assert all(isinstance(column.type, Moment) for column in times)


def test_a_moment_without_a_zone_is_refused(world: World) -> None:
    naive = update(person).values(created_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point

    with (
        pytest.raises((NaiveTime, StatementError), match="has no zone"),
        write(world.engine) as conn,
    ):
        conn.execute(naive)


def test_a_moment_comes_back_in_utc(world: World) -> None:
    with read(world.engine) as conn:
        found = conn.scalars(select(person.c.created_at)).all()

    assert set(found) == {NOW}
    assert all(one is not None and one.utcoffset() == NOW.utcoffset() for one in found)


@pytest.mark.parametrize("table", ["release", "release_file", "answer_event"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_what_has_happened_is_neither_changed_nor_removed(
    world: World, table: str, change: str
) -> None:
    assert table in APPEND_ONLY
    statement = change.format(table).replace(
        "at = at", "path = path" if "_f" in table else "at = at"
    )

    with pytest.raises(DBAPIError, match="append-only"), write(world.engine) as conn:
        conn.execute(text(statement))


def test_every_append_only_table_has_its_guard(world: World) -> None:
    where = {
        "sqlite": "SELECT tbl_name FROM sqlite_master "
        "WHERE type = 'trigger' AND name LIKE tbl_name || '_no_%'",
        "postgresql": "SELECT event_object_table FROM information_schema.triggers "
        "WHERE trigger_name LIKE '%append_only'",
    }[world.engine.dialect.name]
    with read(world.engine) as conn:
        assert set(conn.scalars(text(where))) == set(APPEND_ONLY)


def test_a_row_that_names_something_that_is_not_there_is_refused(world: World) -> None:
    organisations = metadata.tables["organisation"]

    with pytest.raises(DBAPIError), write(world.engine) as conn:
        conn.execute(delete(organisations))
