"""How often somebody may guess a password or a code: counted before each guess is looked at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, update

from app.store.accounts import attempt
from app.store.inserting import insert_into


@dataclass(frozen=True, slots=True)
class Limits:
    """The most guesses in a span of time, for one account and from one address."""

    span: timedelta
    account: int
    address: int


@dataclass(frozen=True, slots=True)
class Guesser:
    """What is guessed at, and from where. Only hashes of both are kept."""

    account: str
    address: str

    @property
    def account_id(self) -> str:
        """The account's count: of what was typed, so that those that do not exist count alike."""
        return _hashed("account", self.account.strip().casefold())

    @property
    def address_id(self) -> str:
        """The address's count."""
        return _hashed("address", self.address)


def _hashed(kind: str, said: str) -> str:
    return hashlib.sha256(f"{kind}:{said}".encode()).hexdigest()


def count_guess(conn: Connection, guesser: Guesser, limits: Limits, now: datetime) -> bool:
    """Count one guess; whether it may be looked at. It counts even if whoever asks never comes back."""
    by_account = _count(conn, guesser.account_id, now, limits.span)
    by_address = _count(conn, guesser.address_id, now, limits.span)
    return by_account <= limits.account and by_address <= limits.address


def forget_guesses(conn: Connection, guesser: Guesser) -> None:
    """It was right: the account's wrong guesses no longer count, nor does this one for the address."""
    conn.execute(delete(attempt).where(attempt.c.id == guesser.account_id))
    conn.execute(
        update(attempt)
        .where(attempt.c.id == guesser.address_id, attempt.c.times > 0)
        .values(times=attempt.c.times - 1)
    )


def _count(conn: Connection, id_: str, now: datetime, span: timedelta) -> int:
    """One more, in one statement: those who guess at the same moment are counted one by one."""
    past = attempt.c.since_at < now - span
    counted = (
        insert_into(conn, attempt)
        .values(id=id_, since_at=now, times=1)
        .on_conflict_do_update(
            index_elements=[attempt.c.id],
            set_={
                "times": case((past, 1), else_=attempt.c.times + 1),
                "since_at": case((past, now), else_=attempt.c.since_at),
            },
        )
        .returning(attempt.c.times)
    )
    return int(conn.execute(counted).scalar_one())
