"""Passing a page or a question to somebody, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.pages import Looked, open_project
from app.actions.together.comments import readers
from app.actions.together.mentions import Reader
from app.actions.together.passing import Asked as Told
from app.actions.together.passing import (
    Assignment,
    Handover,
    assign_page,
    assignments,
    finish_assignment,
)
from app.core.journey import Step
from app.core.questions import Asked, Column, Question
from app.core.wording import lower
from app.store.walks import WALK
from app.web import letters
from app.web.once import id_of_form, key_of_form
from app.web.pages import Place, next_url
from app.web.site import Context, day_words, now, on_project, reading, site, today, writing
from app.web.small_forms import Posted, draw_form, read_form, unreadable

PERSON, TO_WHOM, DUE, NOTE = "person", "to_whom", "due", "note"
QUESTION = "question"
LONGEST_NAME, LONGEST_NOTE = 200, 2000


def colleague(reference: str, questionnaire: str, page: str) -> Response | str:
    """Pass a page, or one question of it, to somebody and carry on."""
    place = Place(reference, questionnaire, page)
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
        on_project(looked.opened.project)
        # A walk through a draft has nobody to pass anything to.
        walked = reference.startswith(WALK)
        people = () if walked else readers(conn, actor, reference)
        left = () if walked else assignments(conn, actor, reference)
    step = looked.journey.step(questionnaire, page)
    if step is None:
        abort(404)
    alone = next((q for q in step.questions if q.id == request.args.get(QUESTION)), None)
    asked = _asks(people, actor)
    posted = read_form(asked)
    errors = _errors(posted)
    if posted and not any(errors.values()):
        return redirect(_leave(place, alone, posted))
    waiting = [one for one in left if one.page == place.where and not one.done_at]
    return render_template(
        "colleague.html",
        title="Pass this question to somebody" if alone else "Pass this page to somebody",
        caption=f"{looked.title}. {step.page.title}",
        back={"label": f"Back to {step.page.title}", "url": place.url()},
        **draw_form(asked, posted, errors, selects=(PERSON,), optional=(TO_WHOM, DUE, NOTE)),
        action=place.url("projects.colleague", question=alone.id if alone else None),
        once=key_of_form(),
        submit="Pass it on and carry on",
        waiting=_page_questions(looked, step, place, actor, alone),
        left=[_left(one, looked) for one in waiting],
        take_back=place.url("projects.take_back"),
        team_url="" if walked else url_for("projects.team", reference=reference),
        page_link=place.url(_external=True),
    )


def _asks(people: Iterable[Reader], actor: Actor) -> dict[str, Asked]:
    """What the form asks, by name."""
    options = {
        str(each.id): f"{each.name}, {each.organisation}"
        for each in people
        if each.id != actor.person_id
    }
    asked: dict[str, Asked] = {}
    if options:
        asked[PERSON] = Column.model_validate(
            {
                "id": PERSON,
                "type": "choice",
                "ask": "Who should answer it?",
                "options": options,
            }
        )
    asked[TO_WHOM] = Column.model_validate(
        {
            "id": TO_WHOM,
            "type": "text",
            "ask": "Or somebody who has no account here: who?",
            "max_length": LONGEST_NAME,
        }
    )
    asked[DUE] = Column.model_validate({"id": DUE, "type": "date", "ask": "By when?"})
    asked[NOTE] = Column.model_validate(
        {
            "id": NOTE,
            "type": "long_text",
            "ask": "What should they know?",
            "max_length": LONGEST_NOTE,
        }
    )
    return asked


def _errors(posted: Posted) -> dict[str, str]:
    found = unreadable(posted)
    if not posted or any(found.values()):
        return found
    first = PERSON if PERSON in posted else TO_WHOM
    chosen, named = PERSON in posted and posted[PERSON].data, posted[TO_WHOM].data
    if not chosen and not named:
        found[first] = "Say who should answer it"
    elif chosen and named:
        found[TO_WHOM] = "Choose somebody, or name somebody who has no account: not both"
    due = posted[DUE].data
    if due and date.fromisoformat(str(due)) < today():
        found[DUE] = "The day must be today or later"
    return found


def _page_questions(
    looked: Looked, step: Step, place: Place, actor: Actor, alone: Question | None
) -> list[Context]:
    people = looked.released.catalogue.pipeline.people
    return [
        {
            "ask": question.ask,
            "url": place.url(_anchor=question.id),
            "who": lower(people[question.for_].title)
            if question.for_ != actor.role and question.for_ in people
            else "",
            "alone": ""
            if alone or len(step.questions) == 1
            else place.url("projects.colleague", question=question.id),
        }
        for question in ([alone] if alone else step.questions)
    ]


def _left(one: Assignment, looked: Looked) -> Context:
    question = looked.facts.program.questions.get(one.question or "")
    return {
        "what": f"“{question.called}”" if question else "",
        "who": one.to_whom,
        "by": f", by {day_words(one.due_on)}" if one.due_on else "",
        "when": day_words(one.at),
        "from": one.who,
        "note": one.note,
        "id": str(one.id),
    }


def _leave(place: Place, alone: Question | None, posted: Mapping[str, object]) -> str:
    given = {name: getattr(field, "data", None) for name, field in posted.items()}
    due = given[DUE]
    handover = Handover(
        place.where,
        str(given[TO_WHOM] or ""),
        str(given[NOTE] or ""),
        now(),
        UUID(str(given[PERSON])) if given.get(PERSON) else None,
        alone.id if alone else "",
        date.fromisoformat(str(due)) if due else None,
    )
    with writing() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, place.reference, today())
        step = looked.journey.step(place.questionnaire, place.page)
        if step is None:
            abort(404)
        what = alone.called if alone else step.page.title
        handover = replace(handover, id=id_of_form(actor))
        told = assign_page(conn, actor, place.reference, handover)
        if told is not None:
            _tell(conn, actor, looked, told, (handover, what))
    who = told.name if told else handover.to_whom
    flash(f"“{what}” now waits for {who}. You can carry on here.")
    return place.url() if alone else next_url(looked, actor, place, step)


def _tell(
    conn: Connection, actor: Actor, looked: Looked, told: Told, passed: tuple[Handover, str]
) -> None:
    """An email to whom it was passed."""
    handover, what = passed
    questionnaire, page = handover.page.split("/", maxsplit=1)
    reference = looked.opened.project.reference
    at = {"reference": reference, "questionnaire": questionnaire, "page": page}
    letters.post(
        conn,
        told.email,
        "passed",
        str(told.assignment_id),
        {
            "name": told.name,
            "who": actor.name,
            "organisation": actor.organisation_name,
            "what": what,
            "by": f", by {day_words(handover.due_on)}" if handover.due_on else "",
            "project": looked.title,
            "reference": reference,
            "note": f"\n{actor.name} says: {handover.note}\n" if handover.note else "",
            "link": letters.address_of("pages.show", **at),
        },
    )


def take_back(reference: str, questionnaire: str, page: str) -> Response:
    """It no longer waits for anybody."""
    place = Place(reference, questionnaire, page)
    try:
        id_ = UUID(request.form.get("handover", ""))
    except ValueError:
        abort(400, "The page did not say whom it was left with. Open it again.")
    with writing() as (conn, actor):
        finish_assignment(conn, actor, reference, id_, now())
    flash("Taken back. It no longer waits for anybody.")
    return redirect(place.url())
