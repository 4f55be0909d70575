"""One's own account: for whom one acts, where one is signed in, one's password and codes; proof again."""

from __future__ import annotations

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.accounts import Account, find_account, set_password, set_recovery_codes
from app.actions.access.guesses import forget_guesses
from app.actions.access.roles import ROLES, called
from app.actions.access.sign_ins import (
    SignIn,
    act_as,
    end_everywhere,
    list_sign_ins,
    prove_again,
    still_here,
    take_kept_form,
)
from app.actions.actor import Actor, Here
from app.actions.errors import NotAllowed, OutOfDate
from app.actions.mail.reminders import HowOften, choose_how_often, how_often
from app.web import letters
from app.web.accounts.codes import ask_set_up, set_up
from app.web.accounts.common import (
    WAIT,
    Arrival,
    Field,
    account,
    arrive,
    ask,
    door,
    hold,
    may_guess,
    open_door,
    token_id,
    when_words,
)
from app.web.accounts.signing_in import prove_with_code, show_recovery
from app.web.first_screen import first_screen
from app.web.site import (
    Context,
    clock_time,
    fresh,
    here,
    moment_words,
    now,
    reading,
    site,
    writing,
)

Answer = Response | tuple[str, int] | str
PROOFS = {
    "password": "with a password",
    "code": "with a password and a code",
    "recovery": "with a password and a recovery code",
    "sso": "with the account of an organisation",
}
SYSTEMS = ("Windows", "iPhone", "iPad", "Android", "Mac OS", "CrOS", "Linux")
BROWSERS = ("Edg", "Firefox", "Chrome", "Safari")


@account.get("/account")
def own() -> str:
    """Everything about one's own account."""
    with reading() as (conn, actor):
        found = _mine(conn, actor)
        places = list_sign_ins(conn, actor.person_id, now())
        often = how_often(conn, actor.person_id)
    at = here()
    return render_template(
        "account.html",
        title="Your account",
        caption=f"{found.name}, {found.email}",
        roles=[_role(at, each) for each in sorted((at.actor, *at.others), key=_order)],
        places=[_place(each) for each in places],
        often=[
            {"value": each.value, "text": text, "current": each is often}
            for each, text in OFTEN.items()
        ],
        codes=found.has_code,
        recovery=len(found.recovery_codes),
        password=found.password is not None,
        ends=clock_time(at.ends_at),
        join=url_for("sso.join") if site().settings.sso_issuer else None,
    )


def _mine(conn: Connection, actor: Actor) -> Account:
    found = find_account(conn, person_id=actor.person_id)
    if found is None:
        raise NotAllowed("This account has been closed.")
    return found


def _order(actor: Actor) -> tuple[str, str]:
    return actor.organisation_name, ROLES.get(actor.role, actor.role)


def _role(at: Here, each: Actor) -> Context:
    return {
        "title": ROLES.get(each.role, each.role),
        "organisation": each.organisation_name,
        "value": f"{each.organisation_id} {each.role}",
        "current": each == at.actor,
    }


def _place(each: SignIn) -> Context:
    system = next((name for name in SYSTEMS if name in each.agent), "another system")
    known = next((name for name in BROWSERS if name in each.agent), "A browser")
    return {
        "id": each.id,
        "name": f"{'Edge' if known == 'Edg' else known} on {system}",
        "text": f"{moment_words(each.begun_at)}, {PROOFS[each.proof]}, from "
        f"{each.address or 'an unknown address'}",
        "current": each.id == token_id(),
    }


@account.post("/account/act-as")
def choose() -> Answer:
    """Act for another organisation, or in another role, from now on."""
    organisation_id, _, role = request.form.get("role", "").partition(" ")
    with writing() as (conn, _):
        at = here()
        chosen = act_as(conn, token_id(), (at.actor, *at.others), (organisation_id, role))
    flash(f"You act as {called(chosen.role)} for {chosen.organisation_name}.")
    return redirect(first_screen(chosen.role))


@account.post("/account/sign-ins/end")
def end_sign_in() -> Answer:
    """Sign out of another browser, or of all others."""
    one = request.form.get("place", "")
    with writing() as (conn, actor):
        ended = end_everywhere(conn, actor.person_id, now(), but=token_id(), one=one)
    flash(f"Ended: {ended}.")
    return redirect(url_for("account.own"))


@account.post("/account/here")
def still() -> Answer:
    """Somebody is at work on a page that is open for long: stay signed in."""
    with writing() as (conn, _):
        still_here(conn, token_id(), now())
    return jsonify(ends=int(here().ends_at.timestamp()))


# Proof again

NO_PROOF = (
    "You have no password here, and signing in with another service is switched off. "
    "Ask your administrator to invite you again."
)


@account.get("/account/again")
def again() -> Answer:
    """Ask who somebody is once more: before an act that binds, or a change of what proves it."""
    with reading() as (conn, actor):
        found = _mine(conn, actor)
    if found.password is None and not found.has_code:
        # Only the other service can say who they are.
        if "sso" not in current_app.blueprints:
            raise NotAllowed(NO_PROOF)
        return redirect(url_for("sso.again_with", next=request.args.get("next")))
    return _ask_again(found)


