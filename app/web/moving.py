"""Moving a project to another release: what it would do, doing it, what it did, and why one stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.definitions.releases import newest_number
from app.actions.errors import NotFound
from app.actions.moving import Plan, may_move, move_project, plan_move, stay
from app.actions.review.acts import Act
from app.actions.review.reports import Report, open_report
from app.actions.review.reviews import DPO
from app.core.moving import Fate
from app.core.record import RESTRICTED
from app.core.standing import MOVE
from app.core.wording import count
from app.store.releases import Release, releases
from app.web.controls import QuestionView, draw_question, locate_error
from app.web.forms import typed
from app.web.reports.blueprint import back_to_project, caption, project_url
from app.web.reports.words import page_url
from app.web.site import (
    Context,
    day_words,
    fresh,
    moment_words,
    now,
    on_project,
    reading,
    site,
    today,
    writing,
)

LONGEST = 4000
LONG = 300
GROUPS = (
    (Fate.AGAIN, "To be answered again", "The answer does not fit the question any more. It is kept as it was."),
    (Fate.CONVERTED, "Said in another way", "The same answer, as this release says it. The old one is kept."),
    (Fate.GONE, "Kept beside the answers", "No question asks it here, or another answer stands there. It is kept as it was."),
    (Fate.BACK, "Answers again", "Kept by an earlier move."),
    (Fate.RENAMED, "Carried under another name", "Nothing changes for you."),
    (Fate.ELSEWHERE, "Asked on another page", "The answer stays."),
)  # fmt: skip
WHAT = {"flag": "Flag", "score": "Score", "decision": "Decision"}


def move(reference: str) -> Response | str:
    """What moving the project to a release would do; with the button, it moves."""
    with reading() as (conn, actor):
        chosen = request.values.get("to", type=int) or newest_number(conn)
        found = releases(conn)
        report = open_report(conn, actor, site().catalogues, reference, today())
        on_project(report.opened.project)
        here = report.looked.released.release.number
        if chosen == here:
            return _draw(report, actor, found, None)
        at = today(), now()
        plan = plan_move(conn, actor, site().catalogues, reference, chosen, at)
    if request.method != "POST":
        return _draw(report, actor, found, plan)
    seen = request.form.get("sheet", -1, type=int), request.form.get("project", -1, type=int)
    with writing() as (conn, actor):
        act = move_project(conn, actor, plan, seen)
    flash(f"Moved to release {chosen}. Nothing was lost: moving back restores every answer.")
    return redirect(url_for("projects.moved", reference=reference, seq=act.seq))


def _draw(report: Report, actor: Actor, found: Iterable[Release], plan: Plan | None) -> str:
    here = report.looked.released.release
    project = report.opened.project
    mine = may_move(actor, report)
    return render_template(
        "move.html",
        title=f"Move to {_lower(plan.released.name)}" if plan else "Move to another release",
        caption=caption(report),
        back=back_to_project(report),
        lead=_lead(here, plan),
        filters=_others(report.reference, found, here, plan),
        refused=list(plan.refused) if plan else [],
        told=_told(report, plan.told()) if plan else None,
        kept=_left(report),
        mine=mine and plan is not None and not plan.refused,
        whose=""
        if mine
        else "The lead or the information governance lead of the project moves it.",
        action=url_for("projects.move", reference=report.reference),
        hidden=_hidden(report, plan),
        submit=f"Move to {_lower(plan.released.name)}" if plan else "",
        stay_url=url_for("projects.stay", reference=report.reference)
        if actor.role == DPO and project.must_move
        else None,
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _lead(here: Release, plan: Plan | None) -> str:
    on = f"This project is answered under release {here.number}, of {day_words(here.at)}."
    if plan is None:
        return f"{on} That is the newest."
    return f"{on} Nothing is changed before you press the button, and you can move back."


def _hidden(report: Report, plan: Plan | None) -> list[Context]:
    opened = report.opened
    values = {
        "to": plan.released.release.number if plan else "",
        "sheet": opened.sheet.version,
        "project": opened.project.version,
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def _others(
    reference: str, found: Iterable[Release], here: Release, plan: Plan | None
) -> list[Context]:
    chosen = plan.released.release.number if plan else here.number
    return [
        {
            "label": f"Release {each.number}{' (now)' if each.number == here.number else ''}",
            "url": url_for("projects.move", reference=reference, to=each.number),
            "current": each.number == chosen,
        }
        for each in found
    ]


def moved(reference: str, seq: int) -> str:
    """What a move did: the same list as before it."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today())
        on_project(report.opened.project)
    act = next((a for a in report.record.acts if isinstance(a, Act) and a.seq == seq), None)
    if act is None or act.kind != MOVE:
        raise NotFound(f"{reference} move {seq}")
    told = act.content
    return render_template(
        "move.html",
        title=f"Moved from release {told['from']} to release {told['to']}",
        caption=caption(report),
        back=back_to_project(report),
        lead=f"{act.who}, {act.organisation}, {moment_words(act.at)}.",
        filters=[],
        refused=[],
        told=_told(report, told),
        kept=_left(report),
        mine=False,
        whose="",
        stay_url=None,
        undo=_undo(report, told),
    )


