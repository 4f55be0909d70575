"""Transactions begin as they must, and a database that cannot take more says so."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from traceback import format_exception
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.store.database import Busy, counting, open_database, read, write
from app.store.tables import counter, person
from tests.databases import NOW, WAITS_MS, World


@pytest.mark.usefixtures("sqlite_as_in_use")
def test_sqlite_is_set_up_to_keep_what_it_has_acknowledged(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}", busy_timeout_ms=1234)
    with read(engine) as conn:
        found = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    engine.dispose()

    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "busy_timeout": 1234,
        "foreign_keys": 1,
    }


def test_any_postgresql_address_is_spoken_to_with_psycopg() -> None:
    engine = open_database("postgresql://me@127.0.0.1/somewhere")

    assert engine.url.drivername == "postgresql+psycopg"


def test_what_a_reader_writes_is_not_kept(world: World) -> None:
    with read(world.engine) as conn:
        conn.execute(insert(counter), {"name": "mine", "value": 1})
    with read(world.engine) as conn:
        assert conn.scalars(select(counter.c.name)).all() == ["project"]


def test_what_a_writer_began_before_an_error_is_not_kept(world: World) -> None:
    def fail_half_way() -> None:
        with write(world.engine) as conn:
            conn.execute(insert(counter), {"name": "mine", "value": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with read(world.engine) as conn:
        assert conn.scalars(select(counter.c.name)).all() == ["project"]


REFUSED: dict[str, dict[str, object]] = {
    # what the database refuses, with words that somebody typed
    "a row that is there": {"id": uuid4(), "name": "Quaggaleak", "email": "quaggaleak@x.example"},
    "a row that lacks something": {"id": None, "name": "Quaggaleak", "email": "other@x.example"},
}


@pytest.mark.parametrize("values", REFUSED.values(), ids=REFUSED)
def test_an_error_of_the_database_says_nothing_of_what_was_to_be_kept(
    world: World, values: dict[str, object]
) -> None:
    """Errors are logged. Whoever reads the log need not know what people answered."""
    row = {**REFUSED["a row that is there"], "active": True, "created_at": NOW}
    with write(world.engine) as conn:
        conn.execute(insert(person), row)
    with pytest.raises(IntegrityError) as refused, write(world.engine) as conn:
        conn.execute(insert(person), {**row, "id": uuid4(), **values})
    said = "".join(format_exception(refused.value)).lower()
    assert "person" in said
    assert "quagga" not in said


def test_a_writer_holds_the_lock_before_it_reads(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    first, second = open_database(url), open_database(url, busy_timeout_ms=1)
    with write(first):  # nothing read, nothing written yet
        with pytest.raises(Busy, match="locked"), write(second):
            pass
        with read(second) as conn:  # readers go on
            assert conn.scalar(text("SELECT 1")) == 1
    first.dispose()
    second.dispose()


def test_a_full_database_is_busy_and_recovers(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}", pool_size=1)
    with write(engine) as conn:
        conn.execute(text("CREATE TABLE t (x TEXT)"))
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 4")
    with pytest.raises(Busy, match="full"), write(engine) as conn:
        conn.execute(text("INSERT INTO t VALUES (:x)"), {"x": "a" * 100_000})
    with write(engine) as conn:
        conn.execute(text("INSERT INTO t VALUES ('small')"))
    with read(engine) as conn:
        assert conn.scalars(text("SELECT x FROM t")).all() == ["small"]
    engine.dispose()


def test_a_database_that_is_away_is_busy(tmp_path: Path) -> None:
    engine = open_database(f"postgresql://me@/nowhere?host={tmp_path}")

    with pytest.raises(Busy), read(engine):
        pass


def test_a_mistake_is_not_called_busy(world: World) -> None:
    errors = OperationalError if world.engine.dialect.name == "sqlite" else Exception
    with pytest.raises(errors) as raised, read(world.engine) as conn:
        conn.execute(text("SELECT * FROM no_such_table"))

    assert not isinstance(raised.value, Busy)


def test_when_every_connection_is_in_use_it_is_busy(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a.sqlite3'}", pool_size=1, busy_timeout_ms=1)
    with read(engine), read(engine), pytest.raises(Busy, match="in use"), read(engine):
        pass
    engine.dispose()


def test_counting_leaves_out_what_only_begins_and_ends(world: World) -> None:
    rows = [{"name": f"n{n}", "value": n} for n in range(5)]
    with counting(world.engine) as statements, write(world.engine) as conn:
        conn.execute(insert(counter), rows)
        conn.execute(select(counter))
    with read(world.engine) as conn:
        conn.execute(select(counter))

    assert len(statements) == 2


def test_sixteen_writers_are_never_told_that_the_database_is_locked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    engine = open_database(url, pool_size=16, busy_timeout_ms=WAITS_MS)
    with write(engine) as conn:
        conn.execute(text("CREATE TABLE t (x INTEGER)"))
        conn.execute(text("INSERT INTO t VALUES (0)"))

    def add(_: int) -> None:
        for _ in range(8):
            with write(engine) as conn:  # read, then write
                seen = conn.scalar(text("SELECT x FROM t"))
                conn.execute(text("UPDATE t SET x = :x"), {"x": seen + 1})

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add, range(16)))
    engine.dispose()

    with sqlite3.connect(tmp_path / "a.sqlite3") as plain:
        assert plain.execute("SELECT x FROM t").fetchone() == (128,)
    plain.close()
