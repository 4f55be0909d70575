"""Signing in with another service, tested against one of our own that lies in every way it can."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import func, select

from app.settings import Settings
from app.store.accounts import account_event, identity
from app.store.database import read, write
from app.wsgi import create_app
from tests.accounts.conftest import BETTER, GOOD, House, Visitor

CLIENT, SECRET = "fingerpost-tests", "of-the-client"
RSA = RSAKey.generate_key(2048, parameters={"kid": "first", "use": "sig"}, auto_kid=False)
OTHER = RSAKey.generate_key(2048, parameters={"kid": "other", "use": "sig"}, auto_kid=False)
CURVE = ECKey.generate_key("P-256", parameters={"kid": "curve", "use": "sig"}, auto_kid=False)
Claims = dict[str, Any]


@dataclass
class Provider:
    """An issuer that says what it is told to say."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [RSA.as_dict(private=False)])
    about: Claims = field(default_factory=dict)
    codes: dict[str, Claims] = field(default_factory=dict)
    asked: list[Claims] = field(default_factory=list)
    sign: Callable[[Claims], str] | None = None
    name: str = ""

    def configuration(self) -> Claims:
        said = {
            "issuer": self.name,
            "authorization_endpoint": f"{self.name}/authorize",
            "token_endpoint": f"{self.name}/token",
            "jwks_uri": f"{self.name}/keys",
        }
        return said | self.about

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """Give a token for a code, once, to whoever brings the client's secret and the verifier."""
        self.asked.append(form)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        waiting = self.codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if (
            authorization != f"Basic {expected}"
            or waiting is None
            or waiting["challenge"] != challenge
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": waiting["token"]}


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        pages = {
            "/.well-known/openid-configuration": self.provider.configuration(),
            "/keys": {"keys": self.provider.keys},
        }
        self._say(200, pages[self.path])

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        self._say(*self.provider.token(form, self.headers.get("Authorization", "")))

    def _say(self, status: int, said: object) -> None:
        raw = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Ours", (Handler,), {"provider": provider}))
    provider.name = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, repository: Path, running: Provider) -> Any:
    folder = tmp_path_factory.mktemp("sso")
    return create_app(
        Settings(
            secret_key="only-for-tests-0123456789-abcdefghijkl",  # noqa: S106
            fingerpost_content=repository,
            database_url=f"sqlite:///{folder / 'fingerpost.sqlite3'}",
            trusted_hosts=("localhost",),
            base_url="http://localhost",
            sso_issuer=running.name,
            sso_client_id=CLIENT,
            sso_client_secret=SECRET,
        )
    )


@pytest.fixture
def provider(running: Provider, app: Any) -> Provider:
    """The issuer, honest again, and nothing of it remembered."""
    running.keys, running.about, running.sign = [RSA.as_dict(private=False)], {}, None
    issuer = app.extensions["fingerpost.issuer"]
    issuer._about, issuer._keys = {}, []
    return running


@pytest.fixture
def inn(app: Any, house: House) -> House:
    """The product with the issuer, at the time of `house`."""
    here = House(app, house.clock)
    here.forget()
    return here


def signed(claims: Claims, key: Any = RSA, **head: Any) -> str:
    header = {"alg": "RS256", "kid": "first"} | head
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


