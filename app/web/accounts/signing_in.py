"""Signing in: a password, then a code where a role asks for one; links that were mailed; signing out."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, session, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.accounts import (
    INVITATION,
    Account,
    accept,
    find_account,
    read_link,
    set_recovery_codes,
    use_code,
)
from app.actions.access.guesses import Guesser, forget_guesses
from app.actions.access.people import is_address
from app.actions.access.sign_ins import CODE, HALF, RECOVERY, begin, end, half_way, note
from app.actions.actor import PASSWORD
from app.actions.errors import NotFound
from app.actions.mail.forgotten import ask_for_link
from app.core.questions import Reading
from app.store.database import read, write
from app.web.accounts.codes import ask_set_up, set_up
from app.web.accounts.common import (
    LONGEST_NAME,
    WAIT,
    Field,
    account,
    arrive,
    ask,
    browser,
    door,
    hold,
    lasts,
    may_guess,
    open_door,
    tell,
    token_id,
)
from app.web.demo import own_path
from app.web.first_screen import lead_on
from app.web.forms import typed
from app.web.site import now, site

Answer = Response | tuple[str, int]
WRONG = "The email address or the password is not right"
NOWHERE = "You have no role in any organisation at present. Ask your organisation's administrator"


@account.get("/sign-in")
def sign_in() -> Answer:
    """Ask for an email address and a password."""
    return _ask_password()


def _ask_password(error: str = "", status: int = 200) -> tuple[str, int]:
    email = Field(
        "email", "Email address", type="email", autocomplete="username",
        value=request.form.get("email", ""),
    )  # fmt: skip
    password = Field("password", "Password", type="password", autocomplete="current-password")
    sso = site().settings.sso_issuer
    return ask(
        "Sign in",
        [email, password],
        status=status,
        error=error,
        text="You need an invitation from an organisation that uses Fingerpost.",
        submit="Sign in",
        action=url_for("account.give_password", next=request.args.get("next")),
        more=[
            *([(url_for("sso.to_issuer", next=request.args.get("next")), "Sign in with your organisation's account")] if sso else []),
            (url_for("account.forgotten"), "I have forgotten my password"),
        ],
    )  # fmt: skip


@account.post("/sign-in")
def give_password() -> Answer:
    """Look at an email address and a password: alike, and as much work, whether or not there is one."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    guesser = may_guess(email)
    if guesser is None:
        return _ask_password(WAIT, 429)
    with read(site().engine) as conn:
        found = find_account(conn, email=email)
    right = door().keys.fits(password, found.password if found else None)
    if found is None or not right:
        with write(site().engine) as conn:
            note(
                conn,
                "refused",
                found.person_id if found else None,
                now(),
                address=browser().address,
            )
        return _ask_password(WRONG, 401)
    if not found.roles:
        return _ask_password(NOWHERE, 403)
    following = request.args.get("next", "")
    with write(site().engine) as conn:
        forget_guesses(conn, guesser)
        if not (found.needs_code or found.has_code):
            return arrive(open_door(conn, found.person_id, PASSWORD), following)
        hold(begin(conn, found.person_id, HALF, browser(), now(), lasts()))
    return redirect(url_for("account.code", next=following or None))


@account.get("/sign-in/code")
def code() -> Answer:
    """Ask for a code; or set codes up, where a role asks for them and there are none yet."""
    with read(site().engine) as conn:
        found = _half_way(conn)
    if found is None:
        return redirect(url_for("account.sign_in", next=request.args.get("next")))
    return _ask_code() if found.has_code else ask_set_up(found, _here("account.give_code"))


def _here(endpoint: str) -> str:
    return url_for(endpoint, next=request.args.get("next"))


def _half_way(conn: Connection) -> Account | None:
    person_id = half_way(conn, token_id(), now())
    return find_account(conn, person_id=person_id) if person_id else None


def _ask_code(error: str = "", status: int = 200) -> tuple[str, int]:
    one = Field(
        "code", "Code", "Six figures from your app; or one of the recovery codes you printed.",
        autocomplete="one-time-code", error=error,
    )  # fmt: skip
    return ask(
        "Enter a code", [one], status=status, submit="Continue", action=_here("account.give_code"),
        text="You set up codes from an app, so a password alone does not let anybody in.",
    )  # fmt: skip


@account.post("/sign-in/code")
def give_code() -> Answer:
    """Look at a code."""
    with read(site().engine) as conn:
        found = _half_way(conn)
    if found is None:
        return redirect(url_for("account.sign_in", next=request.args.get("next")))
    if may_guess(f"code:{found.person_id}") is None:
        return _ask_code(WAIT, 429)
    following = request.args.get("next", "")
    if not found.has_code:
        return _first_code(found, following)
    with write(site().engine) as conn:
        proof = prove_with_code(conn, found, request.form.get("code", ""))
        if proof is None:
            note(conn, "refused_code", found.person_id, now(), address=browser().address)
        else:
            end(conn, token_id(), now())
            forget_code_guesses(conn, found.person_id)
            arrival = open_door(conn, found.person_id, proof)
    return (
        _ask_code("That code is not right, or was used before", 401)
        if proof is None
        else arrive(arrival, following)
    )


def forget_code_guesses(conn: Connection, person_id: UUID) -> None:
    """A code was right: the wrong ones before it no longer count."""
    forget_guesses(conn, Guesser(f"code:{person_id}", request.remote_addr or ""))


