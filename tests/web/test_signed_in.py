"""The matrix where people sign in: their own account, people of organisations, and a few of the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.actions.access.policy import Relation
from app.actions.access.roles import ROLES
from app.store.accounts import account
from app.store.database import write
from app.web.access import line_of
from app.wsgi import create_app
from tests.web.attacker import settings
from tests.web.matrix import AT, Asked, Matrix, populate

BESIDES = ("projects.one", "projects.list_all", "reports.risk_report", "organisations.ig_map")
PEOPLE = "/people/<organisation>"
ACCOUNT = {
    "password": "!",
    "totp_counter": 0,
    "recovery_codes": "[]",
    "stamp": "",
    "changed_at": AT,
}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    """The product as it is served, over the database of a demonstration."""
    given = settings(tmp_path_factory.mktemp("signed"), repository)
    given = replace(given, base_url="http://localhost")
    found = populate(create_app(given, demonstration=True))
    with write(found.engine) as conn:
        ids = [{**ACCOUNT, "person_id": each.person_id} for each in found.people.values()]
        conn.execute(insert(account), ids)
    app = create_app(given)
    lines = {(r.endpoint, m): line_of(r.endpoint, m) for r, m in Matrix(app).routes()}
    return replace(found, app=app, lines=lines)


def of_accounts(each: Asked) -> bool:
    return each.endpoint.startswith("account.") and each.endpoint != "account.sign_out"


@pytest.mark.parametrize("relation", list(Relation))
def test_every_route_of_accounts_is_answered_as_the_policy_says(
    matrix: Matrix, relation: Relation
) -> None:
    asked = [a for a in matrix.every([relation]) if of_accounts(a) or a.endpoint in BESIDES]
    assert len({each.endpoint for each in asked}) > 25
    assert len({each.role for each in asked}) == len(ROLES)
    assert matrix.breaches(asked) == []


@pytest.mark.parametrize("relation", list(Relation))
def test_an_administrator_sees_the_people_of_their_own_and_of_what_they_sponsor(
    matrix: Matrix, relation: Relation
) -> None:
    addresses = {r.endpoint for r, _ in matrix.routes() if r.rule.startswith(PEOPLE)}
    every = matrix.every([relation], ["administrator"])
    asked = [each for each in every if each.endpoint in addresses]
    statuses = {a.asked.endpoint: a.status for a in matrix.ask(asked)}
    may = relation in (Relation.OWN, Relation.SPONSOR)
    if relation is Relation.PARTICIPATING:
        return  # of a project, not of people
    assert len(statuses) > 6
    if may:
        assert statuses["account.people_at"] == 200
    else:
        assert set(statuses.values()) <= {403, 404}, statuses
