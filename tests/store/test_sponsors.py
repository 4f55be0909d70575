"""The database itself keeps a sponsored organisation from sharing with anybody but its sponsor."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError

from app.actions.organisations import add_organisation
from app.store.database import read, write
from app.store.tables import organisation, project, project_party
from tests.databases import NOW, World

REFUSED = "a sponsored organisation shares only with its sponsor"


def project_of(conn: Connection) -> UUID:
    found: UUID = conn.scalars(select(project.c.id)).one()
    return found


def another(conn: Connection, name: str, sponsor: UUID | None = None) -> UUID:
    return add_organisation(conn, name, "voluntary", NOW, sponsor)


def join(conn: Connection, organisation_id: UUID, project_id: UUID | None = None) -> None:
    there = project_id or project_of(conn)
    conn.execute(
        insert(project_party),
        {"project_id": there, "organisation_id": organisation_id, "since": NOW},
    )


def alone(world: World) -> None:
    """Leave only the project's own organisation in it."""
    with write(world.engine) as conn:
        conn.execute(
            project_party.delete().where(
                project_party.c.organisation_id != world.ann.organisation_id
            )
        )


def test_a_sponsored_organisation_joins_its_sponsor(world: World) -> None:
    alone(world)
    with write(world.engine) as conn:
        join(conn, another(conn, "Harbour", world.ann.organisation_id))
        assert len(conn.execute(select(project_party)).all()) == 2


def test_a_sponsored_organisation_joins_nobody_else(world: World) -> None:
    alone(world)
    with pytest.raises(DBAPIError, match=REFUSED), write(world.engine) as conn:
        join(conn, another(conn, "Harbour", world.stranger.organisation_id))


def test_a_sponsored_organisation_does_not_join_its_sponsor_among_others(world: World) -> None:
    with pytest.raises(DBAPIError, match=REFUSED), write(world.engine) as conn:
        join(conn, another(conn, "Harbour", world.ann.organisation_id))


def test_nobody_joins_a_sponsored_organisation_and_its_sponsor(world: World) -> None:
    alone(world)
    with write(world.engine) as conn:
        join(conn, another(conn, "Harbour", world.ann.organisation_id))
    with pytest.raises(DBAPIError, match=REFUSED), write(world.engine) as conn:
        join(conn, world.ben.organisation_id)


def test_two_organisations_of_one_sponsor_do_not_share(world: World) -> None:
    alone(world)
    with write(world.engine) as conn:
        join(conn, another(conn, "Harbour", world.ann.organisation_id))
    with pytest.raises(DBAPIError, match=REFUSED), write(world.engine) as conn:
        join(conn, another(conn, "Haven", world.ann.organisation_id))


def test_a_place_in_a_project_is_not_handed_to_a_sponsored_organisation(world: World) -> None:
    with write(world.engine) as conn:
        harbour = another(conn, "Harbour", world.stranger.organisation_id)
    moved = (
        update(project_party)
        .where(project_party.c.organisation_id == world.ben.organisation_id)
        .values(organisation_id=harbour)
    )
    with pytest.raises(DBAPIError, match=REFUSED), write(world.engine) as conn:
        conn.execute(moved)


def test_who_shares_with_others_is_not_given_a_sponsor(world: World) -> None:
    own = organisation.c.id == world.ben.organisation_id
    for sponsor in (world.stranger.organisation_id, world.ben.organisation_id):
        given = update(organisation).where(own).values(sponsor_id=sponsor)
        with pytest.raises(DBAPIError, match=REFUSED), write(world.engine) as conn:
            conn.execute(given)
    # Whoever shares with nobody but the sponsor may have it.
    with write(world.engine) as conn:
        conn.execute(update(organisation).where(own).values(sponsor_id=world.ann.organisation_id))


def test_nobody_is_their_own_sponsor(engine: Engine) -> None:
    own = uuid4()
    new = {"id": own, "name": "A", "kind": "police", "sponsor_id": own, "created_at": NOW}
    with pytest.raises(DBAPIError, match=REFUSED), write(engine) as conn:
        conn.execute(insert(organisation), new)


def test_those_who_join_at_once_see_each_other(world: World) -> None:
    alone(world)
    with write(world.engine) as conn:
        harbour = another(conn, "Harbour", world.ann.organisation_id)
        there = project_of(conn)

    def joins(organisation_id: UUID) -> str:
        try:
            with write(world.engine) as conn:
                join(conn, organisation_id, there)
        except DBAPIError as refused:
            return str(refused.orig)
        return "joined"

    with ThreadPoolExecutor(2) as pool:
        joined = list(pool.map(joins, (harbour, world.ben.organisation_id)))
    assert joined.count("joined") == 1
    assert sum(REFUSED in each for each in joined) == 1
    with read(world.engine) as conn:
        assert len(conn.execute(select(project_party)).all()) == 2
