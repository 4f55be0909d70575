"""Looking at a draft as somebody in another role: only within a walk, and without doing anything."""

from __future__ import annotations

from dataclasses import replace

from flask import g, request

from app.actions.actor import Actor
from app.actions.definitions.drafts import READERS
from app.actions.definitions.walking import WALKED_AS
from app.actions.errors import NotAllowed, NotFound
from app.store.walks import WALK, parted

PAGES = "pages"
OPEN = frozenset({PAGES, "projects", "reports", "start"})
"""The parts of the site that a walk leads through: those of a project."""

ONLY_LOOKED_AT = (
    "This is a preview of a draft: its pages can be answered, but nothing is decided, signed or "
    "sent here."
)


def as_walked(actor: Actor) -> Actor:
    """The actor, in the role of the walk that the address names. Raises NotFound, NotAllowed."""
    reference = str((request.view_args or {}).get("reference", ""))
    if not reference.startswith(WALK):
        return actor
    _, role = parted(reference)
    if actor.role not in READERS or request.blueprint not in OPEN or role not in WALKED_AS:
        raise NotFound(reference)
    if request.method == "POST" and request.blueprint != PAGES:
        raise NotAllowed(ONLY_LOOKED_AT)
    g.walk = reference
    return replace(actor, role=role)
