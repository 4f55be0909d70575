"""Who has a page open, and what somebody has seen, are one row for each, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.actions.answers import save_changes
from app.actions.errors import NotFound
from app.actions.together.visits import GONE_AFTER, HERE_FOR, say_here, say_seen
from app.core.sheet import Change
from app.store.database import read, write
from app.store.team import presence, visit
from tests.databases import NOW, World, summarise

PAGE = "dpia/data"
SOON = timedelta(seconds=20)


def here(
    world: World, who: str, page: str = PAGE, after: timedelta = timedelta()
) -> tuple[str, ...]:
    with write(world.engine) as conn:
        return say_here(conn, getattr(world, who), world.reference, page, NOW + after)


def rows(world: World) -> int:
    with read(world.engine) as conn:
        return conn.execute(select(func.count()).select_from(presence)).scalar_one()


def test_people_of_both_organisations_hear_of_each_other(world: World) -> None:
    assert here(world, "ann") == ()
    assert here(world, "ben") == ("Ann",)
    assert here(world, "ann", after=SOON) == ("Ben",)
    assert here(world, "ann", "dpia/other", SOON) == ()
    assert here(world, "ben", after=SOON) == ()
    assert rows(world) == 2


@pytest.mark.parametrize(("after", "still", "kept"), [
    (HERE_FOR - SOON, ("Ben",), 2),
    (HERE_FOR + SOON, (), 2),
    (GONE_AFTER + SOON, (), 1),
])  # fmt: skip
def test_silence_is_being_gone_and_after_a_while_being_forgotten(
    world: World, after: timedelta, still: tuple[str, ...], kept: int
) -> None:
    here(world, "ben")
    assert here(world, "ann", after=after) == still
    assert rows(world) == kept


def test_a_stranger_is_neither_told_nor_counted(world: World) -> None:
    with pytest.raises(NotFound):
        here(world, "stranger")
    assert rows(world) == 0


def test_what_one_has_seen_is_the_version_and_the_moment_of_the_last_time(world: World) -> None:
    for n in range(2):
        with write(world.engine) as conn:
            posted = world.posted(Change("project.title", f"Title {n}", 1 + n), minutes=n)
            save_changes(conn, world.ben, world.reference, posted, summarise)
            say_seen(conn, world.ann, world.reference, NOW + timedelta(minutes=n))
    with read(world.engine) as conn:
        (found,) = conn.execute(select(visit)).all()
    assert (found.person_id, found.at) == (world.ann.person_id, NOW + timedelta(minutes=1))
    assert found.version == 3
