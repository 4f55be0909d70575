"""The bar of the demonstration: looking at the product as somebody else."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request, session, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.policy import SEES
from app.actions.demonstration import PERSONAS, persona_of
from app.store.database import read
from app.web.first_screen import lead_on
from app.web.frame import drawn
from app.web.site import Context, site

demo = Blueprint("demo", __name__)


@demo.post("/demo/persona")
def persona() -> Response:
    """Look at the product as somebody else."""
    role = request.form.get("persona", "")
    if role not in {each.role for each in PERSONAS}:
        abort(400, "There is no such person in the demonstration.")
    with read(site().engine) as conn:
        become(role, conn)
    path = own_path(request.form.get("next", "/"))
    # Who sees no project is not sent to the page of one.
    wanted = "/" if role not in SEES and path.startswith("/projects/") else path
    return redirect(lead_on(wanted, role))


def become(role: str, conn: Connection) -> None:
    """Be the persona of this role from now on."""
    actor = persona_of(conn, role)
    session.update(person=str(actor.person_id), organisation=str(actor.organisation_id), role=role)


def bar() -> Context:
    """The people to choose from, on every page."""
    return {
        "action": url_for("demo.persona"),
        "next": request.path,
        "personas": _buttons(session.get("role")),
    }


@lru_cache(maxsize=len(PERSONAS) + 1)
def _buttons(role: str | None) -> Markup:
    personas = [
        {"code": each.role, "label": each.label, "current": role == each.role} for each in PERSONAS
    ]
    return drawn("personas", personas)


def own_path(address: str) -> str:
    """A path of this site, never another site."""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address at all, such as "//["
        return "/"
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return parts.path if ours and not address.startswith(("//", "/\\")) else "/"
