"""Accepting a flag as a risk, joining it to one that is there, and the actions that follow."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.review.reports import Report
from app.actions.review.reviews import (
    MEASURE,
    ORIGIN,
    SOURCE,
    TITLE,
    AcceptedRisk,
    JoinedRisk,
    accept_risk,
    accepted_as,
    join_risk,
    measures_of,
)
from app.core.assessment import Flag
from app.core.pictures import risk_scale
from app.core.questions import Column, Question, row_label
from app.core.record import Record
from app.core.rules import Entry
from app.core.sheet import NEW_ROW
from app.web.asking import Asking
from app.web.controls import Option, QuestionView, draw_question, locate_error
from app.web.forms import PageForm
from app.web.reports.blueprint import (
    back_to_report,
    caption,
    opened,
    report_url,
    reports,
)
from app.web.reports.words import about, can_accept, page_url, plain
from app.web.site import Context, fresh, now, site, writing

ASKED = (TITLE, SOURCE, "harm")
KEY = re.compile(r"\+[a-z][0-9a-f]{8}")
ORIGIN_LENGTH = 60
WHICH = "risk"


@dataclass(frozen=True)
class Filled:
    """The form over one flag: the risk's columns as they are drawn, and what was chosen."""

    report: Report
    actor: Actor
    flag: Flag
    key: str
    views: tuple[QuestionView, ...]
    chosen: tuple[str, ...] = ()


@reports.route("/projects/<reference>/flags/<flag>/accept", methods=["GET", "POST"])
def accept(reference: str, flag: str) -> Response | str:
    """Look at a flag as a filled risk; edit and accept it."""
    report, actor = opened(reference)
    raised = _acceptable(report, flag)
    key = _key()
    if request.method != "POST":
        return _draw_accept(
            Filled(report, actor, raised, key, _proposed(report, actor, raised, key))
        )
    form = PageForm.of(_columns(report.record, key))
    form.process(request.form)
    readings = {str(field.name).rpartition("/")[2]: field for field in form.readings()}
    if any(field.reading.error for field in readings.values()):
        views = tuple(
            view._replace(
                raw=readings[view.address.rpartition("/")[2]].raw,
                error=readings[view.address.rpartition("/")[2]].reading.error or "",
            )
            for view in _proposed(report, actor, raised, key)
        )
        return _draw_accept(Filled(report, actor, raised, key, views, _chosen_codes()))
    measures = _chosen(report.record, raised)
    values = {name: field.reading.value for name, field in readings.items()}
    with writing() as (conn, actor):
        fresh()
        accept_risk(
            conn,
            actor,
            site().catalogues,
            report,
            AcceptedRisk(raised, key, values, measures, report.looked.released.release.id, now()),
        )
    return _accepted(report, raised, measures, "Accepted as a risk")


@reports.route("/projects/<reference>/flags/<flag>/join", methods=["GET", "POST"])
def join(reference: str, flag: str) -> Response | str:
    """Join a flag to a risk that is there."""
    report, _ = opened(reference)
    raised = _acceptable(report, flag)
    register, rows = _register(report.record)
    if not rows:
        return redirect(url_for("reports.accept", reference=reference, flag=flag))
    if request.method != "POST":
        return _draw_join(report, raised, "")
    row = next((row for row in rows if str(row["id"]) == request.form.get(WHICH)), None)
    if row is None:
        return _draw_join(report, raised, "Choose the risk it belongs to")
    if len(f"{row.get(ORIGIN, '')}, {flag}") > ORIGIN_LENGTH:
        return _draw_join(report, raised, "That risk has as many flags as fit. Choose another one")
    measures = _chosen(report.record, raised)
    sheet = report.opened.sheet
    seen = {
        column.id: sheet.version_of(f"{register.id}/{row['id']}/{column.id}")
        for column in register.columns
    }
    with writing() as (conn, actor):
        fresh()
        joined = JoinedRisk(
            raised, _key(), row["id"], measures, report.looked.released.release.id, now(), seen
        )
        join_risk(conn, actor, site().catalogues, report, joined)
    return _accepted(report, raised, measures, f"Joined to the risk “{row_label(register, row)}”")


@reports.get("/projects/<reference>/actions")
def actions(reference: str) -> str:
    """What will be done to reduce the risks."""
    report, _ = opened(reference)
    record = report.record
    question = record.pipeline.names.actions
    rows = record.facts.values.get(question, ()) if question else ()
    done = sum(row.get("done") == "yes" for row in rows)
    return render_template(
        "actions.html",
        title="Actions",
        caption=caption(report),
        back=back_to_report(report),
        lead=_lead(len(rows), done),
        actions=[_action(report, str(question), row) for row in rows],
    )


def _lead(number: int, done: int) -> str:
    if not number:
        return "A measure counts only when somebody carries it out."
    left = number - done
    return f"{number} action{'s' * (number != 1)}, {left} still to do. A measure counts only when it is done."


def _action(report: Report, question: str, row: Mapping[str, Any]) -> Context:
    record = report.record
    asked = record.question(question)
    due = row.get("due")
    return {
        "title": row_label(asked, row),
        "risk": _risk_of(report, row.get(MEASURE)),
        "owner": str(row.get("who", "Nobody named yet")),
        "by": record.said(asked.column("due"), due, question).text if due else "No date yet",
        "done": row.get("done") == "yes",
        "done_text": "Done" if row.get("done") == "yes" else "To do",
        "url": page_url(report, f"{question}/{row['id']}"),
    }


