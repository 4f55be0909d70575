"""Dismissing a flag and lifting a stop: a reason, and who answers for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.errors import NotAllowed
from app.actions.review.acts import Act
from app.actions.review.reports import Report
from app.actions.review.reviews import DISMISSES, DPO, allow, dismiss_flag, lift_stop
from app.core.assessment import Flag
from app.web.controls import QuestionView, draw_question, locate_error
from app.web.forms import typed
from app.web.reports.blueprint import back_to_report, caption, opened, report_url, reports
from app.web.reports.words import about
from app.web.site import fresh, now, writing

LONGEST = 4000
Perform = Callable[[Any, Any, Report, Flag, tuple[str, datetime]], Act]


@dataclass(frozen=True)
class Way:
    """One way to answer a flag with a reason."""

    endpoint: str
    title: str
    text: str
    ask: str
    hint: str
    submit: str
    done: str
    perform: Perform


DISMISSING = Way(
    "reports.dismiss",
    "Dismiss this flag",
    "It stays in the report, under “Dismissed or lifted”, with your name and reason. It comes back by "
    "itself when one of the answers behind it changes.",
    "Why does it not apply here?",
    "Say what makes this case different. Documents print it.",
    "Dismiss this flag",
    "Dismissed. It comes back if an answer behind it changes.",
    dismiss_flag,
)
LIFTING = Way(
    "reports.lift",
    "Lift this stop",
    "Lifting lets the stage be closed and signed although the rule is raised. It lapses when one of the "
    "answers behind it changes.",
    "Why may it go ahead?",
    "Name the law, advice or decision you rely on.",
    "Lift this stop",
    "Lifted. Your reason is printed in every document.",
    lift_stop,
)


@reports.route("/projects/<reference>/flags/<flag>/dismiss", methods=["GET", "POST"])
def dismiss(reference: str, flag: str) -> Response | str:
    """Set a flag aside with a reason; a stop is not the project's to dismiss."""
    report, actor = opened(reference)
    raised = report.flag(flag)
    if raised.blocks:
        raise NotAllowed(
            "This is a stop. The project cannot dismiss it. A data protection officer can lift it, "
            "with a reason that every document prints; or the answers behind it change."
        )
    allow(actor, DISMISSES, report.record, "dismisses a flag")
    return _answer(report, raised, DISMISSING)


@reports.route("/projects/<reference>/flags/<flag>/lift", methods=["GET", "POST"])
def lift(reference: str, flag: str) -> Response | str:
    """Lift a stop with a reason that every document prints."""
    report, actor = opened(reference)
    raised = report.flag(flag)
    allow(actor, (DPO,), report.record, "lifts a stop")
    if not raised.blocks:
        return redirect(report_url(report, flag))
    return _answer(report, raised, LIFTING)


def _answer(report: Report, flag: Flag, way: Way) -> Response | str:
    if request.method != "POST":
        return _draw(report, flag, way, "")
    reason = typed("reason", LONGEST)
    if reason.error or not reason.value:
        return _draw(report, flag, way, reason.error or "Write a reason")
    with writing() as (conn, actor):
        fresh()
        way.perform(conn, actor, report, flag, (str(reason.value), now()))
    flash(way.done)
    return redirect(report_url(report, flag.id, show="answered"))


def _draw(report: Report, flag: Flag, way: Way, error: str) -> str:
    raw = request.form.get("reason") or None
    view = QuestionView("reason", "long_text", way.ask, hint=way.hint, raw=raw, error=error)
    lifting = way is LIFTING
    return render_template(
        "act.html",
        title=way.title,
        caption=caption(report),
        back=back_to_report(report, flag.id),
        about=about(report.record, flag),
        text=way.text,
        warning="You answer for this by name. Every document prints your reason."
        if lifting
        else "",
        asks=[draw_question(view)],
        errors=[{"anchor": locate_error(view), "text": error}] if error else [],
        action=url_for(way.endpoint, reference=report.reference, flag=flag.id),
        submit=way.submit,
        grave=lifting,
    )
