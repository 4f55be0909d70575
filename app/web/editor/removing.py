"""Removing a definition, or a whole file: what it hides and who uses it are said first, and it is asked once."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.actions.definitions.drafts import remove_draft_file
from app.actions.definitions.previews import who_holds
from app.actions.errors import NotFound
from app.catalogue import things
from app.catalogue.editing import File
from app.catalogue.things import Thing, below
from app.core.wording import count
from app.web.editor.desk import DRAFT, Desk, at_desk, crumbs, editor, to_edit
from app.web.editor.forms import REMOVABLE
from app.web.editor.lists import KINDS
from app.web.editor.options import used_by
from app.web.editor.saving import CHANGED, change_thing
from app.web.site import Context, now, reading, writing

HIDES = {
    things.QUESTION: "Projects that answered it keep the answer, but it is shown no more, and no rule or document sees it.",
    things.COLUMN: "Rows keep what was answered, but it is shown no more, and no rule or document sees it.",
    things.FLAG: "It is raised no more. What people did about it stays in the history of each project.",
    things.PAGE: "Everything asked on it goes with it. Projects keep their answers, but they are shown no more.",
    things.BLOCK: "Documents print it no more. Those that were signed stay as they are.",
}


@editor.get("/drafts/<draft_id>/remove/<kind>/<path:id_>")
def remove(draft_id: str, kind: str, id_: str) -> str:
    """Say what removing something hides, and ask once."""
    desk, thing = _found(draft_id, kind, id_)
    used = _used(desk, thing)
    name = KINDS[kind].lower()
    return render_template(
        "draft_remove.html",
        title=f"Remove this {name}?",
        caption=thing.title,
        crumbs=crumbs(desk, (thing.title, desk.url("edit", kind=kind, id_=id_))),
        text=HIDES.get(kind, "Nothing live is touched until the draft is published."),
        held=who_loses(desk, thing),
        used=used,
        unused="Nothing else reads it." if kind not in (things.PAGE, things.BLOCK) else "",
        after="What reads it becomes a fault until it is mended." if used else "",
        action=desk.url("remove", kind=kind, id_=id_),
        seen=f"{DRAFT}={desk.draft.version}",
        back=desk.url("edit", kind=kind, id_=id_),
        submit=f"Remove this {name}",
        **desk.context(),
    )


@editor.post("/drafts/<draft_id>/remove/<kind>/<path:id_>")
def remove_now(draft_id: str, kind: str, id_: str) -> Response:
    """Remove a definition from the draft."""
    desk, thing = _found(draft_id, kind, id_)

    def change(file: File, there: Thing) -> File:
        return file.remove(there.path)

    if not change_thing(desk, kind, id_, change, lambda there: there.value):
        flash(CHANGED)
        return redirect(desk.url("remove", kind=kind, id_=id_))
    flash("Removed from the draft. “What was done” brings it back.")
    return redirect(desk.url("file", path=thing.file))


@editor.get("/drafts/<draft_id>/leave-out/<path:path>")
def leave_out(draft_id: str, path: str) -> str:
    """Say what leaving a whole file out of a draft does, and ask once."""
    desk = to_edit(draft_id)
    if path not in desk.files:
        raise NotFound(path)
    return render_template(
        "act.html",
        title="Leave this file out?",
        caption=desk.called(path),
        back={"label": "Back to the file", "url": desk.url("file", path=path)},
        text="Everything it defines goes with it once the draft is published; projects keep their answers. "
        "What other files read of it becomes a fault until it is mended. It can be brought back "
        "under “What was done”.",
        action=desk.url("leave_out_now", path=path),
        submit="Leave this file out",
        grave=True,
        **desk.context(),
    )


@editor.post("/drafts/<draft_id>/leave-out/<path:path>")
def leave_out_now(draft_id: str, path: str) -> Response:
    """Leave a file out of a draft."""
    with writing() as (conn, actor):
        remove_draft_file(conn, actor, draft_id, path, now())
    with at_desk(draft_id) as (_, desk):
        flash(f"“{desk.called(path)}” is left out. It can be brought back here.")
    return redirect(url_for("editor.history", draft_id=draft_id))


def _found(draft_id: str, kind: str, id_: str) -> tuple[Desk, Thing]:
    desk = to_edit(draft_id)
    if kind not in REMOVABLE:
        raise NotFound(kind)
    return desk, desk.thing(kind, id_)


def who_loses(desk: Desk, thing: Thing, option: str | None = None) -> str:
    """How many live projects hold an answer that goes with it, and whose they are."""
    if thing.kind not in (things.QUESTION, things.COLUMN):
        return ""
    with reading() as (conn, _):
        return who_holds(conn, desk.released_id(thing.id), option).words()


def _used(desk: Desk, thing: Thing) -> list[Context]:
    if thing.kind == things.PAGE:
        on = [
            each.title
            for each in below(desk.files, thing.file)
            if each.kind in (things.QUESTION, things.USE)
            and each.path[: len(thing.path)] == thing.path
        ]
        return [{"title": count(len(on), "question"), "names": on}] if on else []
    if thing.kind in (things.QUESTION, things.COLUMN, things.CONDITION):
        return used_by(desk.uses(thing.file).of_question(thing.id))
    return []