def _undo(report: Report, told: Mapping[str, Any]) -> Context | None:
    if report.looked.released.release.number != told["to"]:
        return None
    url = url_for("projects.move", reference=report.reference, to=told["from"])
    return {"label": f"See what moving back to release {told['from']} would do", "url": url}


def _told(report: Report, told: Mapping[str, Any]) -> Context:
    """What a move comes to, as its page shows it, from what its act keeps."""
    answers = told["answers"]
    again = [each for each in answers if each["fate"] == Fate.AGAIN]
    return {
        "tiles": [
            {"count": told["same"], "mark": "ok", "text": "answers stay as they are"},
            {"count": len(again), "mark": "open", "text": "to be answered again"},
            {"count": len(told["new"]), "mark": "todo", "text": "questions newly asked"},
            {"count": len(told["results"]), "mark": "flag", "text": "results change"},
            {"count": len(told["signatures"]), "mark": "gap", "text": "signatures out of date"},
        ],
        "groups": list(_groups(report, told)),
        "new": [{"text": said, "url": _where(report, told, id_)} for id_, said in told["new"]],
        "results": [
            {**each, "what": WHAT.get(each["kind"], each["kind"])} for each in told["results"]
        ],
        "signatures": [
            f"{each['title']}, signed for {each['organisation']}" for each in told["signatures"]
        ],
    }


def _where(report: Report, told: Mapping[str, Any], address: str | None) -> str | None:
    """Where a question is answered, once the project is there."""
    there = report.looked.released.release.number == told["to"]
    # The page of its question: a row may have been taken out since.
    return page_url(report, address.split("/", maxsplit=1)[0]) if there and address else None


def _groups(report: Report, told: Mapping[str, Any]) -> Iterator[Context]:
    every = told["answers"]
    for fate, title, text in GROUPS:
        mine = [each for each in every if each["fate"] == fate]
        if mine:
            yield {
                "title": f"{title}: {count(len(mine), 'answer')}",
                "text": text,
                "converted": fate is Fate.CONVERTED,
                "answers": [
                    {
                        "asked": each["asked"],
                        "url": _where(report, told, each["to"]),
                        "said": _short(report, each["said"], each),
                        "now": _short(report, each["now"], each),
                    }
                    for each in mine
                ],
            }


def _short(report: Report, said: str, of: Mapping[str, Any]) -> str:
    """An answer, cut where it is long; not told to whom restricted answers are not shown."""
    if of.get("restricted") and said and not report.record.sees_restricted:
        return RESTRICTED
    return said if len(said) <= LONG else f"{said[:LONG]}…"


def _left(report: Report) -> list[Context]:
    """What was said and is no answer now; what became another answer stands there as that."""
    return [
        {
            "asked": each.asked,
            "said": _short(report, each.said, each._asdict()),
            "who": f"{each.by}, {day_words(each.at)}",
        }
        for each in report.opened.sheet.kept
        if each.made is None and each.said
    ]


def stay_here(reference: str) -> Response | str:
    """A data protection officer says why a project need not move."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today())
        on_project(report.opened.project)
    if report.opened.project.must_move is None:
        raise NotFound(reference)
    if request.method != "POST":
        return _ask(report, "")
    reason = typed("reason", LONGEST)
    if reason.error or not reason.value:
        return _ask(report, reason.error or "Write a reason")
    with writing() as (conn, actor):
        fresh()
        stay(conn, actor, report, (str(reason.value), now()))
    flash(
        "Said. The project can sign and close stages on its release. Documents print your reason."
    )
    return redirect(project_url(report))


def _ask(report: Report, error: str) -> str:
    must_move = report.opened.project.must_move
    raw = request.form.get("reason") or None
    ask = "Why need this project not move?"
    hint = "Say why what is wrong with its release does not touch this project."
    view = QuestionView("reason", "long_text", ask, hint=hint, raw=raw, error=error)
    return render_template(
        "act.html",
        title=f"This project need not move to release {must_move.number if must_move else ''}",
        caption=caption(report),
        back=back_to_project(report),
        text="It can then sign and close stages on the release that it is on. When the project moves, or "
        "must move to yet another release, this ends.",
        warning="You answer for this by name. Every document prints your reason.",
        asks=[draw_question(view)],
        errors=[{"anchor": locate_error(view), "text": error}] if error else [],
        action=url_for("projects.stay", reference=report.reference),
        submit="It need not move",
        grave=True,
    )
