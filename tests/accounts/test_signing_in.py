"""Signing in: what opens, what does not, what it costs to guess, and when it ends."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from app.actions.access.accounts import find_account
from app.actions.access.roles import ROLES, WITH_CODE
from app.store.accounts import account_event, sign_in
from app.store.database import read, write
from app.store.tables import membership
from tests.accounts.conftest import BETTER, GOOD, House, Visitor
from tests.web.conftest import statements


def new(house: House, *roles: str) -> str:
    """The address of somebody new with these roles in an organisation of their own."""
    name = uuid4().hex[:12]
    house.person(f"{name}@carnmere.example", house.organisation(f"Carnmere {name}"), *roles)
    return f"{name}@carnmere.example"


def test_a_password_opens(house: House) -> None:
    email = new(house, "lead")
    visitor = house.visitor().sign_in(email)
    assert "Project lead" in visitor.page.html
    assert visitor.open("/projects").status == 200


def test_the_address_may_be_written_in_any_case(house: House) -> None:
    email = new(house, "lead")
    visitor = house.visitor().sign_in(f" {email.upper()} ")
    assert visitor.open("/account").status == 200


def test_one_comes_to_the_page_one_wanted(house: House) -> None:
    email = new(house, "lead")
    visitor = house.visitor()
    assert visitor.open("/organisations?show=gaps").path == "/sign-in"
    visitor.send(email=email, password=GOOD)
    assert visitor.page.path == "/organisations"


def arrived(visitor: Visitor) -> str:
    """Where somebody is: an administrator among the people of their own organisation."""
    return f"/{visitor.page.path.split('/')[1]}"


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("lead", "/"),
        ("dpo", "/queue"),
        ("siro", "/queue"),
        ("editor", "/definitions"),
        ("administrator", "/people"),
    ],
)
@pytest.mark.parametrize("wanted", ["", "/"])
def test_whoever_wants_nothing_else_comes_to_their_work(
    house: House, role: str, first: str, wanted: str
) -> None:
    email = new(house, role)
    visitor = house.visitor().sign_in(email, next_=wanted)
    if role in WITH_CODE:
        visitor.set_up()
        visitor.follow("I have kept them")
        assert arrived(visitor) == first
        again = house.visitor().sign_in(email, next_=wanted)
        again.secret = visitor.secret
        again.send(code=again.code())
        visitor = again
    assert arrived(visitor) == first


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(house: House, address: str) -> None:
    email = new(house, "lead")
    visitor = house.visitor()
    visitor.open("/sign-in")
    token = visitor.page.read.hidden["csrf_token"]
    data = {"email": email, "password": GOOD, "csrf_token": token}
    answer = visitor.client.post("/sign-in", query_string={"next": address}, data=data)
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_roles_that_decide_or_look_after_others_need_a_code(house: House, role: str) -> None:
    visitor = house.visitor().sign_in(new(house, role))
    assert (visitor.page.path == "/sign-in/code") is (role in WITH_CODE)
    if role in WITH_CODE:
        assert visitor.client.get("/account").status_code == 303


def test_codes_are_set_up_on_the_way_in_and_asked_for_ever_after(house: House) -> None:
    email = new(house, "dpo")
    first = house.visitor().sign_in(email)
    assert len(first.set_up()) == 8
    assert first.open("/account").status == 200
    second = house.visitor().sign_in(email)
    second.secret = first.secret
    assert "secret" not in second.page.read.hidden
    second.send(401, code="000000")
    used = second.code()
    second.send(code=used)
    assert second.open("/account").status == 200
    third = house.visitor().sign_in(email)
    third.send(401, code=used)
    assert third.client.get("/account").status_code == 303


def test_a_recovery_code_opens_once(house: House) -> None:
    email = new(house, "siro")
    codes = house.visitor().sign_in(email).set_up()
    visitor = house.visitor().sign_in(email)
    visitor.send(code=codes[3].upper())
    assert "Recovery codes left: 7" in visitor.open("/account").text
    house.visitor().sign_in(email).send(401, code=codes[3])


def test_recovery_codes_made_twice_at_once_are_those_of_one_window(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = new(house, "siro")
    visitor = house.visitor().sign_in(email)
    visitor.set_up()
    with read(house.engine) as conn:
        before = find_account(conn, email=email)
    visitor.open("/account")
    visitor.post("/account/recovery")
    codes = re.findall(r"<code>([0-9a-f-]+)</code>", visitor.page.html)
    # The other window had looked before these were made.
    with monkeypatch.context() as other:
        other.setattr("app.web.accounts.own._mine", lambda *_: before)
        visitor.open("/account")
        visitor.post("/account/recovery", 409)
    assert "made in another window" in visitor.page.text
    assert "<code>" not in visitor.page.html
    house.visitor().sign_in(email).send(code=codes[0])


def test_a_secret_that_is_no_secret_sets_nothing_up(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "dpo"))
    visitor.send(401, code="123456", secret='{"enckey": {}, "type": "totp", "v": 1}')  # noqa: S106 - none
    visitor.send(401, code="123456", secret="x")  # noqa: S106 - none


def test_half_way_in_is_not_in_and_does_not_last(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "dpo"))
    assert visitor.client.get("/projects").status_code == 303
    house.clock.on(minutes=11)
    assert visitor.open("/sign-in/code").path == "/sign-in"


def test_a_role_that_needs_a_code_is_not_had_by_a_sign_in_without_one(house: House) -> None:
    email = new(house, "lead")
    visitor = house.visitor().sign_in(email)
    with write(house.engine) as conn:
        conn.execute(update(membership).where(membership.c.role == "lead").values(role="dpo"))
    try:
        assert visitor.client.get("/account").status_code == 303
    finally:
        with write(house.engine) as conn:
            conn.execute(update(membership).where(membership.c.role == "dpo").values(role="lead"))


# Known and unknown


@pytest.fixture
def worked(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every argon2 that is worked out."""
    context, found = house.keys._security.pwd_context, []
    for name in ("hash", "verify"):
        plain = getattr(context, name)

        def counted(
            *given: object, _name: str = name, _plain: object = plain, **named: object
        ) -> object:
            found.append(_name)
            return _plain(*given, **named)  # type: ignore[operator]

        monkeypatch.setattr(context, name, counted)
    return found


