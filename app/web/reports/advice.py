"""The advice of a data protection officer: written by one, kept until it is sent, read by everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.review.advice_drafts import DraftAdvice, keep_draft, open_draft
from app.actions.review.decisions import leads
from app.actions.review.reports import Report, open_report
from app.actions.review.requests import Back, sent_back
from app.actions.review.reviews import DPO, allow, asks_about_advice
from app.actions.review.since import Changes
from app.core.standing import ADVISE, SENT_BACK, Act
from app.core.wording import count, lower
from app.store.walks import WALK
from app.web.reports.adopting import in_short
from app.web.reports.back import draw_own
from app.web.reports.blueprint import (
    caption,
    project_url,
    report_url,
    reports,
)
from app.web.reports.matters import (
    OTHER,
    PROCEED,
    VERDICTS,
    WHOLE,
    Judged,
    draw_judged,
    judged,
    others,
    posted_draft,
    proceed_question,
    read_proceed,
    read_text,
    taken_up,
)
from app.web.reports.since import draw_since, since_last_look
from app.web.reports.words import flag_link, reason
from app.web.site import (
    Context,
    clock_time,
    day_words,
    moment_words,
    now,
    on_project,
    reading,
    site,
    today,
    writing,
)

NO_VERDICT = "\N{EN DASH}"
KEEP, ADD, BACK, SEND = "keep", "add", "back", "send"
FIRST = (
    "The officer of the organisation that leads advises first, and you adopt that. Advise on the "
    "whole only where it has no officer. You may send something back at any time."
)
SEND_TEXT = (
    "Your advice goes to the project and to every organisation that takes part, with your name and "
    "the date. What must be corrected or improved becomes a task of the project lead. A matter "
    "without a verdict is left out. Nothing leaves before you have read it once more and pressed send."
)


@dataclass(frozen=True)
class Desk:
    """What a reviewer has before them: the project, their draft, and what they sent back."""

    report: Report
    actor: Actor
    draft: DraftAdvice
    back: tuple[Back, ...]
    changes: Changes | None = None

    @property
    def judged(self) -> tuple[Judged, ...]:
        """What there is to judge, as judged so far."""
        return judged(self.report, self.draft, self.own)

    @property
    def own(self) -> tuple[Back, ...]:
        """What their organisation sent back."""
        ours = self.actor.organisation_name
        return tuple(each for each in self.back if each.sent.organisation == ours)


def sit_down(reference: str, *, since: bool = False) -> Desk:
    """Open a project to review it. Raises NotFound."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today())
        on_project(report.opened.project)
        if actor.role != DPO or reference.startswith(WALK):
            return Desk(report, actor, DraftAdvice(), ())
        draft = open_draft(conn, actor, reference)
        changes = since_last_look(conn, actor, report) if since else None
        return Desk(report, actor, draft, sent_back(conn, report), changes)


@reports.route("/projects/<reference>/advice", methods=["GET", "POST"])
def advice(reference: str) -> Response | str:
    """Judge what only an officer can, and write the advice; or read it."""
    if request.method == "POST":
        return _posted(reference)
    desk = sit_down(reference, since=True)
    if desk.actor.role != DPO:
        return _read(desk.report)
    draft = taken_up(desk.draft, request.args.get("about", ""))
    if desk.draft.looked is None and not draft.whole:
        draft = replace(draft, whole=_answered_already(desk.report))
    return _draw(replace(desk, draft=draft), {})


def _posted(reference: str) -> Response | str:
    """Keep all that was typed, whatever comes next."""
    desk = sit_down(reference)
    allow(desk.actor, (DPO,), desk.report.record, "gives this advice")
    draft = posted_draft()
    with writing() as (conn, actor):
        keep_draft(conn, actor, reference, draft, now())
    desk, go = replace(desk, draft=draft), request.form.get("go", SEND)
    at: Context = {"reference": reference}
    if go == KEEP:
        flash("Kept as a draft. Only you see it. Nothing was sent.")
        return redirect(url_for("reports.advice", **at))
    if go == ADD:
        anchor = f"{request.form.get(OTHER, '')}-title" if request.form.get(OTHER) else OTHER
        return redirect(url_for("reports.advice", _anchor=anchor, **at))
    errors = faults(desk, only_back=go == BACK)
    if errors:
        with reading() as (conn, actor):
            changes = since_last_look(conn, actor, desk.report)
        return _draw(replace(desk, changes=changes), errors)
    return redirect(url_for("reports.send_advice", only=BACK if go == BACK else None, **at))


@reports.post("/projects/<reference>/advice/draft")
def keep_advice(reference: str) -> Response:
    """Keep what is being typed, by itself."""
    with writing() as (conn, actor):
        draft = posted_draft(whole_form=False)
        keep_draft(conn, actor, reference, draft, now())
    return jsonify({"saved_at": clock_time(now()), "versions": {}})


