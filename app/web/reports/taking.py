"""Taking work from the queue, giving it to somebody, and being covered while away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.answers import open_sheet
from app.actions.review.claims import (
    colleagues,
    covered,
    end_cover,
    give_work,
    let_cover,
)
from app.actions.review.claims import put_back as put_back_work
from app.core.questions import Asked, Column
from app.web.reports.blueprint import reports
from app.web.site import Context, day_words, now, reading, today, writing
from app.web.small_forms import Posted, draw_form, read_form, unreadable

TO, UNTIL = "to", "until"
ALONE = (
    "Nobody else of your organisation is in your role here. An administrator can invite somebody."
)


@reports.post("/queue/<reference>/take")
def take(reference: str) -> Response:
    """Take a piece of work."""
    with writing() as (conn, actor):
        give_work(conn, actor, reference, actor.person_id, now())
    flash(f"{reference} is with you. Put it back if you cannot do it.")
    return redirect(url_for("reports.queue"))


@reports.post("/queue/<reference>/back")
def put_back(reference: str) -> Response:
    """Put a piece of work back."""
    with writing() as (conn, actor):
        put_back_work(conn, actor, reference)
    flash(f"{reference} waits in the queue again, for anybody in your role.")
    return redirect(url_for("reports.queue"))


@reports.route("/queue/<reference>/give", methods=["GET", "POST"])
def give(reference: str) -> Response | str:
    """Give a piece of work to somebody who shares the queue."""
    with reading() as (conn, actor):
        title = open_sheet(conn, actor, reference).project.summary.title
        others = {
            str(c.id): c.name for c in colleagues(conn, actor, reference) if c.id != actor.person_id
        }
    asked = _asked(others)
    posted = read_form(asked)
    if posted and not any(_errors(posted).values()):
        with writing() as (conn, actor):
            whom = give_work(conn, actor, reference, UUID(str(posted[TO].data)), now())
        flash(f"{reference} is with {whom.name}.")
        return redirect(url_for("reports.queue"))
    return _draw(
        asked,
        posted,
        title="Give it to somebody else",
        caption=f"{reference} {title}",
        text="They find it in their queue. What they do, they do in their own name.",
        action=url_for("reports.give", reference=reference),
        submit="Give it to them",
    )


@reports.route("/queue/cover", methods=["GET", "POST"])
def cover() -> Response | str:
    """Let a deputy cover the queue while one is away."""
    if request.method == "POST" and request.form.get("end"):
        with writing() as (conn, actor):
            end_cover(conn, actor)
        flash("You do your own work again.")
        return redirect(url_for("reports.queue"))
    with reading() as (conn, actor):
        others = {str(c.id): c.name for c in colleagues(conn, actor) if c.id != actor.person_id}
        now_covered = covered(conn, actor, today())
    asked = _asked(others, until=True)
    posted = read_form(asked)
    if posted and not any(_errors(posted).values()):
        until = date.fromisoformat(str(posted[UNTIL].data))
        with writing() as (conn, actor):
            whom = let_cover(conn, actor, UUID(str(posted[TO].data)), until)
        flash(f"{whom.name} covers your queue until {day_words(until)}.")
        return redirect(url_for("reports.queue"))
    text = "What is with you is with them until that day. They act in their own name."
    if now_covered is not None:
        name, until = now_covered.deputy.name, now_covered.until
        text = f"{name} covers your queue until {day_words(until)}. {text}"
    return _draw(
        asked,
        posted,
        title="Let a deputy cover your queue",
        caption="While you are away",
        text=text,
        action=url_for("reports.cover"),
        submit="Let them cover",
        end="End this now" if now_covered else "",
    )


def _asked(others: Mapping[str, str], *, until: bool = False) -> dict[str, Asked]:
    """What the form asks: of whom, and until when; nothing where there is nobody."""
    if not others:
        return {}
    whom = {"id": TO, "type": "choice", "ask": "To whom?", "options": dict(others)}
    asked: dict[str, Asked] = {TO: Column.model_validate(whom)}
    if until:
        asked[UNTIL] = Column.model_validate(
            {"id": UNTIL, "type": "date", "ask": "Until which day?"}
        )
    return asked


def _errors(posted: Posted) -> dict[str, str]:
    """What is wrong with it, by name."""
    missing = {TO: "Choose somebody", UNTIL: "Say until which day"}
    found = unreadable(posted)
    for name, field in posted.items():
        if not found[name] and field.data is None:
            found[name] = missing[name]
    if UNTIL in posted and not found[UNTIL] and str(posted[UNTIL].data) < today().isoformat():
        found[UNTIL] = "Choose today or a later day"
    return found


def _draw(asked: Mapping[str, Asked], posted: Posted, **more: Context | str) -> str:
    if not asked:
        more = {**more, "text": ALONE}
    return render_template(
        "give.html",
        back={"label": "Back to your queue", "url": url_for("reports.queue")},
        **draw_form(asked, posted, _errors(posted)),
        **more,
    )
