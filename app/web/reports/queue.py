"""The queue: what waits for this person, gravest first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import render_template, request, url_for

from app.actions.access.policy import POLICY
from app.actions.actor import Actor
from app.actions.review.claims import Cover, covered
from app.actions.review.queue import Waiting, Wanted, waiting_for
from app.actions.together.comments import Question, asked_of
from app.core.pipeline import Pipeline
from app.core.wording import count
from app.web import yours
from app.web.comments import said_at
from app.web.reports.blueprint import reports
from app.web.reports.words import shortened
from app.web.reports.yeses import yeses
from app.web.site import Context, day_words, now, reading, site, today

ASKED = {
    Wanted.SIGN: ("Read and sign: {stage}", "Read and sign", "reports.sign"),
    Wanted.CLOSE: ("Close the stage: {stage}", "What holds it up", "reports.close"),
    Wanted.ADVISE: ("Advise on the stage: {stage}", "Write your advice", "reports.advice"),
    Wanted.ADOPT: (
        "Say what you make of the lead officer's advice",
        "What differs for you",
        "reports.asked_for",
    ),
    Wanted.LOOK: (
        "Look again: something was changed since you looked",
        "Only the changes",
        "reports.advice",
    ),
    Wanted.VIEW: ("{view}: the answers ask for it", "Give your view", "reports.asked_for"),
    Wanted.DECIDE: ("Decide on the stage: {stage}", "What is yours to decide", "reports.decisions"),
    Wanted.MEND: ("A reviewer sent something back", "What has to change", "reports.back"),
    Wanted.WAIT: ("What you sent back is with the project", "What you sent back", "reports.back"),
    Wanted.ANSWER: ("You take part in this stage: {stage}", "Open its questions", "projects.tasks"),
}
LABELS = {
    Wanted.SIGN: "To sign",
    Wanted.CLOSE: "To close",
    Wanted.ADVISE: "To advise",
    Wanted.ADOPT: "To adopt",
    Wanted.LOOK: "To look at again",
    Wanted.VIEW: "To give a view on",
    Wanted.DECIDE: "To decide",
    Wanted.MEND: "Sent back",
    Wanted.WAIT: "With the project",
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
        "title": "Nothing leaves before you press send.",
        "text": "Others see the advice that you send, with your name and the date; never a draft. "
        "You advise. You do not decide.",
    },
    "siro": {
        "title": "You accept the risk for your own organisation.",
        "text": "Each decision carries your name and its date. Where you do not follow the advice of the "
        "data protection officer, you say why, and it is printed.",
    },
    "caldicott": {
        "title": "You speak for patients and people in care.",
        "text": "A view carries your name and its date, and is printed.",
    },
    "signatory": {
        "title": "You sign for your own organisation.",
        "text": "A signature binds your organisation to the common body and its own schedule, as they stand that day.",
    },
}


OF_A_STAGE = {"reports.sign", "reports.close", "projects.tasks"}
NO_ACT = {Wanted.ANSWER, Wanted.WAIT}
WHOSE = {"mine": "Mine", "nobodys": "Nobody's", "covered": "Covered by a deputy"}
SOON = timedelta(days=3)


@reports.get("/queue")
def queue() -> str:
    """What waits for me, and for those who share the queue with me."""
    pipeline: Pipeline = site().catalogues.newest().catalogue.pipeline
    with reading() as (conn, actor):
        every = waiting_for(conn, actor, pipeline, today())
        asked = asked_of(conn, actor)
        agreeing = yeses(conn, actor)
        passed = yours.to_answer(conn, actor)
        away = covered(conn, actor, today())
    show = request.args.get("show", "")
    shown = [one for one in every if _is_shown(one, show, actor)]
    person = pipeline.people.get(actor.role)
    acts = sum(one.wanted not in NO_ACT for one in every)
    questions = [*agreeing, *(_question(one) for one in asked)]
    below = len(questions) + len(passed)
    waits = "No project waits for you. " if below else ""
    return render_template(
        "dpo_queue.html",
        title="Your queue",
        caption=f"{person.title if person else actor.role.capitalize()}, {actor.organisation_name}",
        lead=_lead(len(every), acts, below),
        filters=_filters(every, show, actor),
        entries=[_entry(one, actor, pipeline) for one in shown],
        notes=[NOTES[actor.role]] if actor.role in NOTES else [],
        away=_away(away),
        also=_also(actor),
        questions=questions,
        yours=passed,
        empty=f"{waits}A project comes here when its stage asks something of you. You can open any "
        "project your organisation takes part in at any time.",
    )


def _also(actor: Actor) -> Context | None:
    """The report to senior management, for those who read it."""
    if POLICY["annual.read"].refuses(actor.role):
        return None
    return {"url": url_for("annual.show"), "label": "Annual report to senior management"}


def _lead(number: int, acts: int, below: int) -> str:
    """What waits, in a sentence; `below`: what is asked of this person, or said to them, besides."""
    if not number:
        more = "is something asked of you or said to you"
        return f"Below {more}." if below else "Nothing waits for you."
    needs = "Nothing needs an act of yours now."
    if acts:
        needs = f"{acts} thing{'s need' if acts != 1 else ' needs'} an act only you can do."
    rest = number - acts
    at = "project is" if rest == 1 else "projects are"
    return f"{needs} {rest} {at} at a stage you take part in." if rest else needs


def _is_shown(one: Waiting, show: str, actor: Actor) -> bool:
    held = one.holder
    match show:
        case "mine":
            return held is not None and held.is_with(actor.person_id)
        case "nobodys":
            return held is None
        case "covered":
            return held is not None and held.deputy is not None
    return show not in list(Wanted) or one.wanted == show


def _filters(every: tuple[Waiting, ...], show: str, actor: Actor) -> list[Context]:
    ways = [*((wanted.value, LABELS[wanted]) for wanted in Wanted), *WHOSE.items()]
    counts = {code: sum(_is_shown(one, code, actor) for one in every) for code, _ in ways}
    here = url_for("reports.queue")
    known = show in counts
    if not every:
        return []
    return [
        {"label": f"All {len(every)}", "url": here, "current": not known},
        *(
            {
                "label": f"{label} {counts[code]}",
                "url": url_for("reports.queue", show=code),
                "current": show == code,
            }
            for code, label in ways
            if counts[code]
        ),
    ]


def _entry(one: Waiting, actor: Actor, pipeline: Pipeline) -> Context:
    listed, summary = one.project, one.project.summary
    view = next((a.title for a in pipeline.acts if a.id in summary.asks.split()), "")
    asked, label, endpoint = ASKED[one.wanted]
    at: Context = {"reference": listed.reference}
    if endpoint in OF_A_STAGE:
        at["stage"] = one.stage.id
    # Which checks are open is for the report to say: it knows which of them this route asks.
    mark, text = WORST.get(summary.worst_flag or "", ("todo", "None so far"))
    if mark == "stop" and summary.stops > 1:
        text = f"{summary.stops} stops"
    return {
        "title": summary.title,
        "url": url_for("projects.one", reference=listed.reference),
        "about": f"{listed.reference}. {listed.organisation} leads. "
        f"{summary.answered} of {summary.asked} answered",
        "asked": asked.format(stage=one.stage.title, view=view),
        "link": {"label": label, "url": url_for(endpoint, **at)},
        "worst": {"mark": mark, "text": text},
        "report": url_for("reports.risk_report", reference=listed.reference),
        "waiting": _since(one.since),
        "by": day_words(one.by) if one.by else "No date",
        "due": due_words(one.by, today()),
        "who": _who(one, actor),
    }


def due_words(by: date | None, on: date) -> str:
    """How soon something is due, in words; empty while there is time."""
    if by is None or by - on > SOON:
        return ""
    days = (by - on).days
    if not days:
        return "today"
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} late"


def _who(one: Waiting, actor: Actor) -> Context:
    """Who has it, and what this person may do about that."""
    held = one.holder
    at: Context = {"reference": one.project.reference}
    give = {"url": url_for("reports.give", **at), "label": "Give it to somebody"}
    take = {"url": url_for("reports.take", **at), "label": "Take it"}
    if held is None:
        return {"text": "", "button": take, "link": give}
    name = (held.deputy or held.person).name
    text = f"{name}, for {held.person.name}" if held.deputy else name
    if not held.is_with(actor.person_id):
        return {"text": text, "button": take, "link": None}
    back = {"url": url_for("reports.put_back", **at), "label": "Put it back"}
    return {
        "text": "You" if held.deputy is None else f"You, for {held.person.name}",
        "button": back,
        "link": give,
    }


def _question(one: Question) -> Context:
    """What a colleague asks this person, or where one mentions them."""
    said = one.comment
    return {
        "title": shortened(said.words),
        "url": url_for(
            "projects.talk",
            reference=one.reference,
            about=said.about or None,
            _anchor=said_at(said),
        ),
        "about": f"{one.reference}. {'Asks' if one.asks else 'Mentions'} you",
        "who": f"{said.who}, {said.organisation}",
        "when": _since(said.at),
    }


def _away(away: Cover | None) -> Context:
    """Whether a deputy covers, and where to say so."""
    url = url_for("reports.cover")
    if away is None:
        return {"text": "", "url": url, "label": "Let a deputy cover your queue"}
    text = f"{away.deputy.name} covers your queue until {day_words(away.until)}."
    return {"text": text, "url": url, "label": "Change or end this"}


def _since(at: datetime) -> str:
    days = (now() - at).days
    return count(days, "day") if days else "Today"
