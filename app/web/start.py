"""The start: the doors, six quick answers, the likely route, and the record when someone is at risk."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.beginning import WHERE, First, Outlook, begin_project, imagine, outlook
from app.actions.catalogues import Released
from app.actions.overview import count, listed, lower
from app.actions.pages import Looked, open_project
from app.actions.projects import Listed, list_projects
from app.actions.renewal import renew_project
from app.core.papers import offered
from app.core.pipeline import Door, Pipeline, Stage
from app.core.questions import Question
from app.core.sheet import Change, Unreadable
from app.core.standing import Asked
from app.web import signed, yours
from app.web.asking import Asking
from app.web.controls import Option, QuestionView, draw_question, locate_error
from app.web.forms import PageForm
from app.web.pages import place_of
from app.web.renewal import came_back
from app.web.site import Context, moment_words, now, on_project, reading, site, today, writing

start = Blueprint("start", __name__)
start.add_url_rule("/start/signed", "signed", signed.begin, methods=["GET", "POST"])

URGENT, CHANGE = "urgent", "change"
CARRIED_ON, SHOWN_OPEN = 3, 6
EARLIER, WITHOUT = "earlier", "without"
UNTITLED = (
    "Give it a title, so that you find it again. A few words will do: you can change them later"
)


@start.get("/")
def home() -> str:
    """The start page: the doors, the way from here, and what can be carried on."""
    released = site().catalogues.newest()
    pipeline = released.catalogue.pipeline
    with reading() as (conn, actor):
        mine = list_projects(conn, actor, limit=CARRIED_ON)
        asked = yours.to_answer(conn, actor)
    fullest = pipeline.path(None)
    stages = [pipeline.stage(id_) for id_ in fullest.stages]
    return render_template(
        "start.html",
        title="What are you trying to do?",
        about="Take a data-sharing idea to a signed agreement. You answer each question once. We work out"
        " what the law asks and who else is needed, and write the documents.",
        doors=[
            {
                "title": door.title,
                "text": door.text,
                "url": url_for("start.begin", door=door.code),
                "urgent": door.code == URGENT,
            }
            for door in pipeline.doors
        ],
        stages=[{"title": s.title, "text": s.about or ""} for s in stages if s.questionnaires],
        after="After that it comes back for review for as long as the agreement lives."
        " Low-risk work takes a shorter route.",
        yours=asked,
        carry_on=[_carry_on(pipeline, each) for each in mine],
        also=[
            {"label": "Begin with what others wrote: the library", "url": url_for("library.search")}
        ],
        look_first={
            "label": "What Fingerpost is, and what it is not",
            "url": url_for("about.about"),
        },
    )


def _carry_on(pipeline: Pipeline, each: Listed) -> Context:
    titles = {stage.id: stage.title for stage in pipeline.stages}
    summary = each.summary
    stops = f", {count(summary.stops, 'stop')}" if summary.stops else ""
    said = f"{titles.get(each.stage, each.stage)} stage. {summary.answered} of {summary.asked} questions answered{stops}."
    return {
        "title": summary.title,
        "url": url_for("projects.one", reference=each.reference),
        "text": said,
        "go_on": url_for("projects.carry_on", reference=each.reference),
        "when": moment_words(each.saved_at),
    }


# The quick answers


@start.route("/start/<door>", methods=["GET", "POST"])
def begin(door: str) -> Response | str:
    """Six quick answers, or what stands in their place behind this door."""
    released = site().catalogues.newest()
    chosen = next((each for each in released.catalogue.pipeline.doors if each.code == door), None)
    if chosen is None:
        abort(404)
    if door == URGENT:
        return _urgent(released, chosen)
    if door == CHANGE and WITHOUT not in request.args:
        return _bring_back(released, chosen)
    if request.method != "POST":
        return _ask(imagine(released, First(chosen, now())), chosen)
    first = _read(released, chosen)
    if first.drafts:
        return _ask(imagine(released, first), chosen)
    with writing() as (conn, actor):
        reference = begin_project(conn, actor, released, first)
    return redirect(url_for("start.route", reference=reference))


def _quick(released: Released, door: Door) -> list[Question]:
    program = released.catalogue.program
    return [
        program.questions[id_]
        for id_ in released.catalogue.pipeline.quick
        if id_ not in door.answers
    ]


def _read(released: Released, door: Door) -> First:
    """The quick answers as they were posted, each read by its question."""
    asked = {question.id: question for question in _quick(released, door)}
    form = PageForm.of(asked)
    title = released.catalogue.pipeline.names.title
    form.process(request.form)
    changes: list[Change] = []
    drafts: list[Unreadable] = []
    for field in form.readings():
        address = str(field.name)
        if field.reading.error:
            drafts.append(Unreadable(address, field.raw, field.reading.error))
        elif field.reading.value is not None:
            changes.append(Change(address, field.reading.value))
    said = {change.address for change in changes} | {draft.address for draft in drafts}
    if title in asked and title not in said:
        drafts.append(Unreadable(title, "", UNTITLED))
    return First(door, now(), tuple(changes), tuple(drafts))


def _ask(looked: Looked, door: Door) -> str:
    with reading():  # nobody types six answers before they have signed in
        pass
    asking = Asking(looked, WHERE, "lead", {})
    views = [asking.question(question) for question in _quick(looked.released, door)]
    return render_template(
        "page.html",
        title=f"{_number(len(views))} quick answers",
        caption=door.title,
        back={"label": "Back to the start", "url": url_for("start.home")},
        action=url_for("start.begin", door=door.code, without=request.args.get(WITHOUT)),
        release=looked.released.release.id,
        intro_html="Answer what you know. They show which route you are likely to take, how many questions it"
        " has, who else is needed and which documents come of it. You can change them later.",
        asks=[draw_question(view) for view in views],
        errors=[{"anchor": locate_error(view), "text": view.error} for view in views if view.error],
        saved_rest=False,
        submit="Show the likely route",
    )


def _number(number: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six")
    return words[number] if number < len(words) else str(number)


# Change or renew


def _bring_back(released: Released, door: Door) -> Response | str:
    """Choose the project whose answers come back."""
    with reading() as (conn, actor):
        earlier = list_projects(conn, actor)
    chosen = request.form.get(EARLIER, "")
    if request.method == "POST" and chosen in {each.reference for each in earlier}:
        with writing() as (conn, actor):
            reference = renew_project(conn, actor, site().catalogues, chosen, now())
        flash(came_back(chosen))
        return redirect(url_for("projects.one", reference=reference))
    view = QuestionView(
        EARLIER,
        "radios",
        "Which project do you change or renew?",
        hint="We bring back what was said. Nothing of the earlier project changes.",
        options=tuple(
            Option(
                each.reference,
                each.summary.title,
                f"{each.reference}, last changed {moment_words(each.saved_at)}",
            )
            for each in earlier
        ),
        error="Choose a project" if request.method == "POST" else "",
    )
    quick = _number(len(_quick(released, door))).lower()
    return render_template(
        "page.html",
        title="Bring back what you said last time",
        caption=door.title,
        back={"label": "Back to the start", "url": url_for("start.home")},
        action=url_for("start.begin", door=door.code),
        release=released.release.id,
        asks=[draw_question(view)] if earlier else [],
        errors=[{"anchor": EARLIER, "text": view.error}] if view.error else [],
        saved_rest=False,
        submit="Bring the answers back",
        also=[
            {
                "label": "It was not written here, and something is signed: begin from the signed document",
                "url": url_for("start.signed"),
            },
            {
                "label": f"It was not written here: begin with {quick} quick answers",
                "url": url_for("start.begin", door=door.code, without="1"),
            },
        ],
    )


# Someone is at risk now


def _urgent(released: Released, door: Door) -> Response | str:
    if request.method == "POST":
        with writing() as (conn, actor):
            reference = begin_project(conn, actor, released, First(door, now()))
            looked = open_project(conn, actor, site().catalogues, reference, today())
        return redirect(place_of(reference, looked.journey.steps[0]).url())
    with reading() as (conn, actor):
        records = [each for each in list_projects(conn, actor) if each.summary.route == door.code]
    people = released.catalogue.pipeline.people
    return render_template(
        "urgent.html",
        back={"label": "Back to the start", "url": url_for("start.home")},
        action=url_for("start.begin", door=door.code),
        now=[
            "Ring the police on 999 if there is danger to life.",
            "Tell the people who can keep them safe what they need to know, by telephone if that is quickest.",
            "Leave out what they do not need.",
        ],
        remember=[
            "Data protection law does not stand in the way of keeping a child or an adult safe.",
            "Agreement is welcome and not needed where asking would make the danger greater.",
            "Your organisation's safeguarding procedure comes first. This page replaces none of it.",
        ],
        whom=[
            {
                "who": people["dpo"].title,
                "how": "Can advise while you act. You need not wait for an answer.",
            },
            {"who": people["ig_lead"].title, "how": "Helps with the record afterwards."},
        ]
        if {"dpo", "ig_lead"} <= people.keys()
        else [],
        records=[
            {
                "title": each.summary.title,
                "url": url_for("projects.one", reference=each.reference),
                "when": f"last changed {moment_words(each.saved_at)}",
            }
            for each in records[:SHOWN_OPEN]
        ],
    )


# The likely route


@start.get("/projects/<reference>/route")
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
    label = lower(likely.route.label)
    return render_template(
        "route.html",
        title=f"Your likely route: {label}" if not likely.settled else f"Your route: {label}",
        caption=looked.title,
        back={"label": "Back to the project", "url": url_for("projects.one", reference=reference)},
        route={"label": likely.route.label, "text": likely.route.text or ""},
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


def _because(found: Outlook) -> list[str]:
    fallback = found.likely.route == found.looked.released.catalogue.pipeline.path(None)
    if fallback and not found.likely.settled:
        return ["Not enough is answered yet to tell, so this is the longest route it can be."]
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


def _span(asked: Asked) -> str:
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
    together = Asked(sum(o.surely for o in others), sum(o.at_most for o in others))
    return [
        {
            "count": _span(found.asked.get("lead", Asked(0, 0))),
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
