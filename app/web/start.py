"""The start: the doors, six quick answers, what can be brought back, and the record when someone is at risk."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.beginning import WHERE, First, begin_project, imagine
from app.actions.catalogues import Released
from app.actions.pages import Looked, open_project
from app.actions.projects import Listed, list_projects
from app.actions.renewal import renew_project
from app.core.pipeline import Door, Pipeline
from app.core.questions import Question
from app.core.sheet import Change, Unreadable
from app.core.wording import count, lower
from app.web import likely_route, signed, yours
from app.web.asking import Asking
from app.web.beginners import why_not_begin
from app.web.controls import Option, QuestionView, draw_question, locate_error
from app.web.forms import PageForm
from app.web.once import begin_once, key_of_form
from app.web.pages import place_of
from app.web.renewal import came_back
from app.web.site import Context, moment_words, now, reading, site, today, writing

start = Blueprint("start", __name__)
start.add_url_rule("/projects/<reference>/route", "route", likely_route.route)
start.add_url_rule("/start/signed", "signed", signed.begin, methods=["GET", "POST"])

URGENT, CHANGE = "urgent", "change"
CARRIED_ON, SHOWN_RECORDS = 3, 6
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
        mine = list_projects(conn, actor, CARRIED_ON)
        asked = yours.to_answer(conn, actor)
        why_not = why_not_begin(actor)
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
        why_not=why_not,
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
        reference = begin_once(
            conn, actor, lambda id_: begin_project(conn, actor, released, replace(first, id=id_))
        )
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
    with reading() as (_, actor):  # nobody types six answers before they have signed in
        why_not = why_not_begin(actor)
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
        for_note=why_not,
        submit="" if why_not else "Show the likely route",
        once=key_of_form(),
    )


def _number(number: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six")
    return words[number] if number < len(words) else str(number)


# Change or renew


def _bring_back(released: Released, door: Door) -> Response | str:
    """Choose the project whose answers come back."""
    with reading() as (conn, actor):
        earlier, why_not = list_projects(conn, actor), why_not_begin(actor)
    chosen = request.form.get(EARLIER, "")
    if request.method == "POST" and chosen in {each.reference for each in earlier}:
        with writing() as (conn, actor):
            reference = begin_once(
                conn,
                actor,
                lambda id_: renew_project(conn, actor, site().catalogues, chosen, now(), id_),
            )
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
                f"{each.reference}, last changed {lower(moment_words(each.saved_at))}",
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
        for_note=why_not,
        submit="" if why_not else "Bring the answers back",
        once=key_of_form(),
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
            reference = begin_once(
                conn,
                actor,
                lambda id_: begin_project(conn, actor, released, First(door, now(), id=id_)),
            )
            looked = open_project(conn, actor, site().catalogues, reference, today())
        return redirect(place_of(reference, looked.journey.steps[0]).url())
    with reading() as (conn, actor):
        records = [each for each in list_projects(conn, actor) if each.summary.route == door.code]
    people = released.catalogue.pipeline.people
    return render_template(
        "urgent.html",
        back={"label": "Back to the start", "url": url_for("start.home")},
        action=url_for("start.begin", door=door.code),
        once=key_of_form(),
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
                "when": f"last changed {lower(moment_words(each.saved_at))}",
            }
            for each in records[:SHOWN_RECORDS]
        ],
    )