def test_every_guess_costs_one_argon2_whoever_it_is_of(house: House, worked: list[str]) -> None:
    known, suspended, invited = new(house, "lead"), new(house, "lead"), new(house, "lead")
    with write(house.engine) as conn:
        conn.execute(
            update(membership)
            .where(membership.c.person_id == _id(house, suspended))
            .values(status="suspended")
        )
        conn.exec_driver_sql(
            "UPDATE account SET password = NULL WHERE person_id = ?", (_id(house, invited).hex,)
        )
    worked.clear()
    costs = {}
    for who, email in (
        ("known", known),
        ("suspended", suspended),
        ("invited", invited),
        ("unknown", "nobody@x.example"),
        ("odd", "\u0000'--"),
        ("long", "known" * 99),
    ):
        before = len(worked)
        with statements(house.engine) as sent:
            visitor = house.visitor()
            visitor.sign_in(
                email.replace("\u0000", ""),
                "wrong seagull lantern" * (40 if who == "long" else 1),
                401,
            )
        costs[who] = (worked[before:], len(sent), visitor.page.html.replace(email, ""))
    assert {tuple(cost) for cost, _, _ in costs.values()} == {("verify",)}
    # One statement more for somebody who is there: which roles they have.
    assert {sent for _, sent, _ in costs.values()} <= {costs["unknown"][1], costs["unknown"][1] + 1}
    assert _plain(costs["known"][2]) == _plain(costs["unknown"][2])


def _id(house: House, email: str) -> UUID:
    with read(house.engine) as conn:
        found = find_account(conn, email=email)
    assert found
    return found.person_id


def _plain(html: str) -> str:
    """A page without what differs from one to the next anyhow."""
    return re.sub(r'(csrf_token" |name="email"[^>]*)value="[^"]*"', "", html)


def test_right_and_wrong_cost_the_same(house: House, worked: list[str]) -> None:
    email = new(house, "lead")
    worked.clear()
    house.visitor().sign_in(email)
    assert worked == ["verify"]


