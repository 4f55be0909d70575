"""Closing a stage: what holds it up, whose act it is, and the act."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.review.awaited import by_acts_alone
from app.actions.review.decisions import leads
from app.actions.review.reports import Report, open_report
from app.actions.review.reviews import Closing, close_stage
from app.actions.review.signatures import SignatureState, lead_signature, signature_states
from app.core.assessment import Flag
from app.core.journey import Step
from app.core.standing import ADVISE, CLOSE, MUST_CORRECT, MUST_MOVE, SETTLE, Standing
from app.core.wording import inside, listed, lower
from app.web.reports.blueprint import back_to_project, caption, project_url, reports
from app.web.reports.words import flag_link, mark, measures_words, page_url
from app.web.site import Context, day_words, fresh, now, on_project, reading, site, today, writing


@reports.route("/projects/<reference>/stages/<stage>/close", methods=["GET", "POST"])
def close(reference: str, stage: str) -> Response | str:
    """Look at what holds a stage up, and close it."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today(), stage)
        on_project(report.opened.project)
        standing = report.standing(stage)
        signed = standing.stage.signed
        states = signature_states(conn, report, standing) if signed else ()
    lead = lead_signature(report, states)
    closing = Closing(standing, signed is None or lead is not None, now())
    if request.method != "POST":
        return _draw(report, actor, closing, states)
    return _close(report, closing)


def _close(report: Report, closing: Closing) -> Response:
    with writing() as (conn, actor):
        fresh()
        close_stage(conn, actor, report, closing)
    flash(f"Closed: {closing.standing.stage.title}. {_next(report, closing.standing)}".strip())
    return redirect(project_url(report))


def _draw(
    report: Report, actor: Actor, closing: Closing, states: tuple[SignatureState, ...]
) -> str:
    standing = closing.standing
    stage = standing.stage
    whose = (
        f"The {_person(report, stage.closed_by)} of the organisation that leads closes this stage."
    )
    closed = standing.closed is not None
    if standing.closed is not None:
        whose = f"Closed by {standing.closed.who} on {day_words(standing.closed.at)}."
    return render_template(
        "close_stage.html",
        title=f"Close the stage: {stage.title}",
        caption=caption(report),
        back=back_to_project(report),
        ready=closing.ready or closed,
        who_closes=whose,
        mine=actor.role == stage.closed_by and leads(actor, report) and not closed,
        holds=[] if closed else list(holds(report, closing)),
        warns=[
            {
                "mark": mark(report.record, flag),
                "title": flag.rule.title,
                "url": flag_link(report, flag),
            }
            for flag in _warns(report, standing)
        ],
        done=list(_done(report, states)),
        next_stage=_next(report, standing),
        action=url_for("reports.close", reference=report.reference, stage=stage.id),
        statement=f"I close the stage “{stage.title}” for {actor.organisation_name}. "
        f"{_open_signatures(states)}".strip(),
    )


def _person(report: Report, code: str) -> str:
    return lower(report.record.person(code))


def _next(report: Report, standing: Standing) -> str:
    stages = report.record.route.stages
    at = stages.index(standing.stage.id) + 1
    if at == len(stages):
        return "This is the last stage of the route."
    return f"Next: {report.record.pipeline.stage(stages[at]).title}."


def _open_signatures(states: tuple[SignatureState, ...]) -> str:
    """Who has not signed yet, said plainly where the stage is closed."""
    waiting = [state.organisation for state in states if state.act is None or state.stale]
    if not waiting:
        return ""
    return f"Not signed yet, and not bound before they sign: {', '.join(waiting)}."


# What holds it up


def holds(report: Report, closing: Closing) -> Iterator[Context]:
    """What holds a stage up, gravest first, each with what to do and where."""
    standing = closing.standing
    yield from (_stop(report, flag) for flag in standing.stops)
    yield from (_open(report, flag) for flag in standing.open_stops)
    yield from _unfinished(report, standing)
    yield from (_need(report, kind) for kind in standing.needs)
    yield from _earlier(report, standing)
    if not closing.signed:
        yield {
            "mark": "todo",
            "title": "Not signed yet by the organisation that leads",
            "text": "Its signatory reads the document and signs it.",
            "url": url_for("reports.sign", reference=report.reference, stage=standing.stage.id),
            "label": "Read and sign",
        }


def _stop(report: Report, flag: Flag) -> Context:
    return {
        "mark": "stop",
        "title": flag.rule.title,
        "text": f"{report.record.person(flag.rule.for_)}: {measures_words(report.record, flag)} "
        "Or ask a data protection officer to lift it, with a reason.",
        "url": flag_link(report, flag),
        "label": "See the flag",
    }


