"""What need not be kept of accounts: counts, links and sign-ins that ended long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from app.actions.access.sign_ins import KEPT_FOR
from app.store.accounts import attempt, invitation, kept_form, sign_in

SEEN_FOR = timedelta(days=30)
"""How long a sign-in or a link that has ended can still be looked into."""


def tidy(conn: Connection, now: datetime) -> None:
    """Forget what has ended; what happened is kept in the events."""
    conn.execute(delete(attempt).where(attempt.c.since_at < now - KEPT_FOR))
    conn.execute(delete(kept_form).where(kept_form.c.at < now - KEPT_FOR))
    conn.execute(delete(invitation).where(invitation.c.ends_at < now - SEEN_FOR))
    conn.execute(delete(sign_in).where(sign_in.c.ends_at < now - SEEN_FOR))
