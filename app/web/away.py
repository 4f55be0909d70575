"""Where somebody is sent who must first say who they are; what they sent is kept meanwhile."""

from __future__ import annotations

from flask import Response, flash, jsonify, make_response, redirect, request, session, url_for

from app.actions.access.sign_ins import id_of, keep_form
from app.store.database import write
from app.web.site import now, site

LONGEST_FORM = 500_000  # characters that are kept of a form
JSON = "application/json"


def send_away(endpoint: str) -> Response | None:
    """To a page that asks who they are, with a form kept. None: nobody knows whose form this is."""
    if request.accept_mimetypes.best == JSON:
        # A page that saves by itself says that it did not, and keeps what is typed.
        return make_response(jsonify(error="Nobody is signed in."), 401)
    if request.method in ("GET", "HEAD"):
        return _to(endpoint, _asked_for())
    if request.blueprint == "account":
        return _to(endpoint, url_for("account.own"))  # what proves somebody is never kept
    if not _kept():
        return None
    flash("What you typed is kept: you can send it again in a moment.")
    return _to(endpoint, _asked_for())


def _asked_for() -> str:
    """The address with its query: it may say what a form answers, or which question it is about."""
    return request.full_path.rstrip("?")


def _to(endpoint: str, following: str) -> Response:
    path = following if following not in ("/", url_for("account.sign_in")) else None
    return make_response(redirect(url_for(endpoint, next=path), 303))


def _kept() -> bool:
    fields = [(n, v) for n, v in request.form.items(multi=True) if n != "csrf_token"]
    if sum(len(value) for _, value in fields) > LONGEST_FORM:
        return False
    with write(site().engine) as conn:
        return keep_form(conn, id_of(str(session.get("sid", ""))), _asked_for(), fields, now())
