"""The first person here, who invites all others: invited at a terminal, by whoever holds the machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select

from app.actions.access.accounts import INVITATION, Link, send_link
from app.actions.access.people import Invited, invite, is_address
from app.actions.access.roles import ADMINISTRATOR, SYSTEM
from app.actions.organisations import add_organisation
from app.store.tables import organisation

LASTS = timedelta(hours=24)


class NotInvited(ValueError):
    """Nobody was invited, and why."""


def invite_first(
    conn: Connection, who: tuple[str, str], where: tuple[str, str], at: datetime, again: bool
) -> Link:
    """Invite an administrator of the service, by name and address, in an organisation and its kind.

    Raises NotInvited for what is no address, and for somebody who has an account unless `again`.
    """
    (name, email), (called, kind) = who, where
    if not is_address(email):
        raise NotInvited(f"{email} is not an email address.")
    roles = (SYSTEM, ADMINISTRATOR)
    link = invite(
        conn, None, _place(conn, called, kind, at), Invited(name, email, roles), at, LASTS
    )
    if link.token is not None:
        return link
    if not again:
        raise NotInvited(f"{email} has an account: --again lets them choose a password anew.")
    return send_link(conn, link.person_id, INVITATION, at, LASTS)


def _place(conn: Connection, name: str, kind: str, at: datetime) -> UUID:
    found: UUID | None = conn.scalar(
        select(organisation.c.id).where(func.lower(organisation.c.name) == name.lower())
    )
    return found or add_organisation(conn, name, kind, at)