def _ask_again(found: Account, error: str = "", status: int = 200) -> tuple[str, int]:
    one = (
        Field("proof", "Code from your app", autocomplete="one-time-code", error=error)
        if found.has_code
        else Field(
            "proof", "Password", type="password", autocomplete="current-password", error=error
        )
    )
    return ask(
        "Is it you?",
        [one],
        status=status,
        text="What you are about to do binds others, so we ask once more. What you typed is kept.",
        submit="Continue",
        action=url_for("account.prove", next=request.args.get("next")),
    )


@account.post("/account/again")
def prove() -> Answer:
    """Look at the proof; then show what was typed, to send it again."""
    with reading() as (conn, actor):
        found = _mine(conn, actor)
    guesser = may_guess(f"code:{found.person_id}")
    if guesser is None:
        return _ask_again(found, WAIT, 429)
    typed = request.form.get("proof", "")
    right = found.has_code or door().keys.fits(typed, found.password)
    with writing() as (conn, actor):
        if found.has_code:
            right = prove_with_code(conn, found, typed) is not None
        if not right:
            return _ask_again(found, "That is not right", 401)
        forget_guesses(conn, guesser)
        kept = take_kept_form(conn, actor.person_id, now())
        hold(prove_again(conn, token_id(), None, now()))
    following = request.args.get("next", "")
    wanted = kept if kept is not None and kept.path == following else None
    return arrive(Arrival(wanted, actor.role), following, proved=True)


# What proves it


OFTEN = {
    HowOften.WEEKLY: "Once a week",
    HowOften.DAILY: "Every day on which there is something",
    HowOften.URGENT: "Only when something is late, or due within two days",
}


@account.post("/account/reminders")
def choose_reminders() -> Answer:
    """Choose how often one is written to."""
    chosen = request.form.get("often", "")
    with writing() as (conn, actor):
        if chosen in list(HowOften):
            choose_how_often(conn, actor, HowOften(chosen), now())
    flash("Saved.")
    return redirect(url_for("account.own"))


@account.get("/account/password")
def new_password() -> Answer:
    """Ask for another password."""
    with reading():
        fresh()
        return _ask_password()


def _ask_password(error: str = "", status: int = 200) -> tuple[str, int]:
    one = Field(
        "password", "Choose another password", "12 characters or more.", type="password",
        autocomplete="new-password", error=error,
    )  # fmt: skip
    return ask(
        "Choose another password", [one], status=status, submit="Save my password",
        text="You are signed out everywhere else.", action=url_for("account.change_password"),
        more=[(url_for("account.own"), "Back to your account")],
    )  # fmt: skip


@account.post("/account/password")
def change_password() -> Answer:
    """Another password: every other sign-in ends."""
    with reading() as (conn, actor):
        fresh()
        found = _mine(conn, actor)
        proof = here().proof
    password = request.form.get("password", "")
    error = door().keys.fault(password, found.name, found.email)
    if error:
        return _ask_password(error, 400)
    hashed = door().keys.hash(password)
    with writing() as (conn, actor):
        set_password(conn, actor.person_id, hashed, now())
        _tell(conn, found, actor, "your password was changed")
        open_door(conn, actor.person_id, proof)
    flash("Your password is changed, and you are signed out everywhere else.")
    return redirect(url_for("account.own"))


@account.get("/account/codes")
def new_codes() -> Answer:
    """Set up codes, or another app for them."""
    with reading() as (conn, actor):
        fresh()
        return ask_set_up(_mine(conn, actor), url_for("account.change_codes"))


@account.post("/account/codes")
def change_codes() -> Answer:
    """Keep the new app."""
    with reading() as (conn, actor):
        fresh()
        found = _mine(conn, actor)
    if may_guess(f"code:{found.person_id}") is None:
        return ask_set_up(found, url_for("account.change_codes"), WAIT)
    with writing() as (conn, actor):
        codes = set_up(conn, found)
        if codes is None:
            return ask_set_up(
                found, url_for("account.change_codes"), "That code does not fit. Try the next one"
            )
        end_everywhere(conn, actor.person_id, now(), but=token_id())
        _tell(conn, found, actor, "codes from another app were set up")
        hold(prove_again(conn, token_id(), "code", now()))
    return show_recovery(codes, url_for("account.own"))


@account.post("/account/recovery")
def new_recovery() -> Answer:
    """New recovery codes; those before open nothing any more."""
    with writing() as (conn, actor):
        fresh()
        found = _mine(conn, actor)
        keys = door().keys
        codes = keys.new_recovery_codes()
        kept = [keys.kept_of(code) for code in codes]
        if not set_recovery_codes(conn, actor.person_id, found.recovery_codes, kept):
            raise OutOfDate(
                "New recovery codes were made in another window. Use those, or make new ones."
            )
        _tell(conn, found, actor, "new recovery codes were made")
    return show_recovery(codes, url_for("account.own"))


def _tell(conn: Connection, found: Account, actor: Actor, what: str) -> None:
    words = {
        "name": found.name,
        "what": what,
        "when": when_words(now()),
        "organisation": actor.organisation_name,
    }
    letters.post(conn, found.email, "changed", f"{what} {now().isoformat()}", words)
