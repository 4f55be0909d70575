"""An organisation's own guidance: shown beside questions, and the page on which it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.definitions.guidance import (
    LONGEST,
    Note,
    about_page,
    about_question,
    known_notes,
    note_history,
    notes_for,
    write_note,
    writes_notes,
)
from app.actions.errors import NotFound
from app.catalogue import Catalogue
from app.core.questionnaire import Page
from app.web.controls import QuestionView, draw_control
from app.web.forms import typed
from app.web.markdown import to_html
from app.web.site import Context, day_words, moment_words, now, reading, site, writing

guidance = Blueprint("guidance", __name__, url_prefix="/guidance")

MEANWHILE = "Somebody else changed this note since you opened the page; it now says: {said}"


@dataclass(frozen=True)
class Beside:
    """The notes of one organisation, to be shown on a page."""

    organisation: str
    notes: Mapping[str, Note]

    @classmethod
    def of(cls, actor: Actor) -> Beside:
        """The notes for an actor; a statement only when this process has not met them."""
        notes = known_notes(actor)
        if notes is None:
            with reading() as (conn, _):
                notes = notes_for(conn, actor)
        return cls(actor.organisation_name, notes)

    def question(self, view: QuestionView) -> QuestionView:
        """A question with the organisation's note beside it."""
        note = self.notes.get(about_question(view.address))
        return view._replace(guide_html=view.guide_html + self._html(note)) if note else view

    def page(self, questionnaire: str, page: str) -> Markup:
        """The organisation's note at the top of a page; empty without one."""
        note = self.notes.get(about_page(questionnaire, page))
        return Markup(f'<div class="fp-note">{self._html(note)}</div>') if note else Markup()  # noqa: S704 - escaped below

    def _html(self, note: Note) -> str:
        heading = f'<p class="fp-why">Note of {escape(self.organisation)}</p>'
        said = f'<p class="fp-source">{escape(note.who)}, {day_words(note.at)}</p>'
        return f"{heading}{to_html(note.text)}{said}"


def write_link(actor: Actor, questionnaire: str, page: str) -> list[Context]:
    """Where somebody who writes their organisation's notes does so; else nothing."""
    if not writes_notes(actor):
        return []
    url = url_for("guidance.page", questionnaire=questionnaire, page=page)
    return [{"label": "Write a note for your organisation", "url": url}]


@guidance.get("/<questionnaire>/<page>")
def page(questionnaire: str, page: str) -> str:
    """The notes of one page: at its top and beside each question."""
    return _draw(questionnaire, page, {})


def _draw(questionnaire: str, page: str, wrong: Mapping[str, str]) -> str:
    """The page; `wrong`: what stands against a note as it was typed."""
    title, defined = _defined(questionnaire, page)
    abouts = _abouts(questionnaire, defined)
    with reading() as (conn, actor):
        past = note_history(conn, actor, abouts)
    stands = _current(past) | {about: request.form.get(about, "") for about in wrong}
    return render_template(
        "guidance.html",
        title=f"Notes of {actor.organisation_name}",
        caption=f"{title}: {defined.title}",
        lead="Shown beside the question to the people of your organisation, with your name and the "
        "day. The question itself stays as it is for everybody.",
        action=url_for("guidance.save", questionnaire=questionnaire, page=page),
        hint="Plain words. A line that begins with a hyphen is a list; **two asterisks** make bold.",
        seen=now().isoformat(),
        errors=[{"anchor": about, "text": text} for about, text in wrong.items()],
        asks=[
            draw_control(_view(about, words, stands.get(about, ""), wrong.get(about, "")))
            for about, words in abouts.items()
        ],
        past=[_past(each, abouts) for each in past],
    )


@guidance.post("/<questionnaire>/<page>")
def save(questionnaire: str, page: str) -> Response | str:
    """Write what was changed; what somebody else changed since the page was opened is not undone."""
    _, defined = _defined(questionnaire, page)
    abouts = _abouts(questionnaire, defined)
    readings = {about: typed(about, LONGEST) for about in abouts}
    wrong: dict[str, str] = {}
    changed = 0
    with writing() as (conn, actor):
        past = note_history(conn, actor, abouts)
        meanwhile = _current(past)
        shown = _current(note for note in past if note.at <= _opened())
        for about, read in readings.items():
            text, stands = str(read.value or ""), meanwhile.get(about, "")
            if read.error:
                wrong[about] = read.error
            elif text in (stands, shown.get(about, "")):
                continue
            elif stands != shown.get(about, ""):
                wrong[about] = MEANWHILE.format(said=stands or "nothing any more")
            else:
                write_note(conn, actor, about, text, now())
                changed += 1
    if wrong:
        return _draw(questionnaire, page, wrong)
    flash("Saved. Your people see it from now on." if changed else "Nothing was changed.")
    return redirect(url_for("guidance.page", questionnaire=questionnaire, page=page))


def _opened() -> datetime:
    """When the form that was sent was opened."""
    try:
        return datetime.fromisoformat(request.form.get("seen", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return now()


def _defined(questionnaire: str, page: str) -> tuple[str, Page]:
    """A page of the newest release. Raises NotFound."""
    catalogue: Catalogue = site().catalogues.newest().catalogue
    found = catalogue.questionnaires.get(questionnaire)
    for _, each in found.pages() if found else ():
        if found and each.id == page:
            return found.title, each
    raise NotFound(page)


def _abouts(questionnaire: str, page: Page) -> dict[str, str]:
    """What can be noted on a page, with its words."""
    questions = site().catalogues.newest().catalogue.program.questions
    beside = {about_question(each.id): questions[each.id].ask for each in page.questions}
    return {about_page(questionnaire, page.id): "At the top of the page"} | beside


def _current(past: Iterable[Note]) -> dict[str, str]:
    current: dict[str, str] = {}
    for note in past:
        current.setdefault(note.about, note.text)
    return current


def _view(about: str, words: str, value: str, error: str) -> QuestionView:
    return QuestionView(
        about,
        "long_text",
        words,
        max_length=LONGEST,
        optional=True,
        value=value,
        error=error,
    )


def _past(note: Note, abouts: Mapping[str, str]) -> Context:
    return {
        "about": abouts[note.about],
        "text": note.text or "Taken away",
        "who": note.who,
        "when": moment_words(note.at),
    }