@pytest.mark.parametrize(("known", "times"), [(True, 1000), (False, 100)])
def test_a_thousand_guesses_at_one_account_look_at_ten(
    house: House, worked: list[str], known: bool, times: int
) -> None:
    email = new(house, "lead") if known else "nobody@x.example"
    visitor = house.visitor()
    visitor.open("/sign-in")
    worked.clear()
    token = visitor.page.read.hidden["csrf_token"]
    answers = []
    for n in range(times):
        data = {"email": email, "password": f"seagull lantern {n}", "csrf_token": token}
        # From a thousand addresses, so that only the account is counted.
        where = {"REMOTE_ADDR": f"10.0.{n // 250}.{n % 250}"}
        answers.append(visitor.client.post("/sign-in", data=data, environ_base=where).status_code)
    assert len(worked) == answers.count(401) == 10
    assert answers.count(429) == times - 10
    house.visitor().sign_in(email, GOOD, 429)


def test_many_accounts_guessed_at_from_one_address_look_at_twenty(
    house: House, worked: list[str]
) -> None:
    visitor = house.visitor()
    visitor.open("/sign-in")
    token = visitor.page.read.hidden["csrf_token"]
    for n in range(200):
        data = {"email": f"a{n}@x.example", "password": GOOD, "csrf_token": token}
        visitor.client.post("/sign-in", data=data)
    assert len(worked) == 20


def test_after_a_while_one_may_try_again_and_success_wipes_the_slate(house: House) -> None:
    email = new(house, "lead")
    visitor = house.visitor()
    for _ in range(9):
        visitor.sign_in(email, "wrong", 401)
    visitor.sign_in(email)
    for _ in range(10):
        house.visitor().sign_in(email, "wrong", 401)
    house.visitor().sign_in(email, GOOD, 429)
    house.clock.on(minutes=16)
    house.visitor().sign_in(email)


def test_codes_are_guessed_at_as_little(house: House) -> None:
    email = new(house, "dpo")
    codes = house.visitor().sign_in(email).set_up()
    visitor = house.visitor().sign_in(email)
    token = visitor.page.read.hidden["csrf_token"]
    found = []
    for n in range(100):
        data = {"code": f"{n:06}", "csrf_token": token}
        where = {"REMOTE_ADDR": f"10.1.0.{n}"}
        found.append(
            visitor.client.post("/sign-in/code", data=data, environ_base=where).status_code
        )
    assert (found.count(401), found.count(429)) == (10, 90)
    visitor.send(429, code=codes[0])


# How it ends


def test_signing_out_ends_what_the_cookie_opened(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "lead"))
    cookie = visitor.client.get_cookie("fingerpost")
    assert cookie
    visitor.post("/sign-out")
    assert visitor.page.path == "/signed-out"
    visitor.client.set_cookie("fingerpost", cookie.value)
    assert visitor.client.get("/account").status_code == 303


def test_the_token_changes_when_somebody_signs_in_and_stands_nowhere(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "dpo"))
    with visitor.client.session_transaction() as session:
        half = session["sid"]
    visitor.set_up()
    with visitor.client.session_transaction() as session:
        whole = session["sid"]
    assert half != whole
    with read(house.engine) as conn:
        ids = set(conn.scalars(select(sign_in.c.id)))
    assert not {half, whole} & ids
    with visitor.client.session_transaction() as session:
        session["sid"] = half
    assert visitor.client.get("/account").status_code == 303


def test_nothing_done_for_half_an_hour_ends_it(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "lead"))
    for _ in range(3):
        house.clock.on(minutes=29)
        assert visitor.client.get("/account").status_code == 200
    house.clock.on(minutes=31)
    assert visitor.client.get("/account").status_code == 303


def test_what_a_page_does_by_itself_keeps_nobody_signed_in(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "lead"))
    visitor.open("/start/new")
    at_work = visitor.page.read.hidden["csrf_token"][0]
    for _ in range(3):
        house.clock.on(minutes=9)
        here = "/projects/FP-9999/idea/start/here"
        answer = visitor.client.post(here, data={"csrf_token": at_work})
        assert answer.status_code == 404  # somebody is there, and there is no such project
    house.clock.on(minutes=4)
    assert visitor.client.get("/account").status_code == 303


def test_a_long_day_ends_it_whatever_is_done(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "lead"))
    for _ in range(8 * 4 - 1):
        house.clock.on(minutes=15)
        assert visitor.client.get("/account").status_code == 200
    house.clock.on(minutes=16)
    assert visitor.client.get("/account").status_code == 303


