"""The page of one project: what is next, what stops it, who takes part, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.actions import overview
from app.actions.access.policy import sees_restricted
from app.actions.next_step import what_next
from app.actions.overview import Overview
from app.core.assessment import Flag
from app.core.days import day_of
from app.core.papers import offered
from app.core.record import Record
from app.core.report import measure_titles, open_words
from app.core.standing import SETTLE, Standing, requests
from app.core.wording import count, listed, lower
from app.store.walks import WALK
from app.web import (
    blanks,
    checking,
    colleagues,
    comments,
    contributed,
    contributions,
    files,
    library,
    moving,
    news,
    past,
    project_list,
    renewal,
    signed,
    tasks,
    team,
    timing,
)
from app.web.drafts import draft_words
from app.web.pages import place_of
from app.web.reports.back import tasks_of
from app.web.reports.documents import file_url
from app.web.reports.words import shortened
from app.web.site import Context, day_words, moment_words, on_project, reading, site, today
from app.web.taking_part import taking_part, unsigned

projects = Blueprint("projects", __name__)
projects.add_url_rule("/projects", "list_all", project_list.list_all)
projects.add_url_rule("/projects/<reference>/stages/<stage>", "tasks", tasks.show_tasks)
projects.add_url_rule(
    "/projects/<reference>/stages/<stage>/check", "check_answers", checking.check_answers
)
projects.add_url_rule(
    "/projects/<reference>/stages/<stage>/questions", "questions", blanks.questions
)
projects.add_url_rule("/projects/<reference>/files/<hashed>", "file", files.file)
projects.add_url_rule("/projects/<reference>/history", "history", past.history_page)
MOVE = "/projects/<reference>/move"
projects.add_url_rule(MOVE, "move", moving.move, methods=["GET", "POST"])
projects.add_url_rule(f"{MOVE}/<int:seq>", "moved", moving.moved)
projects.add_url_rule(f"{MOVE}/stay", "stay", moving.stay_here, methods=["GET", "POST"])
projects.add_url_rule(
    "/projects/<reference>/comments", "talk", comments.talk, methods=["GET", "POST"]
)
projects.add_url_rule(
    "/projects/<reference>/comments/settled", "settled", comments.settled, methods=["POST"]
)
TEAM = "/projects/<reference>/team"
projects.add_url_rule(TEAM, "team", team.team)
projects.add_url_rule(TEAM, "join_team", team.join, methods=["POST"])
projects.add_url_rule(f"{TEAM}/off", "leave_team", team.leave, methods=["POST"])
projects.add_url_rule(f"{TEAM}/organisations", "join_project", team.bring, methods=["POST"])
projects.add_url_rule(f"{TEAM}/organisations/off", "leave_project", team.let_go, methods=["POST"])
projects.add_url_rule("/projects/<reference>/seen", "seen", news.seen, methods=["POST"])
HERE = "/projects/<reference>/<questionnaire>/<page>/here"
projects.add_url_rule(HERE, "here", news.here, methods=["POST"])
projects.add_url_rule("/projects/times", "how_long", timing.how_long)
projects.add_url_rule(
    "/projects/<reference>/renew", "renew", renewal.renew, methods=["GET", "POST"]
)
projects.add_url_rule(
    "/projects/<reference>/library", "lend", library.lend, methods=["GET", "POST"]
)
COLLEAGUE = "/projects/<reference>/<questionnaire>/<page>/colleague"
projects.add_url_rule(COLLEAGUE, "colleague", colleagues.colleague, methods=["GET", "POST"])
projects.add_url_rule(f"{COLLEAGUE}/take-back", "take_back", colleagues.take_back, methods=["POST"])
projects.add_url_rule(contributions.OURS, "ours", contributions.ours)
projects.add_url_rule(
    f"{contributions.OURS}/<question>",
    "our_rows",
    contributions.our_rows,
    methods=["GET", "POST"],
)
projects.add_url_rule(
    "/projects/<reference>/contributions", "contributions", contributed.show_contributions
)

PROJECT_PAGES = {
    overview.REPORT: "reports.risk_report",
    overview.ADVICE: "reports.advice",
    overview.MOVING: "projects.move",
    overview.SENT_BACK: "reports.back",
    overview.DECISIONS: "reports.decisions",
}
STAGE_PAGES = {
    overview.TASKS: "projects.tasks",
    overview.CLOSING: "reports.close",
    overview.SIGNING: "reports.sign",
}
LONG = 110
SHOWN_WAITING = 6
SHOWN_DONE = 5


@projects.get("/projects/<reference>")
def one(reference: str) -> str:
    """One project: where it stands, what to do next, what was flagged, who did what."""
    with reading() as (conn, actor):
        view = overview.follow_project(conn, actor, site().catalogues, reference, today())
        related = renewal.related(conn, actor, view)
        told = news.told(conn, actor, view)
        back = tasks_of(conn, view.report, actor)
        on_project(view.report.opened.project)
    record, looked = view.record, view.report.looked
    label = view.likely.route.label
    route = f"{label} route" if view.likely.settled else f"Likely route: {lower(label)}"
    return render_template(
        "project.html",
        title=looked.title,
        caption=f"{reference}. Led by {view.organisation}. {route}",
        crumbs=[{"label": "Projects", "url": url_for("projects.list_all")}],
        track=[_stage(view, standing) for standing in view.way],
        next=contributed.next_of_party(view, actor) or _next(view, reference),
        back=back,
        news=told,
        tiles=_tiles(view),
        report_url=url_for("reports.risk_report", reference=reference),
        stops=[stop_of(record, flag, reference) for flag in record.stops],
        waiting=contributed.waits(view) + unsigned(view) + _waiting(view, reference),
        organisations=taking_part(view),
        documents=_documents(view, reference),
        facts=_in_short(view) + renewal.told(related) + signed.told(view.record, reference),
        ways=_ways(view, reference),
        done=[_done(done) for done in overview.lately(view, SHOWN_DONE)],
        history_url=url_for("projects.history", reference=reference),
    )


@projects.get("/projects/<reference>/continue")
def carry_on(reference: str) -> Response:
    """Where this person left off: the next unfinished question, or what else comes next."""
    with reading() as (conn, actor):
        view = overview.follow_project(conn, actor, site().catalogues, reference, today())
    ours = contributed.next_of_party(view, actor)
    if ours:
        return redirect(ours["url"])
    following = what_next(view)
    if following.step is None:
        return redirect(url_for("projects.one", reference=reference))
    return redirect(place_of(reference, following.step).url())


def _stage(view: Overview, standing: Standing) -> Context:
    stage, closed = standing.stage, standing.closed
    # What asks nothing has no task list; what only a likely route holds has none yet.
    opens = bool(stage.questionnaires) and stage.id in view.record.route.stages
    url = url_for("projects.tasks", reference=view.report.reference, stage=stage.id)
    text, state = "Can begin early", ""
    if closed:
        changed = ". Answers changed since" if view.changed_since(standing) else ""
        when = "By the signed document" if closed.kind == SETTLE else day_words(closed.at)
        text, state = f"✓ {when}{changed}", "done"
    elif standing.current:
        stops = len(standing.stops)
        text, state = f"Now. {count(stops, 'stop')}" if stops else "Now", "now"
    elif not opens:
        text = "Later" if stage.questionnaires else "Once a year"
    title = f"{standing.number}. {stage.title}" if stage.questionnaires else stage.title
    return {
        "title": title,
        "text": text,
        "state": state,
        "url": url if opens else None,
    }


def _next(view: Overview, reference: str) -> Context:
    following = what_next(view)
    if following.step is not None:
        url = place_of(reference, following.step).url()
    elif following.act:
        url = url_for("reports.decision", reference=reference, kind=following.act)
    elif following.to in STAGE_PAGES:
        url = url_for(STAGE_PAGES[following.to], reference=reference, stage=following.stage)
    else:
        url = url_for(PROJECT_PAGES[following.to], reference=reference)
    return {"text": following.text, "then": following.then, "label": following.label, "url": url}


def _tiles(view: Overview) -> list[Context]:
    record = view.record
    stops, breaches = record.stops, record.tolerances
    return [
        {
            "count": len(stops),
            "mark": "stop",
            "text": f"{'stop' if len(stops) == 1 else 'stops'}"
            + (
                f", holding up {listed(f'“{title}”' for title in record.held)}"
                if record.held
                else ""
            ),
        },
        {
            "count": len(breaches),
            "mark": "breach",
            "text": f"ethics tolerance{'s' * (len(breaches) != 1)} reached",
        },
        {
            "count": len(record.others),
            "mark": "flag",
            "text": f"other flag{'s' * (len(record.others) != 1)} raised",
        },
        {"count": len(record.open), "mark": "open", "text": open_words(record)},
    ]


def stop_of(record: Record, flag: Flag, reference: str) -> Context:
    """A stop as its box: what stops, who mends it, and what one can still do."""
    who = lower(record.person(flag.rule.for_))
    settles = "; ".join(lower(title) for title in measure_titles(record, flag)[:2])
    what = f" What settles it: {settles}." if settles else ""
    return {
        "title": f"Stop: {flag.rule.title}",
        "text": f"{flag.rule.because}{what} Ask the {who}. You can go on drafting.",
        "url": flag_url(reference, flag),
    }


def flag_url(reference: str, flag: Flag) -> str:
    """Where the report tells a flag whole."""
    return url_for("reports.risk_report", reference=reference, _anchor=f"flag-{flag.id}")


def _waiting(view: Overview, reference: str) -> list[Context]:
    entries = []
    for each in overview.waits_for_others(view):
        page = PROJECT_PAGES.get(each.to)
        url = place_of(reference, each.step).url() if each.step else None
        if url is None and page:
            url = url_for(page, reference=reference)
        entries.append({"what": each.what, "url": url, "who": each.who, "since": since(each.since)})
    shown = entries[:SHOWN_WAITING]
    if len(entries) > SHOWN_WAITING:
        stage = view.report.stage
        more = len(entries) - SHOWN_WAITING
        url = url_for("projects.tasks", reference=reference, stage=stage)
        shown.append(
            {
                "what": f"{count(more, 'more page')}",
                "url": url,
                "who": "See the task list",
                "since": "",
            }
        )
    return shown


def since(at: Any) -> str:
    """A day and how long ago it was: "12 November 2026, 9 days"."""
    days = (today() - day_of(at)).days
    return f"{day_words(at)}, {count(days, 'day')}" if days > 0 else "Today"


def _documents(view: Overview, reference: str) -> list[Context]:
    """The documents of the likely route, in groups by whom they are for."""
    outlines = view.report.looked.released.catalogue.outlines
    names = offered(outlines, view.likely.route.documents, view.record.facts)
    names = [n for n in names if not outlines[n].restricted or sees_restricted(view.role)]
    readers = view.record.pipeline.readers
    groups = [
        (title, [name for name in names if outlines[name].for_ == code])
        for code, title in readers.items()
    ]
    groups.append(("Other documents", [n for n in names if outlines[n].for_ not in readers]))
    return [
        {
            "title": title,
            "documents": [
                {
                    "title": outlines[name].title,
                    "state": draft_words(view.report, name),
                    "read_url": url_for("reports.document", reference=reference, output=name),
                    "file_url": file_url(reference, name, outlines[name]),
                    "file_kind": "CSV" if outlines[name].as_ == "csv" else "Word",
                }
                for name in group
            ],
        }
        for title, group in groups
        if group
    ]


def _in_short(view: Overview) -> list[Context]:
    record = view.record
    entries = []
    for id_ in record.pipeline.in_short:
        said = record.label(id_)
        if said:
            label = record.facts.program.scope[id_].name
            entries.append({"label": label, "text": shortened(said, LONG)})
    entries.append({"label": "Lead", "text": f"{view.lead}, {view.organisation}"})
    entries.append({"label": "Started", "text": day_words(view.report.opened.project.created_at)})
    return entries


def _ways(view: Overview, reference: str) -> list[Context]:
    """Where else one can go from here: in this stage, to others, and about the project."""
    groups = {
        "This stage": _ways_of_stage(view, reference),
        "Working together": _ways_together(view, reference),
        "The project": _ways_of_project(view, reference),
    }
    return [
        {"title": title, "links": [{"label": label, "url": url} for label, url in ways]}
        for title, ways in groups.items()
        if ways
    ]


def _ways_of_stage(view: Overview, reference: str) -> list[tuple[str, str]]:
    stage = view.report.stage
    ways = []
    if view.record.pipeline.stage(stage).questionnaires:
        at: dict[str, Any] = {"reference": reference, "stage": stage}
        ways += [
            ("All questions of this stage", url_for("projects.tasks", **at)),
            ("Check your answers", url_for("projects.check_answers", **at)),
            ("Print blank questions for a meeting", url_for("projects.questions", **at)),
        ]
    if requests(view.record.acts):
        ways.append(("What was sent back", url_for("reports.back", reference=reference)))
    return ways


def _ways_together(view: Overview, reference: str) -> list[tuple[str, str]]:
    ways = []
    if view.record.pipeline.acts_on(view.record.route):
        ways.append(("Decisions and advice", url_for("reports.decisions", reference=reference)))
    ways += contributed.ways(view)
    ways.append(("Comments", url_for("projects.talk", reference=reference)))
    if not reference.startswith(WALK):
        ways.append(("Team", url_for("projects.team", reference=reference)))
    return ways


def _ways_of_project(view: Overview, reference: str) -> list[tuple[str, str]]:
    ways: list[tuple[str, str]] = [("Why this route", url_for("start.route", reference=reference))]
    ways += renewal.ways(view.report.opened)
    if not reference.startswith(WALK):  # a walk through a draft has no other release
        ways += library.ways(view.report.looked, view.role)
        release = view.report.looked.released.name
        ways.append((f"{release}: move to another", url_for("projects.move", reference=reference)))
    return ways


def _done(done: overview.Done) -> Context:
    return {"when": moment_words(done.at), "text": f"{done.who} {done.text}"}
