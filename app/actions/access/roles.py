"""The roles that people have in organisations: what they are called and which need a code to sign in."""

from __future__ import annotations

from app.core.wording import lower

ADMINISTRATOR, SYSTEM, EDITOR = "administrator", "system", "editor"

ROLES = {
    "lead": "Project lead",
    "contributor": "Contributor",
    "party": "Contact for projects led by others",
    "ig_lead": "Information governance lead",
    "security": "Information security lead",
    "dpo": "Data protection officer",
    "siro": "Senior information risk owner",
    "caldicott": "Caldicott Guardian",
    "signatory": "Signatory",
    ADMINISTRATOR: "Organisation administrator",
    EDITOR: "LOTI editor",
    SYSTEM: "System administrator",
}
"""Every role by its code. Definitions name those that questions are asked of."""

ABOUT = {
    ADMINISTRATOR: "Invites the people of the organisation, and keeps its record.",
    EDITOR: "Writes and publishes the questions, the rules and the documents.",
    SYSTEM: "Runs the service: adds organisations, and looks after everybody’s people.",
}
"""What people of a role do, where the definitions do not say it."""

NEEDED = ("ig_lead", "dpo", "siro", "signatory")
"""Without whom a project of an organisation comes to a halt."""

MOVERS = ("lead", "ig_lead")
"""Who moves a project to another release."""

WITH_CODE = frozenset({"dpo", "siro", "signatory", ADMINISTRATOR, EDITOR, SYSTEM})
"""Roles in which nobody acts who signed in with a password alone."""

GIVEN_BY_SYSTEM = frozenset({EDITOR, SYSTEM})
"""Roles that concern every organisation: only a system administrator gives them."""


def called(role: str) -> str:
    """What a role is called inside a sentence."""
    return lower(ROLES.get(role, role))
