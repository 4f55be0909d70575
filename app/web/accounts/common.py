"""What the pages of accounts share: who sits where, entering and leaving, and fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from sqlalchemy import Connection

from app.actions.access.guesses import Guesser, Limits, count_guess
from app.actions.access.sign_ins import Browser, KeptForm, begin, id_of, take_kept_form
from app.actions.actor import who_is_here
from app.core.wording import lower
from app.store.database import write
from app.web.accounts.keys import Keys
from app.web.demo import own_path
from app.web.first_screen import lead_on
from app.web.site import Context, clock_time, day_words, moment_words, now, site

account = Blueprint("account", __name__)

LONGEST_NAME = 200
WAIT = "There were too many tries. Wait a quarter of an hour, then try again."


@dataclass(frozen=True)
class Door:
    """What signing in needs besides the site."""

    keys: Keys


def door() -> Door:
    """The door of this Fingerpost."""
    found: Door = current_app.extensions["fingerpost.door"]
    return found


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form about an account."""

    name: str
    label: str
    hint: str = ""
    type: str = "text"
    autocomplete: str = "off"
    value: str = ""
    error: str = ""
    inputmode: str = ""


def ask(
    title: str, fields: list[Field], *, status: int = 200, error: str = "", **more: object
) -> tuple[str, int]:
    """A page with a small form. `error` is about no field: it stands at the top."""
    errors = [{"anchor": each.name, "text": each.error} for each in fields if each.error]
    if error:
        errors = [{"anchor": fields[0].name if fields else "main", "text": error}, *errors]
    page: Context = {"title": title, "fields": fields, "errors": errors, "caption": "", "text": ""}
    return render_template("account_form.html", **(page | more)), status


def tell(title: str, *lines: str, status: int = 200, **more: object) -> tuple[str, int]:
    """A page that says something and asks nothing."""
    return render_template("account_told.html", title=title, lines=lines, **more), status


def browser() -> Browser:
    """Where whoever asks sits."""
    return Browser(request.remote_addr or "", request.headers.get("User-Agent", ""))


def may_guess(account_key: str) -> Guesser | None:
    """Count a guess before it is looked at; None when there were too many."""
    settings = site().settings
    span = timedelta(minutes=settings.guess_minutes)
    limits = Limits(span, settings.guesses_per_account, settings.guesses_per_address)
    guesser = Guesser(account_key, request.remote_addr or "")
    with write(site().engine) as conn:
        allowed = count_guess(conn, guesser, limits, now())
    return guesser if allowed else None


def lasts() -> timedelta:
    """How long one sign-in lasts at most."""
    return timedelta(hours=site().settings.session_hours)


def token_id() -> str:
    """The id of the sign-in of this browser; of none when there is none."""
    return id_of(str(session.get("sid", "")))


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who is here from now on: what they had typed before, and the role they act in."""

    kept: KeptForm | None
    role: str


def open_door(conn: Connection, person_id: UUID, proof: str) -> Arrival:
    """Somebody is here from now on."""
    kept = take_kept_form(conn, person_id, now())
    hold(begin(conn, person_id, proof, browser(), now(), lasts()))
    found = who_is_here(conn, token_id(), now())
    return Arrival(kept, found.actor.role if found else "")


def hold(token: str) -> None:
    """Give this browser a new token, and nothing of what it had before."""
    session.clear()
    g.pop("csrf_token", None)  # it belongs to the session before
    session["sid"] = token
    session["seen"] = int(now().timestamp())


def arrive(arrival: Arrival, following: str, *, proved: bool = False) -> Response:
    """Where somebody goes who is here now: to what they typed before, where they wanted, or to work."""
    if arrival.kept is not None:
        return make_response(show_kept(arrival.kept, proved=proved))
    return make_response(redirect(lead_on(own_path(following), arrival.role)))


def show_kept(kept: KeptForm, *, proved: bool = False) -> str:
    """What somebody sent before they could, in a form that sends it again."""
    typed = [(name, value) for name, value in kept.fields if " " in value.strip()]
    hidden = [each for each in kept.fields if each not in typed]
    late = f"It arrived {lower(moment_words(kept.at))}, when you were no longer signed in. It is not saved yet."
    page: Context = {
        "title": "Thank you: now go on" if proved else "What you typed is still here",
        "text": "Nothing was done yet. Press the button to do it." if proved else late,
        "try": (),
        "home": {
            "label": "Do nothing, and go to your projects",
            "url": url_for("projects.list_all"),
        },
        "kept": {
            "action": kept.path,
            "fields": [
                {"name": name, "value": value, "label": f"What you typed, {n} of {len(typed)}"}
                for n, (name, value) in enumerate(typed, 1)
            ],
            "hidden": [{"name": name, "value": value} for name, value in hidden],
            "submit": "Go on" if proved else "Save it now",
        },
    }
    return render_template("error.html", **page)


def when_words(at: datetime) -> str:
    """A moment in a letter: "14 May 2026, 14:32"."""
    return f"{day_words(at)}, {clock_time(at)}"
