"""Where a question is asked: moved to another place, or placed there as well."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.actions.definitions.drafts import Typed, draft_file, open_draft, save_draft_file
from app.actions.errors import NotFound, OutOfDate
from app.catalogue import things
from app.catalogue.editing import File
from app.catalogue.things import Thing, read_file
from app.web.editor.desk import DRAFT, Desk, crumbs, editor, to_edit
from app.web.editor.saving import GONE, as_seen, change_file, changed, seen_version
from app.web.site import Context, now, writing

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
    back = desk.url("place", id_=id_)
    if request.form.get(HOW) == ALSO:
        done = change_file(desk, page.file, lambda f, c: _use(f, c, page, question, after), back)
    elif page.file == question.file:
        done = change_file(desk, page.file, lambda f, c: _move(f, c, page, question, after), back)
    else:
        done = _carry(desk, page, question, after)
    if done is not None:
        return done
    flash("Saved in the draft. The findings say what that means for conditions on it.")
    return redirect(desk.url("edit", kind=things.QUESTION, id_=id_))


def _use(file: File, content: bytes, page: Thing, question: Thing, after: str) -> File:
    """Ask it there as well."""
    there = as_seen(page.file, content, page.kind, page.id)
    to = (*there.path, "questions")
    return file.insert(to, _index(file.at(to), after), {"use": question.id})


def _move(file: File, content: bytes, page: Thing, question: Thing, after: str) -> File:
    """Move it within its file; a placement that stands there already makes room."""
    there = as_seen(page.file, content, page.kind, page.id)
    here = as_seen(question.file, content, question.kind, question.id)
    to = (*there.path, "questions")
    left = file.remove(here.path).at(to)
    return file.move(here.path, to, _index(left, after))


def _carry(desk: Desk, page: Thing, question: Thing, after: str) -> str | None:
    """Move it to another questionnaire: taken out of one file and put into the other."""
    version = seen_version(request.form.getlist("seen"))
    with writing() as (conn, actor):
        draft = open_draft(conn, actor, desk.id)
        contents = [
            draft_file(conn, draft, name, min(version, draft.version))
            for name in (question.file, page.file)
        ]
        source, target = map(read_file, contents)
        if source is None or target is None:
            raise OutOfDate(GONE)
        here = as_seen(question.file, contents[0], question.kind, question.id)
        there = as_seen(page.file, contents[1], page.kind, page.id)
        to = (*there.path, "questions")
        taken = changed(lambda: source.remove(here.path))
        given = changed(lambda: target.insert(to, _index(target.at(to), after), here.value))
        for name, content in ((question.file, taken), (page.file, given)):
            save_draft_file(conn, actor, desk.id, Typed(name, content, version, now()))
    return None


def _index(questions: list[dict[str, object]], after: str) -> int:
    """The place behind a question; without one, the first."""
    if not after:
        return 0
    for n, each in enumerate(questions):
        if after in (each.get("id"), each.get("use")):
            return n + 1
    raise NotFound(after)


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