def test_a_page_that_is_open_for_long_may_say_that_somebody_is_there(house: House) -> None:
    visitor = house.visitor().sign_in(new(house, "lead"))
    token = visitor.open("/account").read.hidden["csrf_token"]
    for _ in range(3):
        house.clock.on(minutes=25)
        answer = visitor.client.post("/account/here", data={"csrf_token": token})
        assert answer.status_code == 200
    assert visitor.client.get("/account").status_code == 200


def test_a_session_made_up_is_nobodys(house: House) -> None:
    visitor = house.visitor()
    for sid in (uuid4().hex, "", "x" * 43):
        with visitor.client.session_transaction() as session:
            session.update(sid=sid, seen=int(house.clock.at.timestamp()), person=str(uuid4()))
        assert visitor.client.get("/projects").status_code == 303


def test_another_password_ends_every_other_sign_in(house: House) -> None:
    email = new(house, "lead")
    other = house.visitor().sign_in(email)
    visitor = house.visitor().sign_in(email)
    visitor.open("/account/password")
    visitor.send(400, password="password1234")  # noqa: S106 - refused
    visitor.send(password=BETTER)
    assert visitor.page.path == "/account"
    assert other.client.get("/account").status_code == 303
    house.visitor().sign_in(email, GOOD, 401)
    house.visitor().sign_in(email, BETTER)
    assert len(house.letters("changed")) >= 1


def test_ones_sign_ins_can_be_seen_and_ended(house: House) -> None:
    email = new(house, "lead")
    others = [house.visitor().sign_in(email) for _ in range(3)]
    visitor = house.visitor().sign_in(email)
    assert visitor.open("/account").text.count("Sign out there") == 3
    visitor.post("/account/sign-ins/end")
    assert [each.client.get("/account").status_code for each in others] == [303] * 3
    assert visitor.open("/account").text.count("Sign out there") == 0


def test_nobody_ends_a_sign_in_of_others(house: House) -> None:
    theirs = house.visitor().sign_in(new(house, "lead"))
    with read(house.engine) as conn:
        newest = conn.scalar(select(sign_in.c.id).order_by(sign_in.c.begun_at.desc()).limit(1))
    visitor = house.visitor().sign_in(new(house, "lead"))
    visitor.open("/account")
    visitor.post("/account/sign-ins/end", place=newest)
    assert theirs.client.get("/account").status_code == 200


# What is written down, and what it costs


def test_sign_ins_and_refusals_are_written_down(house: House) -> None:
    email = new(house, "lead")

    def events() -> dict[str, int]:
        with read(house.engine) as conn:
            kinds = select(account_event.c.kind, func.count()).group_by(account_event.c.kind)
            return {row[0]: row[1] for row in conn.execute(kinds)}

    before = events()
    house.visitor().sign_in(email, "wrong", 401)
    house.visitor().sign_in(email)
    after = events()
    assert after["refused"] == before.get("refused", 0) + 1
    assert after["signed_in"] == before.get("signed_in", 0) + 1


@pytest.mark.parametrize("path", ["/projects", "/organisations", "/", "/account"])
def test_who_is_here_is_found_out_in_one_statement(house: House, path: str) -> None:
    visitor = house.visitor().sign_in(new(house, "lead"))
    visitor.client.get(path)
    with statements(house.engine) as sent:
        assert visitor.client.get(path).status_code == 200
    asked = [one for one in sent if "sign_in.proof != " in one and "membership" in one]
    assert len(asked) == 1
    # What reading a page changes is nothing.
    assert all(one.startswith("SELECT") for one in sent)


@pytest.mark.parametrize("path", ["/about", "/static/build/manifest.json"])
def test_a_page_for_all_asks_nobody(house: House, path: str) -> None:
    visitor = house.visitor().sign_in(new(house, "lead"))
    with statements(house.engine) as sent:
        visitor.client.get(path).close()
    assert not [one for one in sent if "sign_in" in one]


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_connections(
    house: House,
) -> None:
    set_ = house.app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in set_
    assert "SameSite=Lax" in set_
    assert "Path=/" in set_
    assert "Domain" not in set_
