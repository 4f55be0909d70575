"""Every route and address in hostile hands: headers, tokens, hosts, other organisations, no session."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from app.actions.organisations import add_organisation, add_person, take_in
from app.store.database import write
from app.wsgi import create_app
from tests.web.attacker import AT, PAGE, ROWS, Attacker, gets, posts, settings


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """A demonstration of our own: what is broken here is seen by no other test."""
    return create_app(settings(tmp_path_factory.mktemp("safety"), repository), demonstration=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Flask:
    """The product as it is served, without the demonstration."""
    return create_app(settings(tmp_path_factory.mktemp("served"), repository))


@pytest.fixture
def attacker(product: Flask) -> Attacker:
    return Attacker(product, product.test_client()).be("lead")


# Every route


def test_every_page_is_safe_by_its_headers_and_reading_it_changes_nothing(
    attacker: Attacker,
) -> None:
    before = attacker.kept()
    for path in gets(attacker.app):
        with attacker.client.get(path) as answer:
            assert answer.status_code < 500, path
        policy = answer.headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert part in policy, path
        assert "unsafe" not in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"], path
        cached = answer.headers["Cache-Control"]
        static = path.startswith("/static/build/") and answer.status_code == 200
        assert ("immutable" if static else "no-store") in cached, path
    assert attacker.kept() == before


def test_asking_only_for_the_head_of_a_page_changes_nothing(attacker: Attacker) -> None:
    before = attacker.kept()
    for path in gets(attacker.app, stage="idea", output="questions"):
        attacker.client.head(path).close()
    assert attacker.kept() == before


def test_every_route_that_writes_wants_its_token(attacker: Attacker) -> None:
    before = attacker.kept()
    paths = list(posts(attacker.app))
    assert len(paths) > 10
    for path in paths:
        for token in ({}, {"csrf_token": "forged"}, {"csrf_token": ""}):
            answer = attacker.client.post(path, data={**token, "reason": "x", "agree": "yes"})
            assert answer.status_code == 400, path
    assert attacker.kept() == before


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_does_nothing_and_ends_no_session(
    attacker: Attacker, site: str
) -> None:
    before = attacker.kept()
    good = {"csrf_token": attacker.token, "words": "Click here", "audience": "all"}
    for path in posts(attacker.app):
        answer = attacker.client.post(path, data=good, headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (400, None), path
        assert "Click here" not in answer.text
    assert attacker.kept() == before
    assert attacker.client.get(AT, headers={"Sec-Fetch-Site": site}).status_code == 200
    own = attacker.client.post(
        f"{AT}/comments", data=good, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert own.status_code == 302


def test_a_project_of_others_is_not_there_at_all(product: Flask) -> None:
    at = datetime.now(UTC)
    site = product.extensions["fingerpost"]
    with write(site.engine) as conn:
        other = add_organisation(conn, f"Elsewhere {uuid4().hex}", "borough", at)
        stranger = add_person(conn, "A stranger", f"{uuid4().hex}@demo.invalid", at)
        take_in(conn, stranger, other, "lead", at)
    outside = Attacker(product, product.test_client())
    with outside.client.session_transaction() as session:
        session.update(person=str(stranger), organisation=str(other), role="lead")
    before = outside.kept()
    paths = [path for path in gets(product) if path.startswith(AT)]
    assert len(paths) > 15
    for path in paths:
        real = outside.client.get(path)
        assert real.status_code == 404, path
        assert "Homelessness" not in real.text, path
        absent = outside.client.get(path.replace("FP-0001", "FP-9999"))
        assert (absent.status_code, len(absent.text)) == (404, len(real.text)), path
    for path in (f"{AT}/advice", f"{AT}/flags/R27/dismiss", f"{AT}/stages/dpia/sign"):
        answer = outside.client.post(path, data={"csrf_token": outside.token, "reason": "x"})
        assert answer.status_code == 404, path
    assert "Homelessness" not in outside.client.get("/projects").text
    assert outside.kept() == before


# Addresses


@pytest.mark.parametrize(
    "path",
    [
        f"{AT}%00",
        f"{AT}/documents/..%2f..%2fetc%2fpasswd",
        f"{AT}/documents/....docx",
        f"{AT}/documents/dpia%00.docx",
        f"{AT}/stages/idea/sign",
        f"{AT}/idea/motivate.validate",
        f"{ROWS}/0",
        f"{ROWS}/-1",
        f"{ROWS}/01",
        f"{ROWS}/1e1",
        f"{ROWS}/999999",
        f"{ROWS}/99999999999",
        f"{ROWS}/+A",
        f"{ROWS}/+{'a' * 17}",
        f"{ROWS}/%D9%A1",
        f"{AT}/idea/motivate/idea.problems/1",
        f"{AT}/idea/motivate/project.outcome/1",
        "/static/../wsgi.py",
        "/static/build/..%2f..%2f..%2fsettings.py",
        "/.git/config",
    ],
)
def test_an_address_that_is_none_is_not_found(attacker: Attacker, path: str) -> None:
    assert attacker.client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "history?of=%00%3Cscript%3E&before=9%27",
        "report?show=%3Cscript%3E",
        "documents/dpia?stage=%3Cx%3E",
    ],
)
def test_an_odd_query_is_no_error_and_never_markup(attacker: Attacker, query: str) -> None:
    answer = attacker.client.get(f"{AT}/{query}")
    assert answer.status_code in (200, 404)
    assert "<script>" not in answer.text
    assert "<x>" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "///evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "//[",
        "http://[x/",
        "/\r\nLocation: https://evil.example",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(attacker: Attacker, address: str) -> None:
    answer = attacker.post("/demo/persona", persona="lead", next=address)
    assert answer.status_code == 302
    assert re.fullmatch(r"/(?![/\\])[^\r\n]*", answer.headers["Location"])


def test_another_host_is_refused_without_a_word_of_it(attacker: Attacker) -> None:
    for host in ("evil.example", "localhost.evil.example", "x@y"):
        answer = attacker.client.get("/projects", headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    forwarded = attacker.client.get(
        f"{PAGE}/colleague", headers={"X-Forwarded-Host": "evil.example"}
    )
    assert "evil" not in forwarded.text


# Outside the demonstration


def test_nobody_is_anybody_outside_the_demonstration(served: Flask) -> None:
    client = served.test_client()
    for path in gets(served):
        with client.get(path) as answer:
            said = answer.get_data(as_text=True)
        asks = path.startswith(("/sign-in", "/signed-out", "/welcome/"))
        public = asks or path in ("/about", "/accessibility") or path.startswith("/static/")
        away = answer.headers.get("Location", "").startswith("/sign-in")
        assert answer.status_code in ((200, 404) if public else (404,)) or away, path
        assert "Demonstration" not in said, path
        assert 'name="persona"' not in said, path
    assert client.post("/demo/persona", data={"persona": "dpo"}).status_code in (400, 404)


def test_a_session_made_up_is_nobodys(served: Flask) -> None:
    client = served.test_client()
    for person in (str(uuid4()), ""):
        with client.session_transaction() as session:
            session.update(person=person, organisation=str(uuid4()), role="dpo")
        assert client.get("/projects").headers["Location"] == "/sign-in?next=/projects"
    client.set_cookie("__Host-fingerpost", "eyJwZXJzb24iOiIxIn0.forged.forged")
    assert client.get("/projects").headers["Location"] == "/sign-in?next=/projects"


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_connections(
    served: Flask, product: Flask
) -> None:
    config = served.config
    assert config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert (config["SESSION_COOKIE_SECURE"], config["SESSION_COOKIE_HTTPONLY"]) == (True, True)
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    set_ = product.test_client().get("/").headers["Set-Cookie"]
    assert "HttpOnly" in set_
    assert "SameSite=Lax" in set_
    assert not served.debug
