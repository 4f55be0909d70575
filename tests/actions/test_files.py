"""The bytes of files on both databases: kept once, with their project, within a measure, and unchanged."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.actions import files
from app.actions.errors import Full, NotFound
from app.actions.files import keep_file, look_at_file, open_file
from app.store.database import read, write
from app.store.files import file
from tests.brought import pdf
from tests.databases import NOW, World


def kept(world: World) -> int:
    with read(world.engine) as conn:
        return conn.scalar(select(func.count()).select_from(file)) or 0


def keep(world: World, content: bytes, question: str = "a.file") -> str:
    brought = look_at_file("Signed.pdf", content)
    with write(world.engine) as conn:
        keep_file(conn, world.ann, world.reference, question, brought, NOW)
    return brought.inspected.hash


def test_the_bytes_are_kept_as_they_came_with_who_brought_them(world: World) -> None:
    hashed = keep(world, pdf())
    with read(world.engine) as conn:
        (row,) = conn.execute(select(file)).all()
    assert (row.hash, bytes(row.content), row.name) == (hashed, pdf(), "Signed.pdf")
    assert (row.who, row.at, row.size) == (world.ann.name, NOW, len(pdf()))


def test_the_same_bytes_are_kept_once_for_a_question(world: World) -> None:
    keep(world, pdf())
    keep(world, pdf())
    assert kept(world) == 1
    keep(world, pdf(), "b.file")
    assert kept(world) == 2


def test_a_project_holds_so_many_bytes_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_OF_A_PROJECT", 2 * len(pdf()))
    keep(world, pdf())
    with pytest.raises(Full, match="the most it can"):
        keep(world, pdf(b"% another that is longer\n"))
    assert kept(world) == 1


def test_nothing_is_kept_with_a_project_that_is_not_there(world: World) -> None:
    brought = look_at_file("Signed.pdf", pdf())
    with write(world.engine) as conn:
        keep_file(conn, world.ann, "FP-9999", "a.file", brought, NOW)
    assert kept(world) == 0


@pytest.mark.parametrize("change", ["UPDATE file SET name = 'x'", "DELETE FROM file"])
def test_what_was_kept_is_neither_changed_nor_removed(world: World, change: str) -> None:
    keep(world, pdf())
    with pytest.raises(DBAPIError, match="append-only"), write(world.engine) as conn:
        conn.execute(text(change))


def test_whose_organisation_takes_no_part_finds_no_file(world: World) -> None:
    hashed = keep(world, pdf())
    with read(world.engine) as conn, pytest.raises(NotFound):
        open_file(conn, world.stranger, None, world.reference, hashed)  # type: ignore[arg-type]  # never reached
