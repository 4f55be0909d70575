"""What every page has: its frame, who is here, the demonstration's bar, assets and headers."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from time import time

from flask import (
    Flask,
    Response,
    current_app,
    g,
    get_flashed_messages,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import generate_csrf

from app.actions.access.roles import ROLES
from app.actions.actor import Actor
from app.actions.answers import Project
from app.actions.demonstration import PERSONAS
from app.core.standing import stays as stays_of
from app.web import demo
from app.web.frame import entry_of, frame
from app.web.site import Context, site
from app.web.site import here as here_now

BUILD = Path(__file__).parent / "static" / "build"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
HELD = "Until it moves, nobody signs and no stage is closed. You can go on drafting."


class NoAssets(RuntimeError):
    """The style sheet and script have not been built."""


def manifest() -> dict[str, str]:
    """The built assets by their plain names. Raises NoAssets."""
    try:
        found: dict[str, str] = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise NoAssets("the style sheet is not built: run make assets") from missing
    return found


def install(app: Flask) -> None:
    """Give every template what it shares, and every answer its headers."""
    names = manifest()
    urls = {plain: f"/static/build/{built}" for plain, built in names.items()}
    app.jinja_env.globals["asset"] = urls.__getitem__
    app.jinja_env.globals["csrf_token"] = _csrf_token
    app.context_processor(_context)
    app.after_request(_headers)


def _csrf_token() -> str:
    """The token against forged forms, for this browser; signed once a minute."""
    known = session.get("csrf_token")
    if known is None:
        return str(generate_csrf())
    return _signed(current_app.secret_key, known, int(time()) // 60)


@lru_cache(maxsize=256)
def _signed(*_of: object) -> str:
    return str(generate_csrf())


def _context() -> Context:
    actor: Actor | None = g.get("actor")
    demonstration = site().demo
    newest = max(site().catalogues.by_id.values(), key=lambda each: each.release.number)
    return {
        "frame": frame(
            request.script_root,
            actor.role if actor is not None else None,
            entry_of(request.endpoint or ""),
            newest.name.lower(),
            newest.release.at,
            demonstration=demonstration,
        ),
        "notice": " ".join(map(str, get_flashed_messages())) or None,
        "must_move": _must_move(),
        "demo": demo.bar() if demonstration else None,
        "who": _who(actor) if actor is not None else None,
    }


def _who(actor: Actor) -> Context:
    """Whom the page is drawn for; and where they sign out, and when they must sign in again."""
    if site().demo:
        role = next((p.label for p in PERSONAS if p.role == actor.role), actor.role)
        return {"text": f"{role}, {actor.organisation_name}", "sign_out": None}
    now_here = here_now()
    only = f", which shares only with {now_here.sponsor}" if now_here.sponsor else ""
    role = ROLES.get(actor.role, actor.role)
    account, sign_out, still = _doors(request.script_root)
    return {
        "text": f"{actor.name}, {role}, {actor.organisation_name}{only}",
        "others": bool(now_here.others),
        "account": account,
        "sign_out": sign_out,
        "here": still,
        "idle": site().settings.idle_minutes * 60,
        "ends": int(now_here.ends_at.timestamp()),
    }


@lru_cache(maxsize=8)
def _doors(_root: str) -> tuple[str, ...]:
    """One's account, signing out and staying signed in; `_root`: where the site is mounted."""
    return tuple(map(url_for, ("account.own", "account.sign_out", "account.still")))


def _must_move() -> Context | None:
    """That the project of this page must move to another release, where it must."""
    project: Project | None = g.get("project")
    if project is None or project.must_move is None:
        return None
    number = project.must_move.number
    stays = any(act.about == str(number) for act in stays_of(project.acts))
    held = "A data protection officer has said why this project need not." if stays else HELD
    return {
        "title": f"This project {'need not' if stays else 'must'} move to release {number}",
        "text": f"{project.must_move.reason} {held}",
        "url": url_for("projects.move", reference=project.reference),
    }


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.add(name, value)  # no page sets any of them itself
    if "own_policy" in g:  # a file that somebody brought
        response.headers["Content-Security-Policy"] = g.own_policy
    nonce = g.get("style_nonce")
    if nonce:  # one page has a style sheet that its script makes
        own = CSP.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
        response.headers["Content-Security-Policy"] = own
    if request.path.startswith("/static/build/"):
        # Names carry the hash of the content: they never change.
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Vary", "Cookie")
    return response
