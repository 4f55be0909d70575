"""Forms that begin something: one that is sent twice begins one thing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from uuid import UUID, uuid4, uuid5

from flask import request
from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.projects import begun_already

ONCE = "once"
LONGEST_KEY = 64


def key_of_form() -> str:
    """What tells this form from the next one: drawn with it, and posted back with it."""
    return _posted() or secrets.token_hex(16)


def key_field() -> dict[str, str]:
    """The same as a hidden field, for a page that lists its hidden fields."""
    return {"name": ONCE, "value": key_of_form()}


def id_of_form(actor: Actor) -> UUID:
    """The id of what this form begins: the same however often this person sends these words."""
    if not _posted():
        return uuid4()
    # Somebody who goes back and writes something else means another one.
    said = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    files = [(name, file.filename) for name, file in request.files.items(multi=True)]
    return uuid5(actor.person_id, repr((request.path, said, files)))


def begin_once(conn: Connection, actor: Actor, begin: Callable[[UUID], str]) -> str:
    """Begin a project under the id of this form, or find the one that it began; its reference."""
    id_ = id_of_form(actor)
    return begun_already(conn, id_) or begin(id_)


def _posted() -> str:
    return request.form.get(ONCE, "")[:LONGEST_KEY]
