"""The risk report as a page: its one-page top, the pictures, and every flag."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import render_template, request, url_for

from app.actions.actor import Actor
from app.actions.review.awaited import theirs
from app.actions.review.decisions import leads
from app.actions.review.reports import Report
from app.actions.review.reviews import DPO
from app.core.assessment import Flag
from app.core.blocks import Tile, Tone
from app.core.record import Record
from app.core.report import TOP_NEXT, TOP_STOPS, TOP_UNKNOWN, next_steps, settles
from app.core.report import tiles as counted
from app.core.standing import ADVISE
from app.core.wording import count, listed
from app.web.reports.blueprint import opened, project_url, report_url, reports
from app.web.reports.drawn import OUTPUT, draw_parts
from app.web.reports.since import draw_since, looked_again
from app.web.reports.weighing import risks_of
from app.web.reports.words import (
    DOES,
    act_context,
    flag_context,
    flag_link,
    measures_words,
    page_url,
    plain,
    rating,
    shortened,
)
from app.web.site import Context, clock_time, day_words, now

TOP_BREACHES = 4
LEAD = "lead"
EVERYONE = "everyone"
MARKS = {
    Tone.STOP: "stop",
    Tone.BREACH: "breach",
    Tone.HIGH: "flag",
    Tone.MEDIUM: "flag",
    Tone.UNKNOWN: "open",
}


@reports.get("/projects/<reference>/report")
def risk_report(reference: str) -> str:
    """The risk report."""
    report, actor = opened(reference)
    record = report.record
    return render_template(
        "risk_report.html",
        title="Risk report",
        caption=_caption(report),
        crumbs=[
            {"label": "Projects", "url": url_for("projects.list_all")},
            {"label": report.looked.title, "url": project_url(report)},
        ],
        stamp=_stamp(report),
        since=draw_since(report, looked_again(report, actor)),
        ways=_ways(report),
        tiles=[_tile(tile) for tile in counted(record).tiles],
        stops=_stops(report),
        breaches=_breaches(report),
        unknown=_unknown(report, actor, request.args.get("of", "")),
        next=_next(report, actor),
        risks=risks_of(report),
        acts=[act_context(report, act) for act in reversed(record.acts) if act.kind in DOES],
        **_flags(report, actor, request.args.get("show", "all")),
        **draw_parts(report),
    )


def _next(report: Report, actor: Actor) -> list[str]:
    """What happens next, in order, with a line for whoever reads it."""
    record = report.record
    steps, reader = next_steps(record), f"{record.person(actor.role)}: "
    shown = [step for n, step in enumerate(steps) if n < TOP_NEXT or step.startswith(reader)]
    shown = [
        step.replace(reader, "You: ", 1) if step.startswith(reader) else step for step in shown
    ]
    shown += _own_acts(report, actor)
    if report.current is None or any(step.startswith("You: ") for step in shown):
        return shown
    return [
        *shown,
        "You: nothing is yours to do for this now. Ask those named above how far they are.",
    ]


def _own_acts(report: Report, actor: Actor) -> Iterator[str]:
    """The advice and the decisions of this stage that are of whoever reads it."""
    record, ours = report.record, leads(actor, report)
    needs = report.current.needs if report.current else ()
    if actor.role == DPO and ADVISE in needs:
        yield (
            "You: advise. The stage does not close without advice."
            if ours
            else "You: adopt the advice for your organisation once the officer of the organisation "
            "that leads has given it."
        )
        return
    own = actor.organisation_name
    titles = [each.declared.title for each in theirs(record, actor.role, own, own if ours else "")]
    if titles:
        when = ", once the advice is given" if ADVISE in needs else ""
        yield f"You: decide {listed(f'“{title}”' for title in titles)}{when}."


def _caption(report: Report) -> str:
    stage = report.current.stage.title if report.current else "All stages closed"
    return f"{report.looked.title}, {report.reference}. {stage}. {report.record.route.label} route"


def _stamp(report: Report) -> str:
    control, moment = report.record.control, now()
    asked, answered = report.looked.journey.counts
    return (
        f"As the answers stood on {day_words(moment)}, {clock_time(moment)}. Release {control.release}. "
        f"Content {control.content_hash[:12]}. {answered} of {count(asked, 'question')} answered. "
        "Written by rules, not by people."
    )


def _ways(report: Report) -> list[Context]:
    at: Context = {"reference": report.reference}
    ways = [
        ("Document", url_for("reports.document", output=OUTPUT, **at)),
        ("Word document", url_for("reports.word", output=OUTPUT, **at)),
        ("Advice", url_for("reports.advice", **at)),
        ("Actions", url_for("reports.actions", **at)),
    ]
    return [{"label": label, "url": url} for label, url in ways]


# The top


def _tile(tile: Tile) -> Context:
    return {"count": tile.count, "mark": MARKS.get(tile.tone), "text": tile.word}


def _stops(report: Report) -> list[Context]:
    record = report.record
    shown = [
        {
            "title": flag.rule.title,
            "text": f"{record.stop_words(flag)}. "
            f"{record.person(flag.rule.for_)}: {measures_words(record, flag)}",
            "url": flag_link(report, flag),
        }
        for flag in record.stops[:TOP_STOPS]
    ]
    return shown + _more(report, "stops", len(record.stops) - TOP_STOPS, "stop")


def _breaches(report: Report) -> list[Context]:
    passed = report.record.tolerances
    shown = [
        {
            "title": flag.rule.title,
            "text": shortened(plain(flag.rule.because), 90),
            "url": flag_link(report, flag),
        }
        for flag in passed[:TOP_BREACHES]
    ]
    return shown + _more(report, "tolerances", len(passed) - TOP_BREACHES, "tolerance")


def _more(report: Report, show: str, number: int, word: str) -> list[Context]:
    """The rest, behind a link, so that the top stays one page."""
    if number < 1:
        return []
    title = f"{number} more {word}{'s' * (number != 1)}"
    return [
        {
            "title": title,
            "text": "in the list of flags.",
            "url": f"{report_url(report, show=show)}#flags",
        }
    ]


def _unknown(report: Report, actor: Actor, whose: str) -> Context:
    """What nobody knows yet; a lead sees what is theirs, with a link to the rest."""
    record = report.record
    every = record.unknown
    mine = [(need, flags) for need, flags in every if record.who(need) == actor.role]
    own = actor.role == LEAD and whose != EVERYONE and len(mine) < len(every)
    rows = mine if own else [*every]
    limit = None if whose == EVERYONE else TOP_UNKNOWN
    return {
        "title": _unknown_title(record, len(mine) if own else None),
        "rows": [
            {
                "ask": shortened(record.title(need), 110),
                "url": page_url(report, need),
                "who": "You" if record.who(need) == actor.role else record.person(record.who(need)),
                "settles": settles(flags),
            }
            for need, flags in rows[:limit]
        ],
        "more": _unknown_more(report, len(every) - len(rows[:limit]), of=len(every)),
    }


def _unknown_title(record: Record, mine: int | None) -> str:
    answers, checks = len(record.unknown), len(record.open)
    said = (
        f"{answers} answer{'s' * (answers != 1)} would settle {checks} check{'s' * (checks != 1)}"
    )
    return (
        said
        if mine is None
        else f"{said}. {mine or 'None'} of them {'is' if mine == 1 else 'are'} yours"
    )


def _unknown_more(report: Report, number: int, *, of: int) -> Context | None:
    if number < 1:
        return None
    more = count(number, "question" if number == of else "more question")
    label = f"Show all: {more}, with who can answer"
    return {"label": label, "url": report_url(report, of=EVERYONE)}


# The flags


Choice = Callable[[Report, Actor, Flag], bool]
CHOICES: dict[str, tuple[str, Choice]] = {
    "stops": ("Stops", lambda r, _a, f: f in r.record.stops),
    "tolerances": ("Ethics tolerances", lambda r, _a, f: f in r.record.tolerances),
    "high": ("High", lambda _r, _a, f: f.rating == "high"),
    "medium": ("Medium", lambda _r, _a, f: f.rating == "medium"),
    "low": ("Low", lambda _r, _a, f: f.rating == "low"),
    "mine": ("For you", lambda _r, a, f: f.rule.for_ == a.role),
    "unconfirmed": ("Not confirmed by a DPO", lambda _r, _a, f: not f.rule.checked),
}


def _flags(report: Report, actor: Actor, show: str) -> Context:
    """The flags a filter chooses, whole, and the others in a table."""
    record = report.record
    live = [flag for flag in record.raised if flag.id not in record.answered]
    groups: dict[str, tuple[str, list[Flag]]] = {"all": ("All", live)}
    for code, (label, chooses) in CHOICES.items():
        groups[code] = (label, [flag for flag in live if chooses(report, actor, flag)])
    settled = [flag for flag in record.raised if flag.id in record.answered]
    groups["answered"] = ("Dismissed or lifted", settled)
    chosen = show if show in groups else "all"
    shown = groups[chosen][1]
    return {
        "filters": [
            {
                "label": f"{label} {len(flags)}",
                "url": f"{report_url(report, show=code)}#flags",
                "current": code == chosen,
            }
            for code, (label, flags) in groups.items()
            if flags or code in ("all", chosen)
        ],
        "flags": [flag_context(report, actor, flag) for flag in shown],
        "others": _others(report, [flag for flag in record.raised if flag not in shown]),
    }


def _others(report: Report, flags: list[Flag]) -> Context | None:
    if not flags:
        return None
    record = report.record
    return {
        "title": f"{len(flags)} more flag{'s' * (len(flags) != 1)}",
        "rows": [
            {
                "title": flag.rule.title,
                "url": report_url(
                    report, flag.id, show="answered" if flag.id in record.answered else "all"
                ),
                "rating": rating(record, flag.rating),
                "stage": _stage_title(record, record.judged.get(flag.id)),
            }
            for flag in flags
        ],
    }


def _stage_title(record: Record, stage: str | None) -> str:
    return record.pipeline.stage(stage).title if stage else "Not on this route"
