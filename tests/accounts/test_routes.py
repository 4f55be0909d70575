"""Every address of accounts: without a token, without a sign-in, and in roles whose it is not."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.actions.access.roles import ROLES, WITH_CODE
from app.store.accounts import account, account_event, invitation, mail, sign_in
from app.store.database import read
from app.store.tables import membership, organisation, person
from app.web.access import line_of
from tests.accounts.conftest import GOOD, House

TABLES = (account, account_event, invitation, mail, sign_in, membership, organisation, person)
OPEN = {"account.sign_in", "account.give_password", "account.forgotten", "account.send_reset"}


def kept(house: House) -> list[int]:
    with read(house.engine) as conn:
        return [conn.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def addresses(house: House, method: str, where: str = "") -> dict[str, str]:
    """Every address of accounts by its endpoint."""
    return {
        rule.endpoint: re.sub(r"<organisation>", where or str(uuid4()), rule.rule)
        .replace("<person>", str(uuid4()))
        .replace("<token>", "x")
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("account.") and method in (rule.methods or ())
    }


def test_every_address_falls_under_a_line_of_the_policy(house: House) -> None:
    for method in ("GET", "POST"):
        found = addresses(house, method)
        assert len(found) > 10
        assert all(line_of(endpoint, method) for endpoint in found)


def test_every_form_wants_its_token(house: House) -> None:
    email = f"{uuid4().hex}@x.example"
    house.person(email, house.organisation(f"Carnmere {uuid4().hex}"), "lead")
    visitor = house.visitor().sign_in(email)
    before = kept(house)
    for path in addresses(house, "POST").values():
        for token in ({}, {"csrf_token": "forged"}):
            answer = visitor.client.post(path, data={**token, "roles": "dpo", "password": "x" * 20})
            assert answer.status_code == 400, path
    assert kept(house) == before


def test_nobody_who_is_not_signed_in_changes_or_sees_anything(house: House) -> None:
    visitor = house.visitor()
    token = visitor.open("/sign-in").read.hidden["csrf_token"]
    before = kept(house)
    for endpoint, path in addresses(house, "POST").items():
        if endpoint in OPEN | {"account.sign_out", "account.choose_password"}:
            continue
        data = {"csrf_token": token, "roles": "dpo", "role": "x dpo", "proof": "x"}
        answer = visitor.client.post(path, data=data)
        assert answer.status_code in (302, 303), path
        assert answer.headers["Location"].startswith("/sign-in"), path
    for endpoint, path in addresses(house, "GET").items():
        answer = visitor.client.get(path)
        if line_of(endpoint, "GET") and answer.status_code == 200:
            assert endpoint in OPEN | {"account.signed_out"}, path
    assert kept(house) == before


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"administrator", "system"}))
def test_people_are_nobodys_business_but_the_administrators(house: House, role: str) -> None:
    email, where = f"{uuid4().hex}@x.example", house.organisation(f"Carnmere {uuid4().hex}")
    house.person(email, where, role)
    visitor = house.visitor().sign_in(email)
    if role in WITH_CODE:
        visitor.set_up()
    token = visitor.open("/account").read.hidden["csrf_token"]
    before = kept(house)
    for method in ("GET", "POST"):
        for endpoint, path in addresses(house, method, str(where)).items():
            if not path.startswith("/people"):
                continue
            data = {"csrf_token": token, "roles": role, "name": "x", "email": "x@x.example"}
            answer = visitor.client.open(path, method=method, data=data if method == "POST" else {})
            assert answer.status_code == 404, endpoint
    assert kept(house) == before


def test_what_a_form_does_not_ask_for_changes_nothing(house: House) -> None:
    email, where = f"{uuid4().hex}@x.example", house.organisation(f"Carnmere {uuid4().hex}")
    house.person(email, where, "lead")
    visitor = house.visitor()
    visitor.open("/sign-in")
    extra = {
        column.name: "sso" if column.name == "proof" else "dpo"
        for table in (sign_in, account, membership, person)
        for column in table.columns
        if column.name not in ("password", "email")
    }
    token = visitor.page.read.hidden["csrf_token"]
    data = {"email": email, "password": GOOD, "csrf_token": token}
    assert visitor.client.post("/sign-in", data={**extra, **data}).status_code == 302
    page = visitor.open("/account")
    assert "Project lead, Carnmere" in page.html
    assert "with a password," in page.text
    assert "Data protection officer" not in page.text