def _open(report: Report, flag: Flag) -> Context:
    record = report.record
    need = next(iter(flag.needs), None)
    deciding = [each for each in record.pipeline.acts if need in each.answers]
    if deciding:
        return {
            "mark": "open",
            "title": f"Not known yet: {flag.rule.title}",
            "text": f"The decision “{deciding[0].title}” settles it.",
            "url": url_for("reports.decisions", reference=report.reference),
            "label": "Decisions and advice",
        }
    asked = record.title(need) if need else ""
    who = record.person(record.question(need.split("/")[0]).for_) if need else ""
    return {
        "mark": "open",
        "title": f"Not known yet: {flag.rule.title}",
        "text": f"{who} can settle it: {asked}" if need else "Nobody can settle it yet.",
        "url": (page_url(report, need) if need else None) or project_url(report),
        "label": "Answer",
    }


def _unfinished(report: Report, standing: Standing) -> Iterator[Context]:
    for step in standing.unfinished:
        if all(by_acts_alone(report.record, each) for each in step.unfinished.values()):
            yield _decided(report, step)
            continue
        owed = {report.record.person(who): len(each) for who, each in step.unfinished.items()}
        said = "; ".join(f"{who}: {n} answer{'s' * (n != 1)}" for who, n in owed.items())
        yield {
            "mark": "todo",
            "title": step.page.title,
            "text": f"{said} still to come.",
            "url": url_for(
                "pages.show",
                reference=report.reference,
                questionnaire=step.questionnaire,
                page=step.page.id,
            ),
            "label": "Open the page",
        }


def _decided(report: Report, step: Step) -> Context:
    """A page whose answers come with decisions: nobody fills it in."""
    owed = {id_ for each in step.unfinished.values() for id_ in each}
    titles = [
        f"“{each.title}”" for each in report.record.pipeline.acts if owed.intersection(each.answers)
    ]
    return {
        "mark": "todo",
        "title": f"Not decided yet: {listed(titles)}",
        "text": f"Each decision fills in “{step.page.title}” with a name and a date.",
        "url": url_for("reports.decisions", reference=report.reference),
        "label": "Decisions and advice",
    }


def _need(report: Report, kind: str) -> Context:
    must_move = report.opened.project.must_move
    if kind == MUST_MOVE and must_move is not None:
        return {
            "mark": "stop",
            "title": f"This project must move to release {must_move.number} or a newer one",
            "text": f"{must_move.reason} A data protection officer can say why not.",
            "url": url_for("projects.move", reference=report.reference),
            "label": "What would change",
        }
    if kind == MUST_CORRECT:
        return {
            "mark": "stop",
            "title": "Not yet corrected: what was sent back",
            "text": "The project does it or says what was done; whoever sent it back is content.",
            "url": url_for("reports.back", reference=report.reference),
            "label": "What was sent back",
        }
    advice = kind == ADVISE
    return {
        "mark": "todo",
        "title": "The advice of the data protection officer" if advice else kind.replace("_", " "),
        "text": "Ask the data protection officer. They advise and never decide.",
        "url": url_for("reports.advice", reference=report.reference),
        "label": "Advice",
    }


def _earlier(report: Report, standing: Standing) -> Iterator[Context]:
    """A stage before this one that is still open."""
    current = report.current
    if current is None or standing.current or standing.number < current.number:
        return
    yield {
        "mark": "todo",
        "title": f"The stage “{current.stage.title}” comes first",
        "text": f"The {_person(report, current.stage.closed_by)} closes it.",
        "url": url_for("reports.close", reference=report.reference, stage=current.stage.id),
        "label": "What holds that up",
    }


def _warns(report: Report, standing: Standing) -> Iterator[Flag]:
    """Flags judged by now that are raised and do not block."""
    record = report.record
    order = {stage: n for n, stage in enumerate(record.route.stages)}
    for flag in record.raised:
        judged = record.judged.get(flag.id)
        if judged is None or flag.id in record.answered or flag in record.stops:
            continue
        if order[judged] <= order[standing.stage.id]:
            yield flag


def _done(report: Report, states: tuple[SignatureState, ...]) -> Iterator[str]:
    record = report.record
    titles = {stage.id: stage.title for stage in record.pipeline.stages}
    for act in record.acts:
        if act.kind == CLOSE:
            yield f"{titles.get(act.stage, act.stage)}: closed {day_words(act.at)}"
        elif act.kind == SETTLE:
            yield f"{titles.get(act.stage, act.stage)}: settled by a document that was signed elsewhere"
        elif act.kind == ADVISE:
            yield f"Advice given by {inside(act.who)}, {day_words(act.at)}"
    for state in states:
        if state.act is not None and not state.stale:
            yield f"Signed for {state.organisation}, {day_words(state.act.at)}"
