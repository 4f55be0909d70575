"""Our errors and their pages: what happened, what was kept, what to do next."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from app.actions.errors import Full, NotAllowed, NotFound, OutOfDate
from app.store.database import Busy, read
from app.web.away import send_away
from app.web.demo import become
from app.web.site import Context, ProofNeeded, SignInNeeded, site

LOG = logging.getLogger(__name__)
UNKEPT = {
    "csrf_token",
    "once",
    "seen",
    "shown",
    "do",
    "release",
    "go",
    "accept",
    "take",
    "add",
    "change",
    "remove",
}


@dataclass(frozen=True)
class Told:
    """How one kind of error is told."""

    status: int
    title: str
    text: str
    steps: tuple[str, ...] = ()


PAGES: dict[int | type[Exception], Told] = {
    400: Told(
        400,
        "That did not arrive in one piece",
        "The page could not be read.",
        ("Go back, reload the page and try again.",),
    ),
    403: Told(
        403,
        "This is for somebody else to do",
        "You may see it but not do it.",
        ("The project page says whose act it is.",),
    ),
    404: Told(
        404,
        "We cannot find that page",
        "The address may be wrong, or it is not for the organisation or the role that you act in.",
        (
            "If it is about a project, ask its lead to add you or your organisation.",
            "If you have several roles, look whether you act in the right one.",
        ),
    ),
    405: Told(
        405,
        "That page works another way",
        "Open it from a link instead.",
        ("Go back and use the buttons on the page.",),
    ),
    413: Told(
        413,
        "That is too much at once",
        "What was sent is larger than one page may be.",
        ("Shorten the longest text, or choose a smaller file, and save again.",),
    ),
    500: Told(
        500,
        "Something went wrong on our side",
        "It has been noted, with the reference below.",
        ("Try again in a minute.", "If it stays, tell whoever runs this service the reference."),
    ),
    Busy: Told(
        503,
        "Not saved: the service is busy",
        "Nothing was changed. What you typed is kept below.",
        ("Wait a moment and press the button.",),
    ),
    OutOfDate: Told(
        409,
        "This has changed since you opened it",
        "Nothing was changed.",
        ("Open it again: you will see what is new.",),
    ),
    Full: Told(
        409,
        "This list is full",
        "Nothing was changed. What you typed is kept below.",
        ("Go back and look at what the list holds.",),
    ),
    NotAllowed: Told(
        403,
        "This is for somebody else to do",
        "You may see it but not do it.",
        ("The project page says whose act it is.",),
    ),
    CSRFError: Told(
        400,
        "This page was open for too long",
        "It was opened before you signed in anew, or many hours ago.",
        ("Press the button to send it again.",),
    ),
}


SIGN_IN_FIRST = Told(
    401,
    "Sign in first",
    "You are not signed in any more.",
    ("Sign in on another page of this browser.", "Then press the button here."),
)


def install(app: Flask) -> None:
    """Answer each of our errors with its page."""
    app.before_request(_refuse_nul)
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(ProofNeeded, _prove)
    app.register_error_handler(NotFound, lambda _error: _page(PAGES[404]))
    for kind in (Busy, Full, OutOfDate, NotAllowed, CSRFError):
        app.register_error_handler(kind, _ours)
    app.register_error_handler(SecurityError, _another_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _unforeseen)


def _refuse_nul() -> None:
    """Nothing here is named with a NUL, and not every database can be asked for one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise NotFound


def _ours(error: Exception) -> tuple[str, int, dict[str, str]]:
    told = next(PAGES[kind] for kind in type(error).__mro__ if kind in PAGES)
    said = str(error) if isinstance(error, Full | NotAllowed | OutOfDate) and str(error) else ""
    html, status = _page(told, said)
    return html, status, {"Retry-After": "5"} if status == 503 else {}


def _http(error: HTTPException) -> tuple[str, int] | Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    told = PAGES.get(error.code or 500, PAGES[400])
    said = error.description if error.code == 400 and error.description else ""
    html, _ = _page(told, said)
    return html, error.code or 500


def _another_host(_error: SecurityError) -> Response:
    """Asked for under a name that is not ours: no page can be drawn, for it has no addresses."""
    return Response("This service is not reached under that name.\n", 400, mimetype="text/plain")


def _unforeseen(error: Exception) -> tuple[str, int]:
    reference = uuid4().hex[:12]
    LOG.error(
        "unforeseen error %s", reference, exc_info=getattr(error, "original_exception", error)
    )
    return _page(PAGES[500], f"Reference: {reference}")


def _sign_in(_error: SignInNeeded) -> tuple[str, int] | Response:
    """In the demonstration everybody begins as the project lead."""
    if site().demo:
        with read(site().engine) as conn:
            become("lead", conn)
        return redirect(request.full_path if request.method != "POST" else request.path)
    return send_away("account.sign_in") or _page(SIGN_IN_FIRST)


def _prove(_error: ProofNeeded) -> tuple[str, int] | Response:
    return send_away("account.again") or _page(SIGN_IN_FIRST)


def _page(told: Told, said: str = "") -> tuple[str, int]:
    kept = _kept() if request.method == "POST" and told.status in (400, 401, 409, 503) else None
    context: Context = {
        "title": told.title,
        "text": f"{told.text} {said}".strip(),
        "not_saved": request.method == "POST",
        "try": told.steps,
        "home": {"label": "Go to your projects", "url": url_for("projects.list_all")},
        "kept": kept,
    }
    return render_template("error.html", **context), told.status


def _kept() -> Context | None:
    """What was typed, in a form that tries again."""
    fields = [
        {"name": name, "value": value, "label": name if len(value) > 1 else ""}
        for name, value in request.form.items(multi=True)
        if name not in UNKEPT
    ]
    hidden = [
        {"name": name, "value": value}
        for name, value in request.form.items(multi=True)
        if name in UNKEPT - {"csrf_token"}
    ]
    if not fields:
        return None
    session.modified = True
    return {
        "action": request.full_path.rstrip("?"),
        "fields": fields,
        "hidden": hidden,
        "submit": "Try again",
    }