def prove_with_code(conn: Connection, found: Account, typed: str) -> str | None:
    """Use up a code from the app, or a recovery code; which it was, or None."""
    keys = door().keys
    counter = keys.code_fits(typed, found.totp_secret or "", found.totp_counter)
    if counter is not None:
        return CODE if use_code(conn, found.person_id, counter) else None
    kept = keys.kept_of(typed)
    if kept not in found.recovery_codes:
        return None
    left = [each for each in found.recovery_codes if each != kept]
    return (
        RECOVERY if set_recovery_codes(conn, found.person_id, found.recovery_codes, left) else None
    )


def _first_code(found: Account, following: str) -> Answer:
    """Codes are set up on the way in; the recovery codes are shown once, then."""
    with write(site().engine) as conn:
        codes = set_up(conn, found)
        if codes is None:
            return ask_set_up(
                found, _here("account.give_code"), "That code does not fit. Try the next one"
            )
        end(conn, token_id(), now())
        forget_code_guesses(conn, found.person_id)
        arrival = open_door(conn, found.person_id, CODE)
    return show_recovery(codes, lead_on(own_path(following), arrival.role))


def show_recovery(codes: list[str], onward: str) -> tuple[str, int]:
    """Recovery codes, the only time they can be seen."""
    return tell(
        "Print your recovery codes",
        "Each lets you in once if you lose your app. Keep them away from your telephone. "
        "They are not shown again.",
        codes=codes,
        onward={"url": onward, "label": "I have kept them: continue"},
    )  # fmt: skip


@account.post("/sign-out")
def sign_out() -> Answer:
    """Leave: the browser's token opens nothing any more."""
    with write(site().engine) as conn:
        end(conn, token_id(), now())
    session.clear()
    return redirect(url_for("account.signed_out"))


@account.get("/signed-out")
def signed_out() -> Answer:
    """Say so."""
    return tell(
        "You are signed out", "Close the browser if others use this machine.",
        onward={"url": url_for("account.sign_in"), "label": "Sign in again"},
    )  # fmt: skip


# Links


@account.get("/sign-in/forgotten")
def forgotten() -> Answer:
    """Ask for the email address to which a link goes."""
    email = Field("email", "Email address", type="email", autocomplete="username")
    return ask(
        "Choose a new password", [email], submit="Send me a link",
        text="We send a link to that address, if it is of somebody here.",
        action=url_for("account.send_reset"),
        more=[(url_for("account.sign_in"), "Back to signing in")],
    )  # fmt: skip


@account.post("/sign-in/forgotten")
def send_reset() -> Answer:
    """Ask for a link; the same is done for everybody, and said to them, whoever has an account."""
    email = request.form.get("email", "").strip()
    if is_address(email) and may_guess(f"reset:{email}") is not None:
        with write(site().engine) as conn:
            ask_for_link(conn, email, now())
    return tell(
        "Look at your email",
        "If that is the address of somebody here, a link is on its way. It opens once.",
        "Nothing came? Look among unwanted emails, and wait a few minutes before you ask again.",
    )


@account.get("/welcome/<token>")
def welcome(token: str) -> Answer:
    """A link that was mailed: ask for a password, and a name the first time."""
    try:
        with read(site().engine) as conn:
            found, kind = read_link(conn, token, now())
    except NotFound:
        return _gone()
    return _ask_new(token, found, kind)


def _gone() -> tuple[str, int]:
    return tell(
        "This link opens no more",
        "It was used before, or its time has run out.",
        "If it was an invitation, ask whoever invited you for another one.",
        status=404,
        onward={"url": url_for("account.forgotten"), "label": "I have a password and forgot it"},
    )


def _ask_new(
    token: str, found: Account, kind: str, faults: dict[str, str] | None = None
) -> tuple[str, int]:
    faults = faults or {}
    name = Field("name", "Your name", "As others will see it on what you do.", autocomplete="name",
                 value=request.form.get("name", found.name), error=faults.get("name", ""))  # fmt: skip
    shown = Field(
        "email", "Email address", type="email", autocomplete="username", value=found.email
    )
    password = Field(
        "password", "Choose a password",
        "12 characters or more. Three or four words that do not belong together are easy to keep in mind.",
        type="password", autocomplete="new-password", error=faults.get("password", ""),
    )  # fmt: skip
    first = kind == INVITATION
    return ask(
        "Welcome to Fingerpost" if first else "Choose a new password",
        [*([name] if first else []), password],
        status=400 if faults else 200,
        known=shown,
        text=f"For {found.email}.",
        more=[(url_for("sso.to_issuer", link=token), "Use my organisation's account instead")]
        if first and site().settings.sso_issuer
        else [],
        submit="Save my password",
        action=url_for("account.choose_password", token=token),
    )


@account.post("/welcome/<token>")
def choose_password(token: str) -> Answer:
    """Choose a password: the link is used up, other sign-ins end, and the person signs in with it."""
    try:
        with read(site().engine) as conn:
            found, kind = read_link(conn, token, now())
    except NotFound:
        return _gone()
    said = typed("name", LONGEST_NAME, "text") if kind == INVITATION else Reading(found.name)
    name = str(said.value)
    password = request.form.get("password", "")
    faults = {
        "name": said.error or ("" if name else "Enter your name"),
        "password": door().keys.fault(password, name, found.email),
    }
    if any(faults.values()):
        return _ask_new(token, found, kind, faults)
    hashed = door().keys.hash(password)
    try:
        with write(site().engine) as conn:
            accept(conn, token, name, hashed, now())
    except NotFound:
        return _gone()
    session.clear()
    return tell(
        "Your password is saved", "Sign in with it now.",
        onward={"url": url_for("account.sign_in"), "label": "Sign in"},
    )  # fmt: skip
