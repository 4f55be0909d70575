"""Who begins a project, as a page says it to those who do not: before they type, and not after."""

from __future__ import annotations

from app.actions.access.policy import POLICY
from app.actions.access.roles import ROLES, called
from app.actions.actor import Actor
from app.core.wording import listed


def why_not_begin(actor: Actor) -> str:
    """Why this person does not begin a project; "" where they may."""
    line = POLICY["project.start"]
    if not line.refuses(actor.role):
        return ""
    who = listed((called(role) for role in ROLES if role in line.roles), "or")
    return (
        f"A {who} begins a project. As {called(actor.role)} you can look at what is asked;"
        " what waits for you is in your queue."
    )
