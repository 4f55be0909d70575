"""Trying a mend: the lines that it changes are shown first, and one button saves them in the draft."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from app.actions.definitions.drafts import checked
from app.actions.definitions.mends import Mend, mend_of
from app.actions.errors import NotFound, OutOfDate
from app.catalogue.editing import File
from app.catalogue.spans import CannotEdit
from app.catalogue.things import read_file, thing_at
from app.core.wording import count
from app.web.editor.desk import DRAFT, Desk, crumbs, editor, to_edit
from app.web.editor.filling import ORDERS
from app.web.editor.saving import changed, save_together
from app.web.site import Context

CHANGED = "The draft was changed since this was found. Look at its findings as they are now."


@editor.get("/drafts/<draft_id>/mend/<hashed>/<what>/<int:number>")
def mend(draft_id: str, hashed: str, what: str, number: int) -> str:
    """What a mend changes, line by line, and what a check says of it."""
    desk, found = _found(draft_id, hashed, what, number)
    file = read_file(desk.files[found.path])
    if file is None:
        raise NotFound(found.path)
    form = desk.form_at(found.path, found.line)
    try:
        mended = _mended(desk, found, file)
    except CannotEdit:
        mended = None
    return render_template(
        "draft_mend.html",
        title="Try this mend?",
        caption=desk.place(found.path, found.line),
        crumbs=crumbs(desk),
        wrong=found.wrong,
        does=found.does,
        lines=list(_differing(file.text, mended.text)) if mended else [],
        after=_after(desk, found, mended) if mended else "",
        action=desk.url("mend", hashed=hashed, what=what, number=str(number)),
        seen=f"{DRAFT}={desk.draft.version}",
        form=form,
        back=desk.text_url(found.path, found.line),
        **desk.context(),
    )


@editor.post("/drafts/<draft_id>/mend/<hashed>/<what>/<int:number>")
def mend_now(draft_id: str, hashed: str, what: str, number: int) -> Response:
    """Save a mend in the draft."""
    desk, found = _found(draft_id, hashed, what, number)
    form = desk.form_at(found.path, found.line)
    back = str(form["url"]) if form else desk.url("file", path=found.path)
    file = read_file(desk.files[found.path])
    if file is None:
        raise NotFound(found.path)
    save_together(desk, {found.path: changed(lambda: _mended(desk, found, file))})
    flash("Mended in the draft, and checked again. “What was done” takes it back.")
    return redirect(back)


def _found(draft_id: str, hashed: str, what: str, number: int) -> tuple[Desk, Mend]:
    """A mend that a page offered. Raises OutOfDate once the draft is another."""
    desk = to_edit(draft_id)
    if desk.checked.hash != hashed:
        raise OutOfDate(CHANGED)
    found = mend_of(desk.checked, desk.proved, what, number)
    if found is None or found.path not in desk.files:
        raise NotFound(what)
    return desk, found


def _mended(desk: Desk, found: Mend, file: File) -> File:
    thing = thing_at(desk.files, found.path, found.line)
    return found.apply(file, ORDERS.get(thing.kind, ()) if thing else ())


def _after(desk: Desk, found: Mend, mended: File) -> str:
    """What a check says of the draft with the mend."""
    then = checked({**desk.files, found.path: mended.content})
    left = len(then.faults)
    if left:
        return f"With it the check still finds {count(left, 'fault')}."
    return "With it the check finds no fault. It is proven again once it is saved."


def _differing(before: str, after: str) -> Iterator[Context]:
    """The lines that change, old and new."""
    one, other = before.splitlines(), after.splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from ({"kind": "old", "text": line} for line in one[a:b])
            yield from ({"kind": "new", "text": line} for line in other[c:d])
