"""A question gets another id: whatever names it follows, and so do the answers that projects gave."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.definitions.renaming import Name, Renamed, id_amiss, rename_question
from app.actions.errors import NotFound, OutOfDate
from app.catalogue import ORGANISATIONS, things
from app.catalogue.spans import CannotEdit
from app.catalogue.things import Thing
from app.core.models import LONGEST_ID
from app.core.wording import count
from app.web.controls import QuestionView, draw_question
from app.web.editor.desk import DRAFT, Desk, crumbs, editor, to_edit
from app.web.editor.options import used_by
from app.web.editor.removing import who_loses
from app.web.editor.saving import save_together
from app.web.site import Context

NEW = "new_id"
FOLLOWS = (
    "Every condition, rule, score and document that names it will name it by the new id. "
    "What people read does not change."
)
KEPT = (
    "Answers that projects gave are kept: a converter says what it was called, and they follow "
    "when a project moves to the release."
)


@editor.get("/drafts/<draft_id>/rename/<path:id_>")
def rename(draft_id: str, id_: str) -> str:
    """Ask for another id, and say what follows it."""
    desk = to_edit(draft_id)
    return _draw(desk, _question(desk, id_), id_)


@editor.post("/drafts/<draft_id>/rename/<path:id_>")
def rename_now(draft_id: str, id_: str) -> Response | str:
    """Give a question another id in every file, and write what became of it."""
    desk = to_edit(draft_id)
    question = _question(desk, id_)
    new = " ".join(request.form.get(NEW, "").split())[: LONGEST_ID + 1]
    error = id_amiss(desk.files, id_, new) if new else "Enter the new id"
    if error:
        return _draw(desk, question, new, error)
    renamed = _renamed(desk, Name(id_, new))
    if renamed.faults:
        told = f"The check would find {count(len(renamed.faults), 'fault')}. {renamed.faults[0]}"
        return _draw(desk, question, new, told)
    save_together(desk, renamed.files)
    files = count(len(renamed.files), "file")
    flash(f"{id_} is called {new} now, in {files} of the draft. Answers follow when projects move.")
    return redirect(desk.url("edit", kind=things.QUESTION, id_=new))


def _renamed(desk: Desk, name: Name) -> Renamed:
    try:
        return rename_question(desk.files, desk.base, name)
    except CannotEdit as fault:
        raise OutOfDate(f"This needs the text editor: {fault}.") from fault


def _question(desk: Desk, id_: str) -> Thing:
    """A question that projects are asked. Raises NotFound."""
    question = desk.thing(things.QUESTION, id_)
    # What organisations say of themselves belongs to no release: no converter could follow it.
    if ORGANISATIONS in question.file:
        raise NotFound(id_)
    return question


def _draw(desk: Desk, question: Thing, new: str, error: str = "") -> str:
    view = QuestionView(
        NEW,
        "text",
        "Its new id",
        hint="Small letters, digits and low lines with a full stop, such as data.special",
        max_length=LONGEST_ID,
        value=new,
        error=error,
    )
    form = desk.url("edit", kind=question.kind, id_=question.id)
    held = who_loses(desk, question)
    context: Context = {
        "texts": [
            FOLLOWS,
            KEPT,
            *([held] if held else []),
        ],
        "asks": [draw_question(view)],
        "facts": used_by(desk.uses(question.file).of_question(question.id)),
        "aside": "What follows it",
    }
    return render_template(
        "draft_ask.html",
        title="Rename the id of a question",
        caption=f"{question.title}, {question.id}",
        crumbs=crumbs(desk, (question.title, form)),
        errors=[{"anchor": NEW, "text": error}] if error else [],
        action=desk.url("rename", id_=question.id),
        seen=f"{DRAFT}={desk.draft.version}",
        submit="Rename it in the draft",
        back={"label": "Back to the question", "url": form},
        note="",
        **context,
        **desk.context(),
    )
