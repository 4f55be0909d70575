"""What is new in a project for the person who is here, that they have seen it, and who is on a page."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response as Answer
from flask import flash, jsonify, redirect, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.overview import Overview
from app.actions.review.since import ADDED, CLEARED, OPEN, RAISED, REMOVED, AnswerChanged
from app.actions.together.visits import News, news, say_here, say_seen
from app.core.wording import lower
from app.store.walks import WALK
from app.web.reports.words import page_url, shortened
from app.web.site import Context, moment_words, now, site, writing

FEW = 12
HOW = {ADDED: "Answered", REMOVED: "Answer taken out"}
FLAGS = {RAISED: "Flag raised", CLEARED: "Flag cleared", OPEN: "Check open again"}


def told(conn: Connection, actor: Actor, view: Overview) -> Context | None:
    """What others did since this person last looked, for the project page."""
    reference = view.report.reference
    if reference.startswith(WALK):
        return None
    found = news(conn, actor, site().catalogues, view)
    lines = list(_lines(actor, view, found)) if found else []
    return {
        "since": lower(moment_words(found.since)) if found is not None else "",
        "lines": lines[:FEW],
        "more": max(len(lines) - FEW, 0),
        "history": url_for("projects.history", reference=reference),
        "action": url_for("projects.seen", reference=reference),
    }


def _lines(actor: Actor, view: Overview, found: News) -> Iterator[Context]:
    """Flags, acts and law before what was said and answered."""
    reference = view.report.reference
    for flag in found.changes.flags:
        report = url_for("reports.risk_report", reference=reference, _anchor=f"flag-{flag.flag}")
        yield _line(FLAGS[flag.how], flag.title, report)
    for act, words in found.acts:
        yield _line(f"{act.who} {words}", "", None, moment_words(act.at))
    for law in found.changes.law:
        who = f"{law.who}, {moment_words(law.at)}" if law.at else law.who
        yield _line("Law", f"{law.title}: {law.text}", None, who)
    for each in found.comments:
        talk = url_for("projects.talk", reference=reference, about=each.about or None)
        who = f"{each.who}, {each.organisation}, {moment_words(each.at)}"
        named = "A comment mentions you" if each.names(actor.person_id) else "Comment"
        yield _line(named, shortened(each.words, 90), talk, who)
    for answer in found.answers:
        who = f"{answer.who}, {moment_words(answer.at)}"
        title = HOW.get(answer.how, "Answer changed")
        yield _line(title, shortened(answer.title, 90), _url(view, answer), who)


def _line(title: str, about: str, url: str | None, who: str = "") -> Context:
    return {"title": title, "about": about, "url": url, "who": who}


def _url(view: Overview, answer: AnswerChanged) -> str:
    """The page of a question that is asked; else its history."""
    id_ = answer.address.split("/", maxsplit=1)[0]
    asked = id_ in view.record.facts.shown and answer.how != REMOVED
    url = page_url(view.report, answer.address) if asked else None
    reference = view.report.reference
    return url or url_for("projects.history", reference=reference, of=answer.address)


def seen(reference: str) -> Response:
    """Say that one has seen where the project stands."""
    with writing() as (conn, actor):
        say_seen(conn, actor, reference, now())
    flash("Noted. Next time we show what others changed since now.")
    return redirect(url_for("projects.one", reference=reference))


def here(reference: str, questionnaire: str, page: str) -> Answer:
    """Who else has a page open; posted by the page itself now and then."""
    with writing() as (conn, actor):
        who = say_here(conn, actor, reference, f"{questionnaire}/{page}", now())
    return jsonify(who=who)