@dataclass
class Trip:
    """Somebody on their way to the issuer and back."""

    visitor: Visitor
    provider: Provider
    sent: dict[str, str]

    @classmethod
    def begin(cls, visitor: Visitor, provider: Provider, path: str = "/sign-in/with") -> Trip:
        answer = visitor.client.get(path)
        assert answer.status_code == 303, answer.text
        where = urlsplit(answer.headers["Location"])
        assert f"{where.scheme}://{where.netloc}" == provider.name
        return cls(
            visitor, provider, {name: each[0] for name, each in parse_qs(where.query).items()}
        )

    def claims(self, **more: Any) -> Claims:
        at = int(self.visitor.house.clock.at.timestamp())
        told = {
            "iss": self.provider.name,
            "aud": CLIENT,
            "sub": "s-1",
            "iat": at,
            "exp": at + 300,
            "auth_time": at,
            "nonce": self.sent["nonce"],
        }
        told |= more
        return {name: value for name, value in told.items() if value is not None}

    def back(self, token: str, **query: str) -> Any:
        """Come back with a code for this token."""
        code = uuid4().hex
        waiting = {"challenge": self.sent["code_challenge"], "token": token}
        self.provider.codes[code] = waiting
        said = {"state": self.sent["state"], "code": code} | query
        return self.visitor.client.get("/sign-in/back", query_string=said)


def member(inn: House, subject: str, *roles: str) -> tuple[str, UUID]:
    """Somebody with an account who has joined a subject of the issuer to it."""
    email = f"{uuid4().hex[:12]}@x.example"
    id_ = inn.person(email, inn.organisation(f"Carnmere {uuid4().hex}"), *(roles or ("lead",)))
    issuer = inn.app.extensions["fingerpost.issuer"].name
    with write(inn.engine) as conn:
        conn.execute(
            identity.insert(),
            {"issuer": issuer, "subject": subject, "person_id": id_, "at": inn.clock.at},
        )
    return email, id_


def test_who_has_joined_signs_in(inn: House, provider: Provider) -> None:
    subject = uuid4().hex
    member(inn, subject)
    trip = Trip.begin(inn.visitor(), provider)
    assert trip.sent["code_challenge_method"] == "S256"
    assert trip.sent["redirect_uri"] == "http://localhost/sign-in/back"
    answer = trip.back(signed(trip.claims(sub=subject)))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert trip.visitor.open("/account").status == 200


@pytest.mark.parametrize(
    ("key", "head"), [(CURVE, {"alg": "ES256", "kid": "curve"}), (RSA, {"alg": "PS256"})]
)
def test_other_sound_ways_to_sign_are_taken(
    inn: House, provider: Provider, key: Any, head: Claims
) -> None:
    provider.keys = [RSA.as_dict(private=False), CURVE.as_dict(private=False)]
    subject = uuid4().hex
    member(inn, subject)
    trip = Trip.begin(inn.visitor(), provider)
    assert trip.back(signed(trip.claims(sub=subject), key, **head)).status_code == 302


def test_a_key_that_is_new_is_asked_for(inn: House, provider: Provider) -> None:
    subject = uuid4().hex
    member(inn, subject)
    first = Trip.begin(inn.visitor(), provider)
    assert first.back(signed(first.claims(sub=subject))).status_code == 302
    provider.keys = [OTHER.as_dict(private=False)]
    second = Trip.begin(inn.visitor(), provider)
    assert second.back(signed(second.claims(sub=subject), OTHER, kid="other")).status_code == 302


# Everything that is not believed


def encoded(part: Claims | bytes) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(claims: Claims) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'first'})}.{encoded(claims)}."


def with_public_key_as_secret(claims: Claims) -> str:
    said = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(claims)}"
    return f"{said}.{encoded(hmac.digest(RSA.as_pem(private=False), said.encode(), 'sha256'))}"


def with_client_secret(claims: Claims) -> str:
    secret = OctKey.import_key(SECRET * 4)
    return jwt.encode({"alg": "HS256", "kid": "first"}, claims, secret, algorithms=["HS256"])


def changed_after(claims: Claims) -> str:
    head, _, tail = signed(claims | {"sub": "somebody else"}).split(".")
    return f"{head}.{encoded(claims)}.{tail}"


def key_in_the_head(claims: Claims) -> str:
    return signed(claims, OTHER, kid="first", jwk=OTHER.as_dict(private=False))


