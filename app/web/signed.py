"""Starting from a document that is signed already: what it is, the file, its date and who signed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.beginning import WHERE, First, imagine
from app.actions.catalogues import Released
from app.actions.files import Brought, look_at_file, read_file
from app.actions.signed_elsewhere import SignedDocument, begin_signed, settles, too_late
from app.core.pipeline import Door
from app.core.questions import Question, Reading
from app.core.record import Record
from app.core.sheet import Change, Unreadable
from app.core.standing import settled_stages
from app.core.wording import listed
from app.documents.uploads import MAX_BYTES, Refused
from app.web.asking import Asking
from app.web.beginners import why_not_begin
from app.web.controls import draw_question, locate_error
from app.web.forms import AnswerField, PageForm
from app.web.once import begin_once, key_of_form
from app.web.site import Context, now, reading, site, today, writing

SIGNED = "signed"
"""The door of a project that begins from a signed document."""

TEXT = "long_text"
MISSING = {
    # by the type of the question: what is said where nothing was given
    "choice": "Choose what is signed already",
    "file": "Choose the signed document",
    "date": "Enter the date on which it was signed",
    TEXT: "Enter who signed it",
}
UNTITLED = "Enter a title. You can change it later"
INTRO = (
    "The document counts for its own stage and those before it: of them you are asked only what later "
    "stages need. It is kept with the project, and everybody who works on the project can open it."
)


def begin() -> Response | str:
    """Ask for the signed document, and begin a project from it."""
    released = site().catalogues.newest()
    door = next((d for d in released.catalogue.pipeline.doors if d.code == SIGNED), None)
    if door is None:
        abort(404)
    asked = _asked(released)
    if request.method != "POST":
        return _draw(released, First(door, now()), asked)
    first, brought = _read(released, door, asked)
    if first.drafts or brought is None:
        return _draw(released, first, asked)
    said = {change.address: change.value for change in first.changes}
    kind, file, on, by = _names(released)
    answer = said[file]
    document = SignedDocument(
        str(said[kind]),
        str(said[on]),
        str(said[by]),
        answer if isinstance(answer, Mapping) else {},
        brought,
    )
    with writing() as (conn, actor):
        reference = begin_once(
            conn,
            actor,
            lambda id_: begin_signed(conn, actor, released, replace(first, id=id_), document),
        )
    titles = settles(released.catalogue.pipeline, document.kind)
    flash(f"Settled by the signed document: {listed(titles)}. What the next stage needs is asked.")
    return redirect(url_for("projects.one", reference=reference))


def _names(released: Released) -> tuple[str, str, str, str]:
    signed = released.catalogue.pipeline.signed
    if signed is None:
        abort(404)
    return signed.kind, signed.file, signed.on, signed.by


def _asked(released: Released) -> dict[str, Question]:
    """The title and what is asked of the document, in the order of the page."""
    catalogue = released.catalogue
    ids = (catalogue.pipeline.names.title, *_names(released))
    return {id_: catalogue.program.questions[id_] for id_ in ids}


def _read(
    released: Released, door: Door, asked: Mapping[str, Question]
) -> tuple[First, Brought | None]:
    """What was posted: the answers, what is missing or cannot be read, and the file."""
    form = PageForm.of({id_: each for id_, each in asked.items() if each.type != "file"})
    form.process(request.form)
    changes, drafts = [], []
    for field in form.readings():
        error = field.reading.error or _wrong(released, field)
        if error:
            drafts.append(Unreadable(str(field.name), field.raw, error))
        else:
            changes.append(Change(str(field.name), field.reading.value))
    name = _names(released)[1]
    said, brought = _file(asked[name])
    if said.error is None and drafts:
        said = Reading(
            error="Choose the document again: a page that needs another look cannot keep it"
        )
    if said.error is None:
        changes.append(Change(name, said.value))
    else:
        drafts.append(Unreadable(name, "", said.error))
    return First(door, now(), tuple(changes), tuple(drafts)), brought


def _wrong(released: Released, field: AnswerField) -> str:
    """What is missing, or cannot be: here every answer is needed."""
    value = field.reading.value
    if value is None:
        untitled = field.name == released.catalogue.pipeline.names.title
        return UNTITLED if untitled else MISSING.get(field.asked.type, MISSING[TEXT])
    if field.asked.type == "date" and too_late(str(value), today()):
        return "Enter the day on which it was signed: this one is still to come"
    return ""


def _file(question: Question) -> tuple[Reading, Brought | None]:
    """The document that was chosen, looked at before anything is begun."""
    upload = request.files.get(question.id)
    if upload is None or not upload.filename:
        return Reading(error=MISSING["file"]), None
    try:
        brought = look_at_file(upload.filename, upload.stream.read(MAX_BYTES + 1))
    except Refused as refused:
        return read_file(question, refused, now()), None
    finally:
        upload.close()
    return read_file(question, brought, now()), brought


def _draw(released: Released, first: First, asked: Mapping[str, Question]) -> str:
    with reading() as (_, actor):  # nobody uploads anything before they have signed in
        why_not = why_not_begin(actor)
    asking = Asking(imagine(released, first), WHERE, "lead", {})
    views = [
        asking.question(question)._replace(for_whom="", optional=False)
        for question in asked.values()
    ]
    return render_template(
        "page.html",
        title="Start from a signed document",
        caption=first.door.title,
        back={"label": "Back to the start", "url": url_for("start.home")},
        action=url_for("start.signed"),
        files=True,
        release=released.release.id,
        intro_html=INTRO,
        asks=[draw_question(view) for view in views],
        errors=[{"anchor": locate_error(view), "text": view.error} for view in views if view.error],
        saved_rest=False,
        for_note=why_not,
        submit="" if why_not else "Begin the project",
        once=key_of_form(),
    )


def told(record: Record, reference: str) -> list[Context]:
    """The document that a project began from, with its date and signatories and where it is fetched."""
    signed = record.pipeline.signed
    answer = record.facts.values.get(signed.file) if signed else None
    if signed is None or answer is None or not settled_stages(record.acts):
        return []
    by = "; ".join(record.answer(signed.by).text.splitlines())
    return [
        {
            "label": "Signed already",
            "text": f"{record.answer(signed.kind).text}: {answer['name']}",
            "url": url_for("projects.file", reference=reference, hashed=answer["hash"]),
        },
        {"label": "Signed on", "text": f"{record.answer(signed.on).text}, by {by}", "url": ""},
    ]