def faults(desk: Desk, *, only_back: bool) -> dict[str, str]:
    """What keeps it from being sent, by field."""
    errors = {f"advice-{one.about}": one.error for one in desk.judged if one.error}
    if only_back:
        if not errors and not any(one.verdict in SENT_BACK for one in desk.judged):
            first = next((f"verdict-{each.about}-improve" for each in desk.judged), OTHER)
            errors[first] = "Choose “improve” or “must correct” for what you send back"
        return errors
    whole, proceed = (
        read_text(desk.draft.whole),
        read_proceed(desk.report.record, desk.draft.proceed),
    )
    if whole.error or not whole.value:
        errors[WHOLE] = whole.error or "Write your advice as a whole"
    if proceed is not None and not proceed.value:
        errors[PROCEED] = proceed.error or "Say whether your advice is to go ahead"
    return errors


# Writing


def _draw(desk: Desk, errors: dict[str, str]) -> str:
    report, there = desk.report, desk.judged
    number = len(there)
    title = "Your advice"
    if number:
        title = f"{count(number, 'decision')} only you can make"
    at: Context = {"reference": report.reference}
    looked = desk.draft.looked
    return render_template(
        "dpo.html",
        title=title,
        caption=f"{caption(report)}. {_stage(report)}",
        back=_back_to_queue(),
        errors=[{"anchor": where, "text": text} for where, text in errors.items()],
        action=url_for("reports.advice", **at),
        autosave=url_for("reports.keep_advice", **at),
        saved=f"Draft kept {lower(moment_words(looked.at))}"
        if looked and desk.draft.matters
        else "",
        sent=draw_own(report, desk.own),
        matters=[
            draw_judged(report, each, n, errors.get(f"advice-{each.about}", ""))
            for n, each in enumerate(there, 1)
        ],
        others=others(report, [each.about for each in there]),
        overall={
            "advice": desk.draft.whole,
            "hint": "On lawfulness, on the measures, and on going ahead. Name what must change first.",
            "error": errors.get(WHOLE, ""),
        },
        proceed=_going_ahead(desk, errors.get(PROCEED, "")),
        send_text=SEND_TEXT,
        first="" if _given(report) or leads(desk.actor, report) else FIRST,
        since=draw_since(report, desk.changes),
        differs=list(in_short(report, desk.actor)),
        ways=_ways(report),
    )


def _back_to_queue() -> Context:
    return {"label": "Back to your queue", "url": url_for("reports.queue")}


def _answered_already(report: Report) -> str:
    """What was written on the page of questions before any advice was sent: nobody types it twice."""
    asked = asks_about_advice(report.record)
    if asked is None or _given(report):
        return ""
    return str(report.record.value(asked.summary) or "")


def _going_ahead(desk: Desk, error: str) -> Context | None:
    record = desk.report.record
    asked = asks_about_advice(record)
    if asked is None:
        return None
    kept = desk.draft.looked is not None or request.method == "POST"
    value = desk.draft.proceed if kept else record.value(asked.proceed)
    question = proceed_question(desk.report, value, error)
    before = record.given.get(asked.proceed)
    hint = f"Answered before by {before.by}, {day_words(before.at)}. " if before else ""
    return {**(question or {}), "hint": f"{hint}What you send replaces it." if hint else ""}


def _stage(report: Report) -> str:
    return report.current.stage.title if report.current else "All stages closed"


def _ways(report: Report) -> list[Context]:
    at: Context = {"reference": report.reference}
    return [
        {"label": "One-page report", "url": report_url(report)},
        {"label": "Ask the lead a question first", "url": url_for("projects.talk", **at)},
        {"label": "Actions", "url": url_for("reports.actions", **at)},
        {"label": "History of answers", "url": url_for("projects.history", **at)},
        {"label": "The project", "url": project_url(report)},
    ]


def _given(report: Report) -> list[Act]:
    return [act for act in reversed(report.record.acts) if act.kind == ADVISE]


# Reading


def _read(report: Report) -> str:
    given = _given(report)
    lead = "The data protection officer advises and never decides."
    if not given:
        lead += " No advice has been given yet. Ask for it when the risk report is ready to be looked at."
    return render_template(
        "listing.html",
        title="Advice of the data protection officer",
        caption=caption(report),
        crumbs=[
            {
                "label": report.looked.title,
                "url": url_for("projects.one", reference=report.reference),
            },
            {"label": "Risk report", "url": report_url(report)},
        ],
        lead=lead,
        tables=[_table(report, act) for act in given],
        notes=[
            {
                "title": "If it is not followed",
                "text": "The senior owner of the risk says why, and the documents print it.",
            }
        ],
    )


def _table(report: Report, act: Act) -> Context:
    content = getattr(act, "content", None) or {}
    rows = [_row("As a whole", None, "", reason(act))]
    raised = {flag.id: flag for flag in report.record.raised}
    for matter in content.get("matters", ()):
        flag = raised.get(str(matter["flag"]))
        url = flag_link(report, flag) if flag else None
        verdict = VERDICTS.get(str(matter["verdict"]), "")
        rows.append(_row(str(matter["title"]), url, verdict, str(matter["text"])))
    return {
        "caption": f"{act.who}, {day_words(act.at)}",
        "columns": ["About", "Verdict", "Advice"],
        "rows": rows,
    }


def _row(title: str, url: str | None, verdict: str, text: str) -> Context:
    cells = [
        {"label": "Verdict", "text": verdict or NO_VERDICT, "mark": None, "url": None},
        {"label": "Advice", "text": text, "mark": None, "url": None},
    ]
    return {"title": title, "url": url, "about": "", "cells": cells}
