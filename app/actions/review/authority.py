"""Whether somebody may sign for an organisation on a day: what its own record says of that."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.catalogues import Released
from app.actions.errors import NotAllowed, NotFound
from app.actions.organisation_sheets import own_record


def check_authority(conn: Connection, actor: Actor, newest: Released, on: date) -> None:
    """Raise NotAllowed where the record of the actor's organisation says that nobody may sign.

    It is worked out for that day, not read from a list that another day wrote. An organisation that
    says nothing of it signs by the roles of its accounts alone.
    """
    said = lapsed(conn, actor, newest, on)
    if said:
        raise NotAllowed(said)


def lapsed(conn: Connection, actor: Actor, newest: Released, on: date) -> str:
    """Why nobody may sign for the actor's organisation, and what mends it; nothing where they may."""
    try:
        looked = own_record(conn, actor, newest, on)
    except NotFound:  # this release asks nothing of organisations
        return ""
    signs = looked.register.signs
    outcome = looked.facts.values.get(signs.standing) if signs else None
    if signs is None or outcome not in signs.lapsed:
        return ""
    label = looked.facts.program.scope[signs.standing].label(str(outcome))
    return (
        f"{label}: so says the record of {actor.organisation_name}. When it has been given anew, "
        "enter there until when, and sign then."
    )
