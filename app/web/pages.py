"""Answering, page by page: opening a page, saving it, its rows, and saving as one types."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.errors import NotFound
from app.actions.pages import Looked, PageInput, Saved, open_project, save_page
from app.core.journey import Step
from app.core.questionnaire import Page, Section
from app.core.questions import Asked, Question, row_label, type_of
from app.core.sheet import Change, Conflict, Unreadable
from app.web.asking import Asking
from app.web.controls import draw_question, locate_error
from app.web.forms import PageForm
from app.web.markdown import to_html
from app.web.pictures import flow_context
from app.web.site import Context, clock_time, now, reading, site, today, writing

pages = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Place:
    """A page of a questionnaire in one project."""

    reference: str
    questionnaire: str
    page: str

    @property
    def where(self) -> str:
        """How events name it."""
        return f"{self.questionnaire}/{self.page}"

    def url(self, endpoint: str = "pages.show", **more: Any) -> str:
        """Its address."""
        return url_for(
            endpoint, reference=self.reference, questionnaire=self.questionnaire, page=self.page, **more
        )


@pages.get("/projects/<reference>/<questionnaire>/<page>")
def show(reference: str, questionnaire: str, page: str) -> str:
    """A page of questions."""
    place = Place(reference, questionnaire, page)
    with reading() as (conn, actor):
        looked = open_project(conn, actor, site().catalogues, reference, today())
    return _render(looked, actor, place, {})


@pages.post("/projects/<reference>/<questionnaire>/<page>")
def save(reference: str, questionnaire: str, page: str) -> Response | str:
    """Save a page and go on, or stay where something needs another look."""
    place = Place(reference, questionnaire, page)
    saved, actor = _save(place, None)
    if saved.merged.conflicts:
        clashes = {clash.address: clash for clash in saved.merged.conflicts}
        return _render(saved.looked, actor, place, clashes)
    return redirect(_after(saved.looked, actor, place))


@pages.post("/projects/<reference>/<questionnaire>/<page>/save")
def autosave(reference: str, questionnaire: str, page: str) -> Response:
    """Save as one types; the answer says what to show (see static/src/fingerpost.js)."""
    place = Place(reference, questionnaire, page)
    saved, actor = _save(place, None)
    return jsonify(_autosaved(saved, actor, place))


@pages.route("/projects/<reference>/<questionnaire>/<page>/<question>/<row>", methods=["GET", "POST"])
def row(reference: str, questionnaire: str, page: str, question: str, row: str) -> Response | str:
    """One row of a rows question; "+key" begins a new one."""
    place = Place(reference, questionnaire, page)
    if request.method == "GET":
        with reading() as (conn, actor):
            looked = open_project(conn, actor, site().catalogues, reference, today())
        return _render_row(looked, actor, place, (question, row), {})
    saved, actor = _save(place, (question, row))
    number = str(saved.merged.added.get(f"{question}/{row}", row))
    if saved.merged.conflicts:
        clashes = {clash.address: clash for clash in saved.merged.conflicts}
        return _render_row(saved.looked, actor, place, (question, number), clashes)
    return redirect(_after_row(saved, place, question, number))


@pages.route("/projects/<reference>/<questionnaire>/<page>/<question>/<row>/remove", methods=["GET", "POST"])
def remove(reference: str, questionnaire: str, page: str, question: str, row: str) -> Response | str:
    """Remove a row, after asking."""
    place = Place(reference, questionnaire, page)
    address = f"{question}/{row}"
    if request.method == "GET":
        with reading() as (conn, actor):
            looked = open_project(conn, actor, site().catalogues, reference, today())
        return _confirm_removal(looked, place, question, row)
    with writing() as (conn, actor):
        seen = request.form.get("seen", default=0, type=int)
        posted = PageInput(place.where, _release(), now(), [Change(address, None, seen)])
        saved = save_page(conn, actor, site().catalogues, reference, posted)
    if saved.merged.conflicts:
        flash("Somebody changed this row meanwhile. Look at it again before you remove it.")
        return redirect(place.url("pages.row", question=question, row=row))
    flash("Removed. The history keeps what it said.")
    return redirect(place.url())


# Reading what was posted


def _release() -> Any:
    """The release under which the page was shown."""
    from uuid import UUID  # noqa: PLC0415 - only here

    try:
        return UUID(request.form.get("release", ""))
    except ValueError:
        abort(400, "The page did not say under which release it was shown. Open it again.")


def _seen() -> dict[str, int]:
    """The addresses the page showed, with the versions of their answers."""
    found: dict[str, int] = {}
    for each in request.form.getlist("seen"):
        address, _, version = each.rpartition("=")
        if address and version.isdecimal():
            found[address] = int(version[:9])
    return found


def _save(place: Place, row: tuple[str, str] | None) -> tuple[Saved, Actor]:
    """Read the posted answers by their questions and save them."""
    release_id = _release()
    with reading_catalogue(release_id) as catalogue:
        asked = _posted_questions(catalogue, place, row)
    seen = {address: version for address, version in _seen().items() if address in asked}
    form = PageForm.of({address: asked[address] for address in seen})
    form.process(request.form)
    changes, drafts = [], []
    if row is not None and row[1].startswith("+"):
        changes.append(Change(f"{row[0]}/{row[1]}", {"owner": None}, 0))
    accepted = request.form.get("accept")
    for field in form.readings():
        address = str(field.name)
        if field.reading.error:
            drafts.append(Unreadable(address, field.raw, field.reading.error))
        elif not (address == request.form.get("take") or _rows_shown(asked[address])):
            changes.append(Change(address, field.reading.value, seen[address]))
    with writing() as (conn, actor):
        if accepted in asked:
            looked = open_project(conn, actor, site().catalogues, place.reference, today())
            changes = [change for change in changes if change.address != accepted]
            changes += _accepted(looked, asked[accepted], seen.get(accepted, 0))
        posted = PageInput(place.where, release_id, now(), changes, drafts)
        saved = save_page(conn, actor, site().catalogues, place.reference, posted)
    return saved, actor


def _rows_shown(asked: Asked) -> bool:
    """A rows question without its box "there are none" says nothing."""
    return asked.type == "rows" and f"{asked.id}-none" not in request.form and not request.form.get(
        f"had-none-{asked.id}"
    )


def _accepted(looked: Looked, asked: Asked, seen: int) -> Iterator[Change]:
    """The suggested answer, as the rules suggest it now."""
    whens = looked.facts.program.suggestions.get(asked.id, ())
    for suggestion, when in zip(getattr(asked, "suggest", ()), whens, strict=True):
        if looked.facts.truth(when) is True:
            yield Change(asked.id, type_of(asked).from_file(asked, suggestion.answer).value, seen)
            return


def reading_catalogue(release_id: Any) -> Any:
    """The catalogue of a release, without a statement when it is known."""
    from contextlib import contextmanager  # noqa: PLC0415

    @contextmanager
    def opened() -> Iterator[Any]:
        known = site().catalogues.by_id.get(release_id)
        if known is not None:
            yield known.catalogue
            return
        with reading() as (conn, _actor):
            yield site().catalogues.of(conn, release_id).catalogue

    return opened()


def _posted_questions(catalogue: Any, place: Place, row: tuple[str, str] | None) -> Mapping[str, Asked]:
    """What this page (or this row) may post, by address."""
    _, page = _definition(catalogue, place)
    ids = [placement.id for placement in page.questions]
    if row is None:
        return {id_: catalogue.program.questions[id_] for id_ in ids}
    question = _rows_question(catalogue, page, row[0])
    return {f"{row[0]}/{row[1]}/{c.id}": c for c in question.columns if not c.derived}


def _definition(catalogue: Any, place: Place) -> tuple[Section, Page]:
    questionnaire = catalogue.questionnaires.get(place.questionnaire)
    for section, page in questionnaire.pages() if questionnaire else ():
        if page.id == place.page:
            return section, page
    raise NotFound(place.where)


def _rows_question(catalogue: Any, page: Page, id_: str) -> Question:
    question = catalogue.program.questions.get(id_)
    if question is None or question.type != "rows" or id_ not in [p.id for p in page.questions]:
        raise NotFound(id_)
    return question


# Where to go afterwards


def _after(looked: Looked, actor: Actor, place: Place) -> str:
    form = request.form
    for button, endpoint in (("add", "pages.row"), ("change", "pages.row"), ("remove", "pages.remove")):
        if form.get(button):
            question, _, number = form[button].partition("/")
            number = number or f"+{secrets.token_hex(4)}"
            return place.url(endpoint, question=question, row=number)
    step = looked.journey.step(place.questionnaire, place.page)
    if form.get("accept") or form.get("take") or (step and _look_again(looked, step)):
        return place.url()
    return next_url(looked, actor, place, step)


def _look_again(looked: Looked, step: Step) -> bool:
    """Whether a question appeared, or something typed could not be read."""
    seen = _seen()
    new = any(q.id not in seen and q.id not in looked.facts.values for q in step.questions)
    return new or any(q.id in looked.opened.sheet.drafts for q in step.questions)


def next_url(looked: Looked, actor: Actor, place: Place, step: Step | None) -> str:
    """The next page this person has something to do on, in this stage; else check your answers."""
    pipeline = looked.released.catalogue.pipeline
    stage = pipeline.stage_of(place.questionnaire)
    steps = looked.journey.of(stage.questionnaires)
    later = steps[steps.index(step) + 1 :] if step in steps else steps
    for each in (*later, *steps):
        if actor.role in each.unfinished and each != step:
            return place_of(place.reference, each).url()
    if place.questionnaire in looked.route.optional:
        for each in later:
            if each.questionnaire == place.questionnaire:
                return place_of(place.reference, each).url()
    return url_for("projects.check_answers", reference=place.reference, stage=stage.id)


def place_of(reference: str, step: Step) -> Place:
    """The place of a step."""
    return Place(reference, step.questionnaire, step.page.id)


def _after_row(saved: Saved, place: Place, question: str, number: str) -> str:
    sheet = saved.looked.opened.sheet
    if any(address.startswith(f"{question}/{number}/") for address in sheet.drafts):
        return place.url("pages.row", question=question, row=number)
    if request.form.get("remove"):
        return place.url("pages.remove", question=question, row=number)
    shown = {a.rpartition("/")[2] for a in _seen()}
    rows = saved.looked.facts.program.questions[question]
    waiting = saved.looked.facts.waiting
    fresh = [c.id for c in rows.columns if f"{question}/{number}/{c.id}" in waiting and not c.derived]
    if request.form.get("go") == "on" and any(name not in shown for name in fresh):
        return place.url("pages.row", question=question, row=number)
    if request.form.get("go") == "another":
        return place.url("pages.row", question=question, row=f"+{secrets.token_hex(4)}")
    return place.url()


# Drawing


def _render(looked: Looked, actor: Actor, place: Place, clashes: Mapping[str, Conflict]) -> str:
    catalogue = looked.released.catalogue
    section, page = _definition(catalogue, place)
    asking = Asking(looked, place.where, actor.role, clashes)
    questions = [catalogue.program.questions[p.id] for p in page.questions]
    views = [asking.question(q) for q in questions if q.id in looked.facts.shown]
    stage = catalogue.pipeline.stage_of(place.questionnaire)
    pictured = any(q.id == catalogue.pipeline.names.flows for q in questions)
    context: Context = {
        "title": page.title,
        "caption": f"{catalogue.questionnaires[place.questionnaire].title}: {section.title}",
        "back": {
            "label": f"Back to {stage.title}",
            "url": url_for("projects.tasks", reference=place.reference, stage=stage.id),
        },
        "action": place.url(),
        "autosave": place.url("pages.autosave"),
        "saved": f"Saved {clock_time(looked.opened.sheet_saved)}" if hasattr(looked.opened, "sheet_saved") else "",
        "release": looked.released.release.id,
        "intro_html": to_html(page.intro),
        "for_note": _for_note(looked, actor, questions) if views else "",
        "asks": [draw_question(view) for view in views],
        "errors": [{"anchor": locate_error(v), "text": v.error or _clash_text(v)} for v in views if v.error or v.conflict],
        "picture": flow_context(looked) if pictured else None,
        "submit": "Save and continue",
        "also": [
            {"label": "Give this page to a colleague", "url": url_for(
                "projects.colleague", reference=place.reference, questionnaire=place.questionnaire, page=place.page)},
            {"label": "Print these questions", "url": url_for("projects.questions", reference=place.reference, stage=stage.id)},
        ],
    }
    if not views:
        context["for_note"] = "Your answers so far do not lead to these questions. Save and continue, or go back."
    return render_template("page.html", **context)


def _clash_text(view: Any) -> str:
    return f"{view.name or view.ask}: somebody else answered meanwhile"


def _for_note(looked: Looked, actor: Actor, questions: list[Question]) -> str:
    people = looked.released.catalogue.pipeline.people
    others = {q.for_ for q in questions if q.id in looked.facts.shown}
    if actor.role in others or not others:
        return ""
    names = " or ".join(sorted(people[code].title.lower() for code in others if code in people))
    return f"These questions are for the {names}. You may look, answer what you know, or give the page to a colleague."


def _autosaved(saved: Saved, actor: Actor, place: Place) -> dict[str, Any]:
    looked = saved.looked
    catalogue = looked.released.catalogue
    _, page = _definition(catalogue, place)
    clashes = {clash.address: clash for clash in saved.merged.conflicts}
    asking = Asking(looked, place.where, actor.role, clashes)
    seen = _seen()
    questions = [catalogue.program.questions[p.id] for p in page.questions]
    shown = [q for q in questions if q.id in looked.facts.shown]
    redraw = [q for q in shown if q.id not in seen or q.id in clashes or q.type == "justification"]
    drafts = looked.opened.sheet.drafts
    return {
        "saved_at": clock_time(now()),
        "versions": {address: looked.opened.sheet.version_of(address) for address in seen},
        "shown": [q.id for q in shown],
        "hidden": [q.id for q in questions if q.id not in looked.facts.shown],
        "html": {q.id: str(draw_question(asking.question(q))) for q in redraw if q.type != "justification" or q.id not in seen},
        "errors": {q.id: drafts[q.id].error for q in shown if q.id in drafts},
        "conflicts": list(clashes),
    }


def _render_row(
    looked: Looked, actor: Actor, place: Place, at: tuple[str, str], clashes: Mapping[str, Conflict]
) -> str:
    catalogue = looked.released.catalogue
    _, page = _definition(catalogue, place)
    question = _rows_question(catalogue, page, at[0])
    new = at[1].startswith("+")
    row: Mapping[str, Any] = {}
    if not new:
        found = [r for r in looked.facts.values.get(question.id, ()) if str(r["id"]) == at[1]]
        if not found:
            raise NotFound("/".join(at))
        row = found[0]
    waiting = looked.facts.waiting
    columns = [
        column
        for column in question.columns
        if not column.derived
        and (column.show_if is None if new else column.id in row or f"{question.id}/{at[1]}/{column.id}" in waiting)
    ]
    asking = Asking(looked, place.where, actor.role, clashes)
    views = [asking.column(question, column, at[1]) for column in columns]
    label = row_label(question, row) if row else ""
    derived = [c for c in question.columns if c.derived and c.id in row]
    return render_template(
        "row.html",
        title=f"{question.row_name.capitalize()}: {label}" if label else f"Add a {question.row_name}",
        caption=page.title,
        back={"label": f"Back to {page.title}", "url": place.url()},
        action=place.url("pages.row", question=question.id, row=at[1]),
        autosave="",
        release=looked.released.release.id,
        row_name=question.row_name,
        row_address="/".join(at),
        why_html=to_html(question.why),
        asks=[draw_question(view) for view in views],
        errors=[{"anchor": locate_error(v), "text": v.error or _clash_text(v)} for v in views if v.error or v.conflict],
        derived=[{"label": c.called, "text": asking.cell(question, c, row)} for c in derived],
        remove=not new,
    )


def _confirm_removal(looked: Looked, place: Place, question: str, row: str) -> str:
    catalogue = looked.released.catalogue
    _, page = _definition(catalogue, place)
    rows = _rows_question(catalogue, page, question)
    found = [r for r in looked.facts.values.get(question, ()) if str(r["id"]) == row]
    if not found:
        raise NotFound(f"{question}/{row}")
    return render_template(
        "act.html",
        title=f"Remove {row_label(rows, found[0])}?",
        caption=page.title,
        back={"label": "Back", "url": place.url()},
        text=f"This takes the {rows.row_name} out of all documents. The history keeps what it said.",
        asks=[],
        errors=[],
        action=place.url("pages.remove", question=question, row=row),
        hidden=[
            {"name": "release", "value": str(looked.released.release.id)},
            {"name": "seen", "value": str(looked.opened.sheet.version_of(f"{question}/{row}"))},
        ],
        submit=f"Remove this {rows.row_name}",
        grave=True,
    )
