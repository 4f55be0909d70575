"""Emails on their way: asked for with what they are about, taken one by one, sent, never twice."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine, select, update

from app.catalogue.letters import Written
from app.store.accounts import mail
from app.store.database import write
from app.store.inserting import keep_once

LOG = logging.getLogger(__name__)
WAITING, SENDING, SENT, FAILED, UNSURE = "waiting", "sending", "sent", "failed", "unsure"
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""How long until the next attempt after the first, second... has failed; then no more."""
ABANDONED_AFTER = timedelta(minutes=15)
_NAMES = UUID("7a0b6b3e-9a52-4d0e-8d55-3f1f0f3a1c77")  # makes one id of what an email is about


class NotSent(Exception):
    """The email was certainly not taken; it may be tried again unless it is refused for good."""

    def __init__(self, said: str, *, for_good: bool = False) -> None:
        super().__init__(said)
        self.for_good = for_good


class NotKnown(Exception):
    """Nobody can say whether the email was taken."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One email."""

    id: UUID
    recipient: str
    subject: str
    body: str
    attempts: int


class Carrier(Protocol):
    """Whoever takes emails to where they go."""

    def send(self, one: Mail) -> str:
        """Hand over an email; its reference there. Raises NotSent or NotKnown."""

    def has_taken(self, one: Mail) -> bool | None:
        """Whether it was handed over before; None when that can never be found out. Raises NotKnown."""


def post_letter(
    conn: Connection, recipient: str, written: Written, about: str, at: datetime
) -> UUID:
    """Ask for an email; the same letter about the same is one, however often it is asked for."""
    id_ = uuid5(_NAMES, f"{written.letter}:{recipient}:{about}")
    row = {
        "id": id_,
        "recipient": recipient,
        "letter": written.letter,
        "subject": written.subject,
        "body": written.body,
        "state": WAITING,
        "attempts": 0,
        "at": at,
        "due_at": at,
        "changed_at": at,
    }
    keep_once(conn, mail, row)
    return id_


@dataclass(frozen=True, slots=True)
class Unsent:
    """An email that has not arrived as far as anybody knows."""

    recipient: str
    subject: str
    state: str
    attempts: int
    error: str | None
    at: datetime


def list_unsent(conn: Connection, most: int = 100) -> list[Unsent]:
    """The newest emails that were not sent: they wait, have failed, or nobody knows."""
    columns = [mail.c[name] for name in Unsent.__dataclass_fields__]
    unsent = select(*columns).where(mail.c.state != SENT).order_by(mail.c.at.desc()).limit(most)
    return [Unsent(*row) for row in conn.execute(unsent)]


def send_next(engine: Engine, carrier: Carrier, now: datetime) -> bool:
    """Send the email that has waited longest; whether there was one.

    It is marked before it is sent and after. Whoever dies between the two leaves it "sending": then
    the carrier is asked whether it has it, and if nobody can say, it is left for a person to decide.
    """
    with write(engine) as conn:
        found = _take(conn, now)
    if found is None:
        return False
    one, left_behind = found
    try:
        outcome = _settle(carrier, one) if left_behind else _try(carrier, one)
    except NotKnown:
        return True  # it stays "sending", and the carrier is asked later
    with write(engine) as conn:
        _mark(conn, one, outcome, now)
    return True


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: str
    error: str | None = None
    reference: str | None = None
    wait: timedelta = timedelta()


def _take(conn: Connection, now: datetime) -> tuple[Mail, bool] | None:
    """The next email, now this worker's, and whether another worker had it before and died."""
    due = (mail.c.state == WAITING) & (mail.c.due_at <= now)
    left = (mail.c.state == SENDING) & (mail.c.changed_at < now - ABANDONED_AFTER)
    row = conn.execute(
        select(mail)
        .where(due | left)
        .order_by(mail.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    values = {"state": SENDING, "attempts": row.attempts + 1, "changed_at": now}
    conn.execute(update(mail).where(mail.c.id == row.id).values(values))
    one = Mail(row.id, row.recipient, row.subject, row.body, row.attempts + 1)
    return one, row.state == SENDING


def _settle(carrier: Carrier, one: Mail) -> _Outcome:
    """What became of an email that somebody was sending and never said more of."""
    taken = carrier.has_taken(one)
    if taken is None:
        return _Outcome(UNSURE, error="nobody can say whether it left")
    return _Outcome(SENT) if taken else _try(carrier, one)


def _try(carrier: Carrier, one: Mail) -> _Outcome:
    try:
        return _Outcome(SENT, reference=carrier.send(one))
    except NotSent as refused:
        if refused.for_good or one.attempts > len(WAITS):
            return _Outcome(FAILED, error=str(refused))
        return _Outcome(WAITING, error=str(refused), wait=WAITS[one.attempts - 1])


def _mark(conn: Connection, one: Mail, outcome: _Outcome, now: datetime) -> None:
    if outcome.state in (FAILED, UNSURE):
        # Whoever runs the service looks it up by its id: no address stands in the log.
        LOG.warning("the email %s is %s: %r", one.id, outcome.state, outcome.error)
    values = {
        "state": outcome.state,
        "error": outcome.error,
        "reference": outcome.reference,
        "changed_at": now,
        "due_at": now + outcome.wait,
    }
    if outcome.state != WAITING:
        values["body"] = ""  # it may hold a link that opens an account
    conn.execute(update(mail).where(mail.c.id == one.id).values(values))
