"""The authorisation matrix: every route, role and relation; words of others; and holes that it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Uuid, bindparam, select, text, update

from app.actions import actor as actor_module
from app.actions import answers, organisation_sheets, overview
from app.actions.access import policy, seeing
from app.actions.access.policy import Relation, Thing
from app.actions.access.roles import ROLES
from app.actions.actor import Actor
from app.actions.demonstration import persona_of
from app.actions.errors import NotAllowed
from app.actions.projects import list_projects
from app.actions.review import acts
from app.actions.review.acts import NewAct, record_act
from app.core.standing import ADVISE
from app.reference.pages import COMMAND, text_of_policy
from app.store import queries
from app.store.database import read, write
from app.store.tables import membership, person
from app.web import access, project_list, site
from app.web.access import SMALL, line_of
from app.web.limits import WITH_FILES
from app.wsgi import create_app
from tests.web.attacker import Attacker, settings
from tests.web.matrix import (
    CANARIES,
    MAIN,
    OWN_CANARY,
    TOKEN,
    Asked,
    Matrix,
    for_all,
    for_the_whole_organisation,
    plant,
    populate,
)

AT = f"/projects/{MAIN}"
PEOPLE = ("lead", "editor", "signatory")
WITH_AN_ISSUER = "sso."  # routes that are there where people may sign in elsewhere


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    """A demonstration of our own with people in every role of four organisations."""
    app = create_app(settings(tmp_path_factory.mktemp("matrix"), repository), demonstration=True)
    found = populate(app)
    plant(found)
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """The product as it is served, where nobody is anybody."""
    return create_app(settings(tmp_path_factory.mktemp("served"), repository))


# The matrix


def test_every_route_falls_under_a_line_of_the_policy(matrix: Matrix, served: Flask) -> None:
    for app in (matrix, Matrix(served)):
        missing = [f"{m} {rule}" for rule, m in app.routes() if not line_of(rule.endpoint, m)]
        assert missing == [], "app/web/access.py says under which line of the policy each falls"


def test_what_the_policy_lists_is_there(matrix: Matrix, served: Flask) -> None:
    there = {rule.endpoint for app in (matrix.app, served) for rule in app.url_map.iter_rules()}
    listed = {endpoint for endpoint in access.ROUTES if not endpoint.startswith(WITH_AN_ISSUER)}
    assert listed - there == set()


def test_the_page_on_who_may_do_what_says_what_the_program_does(
    matrix: Matrix, served: Flask, repository: Path
) -> None:
    kept = (repository / "docs" / "policy.md").read_text(encoding="utf-8")
    assert kept == text_of_policy((matrix.app, served)), f"write it again: {COMMAND}"


@pytest.mark.parametrize("relation", list(Relation))
def test_every_route_is_answered_as_the_policy_says(matrix: Matrix, relation: Relation) -> None:
    asked = list(matrix.every([relation]))
    assert len(asked) > 40 * len(ROLES)
    assert matrix.breaches(asked) == []


@pytest.mark.parametrize("size", [SMALL - 2_000, SMALL + 2_000])
def test_a_form_in_which_nobody_writes_at_length_is_small(matrix: Matrix, size: int) -> None:
    lead = Attacker(matrix.app, matrix.client(matrix.people[Relation.OWN, "lead"]))
    small: list[int] = []
    wide: list[int] = []
    for rule, method in matrix.routes():
        line = line_of(rule.endpoint, method)
        if method == "POST" and line is not None:
            sent = {"csrf_token": "forged", "reason": "x" * size}
            answer = lead.client.post(matrix.path(rule, Relation.OWN), data=sent)
            long = line.id in policy.WRITTEN or rule.endpoint in WITH_FILES
            (wide if long else small).append(answer.status_code)
    assert {*small} == ({413} if size > SMALL else {400})
    assert {*wide} == {400}
    assert len(small) > 5
    assert len(wide) > 5


def test_what_is_refused_changes_nothing(matrix: Matrix) -> None:
    kept = Attacker(matrix.app, matrix.app.test_client()).kept
    not_theirs = policy.SEES - policy.OVERSIGHT
    for relation, roles in (
        (Relation.OTHER, ROLES),
        (Relation.SPONSORED, ROLES),
        (Relation.OFF_TEAM, sorted(not_theirs)),
    ):
        asked = [
            each
            for each in matrix.every([relation], roles)
            if (line := line_of(each.endpoint, each.method)) and line.thing is Thing.PROJECT
        ]
        before = kept()
        assert {answered.status for answered in matrix.ask(asked)} == {404}
        assert kept() == before


def test_the_words_that_are_looked_for_are_found_where_they_may_be(matrix: Matrix) -> None:
    """Otherwise a scan that finds nothing would say nothing."""
    for path in ("", "/history", "/report", "/idea/motivate", "/documents/dpia.docx"):
        asked = Asked("", "GET", AT + path, "lead", Relation.OWN)
        assert [a for a in matrix.ask([asked]) if OWN_CANARY in a.said], path
    asked = Asked("", "GET", "/projects", "lead", Relation.OWN)
    assert [a for a in matrix.ask([asked]) if OWN_CANARY in a.said]


def test_no_e_mail_tells_of_a_project_to_whoever_takes_no_part_in_it(matrix: Matrix) -> None:
    at_home = {
        word: {matrix.people[relation, "lead"].organisation_id for relation in relations}
        for word, relations in CANARIES.items()
    }
    with read(matrix.engine) as conn:
        mails = conn.execute(text("select * from mail")).mappings().all()
        whose = {
            (row.person_id, row.organisation_id) for row in conn.execute(membership.select()).all()
        }
        of = {row.email: row.id for row in conn.execute(select(person.c.email, person.c.id))}
    assert [mail for mail in mails if OWN_CANARY in mail["body"]]  # there is something to find
    for mail in mails:
        for word, homes in at_home.items():
            may = any((of[mail["recipient"]], home) in whose for home in homes)
            assert may or word not in str(dict(mail)), mail["letter"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_who_is_not_signed_in_is_answered(served: Flask, method: str) -> None:
    unasked = Matrix(served)
    client = served.test_client()
    found = TOKEN.search(client.get("/about").text)
    token = {"csrf_token": found[1] if found else ""}
    for rule, each in unasked.routes():
        line = line_of(rule.endpoint, each)
        if each != method or line is None or line.thing is Thing.PUBLIC:
            continue
        path = unasked.path(rule, Relation.OWN)
        answer = client.open(path, method=method, data=token if method == "POST" else None)
        unread = {400} if method == "POST" else set()  # a form that says nothing
        assert answer.status_code in {302, 303, 401, 403, 404} | unread, path
        if answer.status_code in (302, 303):
            assert answer.headers["Location"].startswith("/sign-in"), path


@pytest.mark.parametrize("status", ["invited", "suspended"])
@pytest.mark.parametrize("whole", [True, False])
def test_who_is_not_active_is_nobody(matrix: Matrix, status: str, whole: bool) -> None:
    whose = matrix.people[Relation.OWN, "caldicott"]
    assert _admitted(matrix, "caldicott")
    with write(matrix.engine) as conn:
        if whole:
            theirs = person.c.id == whose.person_id
            conn.execute(update(person).where(theirs).values(active=False))
        else:
            theirs = membership.c.person_id == whose.person_id
            conn.execute(update(membership).where(theirs).values(status=status))
    try:
        assert not _admitted(matrix, "caldicott")
    finally:
        with write(matrix.engine) as conn:
            conn.execute(update(person).values(active=True))
            conn.execute(update(membership).values(status="active"))


# Holes: each is made, and found


def test_a_route_that_nobody_listed_is_not_answered() -> None:
    assert _with_route("unlisted").test_client().get("/hole").status_code == 404


def test_a_route_that_does_not_ask_who_is_there_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(access.ROUTES, "unasked", ("project.read", None))
    app = _with_route("unasked")
    answer = app.test_client().get("/hole")
    assert answer.status_code == 500
    assert "Everything" not in answer.text
    # Without that look at what is answered it would be shown.
    app.after_request_funcs.clear()
    assert "Everything" in app.test_client().get("/hole").text


Hole = Callable[[pytest.MonkeyPatch, Matrix], None]


def _scope_of_reading(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    patch.setattr(answers, "PROJECT", for_all(queries.PROJECT))


def _scope_of_the_project_page(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    patch.setattr(overview, "PROJECT_FOLLOWED", for_all(queries.PROJECT_FOLLOWED))


def _scope_of_writing(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    patch.setattr(answers, "PROJECT", for_all(queries.PROJECT))
    patch.setattr(answers, "PROJECT_TO_WRITE", for_all(queries.PROJECT_TO_WRITE))


def _team_left_out_of_a_statement(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    patch.setattr(answers, "PROJECT", for_the_whole_organisation(queries.PROJECT))


def _team_left_out_of_the_lists(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    patch.setattr(seeing, "OVERSIGHT", policy.SEES)


def _scope_of_the_list(patch: pytest.MonkeyPatch, matrix: Matrix) -> None:
    listed, owner = list_projects, matrix.people[Relation.OWN, "lead"]

    def whatever(conn: Connection, _actor: Actor, *rest: Any, **more: Any) -> Any:
        return listed(conn, owner, *rest, **more)

    patch.setattr(project_list, "list_projects", whatever)


def _check_of_roles(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    patch.setattr(access, "admit", lambda _conn, _actor: None)
    patch.setattr(site, "admit", lambda _conn, _actor: None)


def _widened(patch: pytest.MonkeyPatch, line: str, *roles: str) -> None:
    wide = replace(policy.POLICY[line], roles=policy.POLICY[line].roles | {*roles})
    patch.setattr(access, "POLICY", {**policy.POLICY, line: wide})


def _one_role_more_that_sees(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    _widened(patch, "project.read", "editor")
    patch.setattr(access, "SEES", policy.SEES | {"editor"})


def _one_role_more_that_accepts(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    _widened(patch, "flag.accept", "signatory")


def _another_line_for_an_address(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    patch.setitem(access.ROUTES, "organisations.add", ("record.read", "record.read"))


def _check_of_who_keeps_a_record(patch: pytest.MonkeyPatch, _matrix: Matrix) -> None:
    kept = organisation_sheets.Organisation

    def anybodys(*given: Any, **named: Any) -> Any:
        return replace(kept(*given, **named), may_change=True)

    patch.setattr(organisation_sheets, "Organisation", anybodys)


def _what_is_not_there_told_from_what_is_of_others(
    patch: pytest.MonkeyPatch, _matrix: Matrix
) -> None:
    def refuse(*_: Any) -> Any:
        raise NotAllowed("It is there, and it is not yours.")

    patch.setattr(answers, "_open", refuse)


HOLES: dict[Hole, tuple[str, ...]] = {
    # the hole: the routes that show it
    _scope_of_reading: ("reports.risk_report", "reports.word", "projects.history"),
    _scope_of_the_project_page: ("projects.one",),
    _scope_of_writing: ("pages.save", "projects.colleague"),
    _scope_of_the_list: ("projects.list_all",),
    _team_left_out_of_a_statement: ("reports.risk_report", "reports.word", "projects.history"),
    _team_left_out_of_the_lists: ("projects.list_all", "projects.how_long"),
    _check_of_roles: ("reports.risk_report", "reports.accept", "start.begin"),
    _one_role_more_that_sees: ("reports.risk_report",),
    _one_role_more_that_accepts: ("reports.accept",),
    _another_line_for_an_address: ("organisations.add",),
    _check_of_who_keeps_a_record: ("organisation_pages.save",),
    _what_is_not_there_told_from_what_is_of_others: ("reports.risk_report",),
}


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.__name__.strip("_"))
def test_the_matrix_finds_a_hole(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch, hole: Hole
) -> None:
    shown = [each for each in matrix.every(roles=PEOPLE) if each.endpoint in HOLES[hole]]
    assert matrix.breaches(shown) == []
    hole(monkeypatch, matrix)
    assert matrix.breaches(shown) != []


def test_a_check_of_who_is_active_that_is_left_out_is_found(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = text(
        "select p.id, p.name, m.role, o.id as organisation_id, o.name as organisation_name "
        "from person p join membership m on m.person_id = p.id "
        "join organisation o on o.id = m.organisation_id where p.id = :person"
    ).columns(*queries.MEMBERSHIPS.selected_columns)
    named = statement.bindparams(bindparam("person", type_=Uuid))
    monkeypatch.setattr(actor_module, "PERSON", named)
    with pytest.raises(AssertionError):
        test_who_is_not_active_is_nobody(matrix, "suspended", whole=False)


def test_a_token_that_is_not_asked_for_is_found(matrix: Matrix) -> None:
    lead = Attacker(matrix.app, matrix.client(matrix.people[Relation.OWN, "lead"]))
    address = f"{AT}/idea/discover/colleague"
    assert lead.client.post(address, data={"to_whom": "x"}).status_code == 400
    matrix.app.config["WTF_CSRF_ENABLED"] = False
    try:
        assert lead.client.post(address, data={"to_whom": "x"}).status_code != 400
    finally:
        matrix.app.config["WTF_CSRF_ENABLED"] = True


def test_a_duty_that_is_not_kept_apart_is_found(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = replace(persona(matrix, "lead"), role="dpo")
    give = NewAct(ADVISE, "dpia", datetime.now(UTC))
    with pytest.raises(NotAllowed), write(matrix.engine) as conn:
        record_act(conn, lead, MAIN, give)
    monkeypatch.setattr(acts, "SEPARATE", {})
    with write(matrix.engine) as conn:
        record_act(conn, lead, MAIN, give)
        conn.rollback()


def _admitted(matrix: Matrix, role: str) -> bool:
    answer = matrix.client(matrix.people[Relation.OWN, role]).get(f"{AT}/report")
    return answer.status_code == 200


def _with_route(name: str) -> Flask:
    """A site with one route, which looks at the policy as ours does."""
    app = Flask(__name__)
    app.add_url_rule("/hole", name, lambda: "Everything about everybody")
    access.install(app)
    return app


def persona(matrix: Matrix, role: str) -> Actor:
    """Somebody of the demonstration itself, such as who leads its projects."""
    with read(matrix.engine) as conn:
        return persona_of(conn, role)