BAD: dict[str, Callable[[Trip, Claims], str]] = {
    "another issuer": lambda _, c: signed(c | {"iss": "https://evil.example"}),
    "the issuer with a stroke more": lambda t, c: signed(c | {"iss": t.provider.name + "/"}),
    "no issuer": lambda t, _: signed(t.claims(iss=None)),
    "another audience": lambda _, c: signed(c | {"aud": "another-client"}),
    "an audience of two, given to the other": lambda _, c: signed(
        c | {"aud": [CLIENT, "x"], "azp": "x"}
    ),
    "an audience of two, given to nobody": lambda _, c: signed(c | {"aud": [CLIENT, "x"]}),
    "no audience": lambda t, _: signed(t.claims(aud=None)),
    "another nonce": lambda _, c: signed(c | {"nonce": "x" * 43}),
    "no nonce": lambda t, _: signed(t.claims(nonce=None)),
    "a nonce that is a list": lambda t, c: signed(c | {"nonce": [t.sent["nonce"]]}),
    "ended": lambda _, c: signed(c | {"exp": c["iat"] - 120}),
    "no end": lambda t, _: signed(t.claims(exp=None)),
    "an end in words": lambda _, c: signed(c | {"exp": "tomorrow"}),
    "not begun": lambda _, c: signed(c | {"nbf": c["iat"] + 600}),
    "made in the future": lambda _, c: signed(c | {"iat": c["iat"] + 600}),
    "made long ago": lambda _, c: signed(c | {"iat": c["iat"] - 3600}),
    "not signed": lambda _, c: unsigned(c),
    "signed with the public key as a secret": lambda _, c: with_public_key_as_secret(c),
    "signed with the client's secret": lambda _, c: with_client_secret(c),
    "signed by somebody else": lambda _, c: signed(c, OTHER),
    "a key that nobody knows": lambda _, c: signed(c, OTHER, kid="other"),
    "no key named": lambda _, c: jwt.encode({"alg": "RS256"}, c, RSA, algorithms=["RS256"]),
    "brings its own key": lambda _, c: key_in_the_head(c),
    "changed after it was signed": lambda _, c: changed_after(c),
    "about nobody": lambda t, _: signed(t.claims(sub=None)),
    "about an empty name": lambda _, c: signed(c | {"sub": ""}),
    "about a number": lambda _, c: signed(c | {"sub": 7}),
    "about a very long name": lambda _, c: signed(c | {"sub": "s" * 300}),
    "no token at all": lambda _t, _c: "",
    "not a token": lambda _t, _c: "a.b.c",
    "a token of five parts": lambda _t, _c: "a.b.c.d.e",
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_token_lets_nobody_in(inn: House, provider: Provider, how: str) -> None:
    subject = uuid4().hex
    member(inn, subject)
    trip = Trip.begin(inn.visitor(), provider)
    answer = trip.back(BAD[how](trip, trip.claims(sub=subject)))
    assert answer.status_code == 403
    assert trip.visitor.client.get("/account").status_code == 303
    # The very same trip with a good token would have gone well: nothing else was wrong.
    again = Trip.begin(inn.visitor(), provider)
    assert again.back(signed(again.claims(sub=subject))).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x" * 43},
        {"state": ""},
        {"code": ""},
        {"code": "a-code-of-others"},
        {"code": "", "error": "access_denied"},
        {"iss": "https://evil.example"},
    ],
)
def test_whoever_comes_back_with_something_else_is_not_let_in(
    inn: House, provider: Provider, query: dict[str, str]
) -> None:
    subject = uuid4().hex
    member(inn, subject)
    trip = Trip.begin(inn.visitor(), provider)
    assert trip.back(signed(trip.claims(sub=subject)), **query).status_code == 403
    assert trip.visitor.client.get("/account").status_code == 303


