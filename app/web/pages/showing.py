"""A page of questions: shown, saved with its button, and saved as one types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from flask import Response as Answer
from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.access.policy import sees_restricted
from app.actions.actor import Actor
from app.actions.organisation_sheets import OrganisationLooked
from app.actions.pages import Looked, Saved, Subject
from app.actions.together.passing import Passed, is_answered, passed
from app.core.days import day_of
from app.core.pipeline import Stage
from app.core.questions import Question
from app.core.sheet import Conflict, Sheet
from app.store.walks import WALK
from app.web.asking import Asking, complaints
from app.web.controls import draw_question
from app.web.guidance import Beside, write_link
from app.web.markdown import to_html
from app.web.pages import parties
from app.web.pages.place import Place, next_url, pages, pressed
from app.web.pages.posting import (
    asked_here,
    files_asked_here,
    open_here,
    save_posted,
    seen,
)
from app.web.pages.uploads import read_uploads
from app.web.pictures import flow_context
from app.web.site import Context, clock_time, day_words, now, reading, today

_AT = attrgetter("at")
LEAD = "lead"
YOURS, WHOLE_PAGE = "yours", "page"
WAYS = 1024
"""Of how many pages a process remembers where they lead."""
NOT_ASKED = "Your answers so far do not lead to these questions. Save and continue, or go back."


@pages.get("/<reference>/<questionnaire>/<page>")
def show(reference: str, questionnaire: str, page: str) -> str:
    """A page of questions."""
    place = Place.here(reference, questionnaire, page)
    with reading() as (conn, actor):
        looked = open_here(conn, actor, place)
        newer = parties.newer_rows(conn, looked, place)
    return _draw(looked, actor, place, (), newer)


@pages.post("/<reference>/<questionnaire>/<page>")
def save(reference: str, questionnaire: str, page: str) -> Response | str:
    """Save a page and go on, or stay where something needs another look."""
    place = Place.here(reference, questionnaire, page)
    return _go_on(place, *save_posted(place, asked_here(place)))


@pages.post("/<reference>/<questionnaire>/<page>/files")
def save_files(reference: str, questionnaire: str, page: str) -> Response | str:
    """The same with the files that the page brings: its form may be larger (see web/limits.py)."""
    place = Place.here(reference, questionnaire, page)
    uploads = read_uploads(files_asked_here(place))
    posted, follow = uploads.posted(), uploads.keep(place)
    saved, actor = save_posted(place, asked_here(place), posted, follow, uploads.refused)
    return _go_on(place, saved, actor)


def _go_on(place: Place, saved: Saved, actor: Actor) -> Response | str:
    if saved.merged.conflicts:
        return _draw(saved.looked, actor, place, saved.merged.conflicts)
    return redirect(_after(saved.looked, actor, place))


@pages.post("/<reference>/<questionnaire>/<page>/save")
def autosave(reference: str, questionnaire: str, page: str) -> Answer:
    """Save as one types; the answer says what to show (see static/src/fingerpost.js)."""
    place = Place.here(reference, questionnaire, page)
    saved, actor = save_posted(place, asked_here(place))
    return jsonify(_autosaved(saved, actor, place))


def _after(looked: Subject, actor: Actor, place: Place) -> str:
    row = pressed(place)
    if row is not None:
        return row
    step = looked.journey.step(place.questionnaire, place.page)
    questions = _open_to(actor, step.questions if step else ())
    if request.form.get("accept") or request.form.get("take") or _look_again(looked, questions):
        return place.url()
    thanked = _thanked(looked, actor, place) if YOURS in request.form else ""
    return thanked or next_url(looked, actor, place, step)


def _thanked(looked: Subject, actor: Actor, place: Place) -> str:
    """Where somebody goes who has answered what was passed to them; "" while something is missing.

    The form says what that was: as one types, it is saved and done before the button is pressed.
    """
    asked = ["" if one == WHOLE_PAGE else one for one in request.form.getlist(YOURS)]
    if not all(is_answered(looked.journey, place.where, one) for one in asked):
        return ""
    title = place.definition(looked.released.catalogue)[1].title
    flash(f"Thank you. What was passed to you on “{title}” is answered.")
    # A lead goes on with the project; anybody else sees what else waits for them.
    return "" if actor.role == LEAD else url_for("start.home")


def _open_to(actor: Actor, questions: Iterable[Question]) -> list[Question]:
    """The questions that somebody may answer: of a restricted one they are only told."""
    sees = sees_restricted(actor.role)
    return [question for question in questions if sees or not question.restricted]


def _look_again(looked: Subject, questions: Iterable[Question]) -> bool:
    """Whether a question appeared, or something typed could not be read."""
    shown, values, drafts = seen(), looked.facts.values, looked.opened.sheet.drafts
    return any(q.id in drafts or (q.id not in shown and q.id not in values) for q in questions)


def _draw(
    looked: Subject,
    actor: Actor,
    place: Place,
    clashes: Sequence[Conflict],
    newer: frozenset[str] = frozenset(),
) -> str:
    catalogue = looked.released.catalogue
    section, page = place.definition(catalogue)
    questions = place.questions(catalogue)
    asking = Asking.of(looked, place.where, looked.person(actor), clashes)
    views = [asking.question(q) for q in questions if q.id in looked.facts.shown]
    beside = Beside.of(actor)
    views = [beside.question(parties.mark_newer(view, newer)) for view in views]
    files = any(q.type == "file" for q in questions)
    stage = None if place.of_organisation else catalogue.pipeline.stage_of(place.questionnaire)
    ways = _ways(request.script_root, place, stage.id if stage else "")
    pictured = any(q.id == catalogue.pipeline.names.flows for q in questions)
    waiting = _waiting(looked, place)
    yours = [one.question or WHOLE_PAGE for one in waiting if one.to_id == actor.person_id]
    return render_template(
        "page.html",
        title=page.title,
        caption=f"{catalogue.questionnaires[place.questionnaire].title}: {section.title}",
        back={"label": f"Back to {_above(looked, stage)}", "url": ways.back},
        action=ways.files if files else ways.save,
        files=files,
        autosave=ways.autosave,
        saved=_saved(looked.opened.sheet),
        release=looked.released.release.id,
        intro_html=to_html(page.intro) + beside.page(place.questionnaire, place.page),
        for_note=("" if yours else _for_note(looked, actor, questions)) if views else NOT_ASKED,
        asks=[draw_question(view) for view in views],
        errors=complaints(views),
        picture=flow_context(looked) if pictured and isinstance(looked, Looked) else None,
        passed=[_said(looked, actor, one) for one in waiting],
        yours=yours,
        shared=not place.of_organisation and not place.reference.startswith(WALK),
        submit="Save and continue",
        again=_again(looked, actor, questions),
        also=[*ways.also, *write_link(actor, place.questionnaire, place.page)],
    )


def _again(looked: Subject, actor: Actor, questions: Iterable[Question]) -> list[str]:
    """The questions on the page whose answers came from another project and wait to be confirmed."""
    sheet = looked.opened.sheet
    if not sheet.again:
        return []
    shown = [each for each in _open_to(actor, questions) if each.id in looked.facts.shown]
    return [each.id for each in shown if sheet.unconfirmed(each.id)]


def _waiting(looked: Subject, place: Place) -> list[Passed]:
    """What of the page was passed to somebody and waits for them."""
    if not isinstance(looked, Looked) or not looked.opened.project.passed:
        return []
    return [each for each in passed(looked.opened.project) if each.page == place.where]


def _said(looked: Subject, actor: Actor, one: Passed) -> str:
    """What waits for whom: "Passed to the DPO, by 3 December 2026"."""
    asked = looked.facts.program.questions.get(one.question)
    by = f", by {day_words(one.due_on)}" if one.due_on else ""
    if one.to_id == actor.person_id:
        what = f"“{asked.called}”" if asked else "This page"
        return f"{what} was passed to you, to answer{by or ' when you can'}."
    what = f"“{asked.called}” is passed" if asked else "Passed"
    return f"{what} to {one.to_whom}{by}."


class Ways(NamedTuple):
    """Where a page of questions leads: its own addresses, back, and what else can be done with it."""

    save: str
    files: str
    autosave: str
    back: str
    also: tuple[Context, ...]


@lru_cache(maxsize=WAYS)
def _ways(_root: str, place: Place, stage: str) -> Ways:
    """The ways from a page of a stage; `_root`: where the site is mounted."""
    reference = place.reference
    also: dict[str, str] = {}
    if place.of_organisation:
        back = url_for("organisations.one", reference=reference)
    else:
        back = url_for("projects.tasks", reference=reference, stage=stage)
        talk = url_for("projects.talk", reference=reference, about=place.where)
        also["Comments on this page"] = talk
        also["Pass this page or a question to somebody"] = place.url("projects.colleague")
        printed = url_for("projects.questions", reference=reference, stage=stage)
        also["Print these questions"] = printed
    return Ways(
        place.url("save"),
        place.url("save_files"),
        place.url("autosave"),
        back,
        tuple({"label": label, "url": url} for label, url in also.items()),
    )


def _above(looked: Subject, stage: Stage | None) -> str:
    """What a page belongs to."""
    if isinstance(looked, OrganisationLooked):
        return looked.opened.organisation.name
    return stage.title if stage else ""


def _saved(sheet: Sheet) -> str:
    """When the project was last answered: "Saved 14:32", with the day if it was not today."""
    newest = max(map(_AT, sheet.entries.values()), default=None)
    if newest is None:
        return ""
    return (
        f"Saved {clock_time(newest)}"
        if day_of(newest) == today()
        else f"Saved on {day_words(newest)}"
    )


def _for_note(looked: Subject, actor: Actor, questions: Iterable[Question]) -> str:
    people = looked.released.catalogue.pipeline.people
    others = {q.for_ for q in questions if q.id in looked.facts.shown}
    if looked.person(actor) in others or not others:
        return ""
    names = " or ".join(sorted(people[code].title.lower() for code in others if code in people))
    return (
        f"These questions are for the {names}. You may look, answer what you know, or pass the"
        " page to somebody."
    )


def _autosaved(saved: Saved, actor: Actor, place: Place) -> Context:
    looked, sheet = saved.looked, saved.looked.opened.sheet
    clashes = {clash.address for clash in saved.merged.conflicts}
    asking = Asking.of(looked, place.where, looked.person(actor), saved.merged.conflicts)
    before, beside = seen(), Beside.of(actor)
    questions = place.questions(looked.released.catalogue)
    shown = [q for q in questions if q.id in looked.facts.shown]
    mine = _open_to(actor, shown)
    # The prompt of a justification changes with the choice it belongs to.
    redraw = [q for q in mine if q.id not in before or q.id in clashes or q.type == "justification"]
    return {
        "saved_at": clock_time(now()),
        "versions": {address: sheet.version_of(address) for address in before},
        "shown": [q.id for q in shown],
        "hidden": [q.id for q in questions if q.id not in looked.facts.shown],
        "html": {q.id: str(draw_question(beside.question(asking.question(q)))) for q in redraw},
        "errors": {q.id: sheet.drafts[q.id].error for q in mine if q.id in sheet.drafts},
        "conflicts": list(clashes),
    }
