"""What a reviewer sent back: for the project to do, and for them to see again."""

from __future__ import annotations

from collections.abc import Iterable

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.access.policy import POLICY
from app.actions.actor import Actor
from app.actions.review.reports import Report, open_report
from app.actions.review.requests import Back, State, be_content, say_mended, sent_back
from app.core.standing import MUST_CORRECT
from app.core.wording import count
from app.web.forms import typed
from app.web.reports.blueprint import back_to_project, caption, opened, reports
from app.web.reports.words import page_url, shortened
from app.web.site import Context, day_words, fresh, now, on_project, reading, site, today, writing

LONGEST = 4000
SAID = {
    State.WAITS: ("todo", "Waits for the project"),
    State.CHANGED: ("flag", "Answers were changed. To be looked at again"),
    State.MENDED: ("ok", "Said to be done. To be looked at again"),
    State.CONTENT: ("ok", "Settled"),
}
KINDS = {MUST_CORRECT: "Must be corrected", "improve": "To improve"}


@reports.route("/projects/<reference>/sent-back", methods=["GET", "POST"])
def back(reference: str) -> Response | str:
    """Everything that was sent back, and saying that one of them is done."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today())
        on_project(report.opened.project)
        found = sent_back(conn, report)
    if request.method != "POST":
        return _draw(report, actor, found, {})
    about = request.form.get("about", "")
    if not any(each.request.about == about and each.request.content is None for each in found):
        abort(404)
    words = typed(f"words-{about}", LONGEST)
    if words.error or not words.value:
        said = words.error or "Say in a few words what was done"
        return _draw(report, actor, found, {about: said})
    with writing() as (conn, actor):
        say_mended(conn, actor, report, about, (str(words.value), now()))
    flash("Told to who asked. They look at it again.")
    return redirect(url_for("reports.back", reference=reference))


@reports.post("/projects/<reference>/sent-back/content")
def content(reference: str) -> Response:
    """Be content with what was done."""
    report, _ = opened(reference)
    about = request.form.get("about", "")
    with writing() as (conn, actor):
        fresh()
        be_content(conn, actor, report, about, now())
    flash("Settled. The project sees that you are content.")
    return redirect(url_for("reports.advice", reference=reference))


def _draw(report: Report, actor: Actor, found: Iterable[Back], errors: dict[str, str]) -> str:
    cards = [_card(report, each) for each in found]
    waiting = sum(each["open"] for each in cards)
    lead = "Nothing was sent back."
    if cards:
        lead = f"{count(waiting, 'thing')} to do." if waiting else "Nothing is left to do here."
    return render_template(
        "sent_back.html",
        title="Sent back to the project",
        caption=caption(report),
        back=back_to_project(report),
        lead=lead,
        errors=[{"anchor": f"words-{about}", "text": text} for about, text in errors.items()],
        mine=not POLICY["project.mend"].refuses(actor.role),
        action=url_for("reports.back", reference=report.reference),
        cards=[{**card, **_typed(card["about"], errors)} for card in cards],
    )


def _typed(about: str, errors: dict[str, str]) -> Context:
    return {"typed": request.form.get(f"words-{about}", ""), "error": errors.get(about, "")}


def _card(report: Report, each: Back) -> Context:
    mark, said = SAID[each.state]
    url = page_url(report, each.where) if each.where else None
    reply = each.request.mended
    return {
        "about": each.request.about,
        "title": each.title,
        "kind": KINDS[each.sent.kind],
        "who": f"{each.sent.who}, {each.sent.organisation}, {day_words(each.sent.at)}",
        "words": each.words,
        "mark": mark,
        "said": said,
        "open": each.open,
        "url": url or "",
        "ask": report.record.title(each.where) if url else "",
        "changed": [_changed(report, address) for address in _told(each)],
        "reply": {"who": f"{reply.who}, {day_words(reply.at)}", "text": each.reply}
        if reply
        else None,
    }


def _told(each: Back) -> tuple[str, ...]:
    """The answers to be told: not the bare rows in which they stand."""
    return tuple(a for a in each.changed if a.count("/") != 1)[:4]


def _changed(report: Report, address: str) -> Context:
    try:
        ask, now_ = report.record.title(address), report.record.answer(address).text
    except (KeyError, StopIteration):
        ask, now_ = "An answer that is gone", ""
    return {"ask": shortened(ask, 90), "text": shortened(now_, 90)}


# For the reviewer


def draw_own(report: Report, found: Iterable[Back]) -> Context | None:
    """What a reviewer sent back and is not content with yet; what is to be seen again first."""
    order = (State.MENDED, State.CHANGED, State.WAITS)
    left = [each for each in found if each.state is not State.CONTENT]
    if not left:
        return None
    left.sort(key=lambda each: order.index(each.state))
    to_see = sum(each.to_see for each in left)
    lead = f"{count(to_see, 'matter')} to look at again." if to_see else "Nothing was done yet."
    return {
        "lead": lead,
        "cards": [{**_card(report, each), "to_see": each.to_see} for each in left],
        "action": url_for("reports.content", reference=report.reference),
    }


# For the project


def tasks_of(conn: Connection, report: Report, actor: Actor) -> list[Context]:
    """What was sent back and waits for the project, for whoever can do something about it."""
    if POLICY["project.mend"].refuses(actor.role):
        return []
    at = url_for("reports.back", reference=report.reference)
    return [
        {
            "title": each.title,
            "kind": KINDS[each.sent.kind],
            "mark": "stop" if each.sent.kind == MUST_CORRECT else "todo",
            "words": shortened(each.words),
            "who": f"{each.sent.who}, {each.sent.organisation}",
            "url": f"{at}#{each.request.about}",
        }
        for each in sent_back(conn, report)
        if each.open
    ]
