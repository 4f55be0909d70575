"""The advice of a data protection officer: written by one, read by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.reports import Report, open_report
from app.actions.reviews import (
    DPO,
    Advice,
    Matter,
    accepted_as,
    advise,
    allow,
    asks_about_advice,
    measures_of,
)
from app.actions.sign_off import changed_since
from app.core.assessment import Flag
from app.core.questions import Reading, type_of
from app.core.record import Record
from app.core.standing import ADVISE, Act
from app.web.forms import typed
from app.web.reports.blueprint import (
    back_to_project,
    caption,
    project_url,
    report_url,
    reports,
)
from app.web.reports.words import flag_link, mark, plain, rating, reason, shortened
from app.web.site import Context, day_words, fresh, now, on_project, reading, site, today, writing

MOST = 6
LONGEST = 10_000
PROCEED = "proceed"
NO_VERDICT = "\N{EN DASH}"
VERDICTS = {
    "acceptable": "Acceptable",
    "improve": "Improve",
    "must_correct": "Must correct before I advise",
}


@dataclass(frozen=True)
class Typed:
    """What the DPO has chosen and written of one flag."""

    flag: Flag
    verdict: str
    said: Reading

    @property
    def error(self) -> str:
        """What is missing, or cannot be kept."""
        if self.said.error:
            return self.said.error
        if self.verdict in ("improve", "must_correct") and not self.said.value:
            return "Say what has to change"
        return ""


@reports.route("/projects/<reference>/advice", methods=["GET", "POST"])
def advice(reference: str) -> Response | str:
    """Write the advice, or read it."""
    report, actor, changed = _opened(reference)
    if request.method != "POST":
        return _draw(report, {}, changed) if actor.role == DPO else _read(report)
    allow(actor, (DPO,), report.record, "gives this advice")
    written = [_typed(flag) for flag in _matters(report.record)]
    whole, proceed = typed("advice", LONGEST), _proceed(report.record)
    errors = {f"advice-{one.flag.id}": one.error for one in written if one.error}
    if whole.error or not whole.value:
        errors["advice"] = whole.error or "Write your advice as a whole"
    if proceed is not None and not proceed.value:
        errors[PROCEED] = proceed.error or "Say whether your advice is to go ahead"
    if errors:
        return _draw(report, errors, changed)
    matters = tuple(
        Matter(one.flag.id, one.flag.rule.title, one.verdict, str(one.said.value))
        for one in written
        if one.verdict
    )
    with writing() as (conn, actor):
        fresh()
        chosen = str(proceed.value) if proceed else None
        advise(conn, actor, report, Advice(str(whole.value), matters, now(), chosen))
    also = " It has answered the questions about advice too." if proceed else ""
    flash(f"Your advice is sent. Documents print it from now on.{also}")
    return redirect(project_url(report))


def _opened(reference: str) -> tuple[Report, Actor, tuple[str, ...]]:
    """The project, who looks at it, and which answers have changed since the last advice."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today())
        on_project(report.opened.project)
        last = next(iter(_given(report)), None)
        if last is None or actor.role != DPO:
            return report, actor, ()
        version = getattr(last, "sheet_version", 0)
        return report, actor, tuple(changed_since(conn, report.opened.project.id, version))


def _matters(record: Record) -> tuple[Flag, ...]:
    """What only a DPO can judge: the stops, then the gravest flags."""
    rest = [
        flag
        for flag in record.raised
        if flag not in record.stops and flag.rating == "high" and flag.id not in record.answered
    ]
    return (*record.stops, *rest)[:MOST]


def _typed(flag: Flag) -> Typed:
    verdict = request.form.get(f"verdict-{flag.id}", "")
    said = typed(f"advice-{flag.id}", LONGEST)
    return Typed(flag, verdict if verdict in VERDICTS else "", said)


def _proceed(record: Record) -> Reading | None:
    """What was chosen on going ahead; None where the route asks nothing about advice."""
    asked = asks_about_advice(record)
    if asked is None:
        return None
    question = record.question(asked.proceed)
    return type_of(question).from_form(question, {"": request.form.getlist(PROCEED)})


