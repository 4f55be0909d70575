"""Signing in with the account of another service: away, back, and whom that joins to whom."""

from __future__ import annotations

import hmac
import logging
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.accounts import (
    INVITATION,
    Account,
    accept,
    find_account,
    join_identity,
    person_of_identity,
    read_link,
)
from app.actions.access.sign_ins import HALF, SSO, begin, note, prove_again, take_kept_form
from app.actions.errors import NotAllowed, NotFound
from app.store.database import read, write
from app.web.accounts.common import Arrival, arrive, browser, hold, lasts, open_door, tell, token_id
from app.web.accounts.issuer import LASTS, Asked, Issuer, Refused, Told
from app.web.site import fresh, now, reading, site, writing

Answer = Response | tuple[str, int] | str
LOG = logging.getLogger(__name__)
sso = Blueprint("sso", __name__)
AWAY = "away"
SIGN_IN, JOIN, ACCEPT, AGAIN = "sign_in", "join", "accept", "again"


def issuer() -> Issuer:
    """The issuer that the settings name."""
    found: Issuer = current_app.extensions["fingerpost.issuer"]
    return found


def _back() -> str:
    return site().settings.base_url + url_for("sso.from_issuer")


@sso.get("/sign-in/with")
def to_issuer() -> Answer:
    """Send the browser to the issuer: to sign in, to take up an invitation, or to prove it again."""
    link = request.args.get("link", "")
    return _leave(ACCEPT if link else SIGN_IN, link=link)


@sso.get("/account/join")
def join() -> Answer:
    """Send the browser to the issuer, to join the account there to the one here."""
    with reading():
        fresh()
    return _leave(JOIN)


@sso.get("/account/again/with")
def again_with() -> Answer:
    """Send the browser to the issuer, to be asked there once more."""
    with reading():
        pass
    return _leave(AGAIN)


def _leave(why: str, link: str = "") -> Answer:
    asked = Asked.new()
    try:
        address = issuer().address(_back(), asked, again=why == AGAIN)
    except Refused as refused:
        return _not_believed(refused)
    session[AWAY] = {
        "state": asked.state,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "why": why,
        "link": link,
        "next": request.args.get("next", ""),
        "at": int(now().timestamp()),
    }
    return redirect(address, 303)


def _not_believed(refused: Refused) -> Answer:
    # Quoted: a browser says part of it, and could else write lines of its own into the log.
    LOG.warning("the issuer is not believed: %r", str(refused))
    with write(site().engine) as conn:
        note(conn, "refused_sso", None, now(), reason=str(refused)[:200], address=browser().address)
    return tell(
        "That did not work",
        "The account of your organisation could not be used to sign in.",
        "Try once more. If it stays, sign in with your password, or tell whoever runs this service.",
        status=403,
        onward={"url": url_for("account.sign_in"), "label": "Back to signing in"},
    )


@sso.get("/sign-in/back")
def from_issuer() -> Answer:
    """A browser comes back: believe it only if it brings what it was sent away with."""
    away = session.pop(AWAY, None)
    try:
        told = _believed(away)
    except Refused as refused:
        return _not_believed(refused)
    return WAYS[away["why"]](told, away)


def _believed(away: object) -> Told:
    if not isinstance(away, dict):
        raise Refused("nobody was sent away from here")
    if int(now().timestamp()) - away["at"] > LASTS:
        raise Refused("away for too long")
    state = request.args.get("state", "")
    if not hmac.compare_digest(state.encode(), away["state"].encode()):
        raise Refused("another state")
    if request.args.get("iss", issuer().name) != issuer().name:
        raise Refused("back from another issuer")
    code = request.args.get("code", "")
    if not code:
        raise Refused(f"no code: {request.args.get('error', '')[:60]}")
    asked = Asked(away["state"], away["nonce"], away["verifier"])
    token = issuer().exchange(code, _back(), asked)
    told = issuer().believe(token, asked, now())
    if away["why"] == AGAIN and (told.proved_at or 0) < away["at"] - 60:
        raise Refused("was not asked again")
    return told


def _sign_in(told: Told, away: dict[str, str]) -> Answer:
    with read(site().engine) as conn:
        person_id = person_of_identity(conn, issuer().name, told.subject)
        found = find_account(conn, person_id=person_id) if person_id else None
    if found is None or not found.roles:
        return tell(
            "Nobody here has joined that account",
            "Sign in with your password first, then join it under “Your account”. If you were invited, "
            "open the link in your invitation.",
            status=403,
            onward={"url": url_for("account.sign_in"), "label": "Sign in with a password"},
        )
    with write(site().engine) as conn:
        return _let_in(conn, found.person_id, told, away, needs_code=found.needs_code)


def _let_in(
    conn: Connection, person_id: UUID, told: Told, away: dict[str, str], *, needs_code: bool
) -> Answer:
    """In; or half way, where a role asks for more than the issuer says it asked for."""
    if needs_code and not told.strong:
        hold(begin(conn, person_id, HALF, browser(), now(), lasts()))
        return redirect(url_for("account.code", next=away["next"] or None))
    return arrive(open_door(conn, person_id, SSO if told.strong else "password"), away["next"])


def _accept(told: Told, away: dict[str, str]) -> Answer:
    """Take up an invitation with the account there, without a password here."""
    try:
        with write(site().engine) as conn:
            found = _invited(conn, away["link"])
            accept(conn, away["link"], found.name, None, now())
            join_identity(conn, issuer().name, told.subject, found.person_id, now())
            found = find_account(conn, person_id=found.person_id) or found
            return _let_in(conn, found.person_id, told, away, needs_code=found.needs_code)
    except NotFound:
        return tell(
            "This link opens no more", "Ask whoever invited you for another one.", status=404
        )


def _invited(conn: Connection, link: str) -> Account:
    found, kind = read_link(conn, link, now())
    if kind != INVITATION:
        raise NotFound("link")
    return found


def _join(told: Told, _away: dict[str, str]) -> Answer:
    with writing() as (conn, actor):
        fresh()
        join_identity(conn, issuer().name, told.subject, actor.person_id, now())
    flash("Joined: you may sign in with it from now on.")
    return redirect(url_for("account.own"))


def _again(told: Told, away: dict[str, str]) -> Answer:
    with writing() as (conn, actor):
        if person_of_identity(conn, issuer().name, told.subject) != actor.person_id:
            raise NotAllowed("That is the account of somebody else.")
        kept = take_kept_form(conn, actor.person_id, now())
        hold(prove_again(conn, token_id(), None, now()))
    wanted = kept if kept and kept.path == away["next"] else None
    return arrive(Arrival(wanted, actor.role), away["next"], proved=True)


WAYS = {SIGN_IN: _sign_in, ACCEPT: _accept, JOIN: _join, AGAIN: _again}
