"""Where somebody's work is: the screen that each role sees first."""

from __future__ import annotations

from flask import current_app, url_for

from app.actions.access.policy import OVERSIGHT
from app.actions.access.roles import ADMINISTRATOR, EDITOR, SYSTEM

START = "start.home"
FIRST = {
    **dict.fromkeys(OVERSIGHT, "reports.queue"),
    EDITOR: "editor.home",
    **dict.fromkeys((ADMINISTRATOR, SYSTEM), "account.people"),
}
"""The first screen by role; who is not named here begins or carries on something, at the start."""


def first_screen(role: str) -> str:
    """The address of the first screen of a role; the start where there are no accounts to look after."""
    screen = FIRST.get(role, START)
    return url_for(screen if screen in current_app.view_functions else START)


def lead_on(path: str, role: str) -> str:
    """Where somebody goes who wanted a path: whoever named none, or only the site, to their work."""
    return first_screen(role) if path in ("", "/", url_for(START)) else path
