"""What two people do at the very same moment: both are kept, or one is told; nothing breaks.

One transaction is stopped just before it writes a row, another one is carried out and kept, and the
first goes on: it has read what stood before. That needs a database in which two write at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, event, select

from app.actions.access.people import Invited, invite
from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.law import dispute_law, open_statement
from app.actions.definitions.releases import publish_files, require_move
from app.actions.organisations import (
    NameTaken,
    NewOrganisation,
    add_organisation,
    add_person,
    enter_organisation,
    take_in,
)
from app.actions.review.claims import let_cover
from app.settings import content_root
from app.store.database import open_database, read, write
from app.store.definitions import law_word, release_mark
from app.store.tables import membership, organisation, person
from app.store.team import cover
from tests.actions.definitions.test_publishing import files
from tests.databases import NOW, empty_postgres
from tests.kept import who_is

pytestmark = pytest.mark.postgres
LONG = timedelta(hours=1)
Act = Callable[[Connection], Any]


@pytest.fixture
def engine() -> Iterator[Engine]:
    opened = open_database(empty_postgres("migrated"), pool_size=4)
    yield opened
    opened.dispose()


@contextmanager
def stopped_before(engine: Engine, table: str, meanwhile: Callable[[], object]) -> Iterator[None]:
    """Do something else, and keep it, just before the first row is written into a table."""
    done: list[object] = []

    def look(*arguments: Any) -> None:
        if arguments[2].startswith(f"INSERT INTO {table} ") and not done:
            done.append(None)
            meanwhile()

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", look)
    assert done, f"nothing was written into {table}"


def both(engine: Engine, table: str, first: Act, second: Act) -> None:
    """Both acts at once: the second is kept while the first is about to write."""

    def meanwhile() -> None:
        with write(engine) as conn:
            second(conn)

    with stopped_before(engine, table, meanwhile), write(engine) as conn:
        first(conn)


def names(engine: Engine, *columns: Any) -> list[tuple[Any, ...]]:
    with read(engine) as conn:
        return sorted(tuple(row) for row in conn.execute(select(*columns)))


@dataclass(frozen=True)
class Place:
    engine: Engine
    catalogues: Catalogues
    home: UUID
    ann: Actor
    ben: Actor


@pytest.fixture
def place(engine: Engine) -> Place:
    """Two data protection officers of one organisation, and a release."""
    catalogues = Catalogues(engine)
    publish_files(catalogues, files(), Notes("LOTI", "First.", NOW))
    with write(engine) as conn:
        home = add_organisation(conn, "Carnmere", "borough", NOW)
        people = []
        for name in ("Ann", "Ben"):
            id_ = add_person(conn, name, f"{name}@x.example".lower(), NOW)
            take_in(conn, id_, home, "dpo", NOW)
            people.append(who_is(conn, id_))
    ann, ben = people
    assert ann
    assert ben
    return Place(engine, catalogues, home, ann, ben)


def inviting(where: UUID, email: str, *roles: str, id_: UUID | None = None) -> Act:
    who = Invited("Cy", email, roles, id_ or uuid4())
    return lambda conn: invite(conn, None, where, who, NOW, LONG)


def test_two_organisations_that_invite_the_same_newcomer_invite_one_person(place: Place) -> None:
    with write(place.engine) as conn:
        other = add_organisation(conn, "Brookvale", "borough", NOW)
    first, second = (
        inviting(place.home, "cy@x.example", "lead"),
        inviting(other, "Cy@x.example", "dpo"),
    )
    both(place.engine, "person", first, second)
    assert [name for (name,) in names(place.engine, person.c.email)].count("cy@x.example") == 1
    found = names(place.engine, membership.c.role, membership.c.status)
    assert [each for each in found if each[1] == "invited"] == [
        ("dpo", "invited"),
        ("lead", "invited"),
    ]


def test_two_administrators_who_give_the_same_role_give_it_once(place: Place) -> None:
    with write(place.engine) as conn:
        add_person(conn, "Cy", "cy@x.example", NOW)
    act = inviting(place.home, "cy@x.example", "lead")
    both(place.engine, "membership", act, inviting(place.home, "cy@x.example", "lead", "security"))
    invited = names(place.engine, membership.c.role, membership.c.status)
    assert [role for role, status in invited if status == "invited"] == ["lead", "security"]


def test_one_invitation_sent_twice_at_once_is_one(place: Place) -> None:
    with write(place.engine) as conn:
        add_person(conn, "Cy", "cy@x.example", NOW)
    sent: list[Any] = []
    act = inviting(place.home, "cy@x.example", "lead", id_=uuid4())
    both(
        place.engine,
        "account_event",
        lambda conn: sent.append(act(conn)),
        lambda conn: sent.append(act(conn)),
    )
    assert [link.anew for link in sent] == [True, False]
    assert [link.token is None for link in sent] == [False, True]


@pytest.fixture
def entering(place: Place) -> Callable[..., Act]:
    """Entering an organisation, with its first answer."""
    place.catalogues.publish(content_root(), Notes("LOTI", "All.", NOW))

    def enter(id_: UUID) -> Act:
        new = NewOrganisation("Larkhill", "borough", NOW, id_)

        def act(conn: Connection) -> UUID:
            newest = place.catalogues.newest_in(conn).of_organisations
            return enter_organisation(conn, place.ann, newest, new)

        return act

    return enter


def test_an_organisation_entered_twice_at_once_by_one_form_is_one(
    place: Place, entering: Callable[..., Act]
) -> None:
    act = entering(uuid4())
    both(place.engine, "organisation", act, act)
    assert [n for (n,) in names(place.engine, organisation.c.name)].count("Larkhill") == 1


def test_whoever_enters_an_organisation_a_moment_later_is_told_that_it_is_there(
    place: Place, entering: Callable[..., Act]
) -> None:
    with pytest.raises(NameTaken):
        both(place.engine, "organisation", entering(uuid4()), entering(uuid4()))
    assert [n for (n,) in names(place.engine, organisation.c.name)].count("Larkhill") == 1


def test_two_who_say_at_once_that_projects_must_move_both_say_it(place: Place) -> None:
    def say(actor: Actor) -> Act:
        return lambda conn: require_move(conn, actor, 1, (f"{actor.name} says so.", NOW))

    both(place.engine, "release_mark", say(place.ann), say(place.ben))
    assert names(place.engine, release_mark.c.seq, release_mark.c.who) == [(1, "Ben"), (2, "Ann")]


def test_two_officers_who_dispute_a_rule_at_once_are_both_heard(place: Place) -> None:
    def dispute(actor: Actor) -> Act:
        def act(conn: Connection) -> None:
            seen = open_statement(conn, place.catalogues, "R1").hash
            dispute_law(conn, actor, place.catalogues, "R1", (seen, "Repealed.", NOW))

        return act

    both(place.engine, "law_word", dispute(place.ann), dispute(place.ben))
    assert names(place.engine, law_word.c.seq, law_word.c.who) == [(1, "Ben"), (2, "Ann")]


def test_a_deputy_who_is_chosen_twice_at_once_is_the_one_chosen_last(place: Place) -> None:
    with write(place.engine) as conn:
        cy = add_person(conn, "Cy", "cy@x.example", NOW)
        take_in(conn, cy, place.home, "dpo", NOW)

    def choose(deputy: UUID) -> Act:
        return lambda conn: let_cover(conn, place.ann, deputy, NOW.date())

    both(place.engine, "cover", choose(cy), choose(place.ben.person_id))
    assert names(place.engine, cover.c.deputy_id) == [(cy,)]