def test_what_a_browser_brings_back_writes_no_line_of_its_own_into_the_log(
    inn: House, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    trip = Trip.begin(inn.visitor(), provider)
    forged = "denied\nERROR forged\x1b[2K"
    said = {"state": trip.sent["state"], "error": forged}
    assert trip.visitor.client.get("/sign-in/back", query_string=said).status_code == 403
    (line,) = [each.getMessage() for each in caplog.records if each.name == "app.web.accounts.sso"]
    assert "denied" in line
    assert line.isprintable()


def test_an_address_that_was_used_opens_nothing_again(inn: House, provider: Provider) -> None:
    subject = uuid4().hex
    member(inn, subject)
    trip = Trip.begin(inn.visitor(), provider)
    token = signed(trip.claims(sub=subject))
    assert trip.back(token).status_code == 302
    assert trip.back(token).status_code == 403
    stranger = Trip(inn.visitor(), provider, trip.sent)
    assert stranger.back(token).status_code == 403


def test_away_for_too_long_is_not_believed(inn: House, provider: Provider) -> None:
    subject = uuid4().hex
    member(inn, subject)
    trip = Trip.begin(inn.visitor(), provider)
    inn.clock.on(minutes=11)
    assert trip.back(signed(trip.claims(sub=subject))).status_code == 403


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
def test_an_issuer_that_points_elsewhere_is_not_believed(
    inn: House, provider: Provider, about: Claims
) -> None:
    subject = uuid4().hex
    member(inn, subject)
    provider.about = about
    visitor = inn.visitor()
    answer = visitor.client.get("/sign-in/with")
    if answer.status_code == 303:
        provider_trip = Trip(
            visitor,
            provider,
            {n: v[0] for n, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()},
        )
        answer = provider_trip.back(signed(provider_trip.claims(sub=subject)))
    assert answer.status_code == 403
    assert visitor.client.get("/account").status_code == 303


def test_a_refusal_is_written_down_and_not_explained(inn: House, provider: Provider) -> None:
    trip = Trip.begin(inn.visitor(), provider)
    said = trip.back(unsigned(trip.claims())).text
    assert "none" not in said.split('id="main"')[1].split("<footer")[0].lower()
    with read(inn.engine) as conn:
        refused = select(func.count()).where(account_event.c.kind == "refused_sso")
        assert conn.scalar(refused)


# Whom it joins to whom


def test_an_e_mail_address_joins_nobody(inn: House, provider: Provider) -> None:
    email, _ = member(inn, uuid4().hex)
    for claims in (
        {
            "sub": uuid4().hex,
            "email": email,
            "email_verified": True,
            "preferred_username": email,
            "upn": email,
        },
        {"sub": email},
    ):
        trip = Trip.begin(inn.visitor(), provider)
        answer = trip.back(signed(trip.claims(**claims)))
        assert answer.status_code == 403
        assert trip.visitor.client.get("/account").status_code == 303


def test_another_e_mail_address_there_changes_nobody_here(inn: House, provider: Provider) -> None:
    subject = uuid4().hex
    email, _ = member(inn, subject)
    trip = Trip.begin(inn.visitor(), provider)
    trip.back(signed(trip.claims(sub=subject, email="someone.else@x.example")))
    assert email in trip.visitor.open("/account").text


def test_one_joins_it_oneself_while_signed_in(inn: House, provider: Provider) -> None:
    email, subject = f"{uuid4().hex[:12]}@x.example", uuid4().hex
    inn.person(email, inn.organisation(f"Carnmere {uuid4().hex}"), "lead")
    visitor = inn.visitor().sign_in(email)
    trip = Trip.begin(visitor, provider, "/account/join")
    assert trip.back(signed(trip.claims(sub=subject))).headers["Location"] == "/account"
    fresh = Trip.begin(inn.visitor(), provider)
    assert fresh.back(signed(fresh.claims(sub=subject))).status_code == 302
    # Nobody else joins the same account, and nobody joins a second one.
    other = f"{uuid4().hex[:12]}@x.example"
    inn.person(other, inn.organisation(f"Bellmead {uuid4().hex}"), "lead")
    thief = Trip.begin(inn.visitor().sign_in(other), provider, "/account/join")
    assert thief.back(signed(thief.claims(sub=subject))).status_code == 403
    second = Trip.begin(visitor, provider, "/account/join")
    assert second.back(signed(second.claims(sub=uuid4().hex))).status_code == 403
    inn.clock.on(minutes=6)
    assert visitor.client.get("/account/join").headers["Location"].startswith("/account/again")


def test_a_role_that_needs_a_code_needs_one_unless_the_issuer_asked(
    inn: House, provider: Provider
) -> None:
    subject = uuid4().hex
    member(inn, subject, "dpo")
    weak = Trip.begin(inn.visitor(), provider)
    answer = weak.back(signed(weak.claims(sub=subject, amr=["pwd"])))
    assert answer.headers["Location"] == "/sign-in/code"
    assert weak.visitor.client.get("/account").status_code == 303
    strong = Trip.begin(inn.visitor(), provider)
    assert (
        strong.back(signed(strong.claims(sub=subject, amr=["pwd", "mfa"]))).headers["Location"]
        == "/queue"
    )
    assert strong.visitor.open("/account").status == 200


def test_an_invitation_is_taken_up_without_a_password_here(inn: House, provider: Provider) -> None:
    boss = f"{uuid4().hex[:12]}@x.example"
    where = inn.organisation(f"Carnmere {uuid4().hex}")
    inn.person(boss, where, "administrator")
    admin = inn.visitor().sign_in(boss)
    admin.set_up()
    admin.open(f"/people/{where}/invite")
    email, subject = f"{uuid4().hex[:12]}@x.example", uuid4().hex
    admin.send(name="Bo Birch", email=email, roles=["lead"])
    link = inn.link("invitation")
    visitor = inn.visitor()
    visitor.open(link)
    trip = Trip.begin(visitor, provider, visitor.page.link("my organisation's account"))
    assert trip.back(signed(trip.claims(sub=subject))).status_code == 302
    assert "Bo Birch" in visitor.open("/account").text
    inn.visitor().sign_in(email, GOOD, 401)
    inn.visitor().sign_in(email, BETTER, 401)
    inn.visitor().open(link, 404)
    # Without a password here, it is the issuer who is asked once more.
    visitor.open("/account")
    answer = visitor.client.get("/account/again?next=/account")
    assert answer.headers["Location"].startswith("/account/again/with")
    again = Trip.begin(visitor, provider, answer.headers["Location"])
    assert (again.sent["prompt"], again.sent["max_age"]) == ("login", "0")
    stale = again.claims(sub=subject)
    assert again.back(signed(stale | {"auth_time": stale["iat"] - 600})).status_code == 403
    again = Trip.begin(visitor, provider, answer.headers["Location"])
    assert again.back(signed(again.claims(sub=subject))).headers["Location"] == "/account"
    others = Trip.begin(visitor, provider, answer.headers["Location"])
    assert others.back(signed(others.claims(sub=uuid4().hex))).status_code == 403
    # Where the issuer was switched off since, nothing here can prove it: that is said.
    off = {name: each for name, each in inn.app.blueprints.items() if name != "sso"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(inn.app, "blueprints", off)
        answer = visitor.client.get("/account/again?next=/account")
    assert answer.status_code == 403
    assert "Ask your administrator to invite you again." in answer.text


def test_who_is_suspended_is_not_let_in_by_anybody(inn: House, provider: Provider) -> None:
    subject = uuid4().hex
    _, id_ = member(inn, subject)
    with write(inn.engine) as conn:
        conn.exec_driver_sql(
            "UPDATE membership SET status = 'suspended' WHERE person_id = ?", (id_.hex,)
        )
    trip = Trip.begin(inn.visitor(), provider)
    assert trip.back(signed(trip.claims(sub=subject))).status_code == 403
    assert trip.visitor.client.get("/account").status_code == 303
