"""Leaving a page for a colleague, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions import overview
from app.actions.actor import Actor
from app.actions.pages import Looked, open_project
from app.actions.projects import Handover, assign_page, assignments, finish_assignment
from app.core.journey import Step
from app.web.controls import QuestionView, draw_question
from app.web.forms import typed
from app.web.pages import Place, next_url
from app.web.site import Context, day_words, now, on_project, reading, site, today, writing

TO_WHOM, NOTE = "to_whom", "note"
LONGEST_NAME, LONGEST_NOTE = 200, 2000


def colleague(reference: str, questionnaire: str, page: str) -> Response | str:
    """Leave a page for a colleague and carry on."""
    place = Place(reference, questionnaire, page)
    to_whom, note = typed(TO_WHOM, LONGEST_NAME, "text"), typed(NOTE, LONGEST_NOTE)
    errors: dict[str, str | None] = {}
    if request.method == "POST":
        missing = None if to_whom.value else "Say who should answer it"
        errors = {TO_WHOM: to_whom.error or missing, NOTE: note.error}
        if not any(errors.values()):
            return redirect(_leave(place, str(to_whom.value), str(note.value)))
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        on_project(looked.opened.project)
        left = [
            a
            for a in assignments(conn, actor, reference)
            if a.page == place.where and not a.done_at
        ]
    step = looked.journey.step(questionnaire, page)
    if step is None:
        abort(404)
    asked = _ask_for_colleague(errors)
    return render_template(
        "colleague.html",
        title="Give this page to a colleague",
        caption=f"{looked.title}. {step.page.title}",
        back={"label": f"Back to {step.page.title}", "url": place.url()},
        errors=[{"anchor": at, "text": text} for at, text in errors.items() if text],
        asks=[draw_question(view) for view in asked],
        action=place.url("projects.colleague"),
        submit="Give it to them and carry on",
        waiting=_page_questions(looked, step, place, actor),
        left=[
            {"who": a.to_whom, "when": day_words(a.at), "note": a.note, "id": str(a.id)}
            for a in left
        ],
        take_back=place.url("projects.take_back"),
        page_link=place.url(_external=True),
    )


def _ask_for_colleague(errors: Mapping[str, str | None]) -> tuple[QuestionView, QuestionView]:
    return (
        QuestionView(
            TO_WHOM,
            "text",
            "Who should answer it?",
            hint="Their name or their post, for example: information security manager, Carnmere",
            max_length=LONGEST_NAME,
            value=request.form.get(TO_WHOM, ""),
            error=errors.get(TO_WHOM) or "",
        ),
        QuestionView(
            NOTE,
            "long_text",
            "What should they know?",
            hint="For example which system it is about, and by when you need it",
            max_length=LONGEST_NOTE,
            optional=True,
            value=request.form.get(NOTE, ""),
            error=errors.get(NOTE) or "",
        ),
    )


def _page_questions(looked: Looked, step: Step, place: Place, actor: Actor) -> list[Context]:
    people = looked.released.catalogue.pipeline.people
    return [
        {
            "ask": question.ask,
            "url": place.url(_anchor=question.id),
            "who": overview.lower(people[question.for_].title)
            if question.for_ != actor.role and question.for_ in people
            else "",
        }
        for question in step.questions
    ]


def _leave(place: Place, to_whom: str, note: str) -> str:
    with writing() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, place.reference, today())
        step = looked.journey.step(place.questionnaire, place.page)
        if step is None:
            abort(404)
        assign_page(conn, actor, place.reference, Handover(place.where, to_whom, note, now()))
    flash(f"“{step.page.title}” now waits for {to_whom}. You can carry on here.")
    return next_url(looked, actor, place, step)


def take_back(reference: str, questionnaire: str, page: str) -> Response:
    """The page is no longer left for that colleague."""
    place = Place(reference, questionnaire, page)
    try:
        id_ = UUID(request.form.get("handover", ""))
    except ValueError:
        abort(400, "The page did not say whom it was left with. Open it again.")
    with writing() as (conn, actor):
        finish_assignment(conn, actor, reference, id_, now())
    flash("Taken back. The page no longer waits for a colleague.")
    return redirect(place.url())