def _risk_of(report: Report, measure: object) -> Context | None:
    """The risk whose measures name this one."""
    register, rows = _register(report.record)
    for row in rows:
        if measure and str(measure) in str(row.get("measures", "")):
            label = row_label(register, row)
            return {"label": label, "url": page_url(report, f"{register.id}/{row['id']}")}
    return None


# Reading the form


def _acceptable(report: Report, flag: str) -> Flag:
    """A flag that can become a risk here. Raises NotFound."""
    raised = report.flag(flag)
    if not can_accept(report.record):
        raise NotFound("this route keeps no register of risks")
    return raised


def _key() -> str:
    """What makes accepting twice one row; made with the form and posted back with it."""
    posted = request.form.get("row")
    if posted is None:
        return f"{NEW_ROW}r{secrets.token_hex(4)}"
    if not KEY.fullmatch(posted):
        abort(400, "The page did not say which risk it was about. Open it again.")
    return posted


def _register(record: Record) -> tuple[Question, Any]:
    question = record.question(record.pipeline.names.risks)
    return question, record.facts.values.get(question.id, ())


def _columns(record: Record, key: str) -> dict[str, Column]:
    register, _ = _register(record)
    asked = {*ASKED, *_rated(record)}
    return {f"{register.id}/{key}/{c.id}": c for c in register.columns if c.id in asked}


def _rated(record: Record) -> tuple[str, ...]:
    """The columns for likelihood and severity on the scale that the project rates its risks on."""
    return next(((use.likelihood, use.severity) for use in risk_scale(record)), ())


def _chosen_codes() -> tuple[str, ...]:
    return tuple(request.form.getlist("measure"))


def _chosen(record: Record, flag: Flag) -> tuple[Entry, ...]:
    codes = _chosen_codes()
    return tuple(entry for entry in measures_of(record, flag) if entry.code in codes)


def _accepted(report: Report, flag: Flag, measures: tuple[Entry, ...], said: str) -> Response:
    if not measures:
        flash(f"{said}. It is in the register of risks.")
        return redirect(report_url(report, flag.id))
    number = len(measures)
    what = "measure is now an action" if number == 1 else "measures are now actions"
    flash(f"{said}. {number} {what}: give each an owner and a date.")
    return redirect(url_for("reports.actions", reference=report.reference))


# Drawing the form


def _proposed(report: Report, actor: Actor, flag: Flag, key: str) -> tuple[QuestionView, ...]:
    """The columns of a risk, filled in from the flag."""
    record = report.record
    register, _ = _register(record)
    asking = Asking(report.looked, "", actor.role, {})
    filled: dict[str, str | None] = {
        TITLE: plain(flag.rule.harm or flag.rule.title).rstrip("."),
        SOURCE: f"{flag.rule.title}. {plain(flag.rule.because)}",
    }
    rated = _rated(record)
    if any(use.id == next(iter(record.facts.program.matrices)) for use in risk_scale(record)):
        # A flag is rated on the scale of the rules; on another one, a person says it afresh.
        filled |= dict(zip(rated, (flag.rule.likelihood, flag.severity), strict=True))
    return tuple(
        asking.column(register, column, key)._replace(value=filled.get(column.id), note_before="")
        for column in (register.column(id_) for id_ in (*ASKED, *rated))
    )


def _draw_accept(filled: Filled) -> str:
    report, flag = filled.report, filled.flag
    known = accepted_as(report.record).get(flag.id)
    return render_template(
        "accept_risk.html",
        title="Accept this flag as a risk",
        caption=caption(report),
        back=back_to_report(report, flag.id),
        about=about(report.record, flag),
        text="The risk is filled in from the flag. Change the words until they fit your case. "
        "It becomes a row of the register of risks, with your name and the date. "
        f"{_left_open(flag)}",
        warning="This flag is already in the register. You are about to add a second risk."
        if known
        else "",
        asks=[draw_question(view) for view in filled.views],
        errors=[{"anchor": locate_error(v), "text": v.error} for v in filled.views if v.error],
        action=url_for("reports.accept", reference=report.reference, flag=flag.id),
        hidden=[{"name": "row", "value": filled.key}],
        measures=_measures(report.record, flag, filled.chosen),
        submit="Accept this risk",
    )


def _left_open(flag: Flag) -> str:
    """What writing a risk down does not do."""
    if flag.blocks:
        return "It lifts no stop: the stop stays until an answer settles it or it is lifted."
    return "What is left of it is accepted later, by each organisation that decides."


def _draw_join(report: Report, flag: Flag, error: str) -> str:
    register, rows = _register(report.record)
    view = QuestionView(
        WHICH,
        "radios",
        "Which risk does it belong to?",
        options=tuple(Option(str(row["id"]), row_label(register, row)) for row in rows),
        value=request.form.get(WHICH),
        error=error,
    )
    return render_template(
        "accept_risk.html",
        title="Join this flag to another risk",
        caption=caption(report),
        back=back_to_report(report, flag.id),
        about=about(report.record, flag),
        text="The cause of this flag is added to what could cause the risk. Nothing written there is lost.",
        asks=[draw_question(view)],
        errors=[{"anchor": WHICH, "text": error}] if error else [],
        action=url_for("reports.join", reference=report.reference, flag=flag.id),
        hidden=[{"name": "row", "value": _key()}],
        measures=_measures(report.record, flag, _chosen_codes()),
        submit="Join it to this risk",
    )


def _measures(record: Record, flag: Flag, chosen: tuple[str, ...]) -> list[Context]:
    return [
        {
            "code": entry.code,
            "title": entry.title,
            "text": plain(entry.text or ""),
            "chosen": entry.code in chosen,
        }
        for entry in measures_of(record, flag)
    ]
