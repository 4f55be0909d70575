"""Who has which piece of work, and who covers for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from app.actions.actor import Actor, everyone
from app.actions.catalogues import Catalogues, Notes
from app.actions.demonstration import seed
from app.actions.errors import NotFound
from app.actions.organisations import add_person, take_in
from app.actions.review.claims import (
    colleagues,
    covered,
    end_cover,
    give_work,
    holders,
    let_cover,
    put_back,
)
from app.store.database import open_database, read, write
from app.store.migrate import migrate

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ON = date(2026, 11, 22)
ONE = "FP-0001"


@pytest.fixture(scope="module")
def engine(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The demonstration, with two people who share the queue of a data protection officer."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('claims') / 'a.sqlite3'}")
    migrate(engine)
    seed(engine, Catalogues(engine).publish(repository, Notes("LOTI", "", AT)), repository, AT)
    yield engine
    engine.dispose()


@pytest.fixture
def pair(engine: Engine) -> tuple[Actor, Actor]:
    """Two data protection officers of one organisation; nobody has anything yet."""
    with write(engine) as conn:
        first, second = (each for each in everyone(conn) if each.role == "dpo")
        put_back(conn, first, ONE)
        end_cover(conn, first)
    return first, second


def with_whom(engine: Engine, actor: Actor, on: date = ON) -> tuple[str, str | None] | None:
    """Who has the project, and who covers for them."""
    with read(engine) as conn:
        held = holders(conn, actor, on).get(ONE)
    return (held.person.name, held.deputy.name if held.deputy else None) if held else None


def test_work_is_nobodys_until_somebody_takes_it_and_again_when_it_is_put_back(
    engine: Engine, pair: tuple[Actor, Actor]
) -> None:
    me, other = pair
    assert with_whom(engine, me) is None
    with write(engine) as conn:
        give_work(conn, me, ONE, me.person_id, AT)
    assert with_whom(engine, me) == with_whom(engine, other) == (me.name, None)
    with write(engine) as conn:
        put_back(conn, other, ONE)
    assert with_whom(engine, me) is None


def test_work_is_given_to_whoever_shares_the_queue_and_to_nobody_else(
    engine: Engine, pair: tuple[Actor, Actor]
) -> None:
    me, other = pair
    with write(engine) as conn:
        assert [each.name for each in colleagues(conn, me)] == [me.name, other.name]
        give_work(conn, me, ONE, me.person_id, AT)
        give_work(conn, me, ONE, other.person_id, AT)
    assert with_whom(engine, me) == (other.name, None)
    with read(engine) as conn:
        lead = next(each for each in everyone(conn) if each.role == "lead")
    for stranger in (lead.person_id, uuid4()):
        with pytest.raises(NotFound), write(engine) as conn:
            give_work(conn, me, ONE, stranger, AT)


def test_another_role_has_a_queue_of_its_own(engine: Engine, pair: tuple[Actor, Actor]) -> None:
    me, _ = pair
    with write(engine) as conn:
        give_work(conn, me, ONE, me.person_id, AT)
    assert with_whom(engine, replace(me, role="lead")) is None


def test_work_of_a_project_that_is_not_ours_cannot_be_taken(
    engine: Engine, pair: tuple[Actor, Actor]
) -> None:
    me, _ = pair
    stranger = replace(me, organisation_id=uuid4())
    with pytest.raises(NotFound), write(engine) as conn:
        give_work(conn, stranger, ONE, me.person_id, AT)


def test_a_deputy_covers_until_the_last_day_and_no_longer(
    engine: Engine, pair: tuple[Actor, Actor]
) -> None:
    me, other = pair
    with write(engine) as conn:
        give_work(conn, me, ONE, me.person_id, AT)
        let_cover(conn, me, other.person_id, ON - timedelta(1))
        let_cover(conn, me, other.person_id, ON)
    assert with_whom(engine, me) == (me.name, other.name)
    assert with_whom(engine, me, ON + timedelta(1)) == (me.name, None)
    with read(engine) as conn:
        found = covered(conn, me, ON)
        assert found is not None
        assert (found.deputy.name, found.until) == (other.name, ON)
        assert covered(conn, other, ON) is None
    with write(engine) as conn:
        end_cover(conn, me)
    assert with_whom(engine, me) == (me.name, None)


def test_nobody_covers_for_themselves(engine: Engine, pair: tuple[Actor, Actor]) -> None:
    me, _ = pair
    with pytest.raises(NotFound), write(engine) as conn:
        let_cover(conn, me, me.person_id, ON)


def test_work_is_given_to_nobody_who_does_not_see_the_project(engine: Engine) -> None:
    """Of a role whose people must be on the team."""
    with write(engine) as conn:
        on_it = next(each for each in everyone(conn) if each.role == "security")
        off = add_person(conn, "Off the team", "off@demo.invalid", AT)
        take_in(conn, off, on_it.organisation_id, "security", AT)
    with read(engine) as conn:
        assert {each.name for each in colleagues(conn, on_it)} == {on_it.name, "Off the team"}
        assert [each.name for each in colleagues(conn, on_it, ONE)] == [on_it.name]
    with pytest.raises(NotFound), write(engine) as conn:
        give_work(conn, on_it, ONE, off, AT)