def _draw(report: Report, errors: dict[str, str], changed: tuple[str, ...]) -> str:
    record = report.record
    flags = _matters(record)
    number = len(flags)
    title = "Your advice"
    if number:
        title = f"{number} matter{'s' * (number != 1)} for your advice"
    return render_template(
        "dpo.html",
        title=title,
        caption=f"{caption(report)}. {_stage(report)}",
        back=back_to_project(report),
        errors=[{"anchor": at, "text": text} for at, text in errors.items()],
        action=url_for("reports.advice", reference=report.reference),
        saved="",
        matters=[_matter(report, n, flag, errors) for n, flag in enumerate(flags, 1)],
        overall={
            "advice": request.form.get("advice", _drafted(report)),
            "hint": "On lawfulness, on the measures, and on going ahead. Name what must change first.",
            "error": errors.get("advice", ""),
        },
        proceed=_going_ahead(report, errors.get(PROCEED, "")),
        send_text="Your advice goes to the project and to every organisation that takes part, with your "
        "name and the date. A matter without a verdict is left out. Nothing leaves before you press send.",
        aside=_aside(report, changed),
    )


def _drafted(report: Report) -> str:
    """What was written on the page of questions before any advice was sent: nobody types it twice."""
    asked = asks_about_advice(report.record)
    if asked is None or _given(report):
        return ""
    return str(report.record.value(asked.summary) or "")


def _going_ahead(report: Report, error: str) -> Context | None:
    """The question whether to go ahead, with what was chosen or answered before."""
    record = report.record
    asked, chosen = asks_about_advice(record), _proceed(record)
    if asked is None or chosen is None:
        return None
    question = record.question(asked.proceed)
    value = chosen.value if request.method == "POST" else record.value(asked.proceed)
    before = record.given.get(asked.proceed)
    return {
        "ask": question.ask,
        "hint": f"Answered before by {before.by}, {day_words(before.at)}. What you send replaces it."
        if before
        else "",
        "options": [
            {"code": code, "label": label, "checked": code == value}
            for code, label in record.facts.program.scope[asked.proceed].codes.items()
        ],
        "error": error,
    }


def _stage(report: Report) -> str:
    return report.current.stage.title if report.current else "All stages closed"


def _matter(report: Report, number: int, flag: Flag, errors: dict[str, str]) -> Context:
    record = report.record
    drafted = ". ".join(entry.title for entry in measures_of(record, flag))
    links = [{"label": "Flag, answers and source", "url": flag_link(report, flag)}]
    if flag.blocks:
        lift = url_for("reports.lift", reference=report.reference, flag=flag.id)
        links.append({"label": "Lift this stop with a reason", "url": lift})
    accepted = " It is in the register of risks." if flag.id in accepted_as(record) else ""
    return {
        "id": flag.id,
        "number": number,
        "mark": mark(record, flag),
        "title": flag.rule.title,
        "rating": rating(record, flag.rating),
        "text": f"{plain(flag.rule.because)}{accepted}",
        "links": links,
        "verdict": _typed(flag).verdict,
        "advice": request.form.get(f"advice-{flag.id}", "")
        if request.method == "POST"
        else f"{drafted}."
        if drafted
        else "",
        "error": errors.get(f"advice-{flag.id}", ""),
    }


def _given(report: Report) -> list[Act]:
    return [act for act in reversed(report.record.acts) if act.kind == ADVISE]


def _aside(report: Report, changed: tuple[str, ...]) -> Context:
    at: Context = {"reference": report.reference}
    ways = [
        {"label": "One-page report", "url": report_url(report)},
        {"label": "Actions", "url": url_for("reports.actions", **at)},
        {"label": "History of answers", "url": url_for("projects.history", **at)},
    ]
    last = next(iter(_given(report)), None)
    return {
        "changes": list(_changes(report, last, changed)) if last else [],
        "since": f"the last advice, {day_words(last.at)}" if last else "",
        "differs": [],
        "ways": ways,
    }


def _changes(report: Report, last: Act, changed: tuple[str, ...]) -> Iterator[Context]:
    """What was said, and which answers have changed since."""
    yield {"title": "Said", "ask": shortened(reason(last)), "before": "", "after": ""}
    record = report.record
    shown = [a for a in changed if a.count("/") != 1 and record.value(a) is not None][:MOST]
    for address in shown:
        now_ = shortened(record.answer(address).text, 80)
        ask = shortened(record.title(address), 90)
        yield {"title": "Answer changed", "ask": ask, "before": "", "after": now_}
    if not changed:
        yield {"title": "Answers", "ask": "None has changed.", "before": "", "after": ""}
    elif len(shown) < len(changed):
        more = f"{len(changed)} changes in all. The history shows each."
        yield {"title": "Answers", "ask": more, "before": "", "after": ""}


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
