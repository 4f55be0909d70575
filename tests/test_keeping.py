"""Looking through what is kept, backing it up and bringing it back, as a person types it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.actions.access.accounts import RESET, read_link, send_link
from app.actions.access.sign_ins import Browser, begin, id_of
from app.actions.actor import who_is_here
from app.actions.catalogues import Catalogues, Notes
from app.actions.demonstration import persona_of, seed
from app.actions.errors import NotFound
from app.cli import main
from app.settings import content_root
from app.store.database import open_database, read, write
from app.store.migrate import migrate

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The database of a demonstration."""
    place = tmp_path_factory.mktemp("kept") / "seeded.sqlite3"
    engine = open_database(f"sqlite:///{place}")
    migrate(engine)
    seed(engine, Catalogues(engine).publish(content_root(), Notes("LOTI", "", NOW)), content_root(), NOW)  # fmt: skip
    engine.dispose()
    return place.read_bytes()


@pytest.fixture
def place(tmp_path: Path, seeded: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database of the settings."""
    file = tmp_path / "instance" / "fingerpost.sqlite3"
    file.parent.mkdir()
    file.write_bytes(seeded)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    return file


def run(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def change(file: Path, *statements: str) -> None:
    """Change a database as somebody could who holds the file."""
    with closing(sqlite3.connect(file)) as conn, conn:
        for name in conn.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            conn.execute(f'DROP TRIGGER "{name[0]}"')
        for each in statements:
            assert conn.execute(each).rowcount


def test_what_is_as_it_was_written_is_counted(place: Path) -> None:
    done = run("verify")
    assert done.exit_code == 0
    assert done.output.startswith("All is as it was written: ")
    for kind in ("projects", "acts", "documents", "0 files", "1 release"):
        assert kind in done.output


def test_what_was_changed_is_named_and_ends_with_1(place: Path) -> None:
    change(place, "UPDATE act SET who = 'Somebody'")
    done = run("verify")
    assert done.exit_code == 1
    assert "FP-0001, act 1: it says something else than was written" in done.output
    assert "not all is as it was written" in done.output


def test_marks_tell_of_acts_that_are_gone_with_all_that_followed(
    place: Path, tmp_path: Path
) -> None:
    marks = tmp_path / "marks.json"
    assert run("verify", "--marks", marks).exit_code == 0
    assert run("verify", "--against", marks).exit_code == 0
    noted = json.loads(marks.read_text())["projects"]["FP-0001"]["acts"]
    change(
        place,
        "DELETE FROM act WHERE project_id = (SELECT id FROM project WHERE reference = 'FP-0001')",
        "UPDATE project SET acts = '[]' WHERE reference = 'FP-0001'",
    )
    assert run("verify").exit_code == 0, "a chain that was wholly taken away is not broken"
    done = run("verify", "--against", marks)
    assert done.exit_code == 1
    assert f"FP-0001: {noted} acts were there, now 0" in done.output


@pytest.mark.parametrize("said", ["", "[]", '{"projects": {"FP-0001": 3}}', '{"other": 1}'])
def test_marks_that_are_none_are_refused(place: Path, tmp_path: Path, said: str) -> None:
    (tmp_path / "marks.json").write_text(said)
    done = run("verify", "--against", tmp_path / "marks.json")
    assert done.exit_code == 1
    assert "these are no marks that fingerpost verify wrote" in done.output


def test_a_backup_is_looked_through_and_is_restored_to_where_nothing_is(
    place: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy of ? #1.sqlite3"
    with closing(sqlite3.connect(place)) as writing:  # the service goes on meanwhile
        writing.execute("PRAGMA journal_mode = WAL")
        writing.execute("UPDATE person SET name = 'Written last'")
        writing.commit()
        done = run("backup", copy)
    assert done.exit_code == 0, done.output
    assert f"Backed up to {copy}: " in done.output
    assert "is there already" in run("restore", copy).output
    for each in place.parent.iterdir():
        each.unlink()
    done = run("restore", copy)
    assert done.exit_code == 0, done.output
    assert run("verify").exit_code == 0
    with closing(sqlite3.connect(place)) as conn:
        assert conn.execute("SELECT DISTINCT name FROM person").fetchall() == [("Written last",)]


def test_what_let_people_in_when_a_backup_was_made_lets_nobody_in_after_it(
    place: Path, tmp_path: Path
) -> None:
    engine, browser = open_database(f"sqlite:///{place}"), Browser("", "")
    with write(engine) as conn:
        ann = persona_of(conn, "lead").person_id
        token = begin(conn, ann, "password", browser, NOW, timedelta(days=9))
        link = send_link(conn, ann, RESET, NOW, timedelta(days=9))
        assert who_is_here(conn, id_of(token), NOW)
    engine.dispose()
    assert run("backup", tmp_path / "copy.sqlite3").exit_code == 0
    for each in place.parent.iterdir():
        each.unlink()
    assert "Everybody signs in again" in run("restore", tmp_path / "copy.sqlite3").output
    engine = open_database(f"sqlite:///{place}")
    with read(engine) as conn:
        assert who_is_here(conn, id_of(token), NOW) is None
        with pytest.raises(NotFound):
            read_link(conn, str(link.token), NOW)
    engine.dispose()


def test_a_backup_is_never_written_over(place: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    copy.write_text("precious")
    done = run("backup", copy)
    assert done.exit_code == 1
    assert "it is there already" in done.output
    assert copy.read_text() == "precious"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda file: file.write_bytes(b"something else"), "file is not a database"),
        (lambda file: file.write_bytes(b""), "it is no database of Fingerpost"),
        (lambda file: change(file, "UPDATE act SET who = 'Somebody'"), "act 1: it says something"),
        (lambda file: change(file, "DELETE FROM document"), "the document that it names"),
    ],
    ids=["no database", "empty", "an act", "documents"],
)
def test_a_backup_that_is_not_whole_is_not_brought_back(
    place: Path, tmp_path: Path, spoil: Callable[[Path], object], told: str
) -> None:
    copy = tmp_path / "copy.sqlite3"
    assert run("backup", copy).exit_code == 0
    spoil(copy)
    place.unlink()
    done = run("restore", copy)
    assert done.exit_code == 1
    assert told in done.output
    assert "Nothing was written." in done.output
    assert not place.exists()


def test_a_byte_that_a_disk_changed_in_what_was_kept_is_found(place: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    assert run("backup", copy).exit_code == 0
    content = copy.read_bytes()
    with closing(sqlite3.connect(copy)) as conn:
        (kept,) = conn.execute("SELECT content FROM document LIMIT 1").fetchone()
    at = content.index(kept[:64]) + 40
    copy.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    place.unlink()
    done = run("restore", copy)
    assert done.exit_code == 1
    assert "its bytes are not those that were kept" in done.output


def test_a_backup_of_another_version_is_brought_back_unread_and_said_so(
    place: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite3"
    assert run("backup", copy).exit_code == 0
    change(copy, "UPDATE alembic_version SET version_num = '0019'")
    place.unlink()
    done = run("restore", copy)
    assert done.exit_code == 0
    assert "of another version of the program (0019)" in done.output


def test_on_postgresql_its_own_tools_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    (tmp_path / "copy.sqlite3").write_bytes(b"")
    done = run("restore", tmp_path / "copy.sqlite3")
    assert done.exit_code == 1
    assert "pg_restore" in done.output
