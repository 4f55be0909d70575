"""What proves who somebody is: passwords, codes, links that were mailed, and other services."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from app.actions.access.roles import WITH_CODE
from app.actions.access.sign_ins import end_everywhere, note
from app.actions.errors import NotAllowed, NotFound
from app.store.accounts import account, identity, invitation
from app.store.inserting import insert_into
from app.store.tables import membership, person

INVITED, ACTIVE, SUSPENDED = "invited", "active", "suspended"
INVITATION, RESET = "invitation", "reset"
UNCONFIRMED = -1
"""The counter of whoever has set up no codes."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person, and what proves who they are."""

    person_id: UUID
    name: str
    email: str
    password: str | None
    totp_secret: str | None
    totp_counter: int
    recovery_codes: tuple[str, ...]
    stamp: str
    roles: frozenset[str]

    @property
    def needs_code(self) -> bool:
        """Whether one of their roles asks for a code at sign-in."""
        return bool(WITH_CODE & self.roles)

    @property
    def has_code(self) -> bool:
        """Whether codes are set up."""
        return self.totp_secret is not None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to mail: its token, until when it opens; no token for who only has to sign in.

    `anew`: not when this very invitation was sent before.
    """

    person_id: UUID
    token: str | None
    until: datetime
    anew: bool = True


def find_account(
    conn: Connection, *, email: str | None = None, person_id: UUID | None = None
) -> Account | None:
    """An active person by email address or id, with what proves who they are."""
    address = (email or "").strip().lower()
    if "\0" in address:
        return None  # PostgreSQL cannot be asked for one
    which = person.c.id == person_id if person_id else func.lower(person.c.email) == address
    row = conn.execute(
        select(person.c.id, person.c.name, person.c.email, account)
        .outerjoin(account, account.c.person_id == person.c.id)
        .where(which, person.c.active)
    ).one_or_none()
    if row is None:
        return None
    roles = conn.scalars(
        select(membership.c.role).where(
            membership.c.person_id == row.id, membership.c.status == ACTIVE
        )
    ).all()
    counter = UNCONFIRMED if row.totp_counter is None else row.totp_counter
    return Account(
        row.id,
        row.name,
        row.email,
        row.password,
        row.totp_secret if counter > UNCONFIRMED else None,
        counter,
        tuple(json.loads(row.recovery_codes or "[]")),
        row.stamp or "",
        frozenset(roles),
    )


# Links


def send_link(conn: Connection, person_id: UUID, kind: str, at: datetime, lasts: timedelta) -> Link:
    """A link that opens once and lets its reader choose a password; links before it open no more."""
    token = secrets.token_urlsafe(32)
    close_links(conn, person_id, at)
    stamp = conn.scalar(select(account.c.stamp).where(account.c.person_id == person_id)) or ""
    conn.execute(
        insert(invitation),
        {
            "id": _hashed(token),
            "person_id": person_id,
            "kind": kind,
            "stamp": stamp,
            "at": at,
            "ends_at": at + lasts,
        },
    )
    return Link(person_id, token, at + lasts)


def close_links(conn: Connection, person_id: UUID, at: datetime) -> None:
    """Whatever was mailed to somebody opens no more."""
    conn.execute(
        update(invitation)
        .where(invitation.c.person_id == person_id, invitation.c.used_at.is_(None))
        .values(used_at=at)
    )


def was_sent(conn: Connection, person_id: UUID, kind: str, since: datetime) -> bool:
    """Whether somebody was sent such a link since then, and has not opened it."""
    found = select(invitation.c.id).where(
        invitation.c.person_id == person_id,
        invitation.c.kind == kind,
        invitation.c.at > since,
        invitation.c.used_at.is_(None),
    )
    return conn.execute(found.limit(1)).first() is not None


def read_link(conn: Connection, token: str, now: datetime) -> tuple[Account, str]:
    """Whose link this is and which kind. Raises NotFound when it opens no more."""
    row = conn.execute(
        select(invitation).where(
            invitation.c.id == _hashed(token),
            invitation.c.used_at.is_(None),
            invitation.c.ends_at > now,
        )
    ).one_or_none()
    found = find_account(conn, person_id=row.person_id) if row else None
    if row is None or found is None or found.stamp != row.stamp:
        raise NotFound("link")
    return found, row.kind


def accept(conn: Connection, token: str, name: str, password: str | None, at: datetime) -> Account:
    """Open a link: choose a password or have none, be taken in wherever invited. Raises NotFound."""
    found, kind = read_link(conn, token, at)
    done = conn.execute(
        update(invitation)
        .where(invitation.c.id == _hashed(token), invitation.c.used_at.is_(None))
        .values(used_at=at)
    )
    if not done.rowcount:
        raise NotFound("link")
    if kind == INVITATION:
        _forget_codes(conn, found.person_id)
        conn.execute(update(person).where(person.c.id == found.person_id).values(name=name))
        take_up(conn, found.person_id, at)
    set_password(conn, found.person_id, password, at)
    note(conn, "accepted" if kind == INVITATION else "reset", found.person_id, at)
    return found


def _forget_codes(conn: Connection, person_id: UUID) -> None:
    """Whoever is invited anew begins anew: they may have lost what proved who they were."""
    conn.execute(
        update(account)
        .where(account.c.person_id == person_id)
        .values(totp_secret=None, totp_counter=UNCONFIRMED, recovery_codes="[]")
    )


def take_up(conn: Connection, person_id: UUID, at: datetime) -> None:
    """Every role somebody was invited to is theirs."""
    conn.execute(
        update(membership)
        .where(membership.c.person_id == person_id, membership.c.status == INVITED)
        .values(status=ACTIVE, since=at)
    )


# What proves who somebody is


def set_password(conn: Connection, person_id: UUID, password: str | None, at: datetime) -> None:
    """Another password (its hash): every sign-in ends, links mailed before open no more."""
    values = {"password": password, "stamp": secrets.token_hex(16), "changed_at": at}
    if not conn.execute(
        update(account).where(account.c.person_id == person_id).values(values)
    ).rowcount:
        empty = {"totp_counter": UNCONFIRMED, "recovery_codes": "[]"}
        conn.execute(insert(account), {"person_id": person_id, **empty, **values})
    end_everywhere(conn, person_id, at)


def set_code(
    conn: Connection, person_id: UUID, secret: str, counter: int, codes: Iterable[str], at: datetime
) -> None:
    """Codes from an app are set up; `counter`: of the code that was given."""
    conn.execute(
        update(account)
        .where(account.c.person_id == person_id)
        .values(
            totp_secret=secret,
            totp_counter=counter,
            recovery_codes=json.dumps([*codes]),
            changed_at=at,
        )
    )
    note(conn, "codes_set_up", person_id, at)


def use_code(conn: Connection, person_id: UUID, counter: int) -> bool:
    """Use up the code of this counter, and all before it; whether it was still unused."""
    done = conn.execute(
        update(account)
        .where(account.c.person_id == person_id, account.c.totp_counter < counter)
        .values(totp_counter=counter)
    )
    return bool(done.rowcount)


def set_recovery_codes(
    conn: Connection, person_id: UUID, before: Iterable[str], codes: Iterable[str]
) -> bool:
    """Other recovery codes; whether those before were still what this rests on."""
    done = conn.execute(
        update(account)
        .where(
            account.c.person_id == person_id,
            account.c.recovery_codes == json.dumps([*before]),
        )
        .values(recovery_codes=json.dumps([*codes]))
    )
    return bool(done.rowcount)


# Other services


def person_of_identity(conn: Connection, issuer: str, subject: str) -> UUID | None:
    """Who this is, by the issuer and the subject it gives."""
    found: UUID | None = conn.scalar(
        select(identity.c.person_id).where(
            identity.c.issuer == issuer, identity.c.subject == subject
        )
    )
    return found


def join_identity(
    conn: Connection, issuer: str, subject: str, person_id: UUID, at: datetime
) -> None:
    """From now on, this issuer's subject is this person. Raises NotAllowed when either has another."""
    there = conn.execute(
        select(identity).where(
            identity.c.issuer == issuer,
            (identity.c.subject == subject) | (identity.c.person_id == person_id),
        )
    ).first()
    if there is not None:
        raise NotAllowed("That account is joined to somebody already.")
    row = {"issuer": issuer, "subject": subject, "person_id": person_id, "at": at}
    kept = insert_into(conn, identity).values(row).on_conflict_do_nothing()
    if conn.execute(kept.returning(identity.c.person_id)).one_or_none() is None:
        raise NotAllowed("That account is joined to somebody already.")  # at this very moment
    note(conn, "joined", person_id, at, issuer=issuer)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
