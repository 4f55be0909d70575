"""Where a question is asked: moved to another place, or placed there as well."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.errors import OutOfDate
from app.catalogue import things
from app.catalogue.editing import File
from app.catalogue.spans import Path
from app.catalogue.things import Thing
from app.web.editor.desk import DRAFT, Desk, crumbs, editor, to_edit
from app.web.editor.saving import GONE, change_file, there_now, to_change, write
from app.web.site import Context

WHERE, HOW = "where", "how"
MOVE, ALSO = "move", "also"


@editor.get("/drafts/<draft_id>/place/<path:id_>")
def place(draft_id: str, id_: str) -> str:
    """Where a question is asked, and where it could be."""
    desk = to_edit(draft_id)
    return _draw(desk, desk.thing(things.QUESTION, id_))


@editor.post("/drafts/<draft_id>/place/<path:id_>")
def put(draft_id: str, id_: str) -> Response | str:
    """Move a question, or ask it in another place as well."""
    desk = to_edit(draft_id)
    question = desk.thing(things.QUESTION, id_)
    page_id, _, after = request.form.get(WHERE, "").partition(":")
    if not page_id:
        return _draw(desk, question, "Choose a place")
    page = desk.thing(things.PAGE, page_id)
    if request.form.get(HOW) == ALSO:
        change_file(desk, page.file, lambda file, now: _use(file, now, page, question, after))
    elif page.file == question.file:
        change_file(desk, page.file, lambda file, now: _move(file, now, page, question, after))
    else:
        _carry(desk, page, question, after)
    flash("Saved in the draft. The findings say what that means for conditions on it.")
    return redirect(desk.url("edit", kind=things.QUESTION, id_=id_))


def _use(file: File, now: Desk, page: Thing, question: Thing, after: str) -> File:
    """Ask it there as well."""
    to = _questions(now, page)
    return file.insert(to, _index(file.at(to), after), {"use": question.id})


def _move(file: File, now: Desk, page: Thing, question: Thing, after: str) -> File:
    """Move it within its file; a placement that stands there already makes room."""
    here, to = _still(now, question), _questions(now, page)
    left = file.remove(here.path).at(to)
    return file.move(here.path, to, _index(left, after))


def _carry(desk: Desk, page: Thing, question: Thing, after: str) -> None:
    """Move it to another questionnaire: taken out of one file and put into the other."""
    with to_change(desk.id) as (conn, actor, now):
        here, to = _still(now, question), _questions(now, page)

        def given(file: File) -> File:
            return file.insert(to, _index(file.at(to), after), here.value)

        write(conn, actor, now, here.file, lambda file: file.remove(here.path))
        write(conn, actor, now, page.file, given)


def _still(now: Desk, thing: Thing) -> Thing:
    """A definition as it is now, in the file in which it was chosen. Raises OutOfDate."""
    there = there_now(now, thing.kind, thing.id)
    if there.file != thing.file:
        raise OutOfDate(GONE)
    return there


def _questions(now: Desk, page: Thing) -> Path:
    """Where the questions of a page stand."""
    return (*_still(now, page).path, "questions")


def _index(questions: list[dict[str, object]], after: str) -> int:
    """The place behind a question; without one, the first."""
    if not after:
        return 0
    for n, each in enumerate(questions):
        if after in (each.get("id"), each.get("use")):
            return n + 1
    raise OutOfDate("What it was to stand behind is not there any more.")


def _draw(desk: Desk, question: Thing, error: str = "") -> str:
    places = desk.program(question.file).places.get(question.id, ())
    return render_template(
        "draft_place.html",
        title="Where is it asked?",
        caption=question.title,
        crumbs=crumbs(
            desk, (question.title, desk.url("edit", kind=question.kind, id_=question.id))
        ),
        errors=[{"anchor": WHERE, "text": error}] if error else [],
        error=error,
        here=[f"{each.questionnaire}, {each.page}" for each in places],
        action=desk.url("place", id_=question.id),
        seen=f"{DRAFT}={desk.draft.version}",
        groups=list(_places(desk, question)),
        back=desk.url("edit", kind=question.kind, id_=question.id),
        **desk.context(),
    )


def _places(desk: Desk, question: Thing) -> Iterator[Context]:
    """Every page of the same part, with each place on it."""
    theirs = "/organisations/" in question.file
    for page in things.things(desk.files):
        if page.kind != things.PAGE or ("/organisations/" in page.file) != theirs:
            continue
        options = [{"value": f"{page.id}:", "label": f"{page.title}: first"}]
        for each in page.value["questions"]:
            id_ = str(each.get("id") or each.get("use"))
            if id_ != question.id:
                said = str(each.get("ask") or each.get("use"))
                options.append({"value": f"{page.id}:{id_}", "label": f"after “{said[:80]}”"})
        yield {"title": ", ".join((*page.around, page.title)), "options": options}
