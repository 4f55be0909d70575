"""Who is signed in where: begun, proven again, seen, and ended, for one browser or everywhere."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from app.actions.actor import Actor
from app.actions.errors import NotAllowed, NotFound
from app.store.accounts import account_event, kept_form, sign_in
from app.store.database import speak_for
from app.store.inserting import insert_into
from app.store.sheets import from_text, to_text

HALF = "half"
"""A password was right, and a code is still to come: nobody is here yet."""
CODE, RECOVERY, SSO = "code", "recovery", "sso"
HALF_LASTS = timedelta(minutes=10)
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody sits, as far as they are told."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in."""

    id: str
    proof: str
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What somebody typed and sent after they were signed out."""

    path: str
    fields: tuple[tuple[str, str], ...]
    at: datetime


def id_of(token: str) -> str:
    """The id of the sign-in that a browser's token opens; the token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    conn: Connection, person_id: UUID, proof: str, browser: Browser, at: datetime, ends: timedelta
) -> str:
    """Somebody proved who they are; returns the token for their browser.

    They act for whom they acted last: a role that was added meanwhile is not slipped under them.
    """
    token = secrets.token_urlsafe(32)
    conn.execute(
        insert(sign_in),
        {
            "id": id_of(token),
            "person_id": person_id,
            **_acted_last(conn, person_id),
            "proof": proof,
            "begun_at": at,
            "fresh_at": at,
            "seen_at": at,
            "ends_at": at + (HALF_LASTS if proof == HALF else ends),
            "address": browser.address[:64],
            "agent": browser.agent[:200],
        },
    )
    if proof != HALF:
        note(conn, "signed_in", person_id, at, proof=proof, address=browser.address)
    return token


def _acted_last(conn: Connection, person_id: UUID) -> dict[str, object]:
    last = conn.execute(
        select(sign_in.c.organisation_id, sign_in.c.role)
        .where(sign_in.c.person_id == person_id, sign_in.c.role.is_not(None))
        .order_by(sign_in.c.begun_at.desc())
        .limit(1)
    ).one_or_none()
    return {"organisation_id": last.organisation_id, "role": last.role} if last else {}


def half_way(conn: Connection, id_: str, now: datetime) -> UUID | None:
    """Who gave a password in this browser and still owes a code."""
    found: UUID | None = conn.execute(
        select(sign_in.c.person_id).where(_open(id_, now), sign_in.c.proof == HALF)
    ).scalar_one_or_none()
    return found


def prove_again(conn: Connection, id_: str, proof: str | None, at: datetime) -> str:
    """Somebody who is here proved who they are once more; returns the new token for their browser."""
    token = secrets.token_urlsafe(32)
    changed = {"id": id_of(token), "fresh_at": at, "seen_at": at}
    if proof is not None:
        changed["proof"] = proof
    done = conn.execute(update(sign_in).where(_open(id_, at)).values(changed))
    if not done.rowcount:
        raise NotFound(id_)
    return token


def end(conn: Connection, id_: str, at: datetime) -> None:
    """Sign out of one browser."""
    conn.execute(
        update(sign_in).where(sign_in.c.id == id_, sign_in.c.ended_at.is_(None)).values(ended_at=at)
    )


def end_everywhere(
    conn: Connection, person_id: UUID, at: datetime, but: str = "", one: str = ""
) -> int:
    """Sign a person out of every browser (`one`: only of that; `but`: of all others); how many."""
    which = (sign_in.c.person_id == person_id) & (sign_in.c.id != but)
    if one:
        which &= sign_in.c.id == one
    done = conn.execute(
        update(sign_in).where(which, sign_in.c.ended_at.is_(None)).values(ended_at=at)
    )
    return int(done.rowcount)


def still_here(conn: Connection, id_: str, at: datetime) -> None:
    """The person is at work: shown among their sign-ins."""
    conn.execute(update(sign_in).where(_open(id_, at)).values(seen_at=at))


