"""What accounts ask of a database holds on both: counts, tokens that work once, roles, what is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from app.actions.access import accounts, people, sign_ins
from app.actions.access.guesses import Guesser, Limits, count_guess, forget_guesses
from app.actions.access.tidying import tidy
from app.actions.actor import Actor, who_is_here
from app.actions.errors import NotFound
from app.actions.organisations import add_organisation, add_person, take_in
from app.store.accounts import account_event, attempt, invitation, kept_form, sign_in
from app.store.database import Statements, counting, read, write

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LIMITS = Limits(timedelta(minutes=15), 10, 20)
HERE = sign_ins.Browser("10.0.0.1", "Firefox on Linux")
LONG = timedelta(hours=8)


@pytest.fixture
def ann(engine: Engine) -> UUID:
    """A project lead with an account."""
    with write(engine) as conn:
        where = add_organisation(conn, "Carnmere", "borough", NOW)
        who = add_person(conn, "Ann", "ann@carnmere.example", NOW)
        take_in(conn, who, where, "lead", NOW)
        accounts.set_password(conn, who, "a hash", NOW)
    return who


def begin(engine: Engine, who: UUID, proof: str = "password", at: datetime = NOW) -> str:
    with write(engine) as conn:
        return sign_ins.begin(conn, who, proof, HERE, at, LONG)


def here(engine: Engine, token: str, at: datetime = NOW) -> Actor | None:
    with read(engine) as conn:
        found = who_is_here(conn, sign_ins.id_of(token), at)
    return found.actor if found else None


def test_an_address_that_no_database_can_hold_is_nobodys(engine: Engine, ann: UUID) -> None:
    with read(engine) as conn:
        assert accounts.find_account(conn, email="ann\0@carnmere.example") is None
        known = accounts.find_account(conn, email=" Ann@carnmere.example")
    assert known is not None
    assert known.person_id == ann


def test_guesses_at_the_same_moment_are_counted_one_by_one(engine: Engine) -> None:
    def guess(n: int) -> bool:
        with write(engine) as conn:
            return count_guess(conn, Guesser("ann@x.example", f"10.0.0.{n}"), LIMITS, NOW)

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(guess, range(60)))
    assert allowed.count(True) == 10


def test_counts_end_with_their_time_and_with_success(engine: Engine) -> None:
    guesser = Guesser("Ann@x.example ", "10.0.0.1")

    def guess(at: datetime) -> bool:
        with write(engine) as conn:
            return count_guess(conn, guesser, LIMITS, at)

    assert [guess(NOW) for _ in range(11)] == [True] * 10 + [False]
    assert guess(NOW + timedelta(minutes=15, seconds=1))
    with write(engine) as conn:
        forget_guesses(conn, Guesser("ann@X.example", "10.0.0.1"))
        assert [row.times for row in conn.execute(select(attempt))] == [0]
    with read(engine) as conn:
        assert "ann" not in str(conn.execute(select(attempt)).all())


def test_who_is_here_is_one_statement(engine: Engine, ann: UUID) -> None:
    token = begin(engine, ann)
    with read(engine) as conn, counting(engine) as sent:
        assert isinstance(sent, Statements)
        found = who_is_here(conn, sign_ins.id_of(token), NOW)
    assert found
    assert (found.actor.name, found.actor.role, len(sent)) == ("Ann", "lead", 1)


def test_a_sign_in_ends_by_time_by_hand_and_for_all(engine: Engine, ann: UUID) -> None:
    tokens = [begin(engine, ann) for _ in range(3)]
    assert here(engine, tokens[0], NOW + LONG - timedelta(seconds=1))
    assert here(engine, tokens[0], NOW + LONG) is None
    with write(engine) as conn:
        sign_ins.end(conn, sign_ins.id_of(tokens[0]), NOW)
    assert [bool(here(engine, token)) for token in tokens] == [False, True, True]
    with write(engine) as conn:
        kept = sign_ins.id_of(tokens[1])
        assert sign_ins.end_everywhere(conn, ann, NOW, but=kept) == 1
    assert [bool(here(engine, token)) for token in tokens] == [False, True, False]


def test_a_role_that_is_added_is_not_slipped_under_anybody(engine: Engine, ann: UUID) -> None:
    def add(name: str, hours: int) -> UUID:
        with write(engine) as conn:
            other = add_organisation(conn, name, "private", NOW)
            take_in(conn, ann, other, "lead", NOW + timedelta(hours=hours))
        return other

    first = add("Aardvark", 1)
    token = begin(engine, ann)
    found = here(engine, token)
    assert found
    assert found.organisation_name == "Carnmere"
    with write(engine) as conn:
        whole = who_is_here(conn, sign_ins.id_of(token), NOW)
        assert whole
        choices = (whole.actor, *whole.others)
        sign_ins.act_as(conn, sign_ins.id_of(token), choices, (str(first), "lead"))
    add("Abacus", 2)
    later = here(engine, begin(engine, ann, at=NOW + timedelta(minutes=1)))
    assert later
    assert later.organisation_name == "Aardvark"


def test_half_way_is_nobody(engine: Engine, ann: UUID) -> None:
    token = begin(engine, ann, sign_ins.HALF)
    assert here(engine, token) is None
    with read(engine) as conn:
        assert sign_ins.half_way(conn, sign_ins.id_of(token), NOW) == ann
        assert sign_ins.half_way(conn, sign_ins.id_of(token), NOW + timedelta(minutes=10)) is None


def test_proof_again_gives_another_token_and_the_old_one_ends(engine: Engine, ann: UUID) -> None:
    token = begin(engine, ann)
    with write(engine) as conn:
        another = sign_ins.prove_again(conn, sign_ins.id_of(token), None, NOW + timedelta(hours=1))
    assert here(engine, token) is None
    assert here(engine, another)
    with pytest.raises(NotFound), write(engine) as conn:
        sign_ins.prove_again(conn, sign_ins.id_of(token), None, NOW)


def test_a_code_is_used_once_however_many_try_at_once(engine: Engine, ann: UUID) -> None:
    with write(engine) as conn:
        accounts.set_code(conn, ann, "secret", 41, ["a", "b"], NOW)

    def use(_: int) -> bool:
        with write(engine) as conn:
            return accounts.use_code(conn, ann, 42)

    def use_recovery(_: int) -> bool:
        with write(engine) as conn:
            return accounts.set_recovery_codes(conn, ann, ["a", "b"], ["b"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, range(16))).count(True) == 1
        assert list(pool.map(use_recovery, range(16))).count(True) == 1


def test_a_link_is_taken_up_once_however_many_try_at_once(engine: Engine, ann: UUID) -> None:
    with write(engine) as conn:
        link = accounts.send_link(conn, ann, accounts.RESET, NOW, timedelta(hours=1))

    def take(_: int) -> bool:
        try:
            with write(engine) as conn:
                accounts.accept(conn, str(link.token), "Ann", "another hash", NOW)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(take, range(16))).count(True) == 1


def test_whoever_is_invited_twice_is_one_person_with_both_roles(engine: Engine, ann: UUID) -> None:
    with write(engine) as conn:
        where = add_organisation(conn, "Brookvale", "borough", NOW)
        for role in ("lead", "dpo", "lead"):
            who = people.Invited("Bo", "Bo@x.example", (role,))
            people.invite(conn, None, where, who, NOW, LONG)
        boss = Actor(ann, "Ann", "system", where, "Brookvale")
        (member,) = people.people_of(conn, boss, where)
    assert (member.email, member.status) == ("bo@x.example", "invited")
    assert [role for role, _ in member.roles] == ["dpo", "lead"]


def test_a_form_is_kept_for_whoever_was_here_only(engine: Engine, ann: UUID) -> None:
    token = begin(engine, ann)
    fields = [("idea.why", "Because\nof “this”."), ("seen", "a=1")]
    with write(engine) as conn:
        assert not sign_ins.keep_form(conn, sign_ins.id_of("none"), "/x", fields, NOW)
        assert sign_ins.keep_form(conn, sign_ins.id_of(token), "/x", fields, NOW)
        assert sign_ins.take_kept_form(conn, uuid4(), NOW) is None
        kept = sign_ins.take_kept_form(conn, ann, NOW + timedelta(hours=1))
    assert kept
    assert (kept.path, list(kept.fields)) == ("/x", fields)


def test_one_person_keeps_no_more_than_some_forms(engine: Engine, ann: UUID) -> None:
    token = begin(engine, ann)
    with write(engine) as conn:
        for n in range(50):
            sign_ins.keep_form(conn, sign_ins.id_of(token), f"/{n}", [], NOW)
        assert len(conn.execute(select(kept_form.c.id)).all()) <= 20


@pytest.mark.parametrize(
    "change", ["UPDATE account_event SET kind = 'x'", "DELETE FROM account_event"]
)
def test_what_happened_to_accounts_is_neither_changed_nor_removed(
    engine: Engine, ann: UUID, change: str
) -> None:
    begin(engine, ann)
    with pytest.raises(DBAPIError, match="append-only"), write(engine) as conn:
        conn.execute(text(change))


def test_what_has_ended_is_tidied_away_and_what_happened_stays(engine: Engine, ann: UUID) -> None:
    begin(engine, ann)
    live = begin(engine, ann, at=NOW + timedelta(days=40))
    with write(engine) as conn:
        accounts.send_link(conn, ann, accounts.RESET, NOW, timedelta(hours=1))
        count_guess(conn, Guesser("a", "b"), LIMITS, NOW)
        sign_ins.keep_form(conn, sign_ins.id_of(live), "/x", [], NOW)
        tidy(conn, NOW + timedelta(days=40))
        for table, left in ((sign_in, 1), (invitation, 0), (attempt, 0), (kept_form, 0)):
            assert conn.scalar(select(func.count()).select_from(table)) == left, table.name
        assert conn.scalar(select(func.count()).select_from(account_event)) == 2
