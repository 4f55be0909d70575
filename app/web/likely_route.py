"""Where the first answers lead: the likely route, how many questions, who is needed, which documents."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, url_for

from app.actions.beginning import WHERE, Outlook, outlook
from app.actions.pages import Looked, open_project
from app.core.papers import offered
from app.core.pipeline import Pipeline, Stage
from app.core.standing import HowMany
from app.core.wording import count, listed, lower
from app.web.pages import place_of
from app.web.site import Context, on_project, reading, site, today

SHOWN_OPEN = 6


def route(reference: str) -> str:
    """Where the answers lead so far: the route, how many questions, who, which documents."""
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
    on_project(looked.opened.project)
    found = outlook(looked)
    likely, pipeline = found.likely, looked.released.catalogue.pipeline
    stages = [pipeline.stage(id_) for id_ in likely.route.stages]
    outlines = looked.released.catalogue.outlines
    documents = [outlines[n] for n in offered(outlines, likely.route.documents, looked.facts)]
    title, text = _named(found)
    return render_template(
        "route.html",
        title=title,
        caption=looked.title,
        back={"label": "Back to the project", "url": url_for("projects.one", reference=reference)},
        route={"label": likely.route.label, "text": text},
        because=_because(found),
        questions=_questions(found),
        counts=_counts(found, len(documents)),
        needed=_needed(found, pipeline, actor.role),
        stages=[{"title": s.title, "text": s.about or ""} for s in stages],
        documents=[{"title": each.title, "text": each.about or ""} for each in documents],
        unsure=_could_change(looked, found, reference),
        provisional=_provisional(found),
        next_url=url_for("projects.carry_on", reference=reference),
        submit="Start with the first question" if _fresh(looked) else "Carry on",
        change=_change(looked, pipeline, reference),
    )


def _fresh(looked: Looked) -> bool:
    """Whether only the quick questions have been answered."""
    return all(entry.where == WHERE for entry in looked.opened.sheet.entries.values())


def _unclear(found: Outlook) -> bool:
    """Whether nothing answered speaks for a route yet: the longest is shown and none is called likely."""
    fallback = found.likely.route == found.looked.released.catalogue.pipeline.path(None)
    return fallback and not found.likely.settled


def _named(found: Outlook) -> tuple[str, str]:
    """The route in a title, and in a sentence what it means."""
    route = found.likely.route
    label = lower(route.label)
    if _unclear(found):
        return (
            "Your route is not clear yet",
            f"Not enough is answered to tell. Until it is, this page shows the longest route it can be: {label}.",
        )
    known = "route" if found.likely.settled else "likely route"
    return f"Your {known}: {label}", route.text or ""


def _because(found: Outlook) -> list[str]:
    if _unclear(found):
        return ["Nothing you have said so far speaks for one route or another."]
    reasons = list(found.likely.because[:SHOWN_OPEN])
    if len(found.likely.because) > len(reasons):
        more = len(found.likely.because) - len(reasons)
        reasons.append(f"So {'does' if more == 1 else 'do'} {count(more, 'more answer')}")
    if not found.likely.settled:
        reasons.append("Nothing you have said so far rules it out")
    return [f"{reason[0].upper()}{reason[1:]}." for reason in reasons]


def _provisional(found: Outlook) -> str:
    if found.likely.settled:
        return "It follows from what you have said so far, and changes if your answers change."
    number = len(found.likely.open)
    return f"Provisional. {count(number, 'more answer')} can still change it."


def _span(asked: HowMany) -> str:
    return (
        str(asked.at_most)
        if asked.surely == asked.at_most
        else f"{asked.surely} to {asked.at_most}"
    )


def _questions(found: Outlook) -> str:
    looked = found.looked
    doors = looked.released.catalogue.pipeline.doors
    # What the door itself said is no answer that anybody gave.
    by_door = {id_ for d in doors if d.code == looked.opened.project.door for id_ in d.answers}
    answered = len(looked.facts.shown.intersection(looked.facts.values) - by_door)
    return (
        f"You have given {count(answered, 'answer')} so far. You can stop at any time: you come"
        " back to the next unfinished question."
    )


def _counts(found: Outlook, documents: int) -> list[Context]:
    others = [asked for person, asked in found.asked.items() if person != "lead" and asked.at_most]
    together = HowMany(sum(o.surely for o in others), sum(o.at_most for o in others))
    return [
        {
            "count": _span(found.asked.get("lead", HowMany(0, 0))),
            "mark": None,
            "text": "questions for you",
        },
        {"count": _span(together), "mark": None, "text": "questions for others"},
        {"count": len(found.likely.route.stages), "mark": None, "text": "stages"},
        {"count": documents, "mark": None, "text": "documents"},
    ]


def _needed(found: Outlook, pipeline: Pipeline, role: str) -> list[Context]:
    stages = [pipeline.stage(id_) for id_ in found.likely.route.stages]
    codes = dict.fromkeys(code for stage in stages for code in (*stage.takes_part, stage.closed_by))
    return [
        {"who": pipeline.people[code].title, "what_for": _what_for(found, pipeline, code, stages)}
        for code in codes
        if code not in (role, "lead")
    ]


def _what_for(found: Outlook, pipeline: Pipeline, code: str, stages: Iterable[Stage]) -> str:
    about = pipeline.people[code].about or ""
    asked = found.asked.get(code)
    closes = [stage.title for stage in stages if stage.closed_by == code]
    parts = [f"answers {_span(asked)} questions"] if asked and asked.at_most else []
    parts += [f"closes {listed(closes)}"] if closes else []
    said = listed(parts)
    return f"{about} {said[0].upper()}{said[1:]}." if said else about


def _could_change(looked: Looked, found: Outlook, reference: str) -> list[Context]:
    """The questions that could change the route, the first ones with their pages."""
    entries = []
    for id_ in dict.fromkeys(address.split("/")[0] for address in found.likely.open):
        url = _where(looked, id_, reference)
        if url:
            entries.append({"ask": looked.facts.program.questions[id_].ask, "url": url})
    return entries[:SHOWN_OPEN]


def _where(looked: Looked, id_: str, reference: str) -> str | None:
    for place in looked.facts.program.places[id_]:
        step = looked.journey.step(place.questionnaire, place.page)
        if step is not None:
            return place_of(reference, step).url(_anchor=id_)
    return None


def _change(looked: Looked, pipeline: Pipeline, reference: str) -> list[Context]:
    """The quick answers, each with where it is changed."""
    entries = []
    for id_ in pipeline.quick:
        url = _where(looked, id_, reference)
        if url and id_ in looked.facts.values:
            entries.append({"label": looked.facts.program.questions[id_].called, "url": url})
    return entries