def list_sign_ins(conn: Connection, person_id: UUID, now: datetime) -> list[SignIn]:
    """Every browser in which a person is signed in, the newest first."""
    columns = [sign_in.c[name] for name in SignIn.__dataclass_fields__]
    rows = conn.execute(
        select(*columns)
        .where(
            sign_in.c.person_id == person_id,
            sign_in.c.ended_at.is_(None),
            sign_in.c.ends_at > now,
            sign_in.c.proof != HALF,
        )
        .order_by(sign_in.c.begun_at.desc())
    )
    return [SignIn(*row) for row in rows]


def act_as(
    conn: Connection, id_: str, choices: tuple[Actor, ...], chosen: tuple[str, str]
) -> Actor:
    """Act for another organisation or in another role from now on. Raises NotAllowed."""
    for one in choices:
        if (str(one.organisation_id), one.role) == chosen:
            conn.execute(
                update(sign_in)
                .where(sign_in.c.id == id_)
                .values(organisation_id=one.organisation_id, role=one.role)
            )
            return one
    raise NotAllowed("You have no such role there.")


def keep_form(
    conn: Connection, id_: str, path: str, fields: list[tuple[str, str]], at: datetime
) -> bool:
    """Keep a form of somebody whose sign-in has ended; whether the sign-in is known at all."""
    person_id = conn.execute(
        select(sign_in.c.person_id).where(sign_in.c.id == id_, sign_in.c.proof != HALF)
    ).scalar_one_or_none()
    if person_id is None:
        return False
    speak_for(conn, person_id)
    kept = select(func.count()).where(kept_form.c.person_id == person_id)
    if conn.execute(kept).scalar_one() >= 20:  # somebody may try again and again
        conn.execute(delete(kept_form).where(kept_form.c.person_id == person_id))
    conn.execute(
        insert(kept_form),
        {"id": uuid4(), "person_id": person_id, "path": path, "fields": to_text(fields), "at": at},
    )
    return True


def take_kept_form(conn: Connection, person_id: UUID, now: datetime) -> KeptForm | None:
    """The newest form that was kept for a person and not shown yet; what was shown before goes."""
    speak_for(conn, person_id)
    before = conn.execute(
        select(sign_in.c.begun_at)
        .where(sign_in.c.person_id == person_id, sign_in.c.proof != HALF, sign_in.c.begun_at < now)
        .order_by(sign_in.c.begun_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    oldest = max(now - KEPT_FOR, before) if before else now - KEPT_FOR
    mine = kept_form.c.person_id == person_id
    conn.execute(delete(kept_form).where(mine, kept_form.c.at < oldest))
    row = conn.execute(
        select(kept_form).where(mine).order_by(kept_form.c.at.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    fields = tuple((str(name), str(value)) for name, value in from_text(row.fields))
    return KeptForm(row.path, fields, row.at)


def note(
    conn: Connection,
    kind: str,
    person_id: UUID | None,
    at: datetime,
    by: Actor | None = None,
    once: UUID | None = None,
    **details: str,
) -> bool:
    """Write down what happened to an account; it is never changed or removed.

    `once`: under which; whether it was written now, not before under the same.
    """
    address = details.pop("address", "")
    row = {
        "id": once or uuid4(),
        "person_id": person_id,
        "by_id": by.person_id if by else None,
        "organisation_id": by.organisation_id if by else None,
        "kind": kind,
        "details": to_text(details),
        "address": address[:64],
        "at": at,
    }
    kept = insert_into(conn, account_event).values(row).on_conflict_do_nothing()
    return conn.execute(kept.returning(account_event.c.id)).one_or_none() is not None


def _open(id_: str, now: datetime) -> ColumnElement[bool]:
    """A sign-in that has not ended."""
    return (sign_in.c.id == id_) & sign_in.c.ended_at.is_(None) & (sign_in.c.ends_at > now)
