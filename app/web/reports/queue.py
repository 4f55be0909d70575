"""The queue: what waits for this person, gravest first."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request, url_for

from app.actions.queue import Waiting, Wanted, waiting_for
from app.core.pipeline import Pipeline
from app.web.reports.blueprint import reports
from app.web.site import Context, now, reading, site

ASKED = {
    Wanted.SIGN: ("Read and sign: {stage}", "Read and sign", "reports.sign"),
    Wanted.CLOSE: ("Close the stage: {stage}", "What holds it up", "reports.close"),
    Wanted.ADVISE: ("Advise on the stage: {stage}", "Write your advice", "reports.advice"),
    Wanted.ANSWER: ("You take part in the stage: {stage}", "Open its questions", "projects.tasks"),
}
LABELS = {
    Wanted.SIGN: "To sign",
    Wanted.CLOSE: "To close",
    Wanted.ADVISE: "To advise",
    Wanted.ANSWER: "You take part",
}
WORST = {
    "stop": ("stop", "A stop"),
    "tolerance": ("breach", "An ethics tolerance"),
    "high": ("flag", "High"),
    "medium": ("flag", "Medium"),
    "low": ("flag", "Low"),
}
NOTES = {
    "dpo": {
        "title": "You advise. You do not decide.",
        "text": "Others see what you send, with your name and the date.",
    },
    "signatory": {
        "title": "You sign for your own organisation.",
        "text": "A signature binds the common part and your schedule, as they stand that day.",
    },
}


@reports.get("/queue")
def queue() -> str:
    """What waits for me."""
    pipeline: Pipeline = site().catalogues.newest().catalogue.pipeline
    with reading() as (conn, actor):
        every = waiting_for(conn, actor, pipeline)
    show = request.args.get("show", "")
    shown = [one for one in every if show not in list(Wanted) or one.wanted == show]
    person = pipeline.people.get(actor.role)
    number = len(every)
    acts = sum(one.wanted is not Wanted.ANSWER for one in every)
    return render_template(
        "dpo_queue.html",
        title="Your queue",
        caption=f"{person.title if person else actor.role.capitalize()}, {actor.organisation_name}",
        lead=_lead(number, acts),
        filters=_filters(every, show),
        entries=[_entry(one) for one in shown],
        notes=[NOTES[actor.role]] if actor.role in NOTES else [],
        empty="Nothing waits for you. You can still open any project your organisation takes part in.",
    )


def _lead(number: int, acts: int) -> str:
    if not number:
        return "Nothing waits for you."
    needs = "Nothing needs an act of yours now."
    if acts:
        needs = f"{acts} thing{'s need' if acts != 1 else ' needs'} an act only you can do."
    rest = number - acts
    at = "project is" if rest == 1 else "projects are"
    return f"{needs} {rest} {at} at a stage you take part in." if rest else needs


def _filters(every: tuple[Waiting, ...], show: str) -> list[Context]:
    counts = {wanted: sum(one.wanted is wanted for one in every) for wanted in Wanted}
    here = url_for("reports.queue")
    all_ = {"label": f"All {len(every)}", "url": here, "current": show not in list(Wanted)}
    return [
        all_,
        *(
            {
                "label": f"{LABELS[wanted]} {count}",
                "url": url_for("reports.queue", show=wanted.value),
                "current": show == wanted,
            }
            for wanted, count in counts.items()
            if count
        ),
    ]


def _entry(one: Waiting) -> Context:
    listed, summary = one.project, one.project.summary
    asked, label, endpoint = ASKED[one.wanted]
    at: Context = {"reference": listed.reference}
    if endpoint != "reports.advice":
        at["stage"] = one.stage.id
    mark, text = WORST.get(
        summary.worst_flag or "", ("open", f"{summary.undetermined} checks open")
    )
    if mark == "stop" and summary.stops > 1:
        text = f"{summary.stops} stops"
    return {
        "title": summary.title,
        "url": url_for("projects.one", reference=listed.reference),
        "about": f"{listed.reference}. {listed.organisation} leads. "
        f"{summary.answered} of {summary.asked} answered",
        "asked": asked.format(stage=one.stage.title),
        "link": {"label": label, "url": url_for(endpoint, **at)},
        "worst": {"mark": mark, "text": text},
        "waiting": _since(listed.saved_at),
        "by": "No date set",
        "due": False,
    }


def _since(at: datetime) -> str:
    days = (now() - at).days
    if days < 1:
        return "Today"
    return "1 day" if days == 1 else f"{days} days"
